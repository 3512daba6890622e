import { describe, expect, test } from "vitest";
import type { Criteria, Criterion, DefaultQuery } from "../../generated/default-query/index.js";
import { checkedXml } from "../../src/binding/content.js";
import { capabilityModules, contentBindings, draft111 } from "../../src/constants.js";
import { queryBody, readQueryInfo } from "../../src/message/query-body.js";
import { defaultQuery } from "../../src/server/index.js";
import { criteria, criterion, queryOf, record } from "../query/worked.js";
import { block, summary, textsOf } from "./kit.js";
import { pollKit } from "./services/poll-kit.js";

const stix = contentBindings.stix111;
const scoped = { id: stix, preferredScopes: ["STIX_Package/STIX_Header/**"], allowedScopes: ["STIX_Package/Indicators/**"] };
const header = "STIX_Package/STIX_Header/Title";

const asking = (part: DefaultQuery | Criteria | Criterion) => ({
  pollParameters: { query: queryBody("targetingExpressionId" in part ? part : queryOf(part)) },
});

const stixBlock = (xml: string, binding: string = stix) => ({ ...block("", binding), content: checkedXml(xml) });

// [QRY-GEN-006] [QRY-EVAL-005] [QRY-EVAL-010]
test("a poll gives the records that match, and counts them; what cannot be looked into never matches", async () => {
  const kit = await pollKit({ queries: [defaultQuery()] });
  const package_ = (title: string) =>
    `<s:STIX_Package xmlns:s="urn:s"><s:STIX_Header><s:Title>${title}</s:Title></s:STIX_Header></s:STIX_Package>`;
  await kit.add(
    "feed",
    stixBlock(package_("one")),
    stixBlock(package_("two")),
    stixBlock(package_("one"), "urn:other"),
    block(package_("one"), stix),
    block(`${package_("one")}<`, stix),
    block("one", stix),
    stixBlock("<EncryptedData/>", contentBindings.xmlEncryption),
  );
  const one = asking(criterion(header, "equals", { value: "one" }));
  expect(textsOf(await kit.poll(one))).toEqual([package_("one"), package_("one")]);
  expect(await kit.poll({ pollParameters: { ...one.pollParameters, responseType: "COUNT_ONLY" } })).toMatchObject({
    recordCount: { value: 2 },
  });
  const notOne = asking(criterion(header, "equals", { value: "one" }, true));
  expect(textsOf(await kit.poll(notOne))).toEqual([package_("two")]);
});

