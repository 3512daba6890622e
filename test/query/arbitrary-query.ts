/** Queries at random: all modules, those of third parties too, known and not known. */

import fc from "fast-check";
import type { Criteria, Criterion, DefaultQuery, Parameter } from "../../generated/default-query/index.js";
import { capabilityModules, contentBindings, draft111, relationships, timestampRelationshipAliases } from "../../src/constants.js";
import { defineCapabilityModule, parameter } from "../../src/query/index.js";

/** A module of a third party, with names that are hard to write. */
export const odd = defineCapabilityModule({
  id: "urn:example.com:query:capability:odd-1",
  name: "odd",
  relationships: {
    near: {
      parameters: { value: parameter.number(), within: parameter.optional(parameter.number()) },
      test:
        ({ value, within = 0 }) =>
        (text) =>
          Math.abs(Number(text) - value) <= within,
    },
    "=": { parameters: { value: parameter.text() }, test: () => () => true },
    "a:b c's": { parameters: {}, test: () => () => true },
    both: { parameters: { first: parameter.text(), "sec=ond": parameter.text() }, test: () => () => true },
  },
});

const word = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "x",
    "and",
    "OR",
    "not",
    "all",
    "any",
    "in",
    "where",
    "case",
    "NoCase",
    "number",
    "(",
    ")",
    "'",
    '"',
    "''",
    "=",
    "a=b",
    ":",
    "of",
  ),
  fc.string({ unit: fc.constantFrom("a", "Z", " ", "'", '"', "(", ")", "=", ":", "/", "\n", "\t", "é", "\u00a0", "😀", "\\", "#") }),
  fc.constantFrom("2014-01-01T00:00:00Z", " 2014-01-01t00:00:00z", "1", "-1.5e3", "urn:a:b"),
);

const step = fc.constantFrom("*", "**", "STIX_Package", "Title", "not", "in", "all", "a-b.c", "Ünïcode");
const target = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 3 }), fc.option(fc.constant("@id")), fc.constantFrom("", " ", "\n"))
  .map(([steps, attribute, space]) => `${space}${[...steps, ...(attribute === null ? [] : [attribute])].join("/")}${space}`);

const caseSensitive = fc.constantFrom("true", "false", " true");
const matchType = fc.constantFrom("case_sensitive_string", "case_insensitive_string", " number");
const numeric = fc.constantFrom("1", " -1.5 ", "2e400", ".5");
const instant = fc.constantFrom("2014-01-01T00:00:00Z", "2014-01-01t00:00:00.123456789+01:00", " 2014-01-01T00:00:00Z");

/** Named parameters in any order, where those that may be left out are, or are not. */
function parameters(
  required: Record<string, fc.Arbitrary<string>>,
  more: Record<string, fc.Arbitrary<string>> = {},
): fc.Arbitrary<Parameter[]> {
  const list = fc
    .tuple(fc.record(required), fc.record(more, { requiredKeys: [] }))
    .map(([one, other]) =>
      Object.entries<string | undefined>({ ...one, ...other }).map(([name, value = ""]): Parameter => ({ name, value })),
    );
  return list.chain((given) => fc.shuffledSubarray(given, { minLength: given.length }));
}

const core = fc
  .oneof(
    fc.tuple(fc.constantFrom("equals", "not_equals"), parameters({ value: fc.oneof(word, numeric) }, { match_type: matchType })),
    fc.tuple(fc.constantFrom("equals", "not_equals"), parameters({ value: numeric, match_type: fc.constant("number") })),
    fc.tuple(fc.constantFrom("greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal"), parameters({ value: numeric })),
    fc.tuple(fc.constantFrom("exists", "does_not_exist"), parameters({})),
    fc.tuple(fc.constantFrom("begins_with", "ends_with", "contains"), parameters({ value: word }, { case_sensitive: caseSensitive })),
  )
  .filter(
    ([, given]) =>
      given.every(({ name, value }) => name !== "match_type" || value !== " number") ||
      given.some(({ value }) => /^ ?-?[\d.]+ ?$/.test(value)),
  );
const regex = fc.tuple(
  fc.constant("matches"),
  parameters({ value: fc.constantFrom("^a", "(a|b)+", "'", "[^ ]\\d", "") }, { case_sensitive: caseSensitive }),
);
const timestamp = fc.tuple(
  fc.constantFrom<string>(...relationships.timestamp, ...Object.keys(timestampRelationshipAliases)),
  parameters({ value: instant }),
);
const own = fc.oneof(
  fc.tuple(fc.constant("near"), parameters({ value: numeric }, { within: numeric })),
  fc.tuple(fc.constant("="), parameters({ value: word })),
  fc.tuple(fc.constant("a:b c's"), parameters({})),
  fc.tuple(fc.constant("both"), parameters({ first: word, "sec=ond": word })),
);
const unknown = fc.tuple(word, fc.array(fc.record({ name: word, value: word }), { maxLength: 3 }));

const module = (name: keyof typeof capabilityModules) => fc.constantFrom(capabilityModules[name], draft111.capabilityModules[name]);
const named = ([id, [relationship, given]]: [string, [string, Parameter[]]]): Criterion["test"] => ({
  capabilityId: id,
  relationship,
  parameters: given,
});

const test = fc.oneof(
  fc.tuple(module("core"), core).map(named),
  fc.tuple(module("regex"), regex).map(named),
  fc.tuple(module("timestamp"), timestamp).map(named),
  fc.tuple(fc.constant(odd.id), own).map(named),
  fc.tuple(fc.constantFrom("urn:example.com:other", "https://example.com/it's(1)?a=b"), unknown).map(named),
);

const { tree } = fc.letrec<{ tree: Criteria; leaf: Criterion }>((tie) => ({
  tree: fc.record({
    operator: fc.constantFrom("AND" as const, "OR" as const),
    items: fc.array(
      fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        tie("leaf").map((criterion) => ({ criterion })),
        tie("tree").map((criteria) => ({ criteria })),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  leaf: fc.record({ negate: fc.boolean(), target, test }),
}));

/** The same criteria with groups first (QRY-STR-003). */
export function inOrder({ operator, items }: Criteria): Criteria {
  const groups = items.flatMap((item) => ("criteria" in item ? [{ criteria: inOrder(item.criteria) }] : []));
  return { operator, items: [...groups, ...items.filter((item) => "criterion" in item)] };
}

/** Any query that obeys the rules of Default Query, groups perhaps behind single tests. */
export const anyQuery: fc.Arbitrary<DefaultQuery> = fc.record({
  targetingExpressionId: fc.constantFrom<string>(...Object.values(contentBindings), "urn:example.com:it's(mine)", "urn:equals"),
  criteria: tree,
});
