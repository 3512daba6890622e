/** Checks of queries about records of known shape: which of them come, by their letters. */

import { capabilityModules } from "../../constants.js";
import { applies, type Check, check, holds, type Level } from "../check.js";
import type { Probe } from "../probe.js";
import { type Condition, queryOf } from "../query-markup.js";
import { type Place, Records } from "../query-records.js";
import { expectStatus, statusTypeOf } from "../reply.js";
import { shown } from "../texts.js";

/** A condition, and the letters of the records that meet it. */
export type Verdict = readonly [condition: Condition, letters: string];

/** What checks of evaluation need. */
export const evaluating = { versions: ["1.1"], needs: { evaluates: true } } as const;

/** What a check of evaluation can be told. */
export interface VerdictOptions {
  /** Further rows. */
  readonly also?: readonly string[] | undefined;
  /** The capability module it is about; the check is not applicable where the service does not have it. */
  readonly module?: keyof typeof capabilityModules | undefined;
}

/** A check that queries have these verdicts. */
export function verdicts(
  id: string,
  level: Level,
  title: string,
  expected: readonly Verdict[] | ((place: Place) => readonly Verdict[]),
  { also, module = "core" }: VerdictOptions = {},
): Check {
  return check(id, level, title, { ...evaluating, also }, async (probe) => {
    const records = await recordsWith(probe, module);
    for (const verdict of typeof expected === "function" ? expected(records) : expected) await expectVerdict(probe, records, verdict);
  });
}

/** A check that queries are refused with this status. */
export function refusals(
  id: string,
  level: Level,
  title: string,
  refused: readonly Condition[],
  type: string,
  { also, module = "core" }: VerdictOptions = {},
): Check {
  return check(id, level, title, { ...evaluating, also }, async (probe) => {
    const records = await recordsWith(probe, module);
    for (const condition of refused) expectStatus(await records.poll(probe, { query: queryOf(records.vocabulary, condition) }), type);
  });
}

/** The records, where the service has a module. @throws Ending as not applicable where it has not */
export async function recordsWith(probe: Probe, module: keyof typeof capabilityModules): Promise<Records> {
  const records = await Records.at(probe);
  applies(records.hasModule(capabilityModules[module]), `the service does not have the capability module ${module}`);
  return records;
}

/** Holds when a query gives these records. @throws Ending as {@link Records.among} */
export async function expectVerdict(probe: Probe, records: Records, [condition, letters]: Verdict): Promise<void> {
  const found = await records.among(probe, { query: queryOf(records.vocabulary, condition) });
  holds(found === letters, `${shown(condition.text)} gives ${named(found)}; expected ${named(letters)}`);
}

/** Holds when a query gives these records, or is refused because a strict vocabulary does not have its target. */
export async function expectVerdictOrRefusal(probe: Probe, records: Records, verdict: Verdict): Promise<string | undefined> {
  const [condition] = verdict;
  const reply = await records.poll(probe, { query: queryOf(records.vocabulary, condition) });
  if (statusTypeOf(reply) === "UNSUPPORTED_TARGETING_EXPRESSION") return "the vocabulary is strict about names";
  await expectVerdict(probe, records, verdict);
  return undefined;
}

function named(letters: string): string {
  return letters === "" ? "no record" : `the records ${[...letters].join(", ")}`;
}
