/** Values of simple types, with those that are known to be awkward. */

import fc from "fast-check";
import { z } from "zod";
import type { Leaf } from "../../src/binding/index.js";
import { isXmlText } from "../../src/characters.js";

const awkward = [
  ...'&amp; &lt; ]]> <![CDATA[ ]] <a> </a> <!-- --> <?x?> &#13; " \' taxii_11: xmlns:a= xmlns="" p:q {} ${} %20 \\ __proto__ null'.split(
    " ",
  ),
  ..." |\t|\n|\r|\r\n|\u00a0|\u0085|\u2028|\u007f|\u0080|\u009b|\u200b|\ufeff|\ufffd|\ud7ff|\ue000|\u{10000}|\u{10ffff}|é|e\u0301|\u{1f600}|\u202e|日本".split(
    "|",
  ),
];

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 6 }) },
  { weight: 3, arbitrary: fc.constantFrom(...awkward) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
);

/** Any text XML can carry. */
export const text: fc.Arbitrary<string> = fc
  .array(piece, { maxLength: 4 })
  .map((pieces) => pieces.join(""))
  .filter(isXmlText);

const uris = [
  ..."|#|?|a|a b|/|//h|//h:80/p?q#f|../x|urn:a:b|urn:stix.mitre.org:xml:1.1.1|http://example.com/é|http://[::1]/|mailto:a@b|a%20b|%41|{a}|x^y|a;b=c|~".split(
    "|",
  ),
  ...'http://user:pw@h:0/|#[|1|urn:uuid:0|http://h/?a=b&c="d"|http://h/<x>|::|\u{1f600}|data:,a\'b'.split("|"),
];
const uri = fc.oneof(fc.constantFrom(...uris), fc.webUrl({ withFragments: true, withQueryParameters: true }), text);

const twoDigits = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((number) => String(number).padStart(2, "0"));
const fraction = fc.oneof(fc.constant(""), fc.stringMatching(/^\.[0-9]{1,6}$/));
const zone = fc.oneof(
  fc.constantFrom("Z", "+00:00", "-00:00", "+14:00", "-14:00"),
  fc.tuple(fc.constantFrom("+", "-"), twoDigits(0, 13), twoDigits(0, 59)).map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
);
const day = fc.oneof(
  fc.constantFrom("0001-01-01", "9999-12-31", "2016-02-29", "-0001-12-31", "-0044-03-15", "2000-02-29"),
  fc
    .tuple(fc.integer({ min: 1, max: 9999 }), twoDigits(1, 12), twoDigits(1, 28))
    .map(([year, month, date]) => `${String(year).padStart(4, "0")}-${month}-${date}`),
);
const time = fc.oneof(
  fc.constantFrom("00:00:00", "23:59:59.999999", "24:00:00", "24:00:00.0"),
  fc
    .tuple(twoDigits(0, 23), twoDigits(0, 59), twoDigits(0, 59), fraction)
    .map(([hours, minutes, seconds, rest]) => `${hours}:${minutes}:${seconds}${rest}`),
);
const timestamp = fc.tuple(day, time, zone).map(([date, clock, offset]) => `${date}T${clock}${offset}`);

const digits = fc.oneof(fc.constantFrom("0", "1", "007", "18446744073709551616", "123456789012345678901234"), fc.nat().map(String));
const integer = fc.oneof(
  digits,
  digits.map((number) => `-${number}`),
  digits.map((number) => `+${number}`),
);
const base64 = fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString("base64"));
const count = fc.oneof(fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER), fc.nat());

// Shrinking or preferring small numbers would make ids that are not unique.
const id = fc
  .noBias(fc.noShrink(fc.tuple(fc.constantFrom("i", "_", "é", "a-b.c", "\u{10000}"), fc.bigInt({ min: 0n, max: 2n ** 80n }))))
  .map(([start, number]) => start + number.toString(36));

const byName: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  "xs:string": text,
  "xs:anyURI": uri,
  "xs:ID": id,
  "xs:base64Binary": base64,
  "xs:integer": integer,
  "xs:boolean": fc.boolean(),
  "xs:nonNegativeInteger": count,
  "xs:positiveInteger": count,
  TimestampLabelType: timestamp,
  UnsignedIntegerType: digits,
};

const anything = fc.oneof(uri, text, integer, base64, timestamp, fc.boolean(), count);

/** Values of a simple type. */
export function leafValue(leaf: Leaf<unknown>): fc.Arbitrary<unknown> {
  const named = optionsOf(leaf.zod);
  const candidates = byName[leaf.name] ?? (named.length === 0 ? anything : fc.oneof(fc.constantFrom(...named), uri));
  return candidates.filter((value) => leaf.accepts(value));
}

/** The values an enumeration lists, also as a member of a union. */
function optionsOf(schema: unknown): unknown[] {
  if (schema instanceof z.ZodEnum) return schema.options;
  return schema instanceof z.ZodUnion ? schema.options.flatMap(optionsOf) : [];
}
