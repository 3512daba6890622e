/** Queries of the default format: what is advertised, and what is refused. */

import { contentBindings } from "../../constants.js";
import { applies, type Check, check, Ending, holds } from "../check.js";
import { listed, type Probe } from "../probe.js";
import { all, type Condition, criteria, defaultQuery, queryElement, queryOf, test } from "../query-markup.js";
import { type AdvertisedQueries, queriesAt } from "../query-support.js";
import { detailsOf, expectStatus } from "../reply.js";
import { shown } from "../texts.js";
import { queryLogic } from "./query-logic.js";
import { queryRelationships } from "./query-relationships.js";
import { queryTargets } from "./query-targets.js";

const queries = { versions: ["1.1"], needs: { queries: true, labels: 0 } } as const;
const nobodys = "urn:example:contract-test";

/** What the service of the feed says of its queries. */
function advertised({ survey, feed }: Probe): AdvertisedQueries {
  const found = queriesAt(survey.services, feed.address);
  if (found === undefined) throw new Ending("not applicable", "the feed is not at a service that evaluates queries of the default format");
  return found;
}

function vocabularyOf(probe: Probe): string {
  return advertised(probe).vocabularies[0] ?? contentBindings.stix111;
}

/** Polls the feed with a query in the service's vocabulary. */
const ask = (probe: Probe, condition: Condition) => probe.poll({ query: queryOf(vocabularyOf(probe), condition) });

/** Names and labels of what is wrong with a query's parameters or relationship (QRY-STR-007). */
const wrongTests: readonly Condition[] = [
  test("**", "equals"),
  test("**", "equals", [
    ["value", "x"],
    ["value", "y"],
  ]),
  test("**", "exists", { value: "x" }),
  test("**", "greater_than", { value: "many" }),
  test("**", "contains", { value: "x", case_sensitive: "perhaps" }),
];

