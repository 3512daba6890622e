/**
 * All targets of a query as one automaton over paths. Its states are made when a record first leads to them, so that a node
 * costs one look-up, however many targets there are.
 */

import { type Places, TargetPlaces } from "./places.js";

/**
 * Places of states, and ways from state to state, that are remembered. Hostile targets and records could lead to very many; then
 * all are forgotten, and made anew.
 */
const mostRemembered = 1_000_000;

/** Where a path has led: to the targets that denote it, and on. */
export class PathState {
  readonly places: Places;
  /** Numbers of the targets that denote this very path. */
  readonly accepted: readonly number[];
  /** Whether no target goes on here: neither this path nor one below is denoted. */
  readonly isDead: boolean;
  /** Whether an attribute can be denoted by some target. */
  readonly takesAttributes: boolean;
  /** By the number of a name: where elements lead from here, and which targets denote attributes, as far as that was asked. */
  elements = new Map<number, PathState>();
  attributes = new Map<number, readonly number[]>();
  /** How often all had been forgotten when these two maps began. */
  age: number;

  constructor(targets: TargetPlaces, places: Places, age: number) {
    this.places = places;
    this.accepted = targets.targetsAt(places);
    this.isDead = places.length === 0;
    this.takesAttributes = targets.takeAttributes(places);
    this.age = age;
  }
}

export class PathAutomaton {
  readonly #targets: TargetPlaces;
  readonly #most: number;
  /** States by a hash of their places. */
  #states = new Map<number, PathState[]>();
  #remembered = 0;
  #age = 0;

  /**
   * @param targets expressions whose form was checked
   * @param most how much is remembered
   */
  constructor(targets: readonly string[], most = mostRemembered) {
    this.#targets = new TargetPlaces(targets);
    this.#most = most;
  }

  /** How much is remembered. */
  get remembered(): number {
    return this.#remembered;
  }

  /** The state above the roots. */
  get start(): PathState {
    return this.#stateOf(this.#targets.first);
  }

  /** The state for a child element. */
  element(state: PathState, name: string): PathState {
    const number = this.#targets.elementName(name);
    const known = this.#current(state).elements.get(number);
    if (known !== undefined) return known;
    const made = this.#stateOf(this.#targets.behind(state.places, number));
    this.#remember(1);
    this.#current(state).elements.set(number, made);
    return made;
  }

  /** Numbers of the targets that denote an attribute. */
  attribute(state: PathState, name: string): readonly number[] {
    const number = this.#targets.attributeName(name);
    const known = this.#current(state).attributes.get(number);
    if (known !== undefined) return known;
    const made = this.#targets.targetsOfAttribute(state.places, number);
    this.#remember(made.length + 1);
    this.#current(state).attributes.set(number, made);
    return made;
  }

  #stateOf(places: Places): PathState {
    const hash = hashOf(places);
    const known = this.#states.get(hash)?.find((state) => areSame(state.places, places));
    if (known !== undefined) return known;
    this.#remember(places.length + 1);
    const made = new PathState(this.#targets, places, this.#age);
    const there = this.#states.get(hash);
    if (there === undefined) this.#states.set(hash, [made]);
    else there.push(made);
    return made;
  }

  /** Forgets all when it gets to be too much. What a record is just being led through goes on, without its ways. */
  #remember(count: number): void {
    this.#remembered += count;
    if (this.#remembered <= this.#most) return;
    this.#states = new Map();
    this.#remembered = count;
    this.#age++;
  }

  #current(state: PathState): PathState {
    if (state.age !== this.#age) {
      state.elements = new Map();
      state.attributes = new Map();
      state.age = this.#age;
    }
    return state;
  }
}

function hashOf(places: Places): number {
  let hash = 0;
  for (const place of places) hash = (Math.imul(hash, 31) + place) | 0;
  return hash;
}

function areSame(one: Places, other: Places): boolean {
  return one.length === other.length && one.every((place, index) => place === other[index]);
}
