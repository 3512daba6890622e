/** Random values of any shape, valid by its schema, made from its tables. */

import fc from "fast-check";
import { type Content, checkedXml } from "../../src/binding/content.js";
import type { Leaf, Shape } from "../../src/binding/index.js";
import { compile } from "../../src/codec/compiled.js";
import { isoFormat } from "../../src/codec/iso-format.js";
import { type Entry, formOf } from "../../src/codec/json-form.js";
import { modelProblem } from "../../src/codec/json-model.js";

const words = fc.constantFrom("a", "urn:example:b", "http://example.org/c?d=e&f", "ü日", "x-1");
const texts = fc.oneof(
  words,
  fc.constantFrom("", " two  spaces ", "<not xml", "a & b", "line\nbreak", "True", "None", "<a>looks like XML</a>"),
);
const times = fc.constantFrom("2014-12-19T00:00:00Z", "2016-02-29T23:59:59.5+05:30", "0001-01-01T00:00:00.000001-14:00").map(isoFormat);

const contents: fc.Arbitrary<Content> = fc.oneof(
  texts.map((text) => ({ text })),
  fc.constantFrom("<a/>", '<n:a xmlns:n="urn:n">t</n:a>', "text<a/>text", "<a/><b/>", "<!-- note -->", "<a/>\n").map(checkedXml),
);

function leafValues(leaf: Leaf<unknown>): fc.Arbitrary<unknown> {
  const candidates = ["a", "1", "true", "FULL", "AND", "INBOX", "SUBSCRIBE", "DATA_SET", "PAUSED", 0, 7, true, false].filter((value) =>
    leaf.accepts(value),
  );
  return fc.oneof(fc.constantFrom(...candidates), texts, words).filter((value) => leaf.accepts(value));
}

/** Names of a map, each once, because names that repeat come together. */
function namedValues(entry: Entry, depth: number): fc.Arbitrary<unknown[]> {
  const name = entry.map?.name ?? "name";
  const names = fc.uniqueArray(fc.constantFrom("urn:a", "b", "__proto__", "constructor", "with.dot"), {
    minLength: entry.required ? 1 : 0,
    maxLength: 3,
  });
  return names.chain((chosen) =>
    fc
      .tuple(
        ...chosen.map((value) =>
          fc
            .array(childValues(entry, depth), { minLength: 1, maxLength: 2 })
            .map((items) => items.map((item) => Object.assign({}, item, { [name]: value }))),
        ),
      )
      .map((lists) => lists.flat()),
  );
}

function childValues(entry: Entry, depth: number): fc.Arbitrary<unknown> {
  if (entry.kind === "content") return contents;
  if (entry.leaf !== undefined) return entry.form === "timestamp" ? times : leafValues(entry.leaf);
  if (entry.shape !== undefined) return valuesOf(entry.shape, depth - 1);
  return fc.constant(checkedXml("<any/>"));
}

function propertyValues(shape: Shape, entry: Entry, depth: number): fc.Arbitrary<unknown> {
  if (entry.map !== undefined) return namedValues(entry, depth);
  // Items of other types end the recursion of a type that contains itself.
  const ends = entry.items !== undefined && entry.shape !== shape;
  if (depth <= 0 && !entry.required && !ends) return entry.many ? fc.constant([]) : fc.constant(entry.default);
  const value = childValues(entry, depth);
  if (entry.many) return fc.array(value, { minLength: entry.required || (ends && depth <= 0) ? 1 : 0, maxLength: 2 });
  const needed = entry.required || entry.default !== undefined || entry.kind === "content";
  return needed ? value : fc.option(value, { nil: undefined });
}

/** Values of `shape`; the deeper, the less is in them. */
export function valuesOf(shape: Shape, depth = 3): fc.Arbitrary<object> {
  const { entries } = formOf(shape);
  const properties = Object.fromEntries(entries.map((entry) => [entry.property, propertyValues(shape, entry, depth)]));
  return fc
    .record(properties)
    .map((draft) => assemble(shape, entries, draft))
    .filter((value) => modelProblem(compile(shape), value) === undefined);
}

function assemble(shape: Shape, entries: readonly Entry[], draft: Record<string, unknown>): object {
  const value: Record<string, unknown> = shape.role === "message" ? { $type: shape.name } : {};
  for (const { property, items } of entries) {
    const found = draft[property];
    if (items !== undefined) {
      const tagged = (Array.isArray(found) ? found : []).map((item: unknown) => ({ [property]: item }));
      const before: readonly unknown[] = Array.isArray(value[items]) ? value[items] : [];
      value[items] = [...before, ...tagged];
    } else if (found !== undefined) value[property] = found;
  }
  return value;
}
