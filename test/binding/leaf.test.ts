/** Simple types: what they take, what they give, and that both ends agree. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimestampLabel } from "../../generated/taxii11/values.js";
import { compareInstants, isDateTime, parseDateTime } from "../../src/binding/datetime.js";
import * as leaves from "../../src/binding/leaf.js";
import { hasAuthority, isAnyUri, isStrictUri } from "../../src/binding/uri.js";

const all: readonly leaves.Leaf<unknown>[] = [
  leaves.string,
  leaves.token,
  leaves.anyUri,
  leaves.id,
  leaves.base64Binary,
  leaves.integer,
  leaves.decimal,
  leaves.dateTime,
  leaves.boolean,
  leaves.nonNegativeInteger,
  leaves.positiveInteger,
];

describe("every simple type", () => {
  it.each(all.map((leaf) => [leaf.name, leaf] as const))("%s writes what it reads back", (_, leaf) => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom("true", " 1 ", "2014-12-19T00:00:00Z", "QUJD", "a b", "")),
        (text) => {
          const value = leaf.parse(text);
          if (value === undefined || !leaf.accepts(value)) return;
          expect(leaf.parse(leaf.format(value))).toEqual(value);
          expect(leaf.zod.safeParse(value).success).toBe(true);
        },
      ),
    );
  });

  it.each(all.map((leaf) => [leaf.name, leaf] as const))("%s agrees with its zod validator", (_, leaf) => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), (value) => {
        expect(leaf.zod.safeParse(value).success).toBe(leaf.accepts(value));
      }),
    );
  });
});

describe("[XML-GEN-010] [XML-GEN-011] [XML-GEN-012] booleans and numbers", () => {
  it("have all their spellings", () => {
    expect(["true", "1", " 1\n", "false", "0"].map((text) => leaves.boolean.parse(text))).toEqual([true, true, true, false, false]);
    expect(["TRUE", "yes", ""].map((text) => leaves.boolean.parse(text))).toEqual([undefined, undefined, undefined]);
    expect(["+02", " 7 ", "0", "-1", "1.0", "1e3"].map((text) => leaves.positiveInteger.parse(text))).toEqual([
      2,
      7,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(leaves.nonNegativeInteger.parse("-0")).toBe(0);
  });

  it("tell a number too large to hold from no number", () =>
    expect(leaves.positiveInteger.parse("9".repeat(40))).toBe(Number.POSITIVE_INFINITY));
});

describe("[XML-TS-001] [XML-TS-002] [XML-TS-003] timestamp labels", () => {
  it.each([
    "2014-12-19T00:00:00Z",
    "2014-12-19T00:00:00.123456+14:00",
    "-0044-03-15T12:00:00Z",
    "2012-02-29T24:00:00Z",
    " 2014-12-19T00:00:00Z ",
  ])("take %j", (text) => expect(TimestampLabel.parse(text)).toBe(text.trim()));
  it.each([
    "2014-01-01",
    "2014-12-19T00:00:00",
    "2014-12-19T00:00:00.1234567Z",
    "0000-01-01T00:00:00Z",
    "2013-02-29T00:00:00Z",
    "2014-12-19T00:00:60Z",
    "2014-12-19T24:00:01Z",
    "2014-12-19T00:00:00+14:01",
    "12014-12-19T00:00:00Z",
    "2014-12-19t00:00:00z",
    "",
  ])("refuse %j", (text) => expect(TimestampLabel.parse(text)).toBeUndefined());

  it("are told without taking them apart exactly when taking them apart works", () => {
    const digits = (length: number): fc.Arbitrary<string> => fc.nat(10 ** length - 1).map((value) => String(value).padStart(length, "0"));
    const text = fc
      .tuple(digits(4), digits(2), digits(2), digits(2), digits(2), digits(2), fc.constantFrom("Z", "+00:00", "-01:30", ""))
      .map(([y, mo, d, h, mi, s, z]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${z}`);
    fc.assert(
      fc.property(text, (value) => {
        expect(isDateTime(value)).toBe(parseDateTime(value) !== undefined);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("[XML-TS-005] [XML-TS-006] instants", () => {
  it("order as dates do, to the millisecond", () => {
    const date = fc.date({ min: new Date("0001-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true });
    fc.assert(
      fc.property(date, date, (a, b) => {
        expect(compareInstants(a.toISOString(), b.toISOString())).toBe(Math.sign(a.getTime() - b.getTime()));
      }),
    );
  });

  it("are equal across offsets and trailing zeros, and differ by a microsecond", () => {
    expect(compareInstants("2014-01-01T11:00:00+02:00", "2014-01-01T09:00:00.000000Z")).toBe(0);
    expect(compareInstants("2014-01-01T00:00:00.000001Z", "2014-01-01T00:00:00Z")).toBe(1);
    expect(compareInstants("2014-01-01T24:00:00Z", "2014-01-02T00:00:00Z")).toBe(0);
    expect(compareInstants("-0001-12-31T23:59:59Z", "0001-01-01T00:00:00Z")).toBe(-1);
    expect(compareInstants("yesterday", "2014-01-01T00:00:00Z")).toBeUndefined();
  });
});

describe("URIs", () => {
  it.each(["", "a b", "urn:example:ü", "http://h:80/p?q#f", "http://[::1]/", "W|A", "//h", "?q", "#f", "a%20b"])(
    "%j is an anyURI",
    (text) => expect(isAnyUri(text)).toBe(true),
  );
  it.each(["%zz", "a#b#c", "://x", "http://h:port/", "http://[x", "1a:b"])("%j is none", (text) => expect(isAnyUri(text)).toBe(false));
  it("are strict without spaces and other odd characters", () =>
    expect(["a b", "", "ü", "W|A", "default", "urn:x:y"].map(isStrictUri)).toEqual([false, false, false, false, true, true]));
  it("name an owner, or not", () =>
    expect(["urn:example:x", "urn:stix.mitre.org:xml:1.2", "http://example.com", "default", "mailto:a"].map(hasAuthority)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]));
  it("take time in proportion", () => {
    for (const text of [`${"a".repeat(50_000)}%`, `//${"a:".repeat(20_000)}`, `${"[".repeat(50_000)}`]) isAnyUri(text);
  });
});
