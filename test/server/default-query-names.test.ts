/** Names of vocabularies on a server. */

import { expect, it } from "vitest";
import { checkedXml } from "../../src/binding/content.js";
import { contentBindings } from "../../src/constants.js";
import { queryBody } from "../../src/message/query-body.js";
import { stixNames, vocabularyNames } from "../../src/query/index.js";
import { defaultQuery } from "../../src/server/index.js";
import { criterion, queryOf, record } from "../query/worked.js";
import { block, summary, textsOf } from "./kit.js";
import { pollKit } from "./services/poll-kit.js";

const stix = contentBindings.stix111;
const asking = (target: string, vocabulary: string = stix) => ({
  pollParameters: { query: queryBody(queryOf(criterion(target, "exists"), vocabulary)) },
});
const content = { ...block("", stix), content: checkedXml(record) };

it("a target with a name STIX does not have is refused, with the scopes [QRY-STX-006] [QRY-TE-006] [QRY-ERR-003] [QRY-ERR-004]", async () => {
  const kit = await pollKit({ queries: [defaultQuery()] });
  await kit.add("feed", content);
  expect(textsOf(await kit.poll(asking("**/Address_Value")))).toHaveLength(1);
  const status = await kit.refused(asking("**/Adress_Value"));
  expect(summary(status, "ALLOWED_SCOPE")).toEqual(["UNSUPPORTED_TARGETING_EXPRESSION", ["**"]]);
  expect(status.message).toMatch('"Adress_Value", perhaps "Address_Value" is meant');
  expect((await kit.refused(asking("Indicators/Indicator"))).message).toMatch('the root "STIX_Package"');
});

it("each version has its own names [QRY-STX-002]", async () => {
  const kit = await pollKit({ queries: [defaultQuery()] });
  expect(textsOf(await kit.poll(asking("STIX_Package/Reports", contentBindings.stix12)))).toEqual([]);
  expect(textsOf(await kit.poll(asking("STIX_Package/Reports", contentBindings.stix121)))).toEqual([]);
  expect(await kit.refused(asking("STIX_Package/Reports"))).toMatchObject({ statusType: "UNSUPPORTED_TARGETING_EXPRESSION" });
});

it("any name is taken where that is said; it matches nothing [QRY-STX-006]", async () => {
  const kit = await pollKit({ queries: [defaultQuery({ names: "any" })] });
  await kit.add("feed", content);
  expect(textsOf(await kit.poll(asking("**/Adress_Value")))).toEqual([]);
  expect(textsOf(await kit.poll(asking("Indicators/Indicator")))).toEqual([]);
});

it("names of your own count in place of those of STIX, or beside them", async () => {
  const wider = vocabularyNames({ base: stixNames("1.1.1"), elements: ["Cart"], attributes: [] });
  const kit = await pollKit({ queries: [defaultQuery({ vocabularies: [{ id: stix, names: wider }] })] });
  expect(textsOf(await kit.poll(asking("**/Cart")))).toEqual([]);
  expect(await kit.refused(asking("**/Horse"))).toMatchObject({ statusType: "UNSUPPORTED_TARGETING_EXPRESSION" });
});

it("scopes have names of the vocabulary too, and other vocabularies have none [QRY-INF-003]", () => {
  expect(() => defaultQuery({ vocabularies: [{ id: stix, allowedScopes: ["STIX_Package/Frobnicated/**"] }] })).toThrow('"Frobnicated"');
  const scope = { allowedScopes: ["STIX_Package/Frobnicated/**"] };
  expect(() => defaultQuery({ vocabularies: [{ id: stix, ...scope }], names: "any" })).not.toThrow();
  expect(() => defaultQuery({ vocabularies: [{ id: "urn:example.com:vocabulary", ...scope }] })).not.toThrow();
});
