/** Targets of queries, and the vocabularies of STIX. */

import { type Check, check, holds } from "../check.js";
import { listed } from "../probe.js";
import { exactly, test } from "../query-markup.js";
import { isStixVocabulary } from "../query-records.js";
import { evaluating, expectVerdict, expectVerdictOrRefusal, recordsWith, refusals, verdicts } from "./query-verdicts.js";

const title = "STIX_Package/STIX_Header/Title";

/** Targets of queries. */
export const queryTargets: readonly Check[] = [
  verdicts("QRY-TE-002", "MUST", "A step * stands for one node.", [
    [test("STIX_Package/*/Title", "equals", exactly("true")), "c"],
    [test("STIX_Package/*/Title", "equals", exactly("alpha")), ""],
    [test("*/*/*/Title", "equals", exactly("alpha")), "a"],
  ]),
  verdicts("QRY-TE-003", "MUST", "A step ** stands for a run of nodes.", [
    [test("STIX_Package/**", "equals", exactly("Beta")), "a"],
    [test("**/Title", "equals", exactly("alphabet")), "b"],
  ]),
  verdicts("QRY-TE-004", "DECIDE", "A step ** before the end may stand for nothing, at the end it may not.", ({ mark }) => [
    [test("STIX_Package/**/@id", "equals", exactly(`example:${mark}-a`)), "a"],
    [test("STIX_Package/Indicators/Indicator/Title/**", "exists"), ""],
  ]),
  check("QRY-TE-005", "MUST", "Names mind the case.", evaluating, async (probe) => {
    const records = await recordsWith(probe, "core");
    return expectVerdictOrRefusal(probe, records, [test("stix_package/stix_header/title", "exists"), ""]);
  }),
  refusals(
    "QRY-TE-006",
    "MUST",
    "What is no node of the vocabulary is UNSUPPORTED_TARGETING_EXPRESSION.",
    [
      test("stix:STIX_Package/stix:STIX_Header", "exists"),
      test("/STIX_Package", "exists"),
      test("STIX_Package//Title", "exists"),
      test("STIX_Package/@id/Title", "exists"),
    ],
    "UNSUPPORTED_TARGETING_EXPRESSION",
  ),
  verdicts("QRY-TE-008", "DECIDE", "White space at the ends of a target does not count.", [
    [test(` \n${title} `, "equals", exactly("true")), "c"],
  ]),
  check("QRY-STX-001", "MUST", "Vocabularies of STIX have the identifier of their binding.", evaluating, async (probe) => {
    const vocabularies = probe.target.queries?.vocabularies ?? [];
    const wrong = vocabularies.filter((id) => /stix/i.test(id) && !isStixVocabulary(id));
    holds(wrong.length === 0, `there are ${listed(wrong)}`);
  }),
  verdicts("QRY-STX-002", "MUST", "Elements have their plain names, attributes an @ before theirs.", ({ version, mark }) => [
    [test("STIX_Package/@id", "equals", exactly(`example:${mark}-b`)), "b"],
    [test("STIX_Package/@version", "equals", exactly(version)), "abcd"],
    [test(title, "equals", exactly("delta")), "d"],
  ]),
  check("QRY-STX-003", "MUST", "Targets begin at the root.", evaluating, async (probe) => {
    const records = await recordsWith(probe, "core");
    await expectVerdict(probe, records, [test("STIX_Package/Indicators/Indicator", "exists"), "ab"]);
    return expectVerdictOrRefusal(probe, records, [test("Indicators/Indicator", "exists"), ""]);
  }),
  verdicts("QRY-STX-004", "MUST", "Wildcards cover attributes as well as elements.", ({ version, mark }) => [
    [test("STIX_Package/*", "equals", exactly(version)), "abcd"],
    [test("STIX_Package/**", "equals", exactly(`example:${mark}-a-1`)), "a"],
  ]),
  check("QRY-STX-005", "DECIDE", "Names are compared without their namespaces.", evaluating, async (probe) => {
    const records = await recordsWith(probe, "core");
    const target = "STIX_Package/Indicators/Indicator/@type";
    return expectVerdictOrRefusal(probe, records, [test(target, "equals", exactly("indicator:IndicatorType")), "ab"]);
  }),
  check("QRY-STX-006", "DECIDE", "Names that STIX does not have are found nowhere, or refused.", evaluating, async (probe) => {
    const records = await recordsWith(probe, "core");
    return expectVerdictOrRefusal(probe, records, [test("STIX_Package/Nonsense", "exists"), ""]);
  }),
];