const refused: readonly Check[] = [
  check(
    "QRY-GEN-002",
    "MUST",
    "What is advertised of queries names a vocabulary, a scope and a capability module.",
    { ...queries, also: ["SVC-DISC-008"] },
    async (probe) => {
      const { info, scopes } = advertised(probe);
      const missing = ["Targeting_Expression_Info", "Capability_Module"].filter((name) => !info.includes(name));
      holds(missing.length === 0, `there is no ${listed(missing)}`);
      holds(scopes.length > 0, "there is no Preferred_Scope and no Allowed_Scope");
    },
  ),
  check(
    "QRY-ERR-001",
    "SHOULD",
    "A vocabulary the service does not have is UNSUPPORTED_TARGETING_EXPRESSION_ID.",
    queries,
    async (probe) => {
      const query = queryOf(nobodys, test("**", "exists"));
      const status = expectStatus(await probe.poll({ query }), "UNSUPPORTED_TARGETING_EXPRESSION_ID");
      holds(detailsOf(status, "TARGETING_EXPRESSION_ID").length > 0, "no TARGETING_EXPRESSION_ID is listed");
    },
  ),
  check(
    "QRY-ERR-002",
    "SHOULD",
    "A capability module the service does not have is UNSUPPORTED_CAPABILITY_MODULE.",
    queries,
    async (probe) => {
      const status = expectStatus(await ask(probe, test("**", `${nobodys}:exists`)), "UNSUPPORTED_CAPABILITY_MODULE");
      holds(detailsOf(status, "CAPABILITY_MODULE").length > 0, "no CAPABILITY_MODULE is listed");
    },
  ),
  check(
    "QRY-ERR-003",
    "SHOULD",
    "A target the vocabulary does not have is UNSUPPORTED_TARGETING_EXPRESSION, with scopes.",
    { ...queries, also: ["QRY-ERR-004", "QRY-TE-007"] },
    async (probe) => {
      const status = expectStatus(await ask(probe, test("STIX_Package/@*", "exists")), "UNSUPPORTED_TARGETING_EXPRESSION");
      const names = (status.statusDetail?.details ?? []).map(({ name }) => name);
      holds(names.includes("PREFERRED_SCOPE") || names.includes("ALLOWED_SCOPE"), "there is no PREFERRED_SCOPE and no ALLOWED_SCOPE");
    },
  ),
  check("QRY-ERR-005", "SHOULD", "Preferred scopes come before allowed ones.", queries, async (probe) => {
    const status = expectStatus(await ask(probe, test("STIX_Package/@*", "exists")));
    const names = (status.statusDetail?.details ?? []).map(({ name }) => name);
    applies(names.includes("PREFERRED_SCOPE") && names.includes("ALLOWED_SCOPE"), "there are not both kinds");
    holds(names.lastIndexOf("PREFERRED_SCOPE") < names.indexOf("ALLOWED_SCOPE"), `the order is ${listed(names)}`);
  }),
  check(
    "QRY-ERR-009",
    "DECIDE",
    "Of several faults the vocabulary comes first, then module, relationship, target.",
    queries,
    async (probe) => {
      const wrongTarget = test("STIX_Package/@*", "exists");
      const wrongRelationship = test("STIX_Package", "resembles");
      const wrongModule = test("STIX_Package", `${nobodys}:exists`);
      const worst = all(wrongTarget, wrongRelationship, wrongModule);
      expectStatus(await probe.poll({ query: queryOf(nobodys, worst) }), "UNSUPPORTED_TARGETING_EXPRESSION_ID");
      expectStatus(await ask(probe, worst), "UNSUPPORTED_CAPABILITY_MODULE");
      expectStatus(await ask(probe, all(wrongTarget, wrongRelationship)), "BAD_MESSAGE");
    },
  ),
  check("QRY-INF-006", "DECIDE", "A target that reaches outside of the scopes is refused.", queries, async (probe) => {
    const { scopes } = advertised(probe);
    applies(!scopes.includes("**"), "the service searches all of a record");
    expectStatus(await ask(probe, test("**", "exists")), "UNSUPPORTED_TARGETING_EXPRESSION");
    const inside = scopes.find((scope) => !scope.includes("*"));
    if (inside !== undefined)
      holds((await ask(probe, test(inside, "exists"))).message?.$type === "taxii11.PollResponse", `${shown(inside)} is refused`);
  }),
  check("QRY-STR-007", "DECIDE", "A relationship the module does not have is BAD_MESSAGE.", queries, async (probe) => {
    expectStatus(await ask(probe, test("**", "resembles")), "BAD_MESSAGE");
  }),
  check(
    "QRY-STR-007/parameters",
    "DECIDE",
    "Parameters that are missing, repeated, unknown or wrong are BAD_MESSAGE.",
    queries,
    async (probe) => {
      for (const condition of wrongTests) expectStatus(await ask(probe, condition), "BAD_MESSAGE");
    },
  ),
  check("QRY-STR-007/structure", "DECIDE", "What is no query is BAD_MESSAGE.", queries, async (probe) => {
    const vocabulary = vocabularyOf(probe);
    const right = defaultQuery(vocabulary, test("STIX_Package", "exists"));
    const malformed = [
      "",
      right + right,
      defaultQuery(vocabulary, criteria("and", [test("**", "exists")])),
      defaultQuery(vocabulary, all()),
    ];
    for (const inside of malformed) expectStatus(await probe.poll({ query: queryElement(inside) }), "BAD_MESSAGE");
  }),
  check("QRY-CORE-013", "MUST NOT", "A match type the module does not have is BAD_MESSAGE.", queries, async (probe) => {
    expectStatus(await ask(probe, test("**", "equals", { value: "x", match_type: "date" })), "BAD_MESSAGE");
  }),
];

export const queriesOfDefaultFormat: readonly Check[] = [...refused, ...queryRelationships, ...queryTargets, ...queryLogic];
