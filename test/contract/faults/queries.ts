/** Faults of queries: servers that understand them otherwise than they are meant, or do not refuse what they should. */

import { blind, both, type Exchange, type Fault, having, of, status, statusAnswer, swap, whenever } from "../fault.js";

const discovery = of("Discovery_Request");
const poll = of("Poll_Request");
const subscribing = both(of("Subscription_Management_Request"), having('action="SUBSCRIBE"'));
const asking = both(poll, having("<Query"));
const oneBlock = /<Content_Block>.*?<\/Content_Block>/;
const details = /<Status_Detail>.*<\/Status_Detail>/;
const query = /<Query.*<\/Query>/;

/** A server that takes one relationship for another. */
const mistakes = (relationship: string, other: string): Fault => blind(`relationship="${relationship}"`, `relationship="${other}"`, asking);

/** A server that takes one value for another. */
const misreads = (value: string, other: string): Fault => blind(`>${value}</tdq:Parameter>`, `>${other}</tdq:Parameter>`, asking);

/** A server that takes one target for another. */
const looksAt = (target: string, other: string): Fault => blind(`<tdq:Target>${target}<`, `<tdq:Target>${other}<`, asking);

/** A server that takes a parameter for granted where there is none. */
const assumes = (name: string, value: string): Fault =>
  blind(
    /(relationship="[^"]*">)(?!.*name="(?:match_type|case_sensitive)")/,
    `$1<tdq:Parameter name="${name}">${value}</tdq:Parameter>`,
    asking,
  );

/** A server that goes on with the query of the poll before. */
function remembering(): Fault {
  let last = "";
  return whenever(poll, ({ text, send }: Exchange) => {
    const [own] = query.exec(text) ?? [];
    if (own !== undefined) last = own;
    return send({ text: own === undefined ? text.replace("<Poll_Parameters/>", `<Poll_Parameters>${last}</Poll_Parameters>`) : text });
  });
}

/** A server that says no, and subscribes all the same. */
const subscribesAnyway: Fault = whenever(both(subscribing, having("<Query")), async (exchange) => {
  await exchange.send({ text: exchange.text.replace(query, "") });
  return statusAnswer(exchange, "UNSUPPORTED_TARGETING_EXPRESSION_ID");
});

const refused: Readonly<Record<string, Fault>> = {
  "QRY-GEN-002": swap(/<(\w+:)?Capability_Module.*?Capability_Module>/g, "", discovery),
  "QRY-ERR-001": swap("UNSUPPORTED_TARGETING_EXPRESSION_ID", "FAILURE"),
  "QRY-ERR-001/subscription": subscribesAnyway,
  "QRY-ERR-002": swap("UNSUPPORTED_CAPABILITY_MODULE", "FAILURE"),
  "QRY-ERR-003": swap(details, "", having("@*")),
  "QRY-ERR-005": swap(/((?:<Detail name="PREFERRED.*?<\/Detail>)+)((?:<Detail name="ALLOWED.*?<\/Detail>)+)/, "$2$1", having("@*")),
  "QRY-ERR-009": blind('targeting_expression_id="urn:example:contract-test"', 'targeting_expression_id="urn:stix.mitre.org:xml:1.1.1"'),
  "QRY-INF-006": looksAt("**", "STIX_Package"),
  "QRY-STR-007": mistakes("resembles", "exists"),
  "QRY-STR-007/parameters": blind(">perhaps<", ">true<"),
  "QRY-STR-007/structure": blind('operator="and"', 'operator="AND"'),
  "QRY-CORE-013": blind(">date<", ">case_sensitive_string<"),
};

