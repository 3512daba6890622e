import { describe, expect, it } from "vitest";
import { compileQuery } from "../../src/query/index.js";
import { criteria, criterion, queryOf, record } from "./worked.js";

const I = "STIX_Package/Indicators/Indicator";
const title = `${I}/Title`;
const description = "STIX_Package/STIX_Header/Description";
const size = `${I}/Size_In_Bytes`;
const address = `${I}/Address_Value`;
const minute = "2014-05-08T09:00:00Z";

function matches(...test: Parameters<typeof criterion>): boolean {
  return compileQuery(queryOf(criterion(...test))).matches(record);
}

// [QRY-CORE-002] [QRY-CORE-003] [QRY-CORE-004] [QRY-CORE-005] [QRY-CORE-006] [QRY-CORE-007] [QRY-CORE-008] [QRY-CORE-009] [QRY-CORE-010] [QRY-CORE-011] [QRY-CORE-012] [QRY-CORE-014] [QRY-CORE-016] [QRY-CORE-017]
// [QRY-EVAL-003] [QRY-EVAL-006] [QRY-EVAL-007] [QRY-EVAL-008] [QRY-STR-008] [QRY-RGX-001] [QRY-RGX-003] [QRY-TIM-001] [QRY-TIM-003]
describe("the worked criteria", () => {
  it.each<[string, boolean, ...Parameters<typeof criterion>]>([
    ["E1 a comment does not split the text", true, title, "equals", { value: "Beacon to 198.51.100.7" }],
    ["E2", true, title, "equals", { value: "beacon TO 198.51.100.7", match_type: "case_insensitive_string" }],
    ["E3 whole value only", false, title, "equals", { value: "Beacon" }],
    ["E4 spaces count", false, "STIX_Package/STIX_Header/Title", "equals", { value: "Weekly Digest" }],
    ["E5 one that differs is enough", true, `${I}/@id`, "not_equals", { value: "ex:ind-1" }],
    ["E6 negation of some", false, `${I}/@id`, "equals", { value: "ex:ind-1" }, true],
    ["E7 nothing selected", false, `${I}/Likely_Impact`, "not_equals", { value: "x" }],
    ["E8 nothing selected, negated", true, `${I}/Likely_Impact`, "equals", { value: "x" }, true],
    ["E9", true, `${I}/Likely_Impact`, "does_not_exist"],
    ["E9 the other way", false, title, "does_not_exist"],
    ["E9 negated", true, title, "does_not_exist", {}, true],
    ["E10 an empty element exists", true, description, "exists"],
    ["E11 and has the empty value", true, description, "equals", { value: "" }],
    ["E12 a container has no value", false, "STIX_Package/STIX_Header", "contains", { value: "Weekly" }],
    ["E12 not even the empty one", false, "STIX_Package/STIX_Header", "contains", { value: "" }],
    ["E13 what is in it has", true, "STIX_Package/STIX_Header/**", "contains", { value: "Weekly" }],
    ["E14", true, size, "equals", { value: "10240.0", match_type: "number" }],
    ["E15", false, size, "equals", { value: "10240" }],
    ["E16", false, size, "not_equals", { value: "10240", match_type: "number" }],
    ["E17", true, size, "greater_than", { value: "9999" }],
    ["E17 boundary", false, size, "greater_than", { value: "10240" }],
    ["E17 boundary included", true, size, "greater_than_or_equal", { value: "1.024e4" }],
    ["E17 less", true, size, "less_than", { value: "10240.0000000000000000000000001" }],
    ["E17 less or equal", true, size, "less_than_or_equal", { value: "+10240" }],
    ["E18", false, title, "begins_with", { value: "BEACON" }],
    ["E19", true, title, "begins_with", { value: "BEACON", case_sensitive: "false" }],
    ["E20", true, title, "ends_with", { value: "friends" }],
    ["E21", false, address, "equals", { value: "192.0.2.9" }],
    ["E22", true, address, "contains", { value: "192.0.2.9" }],
    ["E23", true, title, "regex:matches", { value: "198\\.51\\.100\\.\\d+" }],
    ["E24", true, `${I}/@timestamp`, "timestamp:equals", { value: minute }],
    ["E25", false, "STIX_Package/@timestamp", "timestamp:equals", { value: minute }],
    ["E26", true, "STIX_Package/@timestamp", "timestamp:greater_than", { value: minute }],
    ["E27", true, `${I}/@timestamp`, "timestamp:greater_than", { value: "2014-05-08T09:15:00Z" }],
    ["E28", true, title, "contains", { value: "&" }],
    ["E29", true, `${I}/@type`, "equals", { value: "ind:IndicatorType" }],
    ["E30", false, title, "timestamp:less_than", { value: "2030-01-01T00:00:00Z" }],
    ["both spellings", true, `${I}/@timestamp`, "timestamp:less_than_or_equal", { value: minute }],
    ["both spellings", true, `${I}/@timestamp`, "timestamp:less_than_or_equals", { value: minute }],
    ["a value that looks like something else is text", false, `${I}/@id`, "equals", { value: "true" }],
    ["the expression's case counts", false, title, "regex:matches", { value: "^BEACON" }],
    ["an empty value is contained in every value", true, title, "contains", { value: "" }],
    ["in those that exist", false, `${I}/Nowhere`, "begins_with", { value: "" }],
    ["Unicode case", true, "STIX_Package/@id", "contains", { value: "EX:PKG", case_sensitive: "false" }],
  ])("%s", (_, expected, ...test) => expect(matches(...test)).toBe(expected));
});

