/**
 * What libtaxii made of objects, as XML, JSON and text, against what the verbs make: the XML is read and written as JSON and
 * as text, the JSON is read and written as XML. What differs is in `deviations.json`, with the fault behind it; a rule there
 * says how exactly it differs, and holds for every vector that differs so and no otherwise.
 */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import * as defaultQuery from "../../generated/default-query/index.js";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import type { Leaf, Shape } from "../../src/binding/index.js";
import { compile } from "../../src/codec/compiled.js";
import { fromJson, type Json, type JsonObject, toJsonObject } from "../../src/codec/json.js";
import { toText } from "../../src/codec/text.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { ParseError } from "../../src/errors.js";
import { defaultQueryFormats as formats } from "../../src/message/query-formats.js";
import { canonical, canonicalFragment } from "./canonical.js";
import deviations from "./deviations.json" with { type: "json" };

const folder = fileURLToPath(new URL("../../../shared/vectors/golden/", import.meta.url));

interface Vector {
  readonly id: string;
  readonly tags: readonly string[];
  readonly schemaValid: boolean | null;
  readonly textHasPythonRepr: boolean;
  readonly xml: string;
  readonly json: JsonObject;
  /** The dictionary with its keys in libtaxii's order, which is that of elements with the names of a map. */
  readonly ordered: JsonObject;
  readonly text: string;
}

type Part = "json" | "text" | "xml";

/** What the verbs made of a vector: the results, or why there is none. */
interface Outcome {
  readonly json: JsonObject | ParseError;
  readonly text: string | ParseError;
  readonly xml: string | ParseError;
}

interface IndexEntry extends Pick<Vector, "tags" | "schemaValid" | "textHasPythonRepr"> {
  readonly name: string;
  readonly version: string;
  readonly kind: string;
  readonly files: Readonly<Record<Part, string>> & { readonly raw_json?: string };
}

function loadVectors(): Vector[] {
  const read = (file: string): string => readFileSync(folder + file, "utf8");
  const readJson = (file: string): JsonObject => JSON.parse(read(file)) as JsonObject;
  const { vectors } = JSON.parse(read("index.json")) as { readonly vectors: readonly IndexEntry[] };
  return vectors.map(({ files, name, version, kind, tags, schemaValid, textHasPythonRepr }) => ({
    id: `${kind === "component" ? "components/" : ""}${version}/${name}`,
    tags,
    schemaValid,
    textHasPythonRepr,
    xml: read(files.xml),
    json: readJson(files.json),
    ordered: readJson(files.raw_json ?? files.json),
    text: read(files.text),
  }));
}

const key = (namespace: string, local: string): string => `{${namespace}}${local}`;

/** The shapes of all elements of the schemas, by name. */
function collectShapes(): Map<string, Shape<object>> {
  const shapes = new Map<string, Shape<object>>();
  const visit = (name: string, shape: Shape<object>): void => {
    if (shapes.has(name)) return;
    shapes.set(name, shape);
    for (const { field, namespace, local, target } of compile(shape).children) {
      if (field.keep !== "outer" && isShape(target)) visit(key(namespace, local), target);
    }
  };
  for (const shape of [...taxii10.messages, ...taxii11.messages, defaultQuery.DefaultQuery, defaultQuery.DefaultQueryInfo]) {
    visit(key(shape.namespace, shape.element), shape);
  }
  return shapes;
}

