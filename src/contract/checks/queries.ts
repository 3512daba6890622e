/** Queries of the default format: what is advertised, and what is refused. */

import { capabilityModules, contentBindings, namespaces, queryFormats } from "../../constants.js";
import { applies, type Check, check, Ending, holds } from "../check.js";
import { elementOf } from "../documents.js";
import { listed, type Probe } from "../probe.js";
import { detailsOf, expectStatus, textOf } from "../reply.js";

const queries = { versions: ["1.1"], needs: { queries: true, labels: 0 } } as const;
const nobodys = "urn:example:contract-test";

/** What makes up a query with one criterion. */
interface Criterion {
  readonly vocabulary: string;
  readonly target: string;
  readonly module?: string | undefined;
  readonly relationship?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

function queryOf({ vocabulary, target, module = capabilityModules.core, relationship = "exists", parameters = {} }: Criterion): string {
  const given = Object.entries(parameters).map(([name, value]) => elementOf("tdq:Parameter", { name }, value));
  const test = elementOf("tdq:Test", { capability_id: module, relationship }, given.join(""));
  const criterion = elementOf("tdq:Criterion", {}, elementOf("tdq:Target", {}, target) + test);
  const criteria = elementOf("tdq:Criteria", { operator: "AND" }, criterion);
  const attributes = { "xmlns:tdq": namespaces.defaultQuery, targeting_expression_id: vocabulary };
  return elementOf("Query", { format_id: queryFormats.default10 }, elementOf("tdq:Default_Query", attributes, criteria));
}

/** What the service says of its queries: markup of Default_Query_Info. */
function infoOf({ survey }: Probe): string {
  const infos = survey.services
    .filter(({ serviceType }) => serviceType === "POLL")
    .flatMap(({ supportedQueries }) => supportedQueries)
    .filter(({ formatId }) => formatId === queryFormats.default10);
  const [first] = infos;
  if (first === undefined) throw new Ending("not applicable", "no poll service evaluates queries of the default format");
  return textOf(first.content);
}

function vocabularyOf(probe: Probe): string {
  return /targeting_expression_id="([^"]+)"/.exec(infoOf(probe))?.[1] ?? contentBindings.stix111;
}

export const queriesOfDefaultFormat: readonly Check[] = [
  check(
    "QRY-GEN-002",
    "MUST",
    "What is advertised of queries names a vocabulary, a scope and a capability module.",
    { ...queries, also: ["SVC-DISC-008"] },
    async (probe) => {
      const info = infoOf(probe);
      const missing = ["Targeting_Expression_Info", "Capability_Module"].filter((name) => !info.includes(name));
      holds(missing.length === 0, `there is no ${listed(missing)}`);
      holds(/(?:Preferred|Allowed)_Scope/.test(info), "there is no Preferred_Scope and no Allowed_Scope");
    },
  ),
  check(
    "QRY-ERR-001",
    "SHOULD",
    "A vocabulary the service does not have is UNSUPPORTED_TARGETING_EXPRESSION_ID.",
    queries,
    async (probe) => {
      const query = queryOf({ vocabulary: nobodys, target: "**" });
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
      const query = queryOf({ vocabulary: vocabularyOf(probe), target: "**", module: nobodys });
      const status = expectStatus(await probe.poll({ query }), "UNSUPPORTED_CAPABILITY_MODULE");
      holds(detailsOf(status, "CAPABILITY_MODULE").length > 0, "no CAPABILITY_MODULE is listed");
    },
  ),
  check(
    "QRY-ERR-003",
    "SHOULD",
    "A target the vocabulary does not have is UNSUPPORTED_TARGETING_EXPRESSION, with scopes.",
    { ...queries, also: ["QRY-ERR-004", "QRY-TE-007"] },
    async (probe) => {
      const query = queryOf({ vocabulary: vocabularyOf(probe), target: "STIX_Package/@*" });
      const status = expectStatus(await probe.poll({ query }), "UNSUPPORTED_TARGETING_EXPRESSION");
      const names = (status.statusDetail?.details ?? []).map(({ name }) => name);
      holds(names.includes("PREFERRED_SCOPE") || names.includes("ALLOWED_SCOPE"), "there is no PREFERRED_SCOPE and no ALLOWED_SCOPE");
    },
  ),
  check("QRY-ERR-005", "SHOULD", "Preferred scopes come before allowed ones.", queries, async (probe) => {
    const query = queryOf({ vocabulary: vocabularyOf(probe), target: "STIX_Package/@*" });
    const status = expectStatus(await probe.poll({ query }));
    const names = (status.statusDetail?.details ?? []).map(({ name }) => name);
    applies(names.includes("PREFERRED_SCOPE") && names.includes("ALLOWED_SCOPE"), "there are not both kinds");
    holds(names.lastIndexOf("PREFERRED_SCOPE") < names.indexOf("ALLOWED_SCOPE"), `the order is ${listed(names)}`);
  }),
  check("QRY-STR-007", "DECIDE", "A relationship the module does not have is BAD_MESSAGE.", queries, async (probe) => {
    const query = queryOf({ vocabulary: vocabularyOf(probe), target: "**", relationship: "resembles" });
    expectStatus(await probe.poll({ query }), "BAD_MESSAGE");
  }),
  check("QRY-CORE-013", "MUST NOT", "A match type the module does not have is BAD_MESSAGE.", queries, async (probe) => {
    const parameters = { value: "x", match_type: "date" };
    const query = queryOf({ vocabulary: vocabularyOf(probe), target: "**", relationship: "equals", parameters });
    expectStatus(await probe.poll({ query }), "BAD_MESSAGE");
  }),
];