const relationships: Readonly<Record<string, Fault>> = {
  "QRY-CORE-002": blind("case_sensitive_string", "case_insensitive_string", asking),
  "QRY-CORE-003": mistakes("not_equals", "equals"),
  "QRY-CORE-004": mistakes("greater_than", "greater_than_or_equal"),
  "QRY-CORE-005": mistakes("greater_than_or_equal", "greater_than"),
  "QRY-CORE-006": mistakes("less_than", "less_than_or_equal"),
  "QRY-CORE-007": mistakes("less_than_or_equal", "less_than"),
  "QRY-CORE-008": mistakes("does_not_exist", "exists"),
  "QRY-CORE-009": mistakes("exists", "does_not_exist"),
  "QRY-CORE-010": mistakes("begins_with", "contains"),
  "QRY-CORE-011": mistakes("ends_with", "contains"),
  "QRY-CORE-012": mistakes("contains", "begins_with"),
  "QRY-CORE-014": assumes("match_type", "case_insensitive_string"),
  "QRY-CORE-015": misreads("9007199254740992", "9007199254740993"),
  "QRY-CORE-016": blind(/[ä]/g, "a", asking),
  "QRY-CORE-017": blind('<tdq:Parameter name="value"/>', '<tdq:Parameter name="value">none</tdq:Parameter>', asking),
  "QRY-RGX-001": blind("^al.ha$", "^al.ha", asking),
  "QRY-RGX-003": assumes("case_sensitive", "false"),
  "QRY-RGX-004": misreads("phab", "^phab$"),
  "QRY-RGX-005": status("FAILURE", having("(a+)+$")),
  "QRY-TIM-001": blind(/(timestamp-1" relationship=")less_than"/, '$1less_than_or_equals"', asking),
  "QRY-TIM-001/others": mistakes("not_equals", "equals"),
  "QRY-TIM-002": blind(/-04:00<|(?<=T11:00:00)Z</, "+02:00<", asking),
  "QRY-TIM-003": status("BAD_MESSAGE", having(/relationship="\w+_or_equal"/)),
  "QRY-TIM-004": misreads("2020-01-01T00:00:00Z", "2019-12-31T23:00:00Z"),
  "QRY-TIM-005": blind(/\.00000\d+Z/, "Z", asking),
};

const targets: Readonly<Record<string, Fault>> = {
  "QRY-TE-002": looksAt("STIX_Package/*/Title", "STIX_Package/**/Title"),
  "QRY-TE-003": looksAt("STIX_Package/**", "STIX_Package/*"),
  "QRY-TE-004": looksAt("STIX_Package/**/@id", "STIX_Package/*/**/@id"),
  "QRY-TE-005": looksAt("stix_package/stix_header/title", "STIX_Package/STIX_Header/Title"),
  "QRY-TE-006": looksAt("stix:STIX_Package/stix:STIX_Header", "STIX_Package/STIX_Header"),
  "QRY-TE-008": status("UNSUPPORTED_TARGETING_EXPRESSION", having("<tdq:Target> ")),
  "QRY-STX-001": swap(/urn:stix\.mitre\.org:xml:1\.2"/g, 'urn:stix.mitre.org:xml:9"', discovery),
  "QRY-STX-002": looksAt("STIX_Package/@version", "STIX_Package/version"),
  "QRY-STX-003": looksAt("Indicators/Indicator", "**/Indicators/Indicator"),
  "QRY-STX-004": looksAt("STIX_Package/*", "STIX_Package/STIX_Header"),
  "QRY-STX-005": looksAt("STIX_Package/Indicators/Indicator/@type", "STIX_Package/Indicators/Indicator/@id"),
  "QRY-STX-006": status("FAILURE", having("Nonsense")),
};

const logic: Readonly<Record<string, Fault | (() => Fault)>> = {
  "QRY-EVAL-001": blind('operator="AND"', 'operator="OR"', asking),
  "QRY-EVAL-002": status("DENIED", having(/(?:<tdq:Criteria [^>]*>){10}/)),
  "QRY-EVAL-003": blind(' negate="true"', "", asking),
  "QRY-EVAL-004": swap(oneBlock, "", asking),
  "QRY-EVAL-005": blind(query, "", having("negate")),
  "QRY-EVAL-006": misreads("Beta", "alphabet"),
  "QRY-EVAL-007": blind(/relationship="not_equals">.*?<\/tdq:Test>/, 'relationship="does_not_exist"/>', asking),
  "QRY-EVAL-008": looksAt("STIX_Package/STIX_Header", "STIX_Package/STIX_Header/**"),
  "QRY-EVAL-010": blind(query, "", poll),
  "QRY-GEN-003": remembering,
  "QRY-GEN-003/subscription": blind(query, "", subscribing),
  "QRY-GEN-006": blind(query, "", having("COUNT_ONLY")),
  "SVC-MULTI-006": swap(/<Exclusive_Begin_Timestamp>[^<]*<\/Exclusive_Begin_Timestamp>/, "", of("Poll_Fulfillment")),
};

export const queryFaults: Readonly<Record<string, Fault | (() => Fault)>> = { ...refused, ...relationships, ...targets, ...logic };
