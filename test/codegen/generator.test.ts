/** The generator as a function: what it prints, what it refuses, and that it prints the same twice. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { modules } from "../../codegen/config.js";
import { type GeneratedFile, generate, generateOwn, SchemaError, type SchemaSource } from "../../codegen/index.js";
import { longTypeName, plural, propertyName, typeName } from "../../codegen/names.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const own: SchemaSource[] = modules.map(({ schema }) => ({
  file: `schemas/${schema}`,
  bytes: readFileSync(join(root, "schemas", schema)),
}));

const wrap = (body: string): string =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">\n${body}\n</xs:schema>`;

function print(body: string): Map<string, string> {
  const files = generate({ schemas: [{ file: "t.xsd", bytes: new TextEncoder().encode(wrap(body)) }], own, names: ["t"], command: "make" });
  return new Map(files.map(({ path, text }) => [path, text]));
}

describe("what is printed", () => {
  it("for an element with attributes, a default and a list", () => {
    const files = print(`<xs:element name="Root_Thing"><xs:complexType>
      <xs:sequence><xs:element name="Entry" type="xs:string" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
      <xs:attribute name="on" type="xs:boolean" default="true"/><xs:attribute name="URI" type="xs:anyURI" use="required"/>
    </xs:complexType></xs:element>`);
    expect(files.get("messages.ts")).toContain(
      "export interface RootThing {\n  /** Default: `true`. */\n  on: boolean;\n  uri: string;\n  entries: string[];\n}",
    );
    expect(files.get("messages.ts")).toContain('attr("on", "on", boolean, { default: true }),');
    expect(files.get("messages.ts")).toContain('model: () => many("Entry"),');
    expect(files.get("zod.ts")).toContain("z.strictObject({\n  on: boolean.zod,\n  uri: anyUri.zod,\n  entries: z.array(string.zod),\n})");
  });

  it("for a choice of sequences that repeats a name: one merged property and a check", () => {
    const files = print(`<xs:element name="E"><xs:complexType><xs:choice>
      <xs:sequence><xs:element name="A" type="xs:string"/><xs:element name="B" type="xs:string" minOccurs="0"/></xs:sequence>
      <xs:element name="B" type="xs:string"/></xs:choice></xs:complexType></xs:element>`);
    expect(files.get("messages.ts")).toContain("  a?: string | undefined;\n  b?: string | undefined;\n}");
    expect(files.get("messages.ts")).toContain('alt(seq("A", opt("B")), "B")');
    expect(files.get("zod.ts")).toContain('followsModel(alt(seq("a", opt("b")), "b"))');
  });

  it("for counted occurrence, a union and patterns", () => {
    const files =
      print(`<xs:simpleType name="CodeType"><xs:restriction base="xs:string"><xs:pattern value="[A-Z]{2}"/><xs:pattern value="[0-9]+"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="ColourEnum"><xs:restriction base="xs:string"><xs:enumeration value="red"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="AnyColourType"><xs:union memberTypes="ColourEnum xs:anyURI"/></xs:simpleType>
      <xs:element name="E"><xs:complexType><xs:sequence><xs:element name="C" type="CodeType" minOccurs="2" maxOccurs="3"/><xs:element name="D" type="AnyColourType"/></xs:sequence></xs:complexType></xs:element>`);
    expect(files.get("messages.ts")).toContain('seq("C", "C", opt("C"), "D")');
    expect(files.get("values.ts")).toContain("[/^(?:[A-Z]{2})$/u, /^(?:[0-9]+)$/u]");
    expect(files.get("values.ts")).toContain("export type AnyColour = Colour | (string & {});");
  });

  it("the same, byte for byte, every time, and as committed", () => {
    const first = generateOwn(own);
    expect(generateOwn(own)).toEqual(first);
    for (const { path, text } of first) expect(readFileSync(join(root, "generated", path), "utf8"), path).toBe(text);
  });
});

