/** The last steps: the clock, and what the client passed over on the way. */

import type { ClientWarning } from "../../client/options.js";
import { type Finding, finding, remark, skipped, warning } from "./finding.js";
import type { Exchange } from "./recorder.js";

/** Milliseconds by which clocks may differ without harm. */
const tolerated = 60_000;

/** Compares the clock of the server with that of this machine. */
export function examineClock(exchanges: readonly Exchange[]): Finding {
  const last = exchanges.findLast(({ headers }) => headers.has("date"));
  const theirs = Date.parse(last?.headers.get("date") ?? "");
  if (last === undefined || Number.isNaN(theirs)) return skipped("clock", "the server does not say what time it has");
  // The field has whole seconds.
  const seconds = Math.round((theirs - last.at.getTime()) / 1000);
  if (Math.abs(seconds) * 1000 <= tolerated) return finding("clock", "the server has the same time");
  const text = `the server is ${spanText(Math.abs(seconds))} ${seconds > 0 ? "ahead of" : "behind"} this machine`;
  const advice = "check both clocks; what --since counts back from is the time of this machine, labels are the server's";
  return finding("clock", "the clocks differ", [warning(text, advice)]);
}

function spanText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
}

/** Warnings about the way the client took, which other steps tell. */
const ways: ReadonlySet<string> = new Set(["NO_DISCOVERY", "NO_COLLECTIONS"]);

/** How many kinds of deviations are listed. */
const mostKinds = 30;

/** Counts the deviations by kind. */
export function examineDeviations(warnings: readonly ClientWarning[], exchanges: readonly Exchange[], isStrict: boolean): Finding {
  if (exchanges.length === 0) return skipped("deviations", "there is no answer to look at");
  if (isStrict) return skipped("deviations", "with --strict they are errors, and not passed over");
  const deviations = warnings.filter(({ code }) => !ways.has(code));
  if (deviations.length === 0) return finding("deviations", "none: the server does as the specification says");
  const kinds = new Map<string, { count: number; first: ClientWarning }>();
  for (const one of deviations) {
    // The kind of fault alone says little: many different ones are unexpected elements.
    const kind = `${one.code} ${one.message.replace(/\d+/g, "#")}`;
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, { count: 1, first: one });
    else known.count += 1;
  }
  const notes = [...kinds.values()].slice(0, mostKinds).map(({ count, first }) => {
    const where = first.line === undefined ? "" : ` (line ${first.line})`;
    return warning(`${count} × ${first.code}: ${first.message}${where}`);
  });
  const advice = remark("they are passed over; --strict makes errors of them; the server's operator may want to know");
  return finding("deviations", `${deviations.length}, of ${kinds.size} ${kinds.size === 1 ? "kind" : "kinds"}`, [...notes, advice]);
}
