/** Queries in plain words. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { capabilityModules, contentBindings, draft111, relationships } from "../../src/constants.js";
import * as q from "../../src/query/index.js";
import { anyQuery, odd } from "./arbitrary-query.js";
import { criteria, criterion, queryOf } from "./worked.js";

const stix = contentBindings.stix111;

it("a line for each criterion, groups indented", () => {
  const text = q.explain(
    q.query(
      stix,
      q.all(
        q.any(
          q.contains("**/Address_Value", "192.0.2.9"),
          q.matchesPattern("STIX_Package/Indicators/Indicator/Title", "^beacon", { caseSensitive: false }),
          q.not(q.any(q.exists("**/Title"), q.equals("**/@id", "a\u009b2J\u202e\n b"))),
        ),
        q.not(q.before("STIX_Package/@timestamp", "2014-01-01T00:00:00Z")),
      ),
    ),
  );
  expect(text).toMatchInlineSnapshot(`
    "Records of urn:stix.mitre.org:xml:1.1.1 for which all of these hold:
      - at least one of these holds:
        - all of these hold:
          - there is no **/Title
          - no **/@id is "a\\u009b2J\\u202e\\n b"
        - some **/Address_Value contains "192.0.2.9"
        - some STIX_Package/Indicators/Indicator/Title matches the regular expression "^beacon", whatever the case of its letters
      - no STIX_Package/@timestamp is before 2014-01-01T00:00:00Z
    "
  `);
});

it("every relationship, and its opposite", () => {
  const values = { core: "10", regex: "a+", timestamp: "2014-01-01T00:00:00Z" };
  const lines = (["core", "regex", "timestamp"] as const).flatMap((module) =>
    relationships[module].flatMap((name) =>
      [false, true].map((negate) => {
        const parameters: Record<string, string> = name.endsWith("exist") || name === "exists" ? {} : { value: values[module] };
        return q.explain(queryOf(criterion("A/B", `${module}:${name}`, parameters, negate))).split("\n")[1] ?? "";
      }),
    ),
  );
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "  - some A/B is "10"
      - no A/B is "10"
      - some A/B has a value other than "10"
      - no A/B has a value other than "10"
      - some A/B is a number greater than 10
      - no A/B is a number greater than 10
      - some A/B is a number of at least 10
      - no A/B is a number of at least 10
      - some A/B is a number less than 10
      - no A/B is a number less than 10
      - some A/B is a number of at most 10
      - no A/B is a number of at most 10
      - there is no A/B
      - there is at least one A/B
      - there is at least one A/B
      - there is no A/B
      - some A/B begins with "10"
      - no A/B begins with "10"
      - some A/B ends with "10"
      - no A/B ends with "10"
      - some A/B contains "10"
      - no A/B contains "10"
      - some A/B matches the regular expression "a+"
      - no A/B matches the regular expression "a+"
      - some A/B is the instant 2014-01-01T00:00:00Z
      - no A/B is the instant 2014-01-01T00:00:00Z
      - some A/B is after 2014-01-01T00:00:00Z
      - no A/B is after 2014-01-01T00:00:00Z
      - some A/B is at or after 2014-01-01T00:00:00Z
      - no A/B is at or after 2014-01-01T00:00:00Z
      - some A/B is before 2014-01-01T00:00:00Z
      - no A/B is before 2014-01-01T00:00:00Z
      - some A/B is at or before 2014-01-01T00:00:00Z
      - no A/B is at or before 2014-01-01T00:00:00Z"
  `);
  expect(q.explain(q.query(stix, q.notEquals("A", 5)))).toContain("some A is a number other than 5");
});

it("modules of third parties by their own words, or by what they were told", () => {
  const network = q.defineCapabilityModule({
    id: "urn:example.com:network-1",
    relationships: {
      in_network: {
        parameters: { value: q.parameter.text() },
        test: () => () => true,
        explain: ({ value }) => `is an address in ${value}`,
      },
    },
  });
  const query = q.query(stix, q.all(q.criterion("**/Address_Value", network, "in_network", { value: "192.0.2.0/24" }), q.exists("A")), {
    modules: [network],
  });
  expect(q.explain(query, { modules: [network] })).toContain("  - some **/Address_Value is an address in 192.0.2.0/24\n");
  expect(q.explain(query)).toContain(
    '  - some **/Address_Value satisfies in_network of urn:example.com:network-1 with value "192.0.2.0/24"\n',
  );
});

it("what is not understood is shown as it is", () => {
  expect(q.explain(queryOf(criterion("A", "greater_than", { value: "x" })))).toContain(
    `some A satisfies greater_than of ${capabilityModules.core} with value "x"`,
  );
  const drafted = queryOf(criterion("A", "exists"));
  const same = JSON.parse(JSON.stringify(drafted).replaceAll(capabilityModules.core, draft111.capabilityModules.core)) as q.DefaultQuery;
  expect(q.explain(same)).toBe(q.explain(drafted));
});

it("any query: as many lines as groups and criteria, the same each time, nothing a terminal would act on", () => {
  const size = ({ items }: q.DefaultQuery["criteria"]): number =>
    items.reduce((sum, item) => sum + 1 + ("criteria" in item ? size(item.criteria) : 0), 0);
  fc.assert(
    fc.property(anyQuery, fc.boolean(), (query, known) => {
      const options = known ? { modules: [odd] } : {};
      const text = q.explain(query, options);
      expect(text.split("\n")).toHaveLength(size(query.criteria) + 2);
      expect(text).toBe(q.explain(structuredClone(query), options));
      expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
    }),
  );
  expect(q.explain(queryOf(criteria("OR", criteria("AND", criterion("A", "exists")))))).toContain(
    "at least one of these holds:\n  - all of these hold:\n    - there",
  );
});