describe("what is refused, by file and line", () => {
  it.each([
    ['<xs:attributeGroup name="g"/>', /t\.xsd:2:1: xs:attributeGroup is unsupported/],
    ['<xs:element name="E" nillable="true" type="xs:string"/>', /t\.xsd:2:1: the attribute nillable of xs:element is unsupported/],
    [
      '<xs:complexType name="T"><xs:all><xs:element name="A" type="xs:string"/></xs:all></xs:complexType>',
      /t\.xsd:2:26: xs:all is unsupported/,
    ],
    ['<xs:element name="E" type="xs:duration"/>', /the type xs:duration is unsupported/],
    ['<xs:element name="E" type="Missing"/>', /the type Missing of urn:t is not declared/],
    ['<xs:import namespace="urn:other"/>', /no schema is known for the imported namespace urn:other/],
    [
      '<xs:simpleType name="T"><xs:restriction base="xs:string"><xs:maxLength value="3"/></xs:restriction></xs:simpleType>',
      /xs:maxLength is unsupported/,
    ],
    [
      '<xs:simpleType name="T"><xs:restriction base="xs:string"><xs:pattern value="\\i+"/></xs:restriction></xs:simpleType>',
      /the pattern \\i\+ uses something unsupported/,
    ],
    [
      '<xs:complexType name="T"><xs:sequence><xs:any namespace="urn:x"/></xs:sequence></xs:complexType>',
      /a wildcard for urn:x is unsupported/,
    ],
    [
      '<xs:element name="E"><xs:complexType><xs:sequence><xs:element name="A" type="xs:string" minOccurs="30" maxOccurs="30"/></xs:sequence></xs:complexType></xs:element>',
      /occurrence counts above 20/,
    ],
    [
      '<xs:element name="E"><xs:complexType><xs:sequence><xs:element name="A_B" type="xs:string"/><xs:element name="a-b" type="xs:string"/></xs:sequence></xs:complexType></xs:element>',
      /two fields of E would be named aB/,
    ],
  ])("%s", (body, message) => {
    expect(() => print(body)).toThrow(SchemaError);
    expect(() => print(body)).toThrow(message);
  });
});

describe("names", () => {
  it.each([
    ["Exclusive_Begin_Timestamp", "exclusiveBeginTimestamp"],
    ["Subscription_ID", "subscriptionId"],
    ["X509IssuerSerial", "x509IssuerSerial"],
    ["HMACOutputLength", "hmacOutputLength"],
    ["URI", "uri"],
  ])("%s is the property %s", (wire, property) => expect(propertyName(wire)).toBe(property));

  it.each([
    ["TAXIIPollResponseType", "PollResponse"],
    ["StatusTypeType", "StatusType"],
    ["ContentBindingIDType", "ContentBindingId"],
    ["FeedActionEnum", "FeedAction"],
  ])("%s is the type %s", (wire, name) => expect(typeName(wire)).toBe(name));

  it("keep their suffix where they would collide", () => expect(longTypeName("StatusTypeEnum")).toBe("StatusTypeEnum"));
  it("have plurals", () =>
    expect(["contentBlock", "supportedQuery", "address", "key"].map(plural)).toEqual([
      "contentBlocks",
      "supportedQueries",
      "addresses",
      "keys",
    ]));
});

const published = join(root, "../shared/reference/schemas");
const files = ["xmldsig-core.xsd", "published-taxii-1.0.xsd", "published-taxii-1.1.xsd", "published-default-query-1.0.xsd"];
const here = files.every((file) => existsSync(join(published, file)));

describe.skipIf(!here)(`the published schemas${here ? "" : " (SKIPPED: they are not at hand)"}`, () => {
  it("give the same code as ours, comments apart", () => {
    const sources = files.map((file, index) => ({ file: own[index]?.file ?? "", bytes: readFileSync(join(published, file)) }));
    const bare = (list: readonly GeneratedFile[]): GeneratedFile[] =>
      list.map(({ path, text }) => ({ path, text: text.replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, "").replace(/\n+/g, "\n") }));
    expect(bare(generateOwn(sources))).toEqual(bare(generateOwn(own)));
  });
});
