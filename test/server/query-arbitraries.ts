/** Random records and queries that are about the same few names and values, among them what indexes could get wrong. */

import fc from "fast-check";
import type { Criteria, Criterion } from "../../generated/default-query/index.js";
import { criteria, criterion } from "../query/worked.js";

const name = fc.constantFrom("a", "b", "c");

/** Longer than what is kept of a value, and different only behind that, or around it. */
const long = (end: string): string => `${"x".repeat(198)}${end}`;

const value = fc.constantFrom(
  "",
  " ",
  "x",
  "X",
  "xyz",
  "ΟΔΟΣ",
  "οδος",
  "ΟΔΟΣ ΧΣ",
  "İx",
  "ß",
  "\ud83d\ude00",
  "\ud83d\ude00a",
  "\u{10400}",
  long("\ud83d\ude00"),
  long("a\ud83d\ude00b"),
  long("abcdef"),
  long("ABCDEG"),
  long("ab"),
  "10",
  " 010.0 ",
  "1e1",
  "-3",
  "9007199254740993",
  "9007199254740992",
  "1e400",
  "2e400",
  "0e0",
  "-0",
  "2014-05-08T09:00:00.0001Z",
  "2014-05-08T09:00:00.0002Z",
  "2014-05-08T11:00:00+02:00",
  "2014-05-08T09:00:00",
  "2016-12-31T23:59:60.5Z",
  "2016-12-31T23:59:59.9999Z",
);

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      name,
      fc.constantFrom("", "p:"),
      fc.option(fc.tuple(name, value)),
      fc.array(fc.oneof({ maxDepth: 3 }, value.map(escaped), tie("element")), { maxLength: 3 }),
    )
    .map(([local, prefix, attribute, parts]) => {
      const written = attribute === null ? "" : ` ${attribute[0]}="${escaped(attribute[1])}"`;
      return `<${prefix}${local} xmlns:p="urn:p"${written}>${parts.join("")}</${prefix}${local}>`;
    }),
}));

/** The markup of a record, with one root or more. */
export const markup = fc.array(element, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(" "));

const step = fc.oneof({ weight: 4, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom("*", "**") });

const target = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 3 }), fc.option(name.map((local) => `@${local}`)))
  .map(([steps, last]) => [...steps, ...(last === null ? [] : [last])].join("/"));

const relationship = fc.oneof(
  fc.record({
    relationship: fc.constantFrom("equals", "not_equals"),
    parameters: fc.record({ value, match_type: fc.constantFrom("case_sensitive_string", "case_insensitive_string") }),
  }),
  fc.record({
    relationship: fc.constantFrom("begins_with", "begins_with", "ends_with", "contains"),
    parameters: fc.record({
      value: fc.tuple(value, fc.nat(220)).map(([text, length]) => text.slice(0, length).toWellFormed()),
      case_sensitive: fc.constantFrom("true", "false"),
    }),
  }),
  fc.record({
    relationship: fc.constantFrom("greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal", "equals", "not_equals"),
    parameters: fc.record({
      value: fc.constantFrom("10", "-3", "0", "9007199254740992", "9007199254740993", "1e400", "2e400"),
      match_type: fc.constant("number"),
    }),
  }),
  fc.record({
    relationship: fc.constantFrom(
      "timestamp:equals",
      "timestamp:greater_than",
      "timestamp:greater_than_or_equals",
      "timestamp:greater_than_or_equal",
      "timestamp:less_than",
      "timestamp:less_than_or_equals",
    ),
    parameters: fc.record({
      value: fc.constantFrom("2014-05-08T09:00:00.0001Z", "2014-05-08T09:00:00Z", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    }),
  }),
  fc.record({ relationship: fc.constantFrom("exists", "does_not_exist"), parameters: fc.constant({}) }),
  fc.record({ relationship: fc.constant("regex:matches"), parameters: fc.record({ value: fc.constantFrom("^x", "[0-9]") }) }),
);

/** Criteria of a query. */
export const { tree } = fc.letrec<{ tree: Criteria; leaf: Criterion }>((tie) => ({
  tree: fc
    .tuple(
      fc.constantFrom("AND" as const, "OR" as const),
      fc.array(fc.oneof({ maxDepth: 2 }, tie("leaf"), tie("tree")), { minLength: 1, maxLength: 3 }),
    )
    .map(([operator, parts]) => criteria(operator, ...parts)),
  leaf: fc.tuple(target, relationship, fc.integer({ min: 0, max: 4 })).map(([at, { relationship: what, parameters }, negate]) => {
    const { match_type: type, ...others } = { match_type: undefined, ...parameters };
    // Only of equality it is asked as what values are compared.
    const given = type !== undefined && what.endsWith("equals") ? { ...others, match_type: type } : others;
    return criterion(at, what, given, negate === 0);
  }),
}));