function attempt<T>(action: () => T): T | ParseError {
  try {
    return action();
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
}

/** Every shape is one of objects. */
function isShape(target: Shape | Leaf<unknown>): target is Shape<object> {
  return target.kind === "shape";
}

const shapes = collectShapes();

function run({ xml, ordered }: Vector): Outcome {
  const root = canonical(xml);
  const name = typeof root === "object" && "name" in root ? root.name : "";
  const shape = shapes.get(name);
  if (shape === undefined) throw new Error(`no shape for ${name}`);
  const element = name.slice(name.indexOf("}") + 1);
  const value = attempt(() => fromXml(shape, xml));
  return {
    json: value instanceof ParseError ? value : toJsonObject(shape, value, { formats, element }),
    text: value instanceof ParseError ? value : toText(shape, value, { formats, element }),
    xml: attempt(() => toXml(shape, fromJson(shape, ordered, { formats, element }), { element })),
  };
}

/** The parts in which the outcome is not the vector's. */
function differences(vector: Vector, outcome: Outcome): Part[] {
  const parts: Part[] = [];
  if (!isDeepStrictEqual(plain(outcome.json), vector.json)) parts.push("json");
  if (outcome.text !== vector.text) parts.push("text");
  if (outcome.xml instanceof ParseError || !isDeepStrictEqual(canonical(outcome.xml), canonical(vector.xml))) parts.push("xml");
  return parts;
}

const plain = (json: JsonObject | ParseError): unknown => (json instanceof ParseError ? json : JSON.parse(JSON.stringify(json)));

/** The rules of the deviations: whether a vector differs in just this way. */
const rules: Readonly<Record<string, (vector: Vector, outcome: Outcome, parts: readonly Part[]) => boolean>> = {
  refused: ({ schemaValid }, { json, text, xml }) =>
    schemaValid !== true && [json, text, xml].every((result) => result instanceof ParseError),

  "query-refused": ({ tags }, { json, xml }) =>
    tags.includes("tdq-schema-invalid") &&
    xml instanceof ParseError &&
    /supported_query|query/.test(xml.path) &&
    JSON.stringify(json).includes('"content_is_xml":true'),

  "unused-namespaces"(vector, { json, text }, parts) {
    if (json instanceof ParseError || text instanceof ParseError || parts.includes("xml")) return false;
    const unsized = (characters: string): string => characters.replace(/^( *Content [Ll]ength: )\d+$/gm, "$1");
    return isDeepStrictEqual(withTrees(json), withTrees(vector.json)) && sameButFor(unsized(text), unsized(vector.text), / at 0x/);
  },

  "object-address": ({ text, textHasPythonRepr }, outcome, parts) =>
    textHasPythonRepr && parts.join() === "text" && typeof outcome.text === "string" && sameButFor(outcome.text, text, / at 0x/),
};

/** `json` with trees in place of strings of XML. */
function withTrees(json: Json): unknown {
  if (typeof json === "string") return tree(json);
  if (Array.isArray(json)) return json.map(withTrees);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, withTrees(value)]));
}

function tree(text: string): unknown {
  try {
    return text.startsWith("<") ? canonicalFragment(text) : text;
  } catch {
    return text;
  }
}

/** Whether two texts have the same lines, but for those that match. */
function sameButFor(text: string, expected: string, excused: RegExp): boolean {
  const lines = text.split("\n");
  const wanted = expected.split("\n");
  return lines.length === wanted.length && wanted.every((line, index) => line === lines[index] || excused.test(line));
}

if (!existsSync(`${folder}index.json`)) {
  test.skip(`the vectors of libtaxii are not at ${folder}`, () => {});
} else {
  const vectors = loadVectors();
  const equal: Record<Part, number> = { json: 0, text: 0, xml: 0 };
  const ruledOnly: string[] = [];

  describe("libtaxii's vectors", () => {
    test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (id, vector) => {
      const outcome = run(vector);
      const parts = differences(vector, outcome);
      for (const part of ["json", "text", "xml"] as const) if (!parts.includes(part)) equal[part]++;
      const named = deviations.find((deviation) => deviation.vectors.includes(id));
      if (named === undefined && parts.length > 0) {
        const ruled = deviations.find(({ rule }) => rule !== undefined && rules[rule]?.(vector, outcome, parts) === true);
        if (ruled !== undefined) {
          ruledOnly.push(id);
          return;
        }
      }
      if (named === undefined) {
        expect(plain(outcome.json)).toEqual(vector.json);
        expect(outcome.text).toBe(vector.text);
        expect(outcome.xml instanceof ParseError ? outcome.xml : canonical(outcome.xml)).toEqual(canonical(vector.xml));
        return;
      }
      expect(parts.length, `${id} is a deviation no more`).toBeGreaterThan(0);
      for (const part of parts) expect(named.differs, `${id} differs in more than deviations.json says`).toContain(part);
      if (named.rule !== undefined)
        expect(rules[named.rule]?.(vector, outcome, parts), `${id} differs in another way than ${named.rule}`).toBe(true);
    });
  });

  test.each(deviations.flatMap(({ vectors: ids }) => ids))("the deviation %s is of a vector", (id) => {
    expect(vectors.map((vector) => vector.id)).toContain(id);
  });

  afterAll(() => {
    console.info(`${vectors.length} vectors of libtaxii; equal: JSON ${equal.json}, text ${equal.text}, XML ${equal.xml}`);
    if (ruledOnly.length > 0) console.info(`Deviations by rule that are not named: ${ruledOnly.join(", ")}`);
  });
}