// [QRY-ERR-001] [QRY-ERR-002] [QRY-ERR-003] [QRY-ERR-004] [QRY-ERR-005] [QRY-ERR-007] [QRY-ERR-008] [QRY-ERR-009]
// [QRY-STR-001] [QRY-STR-002] [QRY-STR-007] [QRY-STR-009] [QRY-CORE-013] [QRY-TE-001] [QRY-TE-006] [QRY-TE-007]
describe("what is wrong with a query is told, the first of it", () => {
  const good = criterion(header, "exists");
  const with_ = (change: Partial<Criterion["test"]>, target = header): Criterion => ({
    ...good,
    target,
    test: { ...good.test, ...change },
  });
  const vocabulary = (part: Criterion) => queryOf(part, "urn:example:vocabulary");
  const scopes = ["STIX_Package/STIX_Header/**", "STIX_Package/Indicators/**"];
  const unknownModule = "urn:example:module";

  test.each<[string, DefaultQuery | Criteria | Criterion, string, string, readonly string[]]>([
    [
      "vocabulary",
      vocabulary(with_({ capabilityId: unknownModule }, "//")),
      "UNSUPPORTED_TARGETING_EXPRESSION_ID",
      "TARGETING_EXPRESSION_ID",
      [stix],
    ],
    [
      "module",
      with_({ capabilityId: unknownModule, relationship: "odd" }, "//"),
      "UNSUPPORTED_CAPABILITY_MODULE",
      "CAPABILITY_MODULE",
      Object.values(capabilityModules),
    ],
    ["relationship", with_({ relationship: "like" }, "//"), "BAD_MESSAGE", "", []],
    ["relationship of another module", with_({ relationship: "matches" }), "BAD_MESSAGE", "", []],
    ["unknown parameter", criterion("//", "exists", { value: "x" }), "BAD_MESSAGE", "", []],
    ["missing parameter", criterion("//", "equals"), "BAD_MESSAGE", "", []],
    ["match type", criterion(header, "equals", { value: "x", match_type: "date" }), "BAD_MESSAGE", "", []],
    ["number", criterion(header, "greater_than", { value: "x" }), "BAD_MESSAGE", "", []],
    ["expression", criterion(header, "regex:matches", { value: "(a" }), "BAD_MESSAGE", "", []],
    ["look-ahead", criterion(header, "regex:matches", { value: "(?=a)" }), "BAD_MESSAGE", "", []],
    ["target", criterion("//", "exists"), "UNSUPPORTED_TARGETING_EXPRESSION", "", scopes],
    ["attribute wildcard", criterion("STIX_Package/STIX_Header/@*", "exists"), "UNSUPPORTED_TARGETING_EXPRESSION", "", scopes],
    ["scope", criterion("**/Title", "exists"), "UNSUPPORTED_TARGETING_EXPRESSION", "", scopes],
    ["hidden behind one that holds", criteria("OR", good, criterion("**", "exists")), "UNSUPPORTED_TARGETING_EXPRESSION", "", scopes],
    ["many criteria", criteria("OR", ...Array.from({ length: 1001 }, () => good)), "DENIED", "", []],
    ["long targets", criterion(Array.from({ length: 65 }, () => "a").join("/"), "exists"), "DENIED", "", []],
  ])("%s", async (_, query, statusType, detail, values) => {
    const kit = await pollKit({ queries: [defaultQuery({ vocabularies: [scoped] })] });
    const status = await kit.refused(asking(query));
    const expected = statusType === "UNSUPPORTED_TARGETING_EXPRESSION" ? values.map((value) => [value]) : [values];
    const names = statusType === "UNSUPPORTED_TARGETING_EXPRESSION" ? ["PREFERRED_SCOPE", "ALLOWED_SCOPE"] : [detail];
    expect(summary(status, ...names)).toEqual([statusType, ...expected]);
    expect(status.message).toBeTruthy();
  });

  test.each([
    ["", "nothing"],
    ["<a xmlns='urn:a'/>", "another element"],
    [`${queryBody(queryOf(good)).content.xml}${queryBody(queryOf(good)).content.xml}`, "two queries"],
    [queryBody(queryOf(good)).content.xml.replace('"AND"', '"and"'), "a small operator"],
  ])("%s is no query: %s", async (xml) => {
    const kit = await pollKit({ queries: [defaultQuery()] });
    const { formatId } = queryBody(queryOf(good));
    const content = xml === "" ? { text: "" } : checkedXml(xml);
    expect(await kit.refused({ pollParameters: { query: { formatId, content } } })).toMatchObject({ statusType: "BAD_MESSAGE" });
  });

  test("ids of the draft name the same modules [QRY-CORE-001] [QRY-RGX-001] [QRY-TIM-001]", async () => {
    const kit = await pollKit({ queries: [defaultQuery()] });
    await kit.add("feed", stixBlock(record));
    for (const [name, relationship, value] of [
      ["core", "contains", "Digest"],
      ["regex", "matches", "Dig.st"],
    ] as const) {
      const part = criterion(header, `${name}:${relationship}`, { value });
      const draft = { ...part, test: { ...part.test, capabilityId: draft111.capabilityModules[name] } };
      expect(textsOf(await kit.poll(asking(draft)))).toHaveLength(1);
    }
  });
});

// [QRY-GEN-002] [QRY-INF-001] [QRY-INF-007] [QRY-INF-002] [QRY-INF-003] [QRY-INF-005] [QRY-STX-001]
test("it says what it supports", () => {
  const [supported] = defaultQuery().supported();
  const info = supported && readQueryInfo(supported);
  expect(info?.capabilityModules).toEqual(Object.values(capabilityModules));
  expect(info?.targetingExpressionInfos.map(({ targetingExpressionId }) => targetingExpressionId)).toContain(stix);
  expect(info?.targetingExpressionInfos.every(({ allowedScopes }) => allowedScopes.join() === "**")).toBe(true);
  expect(() => defaultQuery({ vocabularies: [] })).toThrow(TypeError);
  expect(() => defaultQuery({ modules: [] })).toThrow(TypeError);
  expect(() => defaultQuery({ vocabularies: [{ id: stix, allowedScopes: ["a//b"] }] })).toThrow("scope");
});

test("modules can be left out, vocabularies be given other bindings, and text be left alone", async () => {
  const kit = await pollKit({
    queries: [defaultQuery({ modules: ["core"], textAsXml: false, vocabularies: [{ id: stix, bindings: [contentBindings.stix12] }] })],
  });
  await kit.add("feed", stixBlock(record), stixBlock(record, contentBindings.stix12), block(record, contentBindings.stix12));
  expect(textsOf(await kit.poll(asking(criterion(header, "exists"))))).toHaveLength(1);
  expect(summary(await kit.refused(asking(criterion(header, "regex:matches", { value: "x" }))), "CAPABILITY_MODULE")).toEqual([
    "UNSUPPORTED_CAPABILITY_MODULE",
    [capabilityModules.core],
  ]);
});
