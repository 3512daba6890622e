/** Queries as text: what is written is read again, and faults are pointed at. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DefaultQuery } from "../../generated/default-query/index.js";
import { contentBindings } from "../../src/constants.js";
import { isTaxiiError } from "../../src/errors.js";
import {
  defineVocabulary,
  formatQuery,
  parseQuery,
  QueryTextError,
  type QueryTextOptions,
  vocabularyNames,
} from "../../src/query/index.js";
import { anyQuery, inOrder, odd } from "./arbitrary-query.js";
import { criteria, criterion, queryOf } from "./worked.js";

const modules = [odd];

describe("a query as text", () => {
  it.each([true, false])("is read as the same query, whatever is in it (pretty: %s)", (pretty) => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const ordered = { ...query, criteria: inOrder(query.criteria) };
        const text = formatQuery(query, { modules, pretty });
        expect(parseQuery(text, { modules })).toEqual(ordered);
        // Groups are where they were: what is written of what was read is the same text.
        expect(parseQuery(formatQuery(ordered, { modules, pretty }), { modules })).toEqual(ordered);
      }),
      { numRuns: 2000 },
    );
  });

  it("is read without knowing the module, when the reader needs not know it", () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const ordered = { ...query, criteria: inOrder(query.criteria) };
        expect(parseQuery(formatQuery(ordered))).toEqual(ordered);
      }),
    );
  });

  const title = (relationship: string, parameters = {}, negate = false) => criterion("**/Title", relationship, parameters, negate);
  it.each<[string, DefaultQuery]>([
    ["in stix-1.1.1 where **/Title = x", queryOf(title("equals", { value: "x", match_type: "case_sensitive_string" }))],
    ["in stix-1.1.1 where not **/Title exists", queryOf(title("exists", {}, true))],
    ["in stix-1.1.1 where **/Title core:equals(value=x)", queryOf(title("equals", { value: "x" }))],
    [
      "in 'urn:example:v' where **/Title > 10 or (**/Title ~ '^a b' nocase and not **/Title does_not_exist)",
      queryOf(
        criteria(
          "OR",
          title("greater_than", { value: "10" }),
          criteria("AND", title("regex:matches", { value: "^a b", case_sensitive: "false" }), title("does_not_exist", {}, true)),
        ),
        "urn:example:v",
      ),
    ],
    [
      "in stix-1.1.1 where **/Title >= 2014-01-01T00:00:00Z",
      queryOf(title("timestamp:greater_than_or_equals", { value: "2014-01-01T00:00:00Z" })),
    ],
    [
      "in stix-1.1.1 where **/Title timestamp:equals 2014-01-01T00:00:00Z",
      queryOf(title("timestamp:equals", { value: "2014-01-01T00:00:00Z" })),
    ],
    ["in stix-1.1.1 where any(**/Title exists)", queryOf(criteria("OR", title("exists")))],
    [
      "in stix-1.1.1 where all((**/Title exists and **/Title exists))",
      queryOf(criteria("AND", criteria("AND", title("exists"), title("exists")))),
    ],
  ])("%s", (text, query) => expect(formatQuery(query)).toBe(text));

  it("can have a line for each part", () => {
    const query = queryOf(criteria("AND", criteria("OR", title("exists"), criteria("AND", title("exists"))), title("exists")));
    expect(formatQuery(query, { pretty: true })).toMatchInlineSnapshot(`
      "in stix-1.1.1 where
        (
          **/Title exists
          or all(
            **/Title exists
          )
        )
        and **/Title exists
      "
    `);
  });

  it("has the vocabulary in front, by its identifier or a short name, or leaves it to the caller", () => {
    const vocabulary = (text: string, options?: QueryTextOptions) => parseQuery(text, options).targetingExpressionId;
    expect(vocabulary("in stix-1.2 where A exists")).toBe(contentBindings.stix12);
    expect(vocabulary("IN urn:example:v WHERE A exists", { vocabulary: "stix-1.0" })).toBe("urn:example:v");
    expect(vocabulary("A exists", { vocabulary: "stix-1.0" })).toBe(contentBindings.stix10);
    expect(vocabulary("in equals where and A exists", { vocabulary: "stix-1.0" })).toBe(contentBindings.stix10);
  });
});

