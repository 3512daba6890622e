/** The parts of a result set: each is cut when it is first asked for, and stays as it is then (SVC-MULTI-008, SVC-MULTI-013). */

import { StatusError } from "../../message/status-error.js";
import type { ResultPart, ResultSet, Storage } from "../../storage/index.js";
import { rangeOfResult } from "./blocks.js";
import { type Cut, type CutOptions, cut } from "./cut.js";

/** A part, and what is known about it from cutting it just now. */
export interface FoundPart {
  readonly part: ResultPart;
  /** Undefined when it was cut earlier. */
  readonly cut: Cut | undefined;
}

/** Cuts the part behind `before`, the last one that is known, and keeps it. Undefined when `before` is the last one of all. */
async function cutNext(
  storage: Storage,
  result: ResultSet,
  before: ResultPart | undefined,
  options: CutOptions,
): Promise<FoundPart | undefined> {
  if (before?.last === true) return undefined;
  const range = rangeOfResult(result);
  const after = before === undefined ? range.after : before.until;
  const made = await cut(storage, { ...range, after }, options);
  const { until, last } = made;
  const part = await storage.results.addPart(result.id, { number: (before?.number ?? 0) + 1, after, until, last });
  // Another server may have cut the same part, and elsewhere.
  return { part, cut: part.until === made.until ? made : undefined };
}

/** Parts' worth of blocks that are looked at for one request before the requester is put off. */
const partsPerRequest = 100;

/**
 * A part of a result set that is ready. Parts in between are cut as well, and so is the rest to learn how many there are; as
 * that can be much, it is done in steps: a requester that is far ahead is put off.
 *
 * @throws StatusError `INVALID_RESPONSE_PART` with MAX_PART_NUMBER (SVC-MULTI-009), `RETRY` with ESTIMATED_WAIT
 *   (SVC-POLL-016), `ASYNCHRONOUS_POLL_ERROR` when the result set has expired meanwhile
 */
export async function findPart(storage: Storage, result: ResultSet, number: number, options: CutOptions): Promise<FoundPart> {
  const known = await storage.results.part(result.id, number);
  if (known !== undefined) return { part: known, cut: undefined };
  let before = result.lastPart;
  let left = options.predicate === undefined ? partsPerRequest * options.limits.maxBlocks : options.limits.maxScanned;
  while ((before?.number ?? 0) < number) {
    if (left <= 0) throw tooFarAhead(number);
    const found = await cutNext(storage, result, before, options);
    if (found === undefined) throw noSuchPart(number, before?.number ?? 0);
    if (found.part.number === number) return found;
    left -= found.cut?.scanned ?? 0;
    before = found.part;
  }
  throw resultGone(result.id);
}

/** A result set that is not there, or not there any more, or not for the one who asks (SVC-ASYNC-006, SVC-ASYNC-010). */
export function resultGone(id: string): StatusError {
  return new StatusError("ASYNCHRONOUS_POLL_ERROR", { message: `The result ${JSON.stringify(id)} is not available.` });
}

function noSuchPart(number: number, max: number): StatusError {
  return new StatusError("INVALID_RESPONSE_PART", {
    message: `The result has ${max} ${max === 1 ? "part" : "parts"}; there is no part ${number}.`,
    details: { MAX_PART_NUMBER: String(max) },
  });
}

function tooFarAhead(number: number): StatusError {
  return new StatusError("RETRY", {
    message: `The parts up to part ${number} are still being made.`,
    details: { ESTIMATED_WAIT: "1" },
  });
}
