/** One look at the database for all who ask the same in one turn of the event loop. */

import { nextTurn } from "../../turn.js";

export class SharedReads<Key, Value> {
  readonly #read: (key: Key) => Promise<Value>;
  /** Those that have not begun. */
  readonly #waiting = new Map<Key, Promise<Value>>();

  constructor(read: (key: Key) => Promise<Value>) {
    this.#read = read;
  }

  /** What is there now, or a moment later. The value may be shared, so it must not be changed. */
  read(key: Key): Promise<Value> {
    const known = this.#waiting.get(key);
    if (known !== undefined) return known;
    const made = this.#atTurnEnd(key);
    this.#waiting.set(key, made);
    return made;
  }

  async #atTurnEnd(key: Key): Promise<Value> {
    await nextTurn();
    // Whoever comes from now on may have changed something since.
    this.#waiting.delete(key);
    return this.#read(key);
  }
}
