/** Which records a query selects as a whole: logic, what cannot be decided, counts, parts, subscriptions. */

import { applies, type Check, check, holds } from "../check.js";
import { all, any, type Condition, exactly, not, queryOf, test } from "../query-markup.js";
import { Records } from "../query-records.js";
import { expectMessage, expectStatus } from "../reply.js";
import { expectSideBySide } from "./multi-part.js";
import { evaluating, expectVerdict, recordsWith, verdicts } from "./query-verdicts.js";
import { changesNothing, made, nobodys } from "./subscription-support.js";

const subscribing = { versions: ["1.1"], needs: { evaluates: true, subscriptions: true } } as const;

const title = "STIX_Package/STIX_Header/Title";
const names = "STIX_Package/Indicators/Indicator/Title";

/** Holds for a alone. */
const isA = test(title, "equals", exactly("Beacon One"));
/** Holds for c alone. */
const isC = test(title, "equals", exactly("true"));
/** Holds for a and b. */
const hasIndicators = test("STIX_Package/Indicators", "exists");
const anyPackage = test("STIX_Package", "exists");

function nested(depth: number, inner: Condition): Condition {
  return depth === 0 ? inner : (depth % 2 === 0 ? all : any)(nested(depth - 1, inner));
}

/** What a query selects. */
export const queryLogic: readonly Check[] = [
  verdicts("QRY-EVAL-001", "MUST", "AND wants all, OR wants one.", [
    [all(hasIndicators, isA), "a"],
    [all(hasIndicators, isC), ""],
    [any(isA, isC), "ac"],
    [any(all(hasIndicators, not(isA)), isC), "bc"],
    [all(any(isA, isC), hasIndicators), "a"],
  ]),
  verdicts("QRY-EVAL-002", "MUST", "Criteria nest, twenty deep at least.", [[nested(20, isA), "a"]]),
  verdicts("QRY-EVAL-003", "MUST", "The attribute negate turns the whole result of a criterion around.", [
    [not(test(names, "equals", exactly("alpha"))), "bcd"],
    [not(hasIndicators), "cd"],
  ]),
  verdicts("QRY-EVAL-004", "MUST", "The records that meet a query come, all of them and no others.", [
    [anyPackage, "abcd"],
    [isC, "c"],
    [test(title, "equals", exactly("no such title")), ""],
  ]),
  verdicts(
    "QRY-EVAL-005",
    "SHOULD",
    "A record that cannot be looked into does not match, whatever is negated.",
    [[not(test(title, "equals", exactly("no such title"))), "abcd"]],
    { also: ["CB-MATCH-007"] },
  ),
  verdicts("QRY-EVAL-006", "DECIDE", "One node that satisfies a test is enough.", [[test(names, "equals", exactly("Beta")), "a"]]),
  verdicts("QRY-EVAL-007", "DECIDE", "Where the target is absent, only does_not_exist holds.", [
    [test("STIX_Package/TTPs/TTP/Title", "not_equals", exactly("x")), ""],
    [test("STIX_Package/TTPs/TTP/Title", "contains", { value: "" }), ""],
    [test("STIX_Package/TTPs/TTP/Title", "does_not_exist"), "abcd"],
  ]),
  verdicts("QRY-EVAL-008", "DECIDE", "The value of an element is its own text; one that only holds others has none.", [
    [test("STIX_Package/STIX_Header", "contains", { value: "e" }), ""],
    [test("STIX_Package/Indicators", "not_equals", exactly("x")), ""],
  ]),
  verdicts("QRY-EVAL-010", "DECIDE", "A vocabulary describes the records of its binding, and no others.", [[anyPackage, "abcd"]]),
  check("QRY-GEN-003", "MUST", "The query of a poll holds for that poll only.", evaluating, async (probe) => {
    const records = await recordsWith(probe, "core");
    await expectVerdict(probe, records, [isC, "c"]);
    const rest = await records.among(probe, {});
    holds(/^abcd/.test(rest), "a poll without query gives less after one with a query");
  }),
  check("QRY-GEN-003/subscription", "MUST", "The query of a subscription holds for its polls.", subscribing, async (probe) => {
    const records = await recordsWith(probe, "core");
    const subscriptionId = await made(probe, { query: queryOf(records.vocabulary, hasIndicators) });
    const found = await records.among(probe, { subscriptionId });
    holds(found === "ab", `a poll for the subscription gives ${[...found].join(", ") || "nothing"}; expected a, b`);
  }),
  check("QRY-GEN-006", "MUST", "Counts are those of the records that match.", evaluating, async (probe) => {
    const records = await recordsWith(probe, "core");
    const query = queryOf(records.vocabulary, all(anyPackage, hasIndicators));
    const { recordCount } = expectMessage(await records.poll(probe, { query, countOnly: true }), "PollResponse");
    holds(recordCount !== undefined, "there is no Record_Count");
    if (recordCount.partialCount) return "the count is one in part";
    const there = (await records.parts(probe, { query })).reduce((sum, { contentBlocks }) => sum + contentBlocks.length, 0);
    holds(recordCount.value === there, `Record_Count is ${recordCount.value}; expected ${there}`);
    return undefined;
  }),
  check("SVC-MULTI-006", "MUST", "Parts of what a query selects are ranges side by side.", evaluating, async (probe) => {
    const records = await Records.at(probe);
    const parts = await records.parts(probe, { query: queryOf(records.vocabulary, anyPackage) });
    applies(parts.length > 1, "the result came in one part");
    expectSideBySide(parts);
  }),
  check("QRY-ERR-001/subscription", "SHOULD", "A query that cannot be evaluated makes no subscription.", subscribing, async (probe) => {
    const query = queryOf(nobodys, anyPackage);
    expectStatus(await changesNothing(probe, () => probe.manage("SUBSCRIBE", { query })), "UNSUPPORTED_TARGETING_EXPRESSION_ID");
  }),
];
