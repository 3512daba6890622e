/** What a check is, and how it ends. */

import type { Probe } from "./probe.js";
import type { TaxiiVersion } from "./version.js";

/** What the conformance table says of a row. `DECIDE`: the texts leave it open, and the check holds it against a recommendation. */
export type Level = "MUST" | "MUST NOT" | "SHOULD" | "SHOULD NOT" | "MAY" | "DECIDE";

/** How a check can end. */
export type Outcome = "holds" | "broken" | "not applicable" | "not reachable";

/** The parts of a report, in its order. */
export const groups = [
  "http-headers",
  "http-status",
  "versions",
  "discovery",
  "collection-information",
  "statuses",
  "poll",
  "ranges",
  "multi-part",
  "asynchronous",
  "queries",
  "inbox",
  "subscriptions",
  "security",
] as const;
/** A member of {@link groups}. */
export type Group = (typeof groups)[number];

/** What a service has to offer for a check to mean anything. */
export interface Needs {
  /** A service of this type. */
  readonly service?: "COLLECTION_MANAGEMENT" | "INBOX" | "POLL" | undefined;
  /** A feed to poll, with at least so many records of different labels. */
  readonly labels?: number | undefined;
  /** A data set to poll. */
  readonly set?: true | undefined;
  /** A result in parts. */
  readonly parts?: true | undefined;
  /** A poll that is answered later. */
  readonly asynchronous?: true | undefined;
  /** A service that evaluates queries of the default format. */
  readonly queries?: true | undefined;
  /** The collection to write to takes subscriptions. Implies `write`. */
  readonly subscriptions?: true | undefined;
  /** The collection to write to takes content, and can be polled. */
  readonly write?: true | undefined;
  /** Queries of the default format about the collection to write to. Implies `write`. */
  readonly evaluates?: true | undefined;
  /** Credentials were given. */
  readonly credentials?: true | undefined;
  /** Those of a second account were given. */
  readonly otherCredentials?: true | undefined;
}

/** One check: a row of the conformance table, and a function that looks. */
export interface Check {
  /** The row, and a word behind a slash where there are several checks for it. */
  readonly id: string;
  /** The row of the conformance table. */
  readonly clause: string;
  /** Further rows that break with it. */
  readonly also?: readonly string[] | undefined;
  readonly level: Level;
  /** What holds when it holds. */
  readonly title: string;
  /** Versions it is about. Default: both. */
  readonly versions?: readonly TaxiiVersion[] | undefined;
  /** Whether it is about HTTP, so that one version is enough. Default: each version is checked. */
  readonly once?: true | undefined;
  readonly needs?: Needs | undefined;
  /**
   * Looks. Returns what there is to say when it holds.
   *
   * @throws Ending, with another outcome
   */
  run(probe: Probe): Promise<string | undefined>;
}

/** The end of a check that does not hold. */
export class Ending extends Error {
  readonly outcome: Exclude<Outcome, "holds">;

  constructor(outcome: Exclude<Outcome, "holds">, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = "Ending";
    this.outcome = outcome;
  }
}

/** Ends the check as broken unless `condition` is true. */
export function holds(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new Ending("broken", detail);
}

/** Ends the check as not applicable unless `condition` is true. */
export function applies(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Ending("not applicable", reason);
}

/** A row of the table, as the files of checks write it: id, level, title, and what else there is to say. */
export function check(
  id: string,
  level: Level,
  title: string,
  options: Pick<Check, "also" | "versions" | "once" | "needs">,
  run: (probe: Probe) => Promise<string | undefined> | Promise<void>,
): Check {
  const clause = id.replace(/\/.*$/s, "");
  return { id, clause, level, title, ...options, run: async (probe) => (await run(probe)) ?? undefined };
}
