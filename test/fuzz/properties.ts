/** What has to hold for every value and every document. */

import { isDeepStrictEqual } from "node:util";
import type { Shape } from "../../src/binding/index.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { validateXml } from "../../src/message/validate-xml.js";
import { canonical, canonicalFragment } from "../corpus/canonical.js";
import type { Judge, Judgement } from "../support/libxml2.js";
import type { Dice } from "./dice.js";
import { explain, type Verdict } from "./known.js";
import { parse, write } from "./tree.js";

/** A find: the document is part of the message, so that it can become a fixture. */
export class Find extends Error {
  readonly document: string | Uint8Array;

  constructor(what: string, document: string | Uint8Array) {
    super(
      `${what}\n${typeof document === "string" ? document : `base64 ${Buffer.from(document).toString("base64")}\n${Buffer.from(document).toString()}`}`,
    );
    this.document = document;
  }
}

/**
 * A valid value is valid as a document, written plainly, prettily and with other prefixes, quotes and CDATA sections, and
 * comes back equal. What was read is written as it was.
 *
 * @returns the document written plainly
 */
export function checkRoundTrip(shape: Shape<object>, value: object, judge: Judge, dice: Dice): string {
  const plain = toXml(shape, value);
  const expected = comparable(value);
  for (const document of [plain, toXml(shape, value, { pretty: true }), write(parse(plain), dice)]) {
    const { schemaValid, error } = judge.judge(document);
    if (!schemaValid) throw new Find(`libxml2 does not take what was written: ${error}`, document);
    const read = fromXml(shape, document);
    if (!isDeepStrictEqual(comparable(read), expected)) throw new Find("what was read is not what was written", document);
    const again = toXml(shape, read);
    if (!isDeepStrictEqual(canonical(again), canonical(plain))) throw new Find(`what was read is written otherwise: ${again}`, document);
  }
  return plain;
}

/** `value` with trees in place of markup, and without properties that are undefined. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  if ("xml" in value && typeof value.xml === "string") return { tree: canonicalFragment(value.xml) };
  const entries = Object.entries(value).filter(([, property]) => property !== undefined);
  return Object.fromEntries(entries.map(([name, property]) => [name, comparable(property)]));
}

/** What both engines say of a document, and the known reasons for a difference. */
export interface Comparison {
  readonly ours: Verdict;
  readonly theirs: Judgement;
  readonly reasons: readonly string[];
}

/** Both engines say the same, or differ for a known reason. @throws Find */
export function checkVerdict(document: string | Uint8Array, judge: Judge): Comparison {
  const compare = (candidate: string | Uint8Array): Omit<Comparison, "reasons"> => ({
    ours: validateXml(candidate, { schemaOnly: true }),
    theirs: judge.judge(candidate),
  });
  const { ours, theirs } = compare(document);
  if (ours.wellFormed === theirs.wellFormed && ours.schemaValid === theirs.schemaValid) return { ours, theirs, reasons: [] };
  const reasons = explain(typeof document === "string" ? document : new TextDecoder().decode(document), compare);
  if (reasons !== undefined) return { ours, theirs, reasons };
  const says = (verdict: Verdict): string => (verdict.schemaValid ? "valid" : verdict.wellFormed ? "not valid" : "not well-formed");
  const issues = validateXml(document, { schemaOnly: true }).issues.map(
    ({ code, message, line, column }) => `${code} ${message} (${line}, ${column})`,
  );
  throw new Find(`we say ${says(ours)}, libxml2 says ${says(theirs)}\nours: ${issues.join("; ")}\nlibxml2's: ${theirs.error}`, document);
}