// [QRY-TE-002] [QRY-TE-003] [QRY-TE-004] [QRY-TE-005] [QRY-STX-002] [QRY-STX-003] [QRY-STX-004] [QRY-STX-005]
describe("targets", () => {
  it.each([
    ["STIX_Package", true],
    ["STIX_Package/*", true],
    ["STIX_Package/Indicators/*/@id", true],
    ["*/STIX_Header/Title", true],
    ["*", true],
    ["*/*/*/*/*/*", false],
    ["**/@id", true],
    ["STIX_Package/**/@id", true],
    ["STIX_Package/**/STIX_Package", false],
    ["**/STIX_Package", true],
    ["Indicators/Indicator", false],
    ["stix_package/@id", false],
    ["**/@xmlns", false],
    ["**/@stix", false],
    ["STIX_Package/@id/**", false],
    ["**/Title/**", false],
    ["**/Value", true],
    ["**/Confidence/**", true],
  ])("%s selects something: %s", (target, expected) => {
    expect(matches(target, "exists")).toBe(expected);
    expect(matches(target, "does_not_exist")).toBe(!expected);
  });
});

// [QRY-EVAL-001] [QRY-EVAL-002] [QRY-EVAL-004]
describe("criteria", () => {
  const yes = criterion("STIX_Package", "exists");
  const no = criterion("STIX_Package", "does_not_exist");

  it.each([
    [criteria("AND", yes, yes), true],
    [criteria("AND", yes, no), false],
    [criteria("OR", no, yes), true],
    [criteria("OR", no, no), false],
    [criteria("AND", criteria("OR", no, yes), yes), true],
    [criteria("OR", criteria("AND", no, yes), criteria("AND", yes, no)), false],
    [criteria("OR", criteria("AND", no, yes), criteria("AND", yes, yes), no), true],
  ])("%#", (tree, expected) => expect(compileQuery(queryOf(tree)).matches(record)).toBe(expected));

  it("nests to any depth", () => {
    let tree = criteria("AND", yes);
    for (let depth = 0; depth < 1000; depth++) tree = criteria(depth % 2 === 0 ? "OR" : "AND", tree);
    expect(compileQuery(queryOf(tree)).matches(record)).toBe(true);
  });

  it("answers the query of the specification's kind: an address or a title, and not before 2014", () => {
    const query = queryOf(
      criteria(
        "AND",
        criteria(
          "OR",
          criterion("**/Address_Value", "contains", { value: "192.0.2.9" }),
          criterion(title, "regex:matches", { case_sensitive: "false", value: "^beacon" }),
        ),
        criterion("STIX_Package/@timestamp", "timestamp:less_than", { value: "2014-01-01T00:00:00Z" }, true),
      ),
    );
    expect(compileQuery(query).matches(record)).toBe(true);
  });
});

it("stops as soon as the verdict is known: what stands behind is not read", () => {
  const query = compileQuery(queryOf(criterion("a/b", "exists")));
  expect(query.matches("<a><b/></nonsense>")).toBe(true);
  expect(() => query.matches("<a><c/></nonsense>")).toThrow();
});

it("takes content with several roots, and text beside them, as a forest", () => {
  const query = compileQuery(queryOf(criterion("b/@c", "equals", { value: "1" })));
  expect(query.matches("text <a/> text <b c='1'/>")).toBe(true);
});
