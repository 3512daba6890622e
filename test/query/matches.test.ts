/** Queries on content at hand. */

import { describe, expect, it } from "vitest";
import { contentBindings } from "../../src/constants.js";
import { xmlContent } from "../../src/index.js";
import { StatusError } from "../../src/message/status-error.js";
import * as q from "../../src/query/index.js";
import { criterion, queryOf, record } from "./worked.js";

const stix = contentBindings.stix111;
const beacon = q.query(stix, q.contains("**/Title", "beacon", { caseSensitive: false }));
const noBeacon = q.query(stix, q.not(q.contains("**/Title", "beacon", { caseSensitive: false })));
const block = (content: q.Searchable, bindingId: string = stix) => ({
  contentBinding: { bindingId, subtypeIds: [] },
  content: typeof content === "string" ? { text: content } : (content as { xml: string }),
});

describe("records", () => {
  it.each<[string, q.Searchable, boolean]>([
    ["markup", { xml: record }, true],
    ["markup that was checked", xmlContent(record), true],
    ["text", record, true],
    ["text with a declaration", `<?xml version="1.0"?>\n${record}`, true],
    ["text as content", { text: record }, true],
    ["a block", block({ xml: record }), true],
    ["another record", { xml: "<A><Title>x</Title></A>" }, false],
  ])("%s", (_name, given, expected) => {
    expect(q.matches(beacon, given)).toBe(expected);
    expect(q.matches(noBeacon, given)).toBe(!expected);
    expect(q.matcher(beacon).verdict(given)).toBe(expected ? "match" : "no match");
  });

  // [QRY-EVAL-005] [QRY-EVAL-010]
  it.each<[string, q.Searchable, q.MatchOptions?]>([
    ["a block of another binding", block({ xml: record }, "urn:other")],
    ["an encrypted block", block({ xml: "<EncryptedData/>" }, contentBindings.xmlEncryption)],
    ["a text that is none", "beacon"],
    ["a text that is nearly none", `${record}<`],
    ["markup that is not well-formed", { xml: "<A><B></A>" }],
    ["markup with a prefix nobody declared", { xml: "<a:A/>" }],
    ["a document type", '<!DOCTYPE A [<!ENTITY e "beacon">]><A>&e;</A>'],
    ["nothing", ""],
    ["text where it is not to be looked into", record, { textAsXml: false }],
  ])("%s cannot be looked into, and matches nothing, not even an opposite", (_name, given, options) => {
    expect([beacon, noBeacon].map((query) => q.matches(query, given, options))).toEqual([false, false]);
    expect(q.matcher(noBeacon, options).verdict(given)).toBe("undecidable");
  });

  it("of several bindings, where they are named", () => {
    const options = { bindings: [contentBindings.stix12, stix] };
    expect(q.matches(beacon, block({ xml: record }, contentBindings.stix12), options)).toBe(true);
    expect(q.matches(beacon, block({ xml: record }, contentBindings.stix10), options)).toBe(false);
  });
});

// [QRY-ERR-008]
it.each<[string, q.DefaultQuery, string]>([
  [
    "a module nobody knows",
    queryOf({ ...criterion("A", "exists"), test: { capabilityId: "urn:x", relationship: "y", parameters: [] } }),
    "UNSUPPORTED_CAPABILITY_MODULE",
  ],
  ["a parameter that is none", queryOf(criterion("A", "exists", { value: "x" })), "BAD_MESSAGE"],
  ["a target that is none", queryOf(criterion("//", "exists")), "UNSUPPORTED_TARGETING_EXPRESSION"],
])("%s is refused before any record is looked at", (_name, query, code) => {
  expect(() => q.matcher(query)).toThrow(StatusError);
  expect(() => q.matcher(query)).toThrow(code);
});

it("limits are those of a service, and can be changed", () => {
  const long = q.query(stix, q.exists(Array.from({ length: 70 }, () => "a").join("/")));
  expect(() => q.matcher(long)).toThrow("DENIED");
  expect(q.matches(long, "<a/>", { limits: { maxSteps: 100 } })).toBe(false);
});

it("any vocabulary will do", () => expect(q.matches(q.query("urn:example:v", q.exists("a/@b")), '<a b=""/>')).toBe(true));
