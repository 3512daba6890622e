/** All targets of a query side by side, and where a path leads in them. */

import { type Step, stepsOf } from "./steps.js";

/** Places in targets, in ascending order: each stands before a step, or behind the last one. */
export type Places = Int32Array;

/** The number of every name that no target has. */
export const otherName = 0;

// What stands at a place. The last two are a run that is the last step, and what is behind the last step.
const element = 0;
const attribute = 1;
const one = 2;
const run = 3;
const lastRun = 4;
const end = 5;

const kinds: Readonly<Record<Step["kind"], number>> = { element, attribute, one, run };

/** Targets as places, numbered through from the first step of the first one on. */
export class TargetPlaces {
  /** Before any node. */
  readonly first: Places;
  /** By place: what stands there, the number of its name, the number of its target. */
  readonly #kinds: number[] = [];
  readonly #names: number[] = [];
  readonly #targets: number[] = [];
  /** Numbers of the names that targets have. */
  readonly #elements = new Map<string, number>();
  readonly #attributes = new Map<string, number>();
  /** By place: the gathering that came by last. */
  readonly #seen: number[] = [];
  #gathering = 1;

  /** @param targets expressions whose form was checked */
  constructor(targets: readonly string[]) {
    const starts = targets.map((target, number) => this.#add(stepsOf(target), number));
    const first: number[] = [];
    for (const start of starts) this.#reach(start, first);
    this.first = Int32Array.from(first);
  }

  /** The number of an element's name. */
  elementName(name: string): number {
    return this.#elements.get(name) ?? otherName;
  }

  /** The number of an attribute's name. */
  attributeName(name: string): number {
    return this.#attributes.get(name) ?? otherName;
  }

  /** Places behind an element whose name has this number. */
  behind(places: Places, name: number): Places {
    this.#gathering++;
    const next: number[] = [];
    for (const place of places) {
      const kind = this.#kinds[place];
      if (kind === run || kind === lastRun) this.#reach(place, next);
      if (kind === one || kind === lastRun || (kind === element && this.#names[place] === name)) this.#reach(place + 1, next);
    }
    return Int32Array.from(next).sort();
  }

  /** Targets that denote the path that led to these places. */
  targetsAt(places: Places): number[] {
    return this.#targetsOf(places.filter((place) => this.#kinds[place] === end));
  }

  /** Targets that denote an attribute of this name there. */
  targetsOfAttribute(places: Places, name: number): number[] {
    return this.#targetsOf(
      places.filter((place) => this.#takesAttribute(place) && (this.#kinds[place] !== attribute || this.#names[place] === name)),
    );
  }

  /** Whether a target can denote an attribute there. */
  takeAttributes(places: Places): boolean {
    return places.some((place) => this.#takesAttribute(place));
  }

  #add(steps: readonly Step[], target: number): number {
    const start = this.#kinds.length;
    for (const [index, step] of steps.entries()) {
      this.#kinds.push(step.kind === "run" && index === steps.length - 1 ? lastRun : kinds[step.kind]);
      this.#names.push(
        step.kind === "element"
          ? numberIn(this.#elements, step.name)
          : step.kind === "attribute"
            ? numberIn(this.#attributes, step.name)
            : otherName,
      );
      this.#targets.push(target);
    }
    this.#kinds.push(end);
    this.#names.push(otherName);
    this.#targets.push(target);
    return start;
  }

  /** With the places that can be reached without a node: a run may be empty unless it is the last step (QRY-TE-004). */
  #reach(start: number, places: number[]): void {
    for (let place = start; this.#seen[place] !== this.#gathering; place++) {
      this.#seen[place] = this.#gathering;
      places.push(place);
      if (this.#kinds[place] !== run) return;
    }
  }

  #takesAttribute(place: number): boolean {
    const kind = this.#kinds[place];
    return kind === lastRun || ((kind === attribute || kind === one) && this.#kinds[place + 1] === end);
  }

  #targetsOf(places: Places): number[] {
    return [...new Set(Array.from(places, (place) => this.#targets[place] ?? 0))];
  }
}

function numberIn(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name) ?? numbers.size + 1;
  numbers.set(name, number);
  return number;
}
