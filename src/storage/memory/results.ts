/** Result sets in memory. */

import type { Claim, Lease } from "../lease.js";
import { alreadyExists, quotaExceeded } from "../records/errors.js";
import { frozen } from "../records/freeze.js";
import { keepPart, keepParts, keepResultChange, keepResultSet, newResultSet } from "../records/result.js";
import type { ResultChange, ResultPart, ResultSet, ResultSetInit, ResultStore } from "../results.js";
import { unknownCollection } from "../storage.js";
import type { MemoryContext } from "./context.js";

interface Held {
  result: ResultSet;
  readonly parts: ResultPart[];
  lease: Lease | undefined;
  /** When it had its last turn, as a number that only rises. */
  turn: number;
}

export class MemoryResults implements ResultStore {
  readonly #context: Pick<MemoryContext, "clock" | "collection">;
  /** By id, oldest first. */
  readonly #held = new Map<string, Held>();
  #turns = 0;

  constructor(context: Pick<MemoryContext, "clock" | "collection">) {
    this.#context = context;
  }

  async create(init: ResultSetInit, parts: readonly ResultPart[], quota: number): Promise<ResultSet> {
    const kept = keepResultSet(init);
    const known = keepParts(parts);
    if (this.#context.collection(kept.collection) === undefined) throw unknownCollection(kept.collection);
    if (this.#held.has(kept.id)) throw alreadyExists("a result set", kept.id);
    if (this.#of(kept.owner).length >= quota) throw quotaExceeded(kept.owner, quota);
    const result = frozen(newResultSet(kept, this.#context.clock(), known.at(-1)));
    this.#held.set(kept.id, { result, parts: known.map(frozen), lease: undefined, turn: 0 });
    return result;
  }

  async get(id: string): Promise<ResultSet | undefined> {
    return this.#alive(id)?.result;
  }

  async part(id: string, number: number): Promise<ResultPart | undefined> {
    return this.#alive(id)?.parts[number - 1];
  }

  async addPart(id: string, part: ResultPart): Promise<ResultPart> {
    const held = this.#alive(id);
    if (held === undefined) return part;
    const known = held.parts[part.number - 1];
    if (known !== undefined) return known;
    const added = frozen(keepPart(part, held.parts.at(-1)));
    held.parts.push(added);
    held.result = frozen({ ...held.result, lastPart: added });
    return added;
  }

  async claimPending(claim: Claim): Promise<ResultSet | undefined> {
    return this.#claim(claim, ({ state }) => state === "PENDING");
  }

  async claimPush(claim: Claim): Promise<ResultSet | undefined> {
    return this.#claim(
      claim,
      ({ state, push, parked, pushed, lastPart }) =>
        state === "READY" && push !== undefined && !parked && !(lastPart?.last === true && pushed >= lastPart.number),
    );
  }

  async note(
    id: string,
    worker: string,
    change: ResultChange,
    { release = false, until }: { readonly release?: boolean | undefined; readonly until?: number | undefined } = {},
  ): Promise<boolean> {
    const kept = keepResultChange(change);
    const held = this.#alive(id);
    if (held === undefined || held.lease?.worker !== worker) return false;
    held.result = frozen({ ...held.result, ...structuredClone(kept) });
    if (release) held.lease = undefined;
    else if (until !== undefined) held.lease = { worker, until };
    return true;
  }

  async firstExpiry(owner: string): Promise<number | undefined> {
    const times = this.#of(owner).map(({ result }) => result.expires);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async remove(id: string): Promise<boolean> {
    return this.#alive(id) !== undefined && this.#held.delete(id);
  }

  async expire(now: number): Promise<number> {
    const expired = [...this.#held.values()].filter(({ result }) => result.expires <= now);
    for (const { result } of expired) this.#held.delete(result.id);
    return expired.length;
  }

  async counts(now: number): Promise<Readonly<Record<ResultSet["state"], number>>> {
    const counts = { PENDING: 0, READY: 0, FAILED: 0 };
    for (const { result } of this.#held.values()) if (result.expires > now) counts[result.state]++;
    return counts;
  }

  /** Removes all result sets of an owner, or of a collection. */
  forget(filter: { readonly owner: string } | { readonly collection: string }): void {
    for (const { result } of [...this.#held.values()]) {
      if ("owner" in filter ? result.owner === filter.owner : result.collection === filter.collection) this.#held.delete(result.id);
    }
  }

  #claim({ lease, now }: Claim, wanted: (result: ResultSet) => boolean): ResultSet | undefined {
    let next: Held | undefined;
    for (const held of this.#held.values()) {
      const { result } = held;
      const free = held.lease === undefined || held.lease.until <= now;
      const due = result.expires > now && result.notBefore <= now;
      if (free && due && wanted(result) && (next === undefined || held.turn < next.turn)) next = held;
    }
    if (next === undefined) return undefined;
    next.lease = { ...lease };
    next.turn = ++this.#turns;
    return next.result;
  }

  #alive(id: string): Held | undefined {
    const held = this.#held.get(id);
    return held !== undefined && held.result.expires > this.#context.clock() ? held : undefined;
  }

  /** The result sets of an owner that have not expired. */
  #of(owner: string): Held[] {
    const now = this.#context.clock();
    return [...this.#held.values()].filter(({ result }) => result.owner === owner && result.expires > now);
  }
}
