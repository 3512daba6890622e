import { expect, test } from "vitest";
import { acceptsXml, isXmlMediaType, parseMediaType } from "../../src/http/media-type.js";

test("media types are read with parameters, whatever their case [HTTP-CT-004]", () => {
  const type = parseMediaType(' Application/XML ; Charset="utf-8"; a=b;c');
  expect(type?.type).toBe("application/xml");
  expect([...(type?.parameters ?? [])]).toEqual([
    ["charset", "utf-8"],
    ["a", "b"],
  ]);
  expect(parseMediaType('a/b; x="1;2\\"3"')?.parameters.get("x")).toBe('1;2"3');
  for (const none of ["", "xml", "a/b/c", "a b/c", "/xml"]) expect(parseMediaType(none)).toBeUndefined();
});

test("XML is application/xml, and text/xml on receipt", () => {
  const isXml = (value: string): boolean => isXmlMediaType(parseMediaType(value) ?? { type: "", parameters: new Map() });
  expect(["application/xml", "text/xml;charset=x"].filter(isXml)).toHaveLength(2);
  expect(["application/json", "application/soap+xml", "application/*"].filter(isXml)).toEqual([]);
});

test.each([
  // HTTP-ACC-001, HTTP-ACC-005
  [null, true],
  ["", true],
  ["*/*", true],
  ["application/*", true],
  ["text/xml", true],
  ["application/atom+xml", true],
  ["application/xml;q=0.5, application/json;q=0.1", true],
  ["application/json, */*;q=0.1", true],
  ["APPLICATION/XML", true],
  ['application/json;x="a,application/xml"', false],
  // HTTP-ACC-006
  ["application/json", false],
  ["text/html, text/*", false],
  ["application/xml;q=0", false],
  ["application/xml;q=0, */*", false],
  ["*/*, application/*;q=0.0", false],
  ["text/xml;q=0, application/soap+xml", true],
  ["nonsense, application/xml", true],
  ["application/xml;q=maybe", true],
])("Accept %j leaves room for XML: %j", (accept, expected) => {
  expect(acceptsXml(accept)).toBe(expected);
});

test("hostile quotes cost linear time", () => {
  const started = performance.now();
  acceptsXml('"\\'.repeat(100_000));
  parseMediaType(`a/b;${'"\\'.repeat(100_000)}`);
  expect(performance.now() - started).toBeLessThan(500);
});