function fault(text: string, options: QueryTextOptions = { vocabulary: "stix-1.1.1", modules }): QueryTextError {
  try {
    parseQuery(text, options);
  } catch (error) {
    if (error instanceof QueryTextError) return error;
    throw error;
  }
  throw new Error("it was understood");
}

describe("faults are pointed at", () => {
  const fleet = defineVocabulary({
    id: "urn:example.com:fleet",
    names: vocabularyNames({ root: "Fleet", elements: ["Fleet", "Host"], attributes: ["site"] }),
    wildcards: { run: false },
    example: "Fleet/Host/@site",
  });

  it.each<[string, RegExp, string]>([
    ["A odd:far 1", /^expected a relationship: .*core:, regex:, timestamp: or odd: may stand before it$/, "odd:far"],
    ["A 'urn:example.com:query:capability:odd-1':far 1", /has no relationship "far"$/, "'urn:example.com:query:capability:odd-1':far"],
    ["A odd:both 1", /^expected the parameters of both in parentheses, such as both\(first=…\)$/, "1"],
    ["A odd:both(first=1)", /^both needs the parameter sec=ond$/, "first=1"],
    ["A odd:near(value=1 within=x)", /^expected a number, found "x"$/, "within=x"],
    ["A odd:near(value=1 value=2)", /^the parameter value is there already$/, "value=2"],
    ["A odd:near(value=1", /^expected a parameter, such as value=1, or a closing parenthesis$/, ""],
    ["A odd:near(1)", /^expected the name of a parameter and =, such as value=1$/, "1"],
    ["A odd:near(value= 1)", /^expected the value right behind =; an empty one is ''$/, "value="],
    ["A 'urn:x'equals 1", /^expected a colon and the name of a relationship$/, "equals"],
    ["A 'urn:x': 1", /^expected the name of a relationship right behind the colon$/, ":"],
    ["all(A exists", /^expected and, or, or a closing parenthesis$/, ""],
    ["in urn:example.com:fleet where Fleet/Hots exists", /the vocabulary has no element "Hots", perhaps "Host" is meant/, "Fleet/Hots"],
    ["in urn:example.com:fleet where **/Host exists", /^the vocabulary has no \*\*$/, "**/Host"],
  ])("%s", (text, reason, place) => {
    const error = fault(text, { vocabulary: "stix-1.1.1", modules, vocabularies: [fleet] });
    expect(error.reason).toMatch(reason);
    expect(text.slice(error.place.start, error.place.end)).toBe(place);
    const [, , mark = ""] = error.message.split("\n");
    expect(mark).toMatch(/^ {2,}\^+$/);
    expect(isTaxiiError(error) && error.code).toBe("QUERY_TEXT");
  });

  it("also a vocabulary that is missing", () => {
    expect(fault("A exists", {}).message).toBe("expected the vocabulary first: in stix-1.1.1 where …\n  A exists\n  ^");
  });

  it("whatever is given", () => {
    const piece = fc.constantFrom(
      "(",
      ")",
      "'",
      '"',
      " ",
      "and",
      "or",
      "not",
      "**/A",
      "=",
      "~",
      "x",
      "exists",
      "all(",
      "in",
      "where",
      "'urn:x'",
      ":",
      "a=",
      "odd:near",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.constantFrom("", " ")), { maxLength: 14 }), (pieces) => {
        const text = pieces.flat().join("");
        try {
          const query = parseQuery(text, { vocabulary: "stix-1.1.1", modules });
          expect(parseQuery(formatQuery(query, { modules }), { modules })).toEqual(query);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryTextError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("in time that grows with the text", () => {
    const long = `${"A exists and ".repeat(20_000)}A = 'x`;
    expect(fault(long).reason).toBe("the quote ' has no end");
    expect(fault(`A = '${"''".repeat(100_000)}`).reason).toBe("the quote ' has no end");
  });
});
