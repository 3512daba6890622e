/**
 * All targets of a query as one automaton over paths. Its states are made when a record first leads to them, so that a node
 * costs one look-up, however many targets there are.
 */

import { type Step, stepsOf } from "./steps.js";

/** Where a path has led: to the targets that denote it, and on. */
export interface PathState {
  /** Numbers of the targets that denote this very path. */
  readonly accepted: readonly number[];
  /** Whether nothing below can be denoted by any target. */
  readonly isDead: boolean;
  /** The state for a child element. */
  element(name: string): PathState;
  /** Numbers of the targets that denote an attribute. */
  attribute(name: string): readonly number[];
}

// Hostile targets and records could lead to very many; then they are made anew.
const mostStates = 10_000;

/** A place in a target: before its step of that number. */
interface Place {
  readonly target: number;
  readonly step: number;
}

export class PathAutomaton {
  readonly #targets: readonly (readonly Step[])[];
  /** Names that targets say; all others lead to the same states. */
  readonly #elements: ReadonlySet<string>;
  readonly #attributes: ReadonlySet<string>;
  readonly #states = new Map<string, PathState>();

  /** @param targets expressions whose form was checked */
  constructor(targets: readonly string[]) {
    this.#targets = targets.map(stepsOf);
    const named = (kind: Step["kind"]): Set<string> =>
      new Set(this.#targets.flat().flatMap((step) => (step.kind === kind && "name" in step ? [step.name] : [])));
    this.#elements = named("element");
    this.#attributes = named("attribute");
  }

  /** The state above the roots. */
  get start(): PathState {
    return this.#stateFor(this.#closed(this.#targets.map((_, target) => ({ target, step: 0 }))));
  }

  #stateFor(places: readonly Place[]): PathState {
    const key = places.map(({ target, step }) => `${target}.${step}`).join(" ");
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= mostStates) this.#states.clear();
    const made = this.#build(places);
    this.#states.set(key, made);
    return made;
  }

  #build(places: readonly Place[]): PathState {
    const open = places.filter(({ target, step }) => step < (this.#targets[target]?.length ?? 0));
    const elements = new Map<string, PathState>();
    const attributes = new Map<string, readonly number[]>();
    return {
      accepted: places.filter((place) => !open.includes(place)).map(({ target }) => target),
      isDead: open.length === 0,
      element: (name) => {
        const key = this.#elements.has(name) ? name : "";
        const known = elements.get(key);
        if (known !== undefined) return known;
        const made = this.#stateFor(this.#closed(open.flatMap((place) => this.#behindElement(place, key))));
        elements.set(key, made);
        return made;
      },
      attribute: (name) => {
        const key = this.#attributes.has(name) ? name : "";
        const known = attributes.get(key);
        if (known !== undefined) return known;
        const made = [...new Set(open.filter((place) => this.#takesAttribute(place, key)).map(({ target }) => target))];
        attributes.set(key, made);
        return made;
      },
    };
  }

  /** Places behind one more element; that named "" is none that targets name. */
  #behindElement({ target, step }: Place, name: string): Place[] {
    const steps = this.#targets[target] ?? [];
    const at = steps[step];
    const next = { target, step: step + 1 };
    if (at?.kind === "run") return step === steps.length - 1 ? [{ target, step }, next] : [{ target, step }];
    return at?.kind === "one" || (at?.kind === "element" && at.name === name) ? [next] : [];
  }

  #takesAttribute({ target, step }: Place, name: string): boolean {
    const steps = this.#targets[target] ?? [];
    const at = steps[step];
    if (at === undefined || step !== steps.length - 1) return false;
    return at.kind === "one" || at.kind === "run" || (at.kind === "attribute" && at.name === name);
  }

  /** With the places that can be reached without a node: a run may be empty unless it is the last step (QRY-TE-004). */
  #closed(places: readonly Place[]): Place[] {
    const all = new Map<string, Place>();
    for (const place of places) {
      let at: Place | undefined = place;
      while (at !== undefined) {
        all.set(`${at.target}.${at.step}`, at);
        const steps: readonly Step[] = this.#targets[at.target] ?? [];
        at = steps[at.step]?.kind === "run" && at.step < steps.length - 1 ? { target: at.target, step: at.step + 1 } : undefined;
      }
    }
    return [...all.values()].sort((a, b) => a.target - b.target || a.step - b.step);
  }
}
