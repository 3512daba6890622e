/** Values a lenient reading has where a strict one has none. */

import { boolean, id, type Leaf, nonNegativeInteger, positiveInteger } from "../binding/index.js";
import { isBlank } from "../characters.js";
import { timestampOf } from "./lenient-timestamps.js";

/**
 * What stands for a required attribute that is absent, where the type alone does not tell. `0` is what TAXII itself puts in
 * the place of an identifier it does not know. A status that does not say what it is must not pass as a success. Nothing
 * stands for the result a fulfilment asks for.
 */
const standIns: ReadonlyMap<string, string | undefined> = new Map([
  ["message_id", "0"],
  ["in_response_to", "0"],
  ["status_type", "FAILURE"],
  ["result_id", undefined],
]);

/**
 * What stands for a required text that is absent: `0` for the identifiers of messages, `FAILURE` for a status, otherwise the
 * empty text where the type has it, or `0`. A timestamp is empty then, which no timestamp is that could be read. Undefined
 * where anything would be invented: closed lists, numbers, and the attribute `result_id`.
 */
export function textStandIn(leaf: Leaf<unknown>, wire: string): string | undefined {
  if (isTimestamp(leaf)) return "";
  const neutral = standIns.has(wire) ? standIns.get(wire) : neutralText(leaf);
  return neutral !== undefined && leaf.parse(neutral) === neutral ? neutral : undefined;
}

/**
 * Whether the default of an attribute may stand for a value that cannot be read. An empty value says nothing, but a subscription
 * with a status nobody knows must not pass as an active one.
 */
export function mayDefault(wire: string, text: string): boolean {
  return wire !== "status" || isBlank(text);
}

function neutralText(leaf: Leaf<unknown>): string | undefined {
  return ["", "0"].find((text) => leaf.parse(text) === text);
}

const timestamps = new WeakMap<Leaf<unknown>, boolean>();

/** Whether the values of a type are instants, of which each has a text in every zone. */
function isTimestamp(leaf: Leaf<unknown>): boolean {
  const known = timestamps.get(leaf);
  if (known !== undefined) return known;
  const found = leaf.same("2000-01-01T00:00:00Z", "2000-01-01T00:00:00+00:00");
  timestamps.set(leaf, found);
  return found;
}

/**
 * The value of a text that has none in a strict reading: by its meaning for booleans, numbers, timestamps and closed lists.
 * An open text, such as an identifier that is no URI, is kept as sent: whoever sent it knows it by no other name. Undefined
 * when the text means nothing.
 */
export function mended(leaf: Leaf<unknown>, text: string): unknown {
  if (leaf === boolean) return booleanOf(text);
  if (leaf === nonNegativeInteger || leaf === positiveInteger) return finite(leaf.parse(numeralOf(text)));
  if (isTimestamp(leaf)) return leaf.parse(timestampOf(text) ?? "");
  if (leaf === id) return undefined;
  if (neutralText(leaf) === undefined) return leaf.parse(keywordOf(text));
  return leaf.parse(text.trim()) ?? leaf.normalize(text.trim());
}

const finite = (value: unknown): unknown => (Number.isFinite(value) ? value : undefined);

const truths: ReadonlyMap<string, boolean> = new Map(
  [
    ["true", "t", "yes", "y", "on"].map((word) => [word, true] as const),
    ["false", "f", "no", "n", "off"].map((word) => [word, false] as const),
  ].flat(),
);

// Values of closed types are short, texts may have megabytes.
const mostCharacters = 100;

const shortText = (text: string): string => (text.length > mostCharacters ? "" : text.trim());

function booleanOf(text: string): boolean | undefined {
  return truths.get(shortText(text).toLowerCase());
}

/** A whole number with what does not change it: a space behind the sign, zeros behind a point. */
function numeralOf(text: string): string {
  return shortText(text)
    .replace(/^\+\s+/, "")
    .replace(/\.0*$/, "");
}

/** A word of a closed list, which the specifications write in capitals and with underscores. */
function keywordOf(text: string): string {
  return shortText(text)
    .toUpperCase()
    .replace(/[\s-]+/g, "_");
}
