/** Faults of polls: what they give, and which range they say it is. */

import { blind, both, type Fault, having, of, status, swap, whenever } from "../fault.js";

const poll = of("Poll_Request");
const nobodys = having("urn:example:contract-test");
const begins = having("Exclusive_Begin");
const noBlocks = /<Content_Block>.*<\/Content_Block>/;
const oneBlock = /<Content_Block>.*?<\/Content_Block>/;
const details = /<Status_Detail>.*<\/Status_Detail>/;

const isAsking = (name: string) => both(poll, having(`_name="${name}"`));

/** Labels as they are, but the last one. */
const lastBlock = /<Content_Block>(?:(?!<Content_Block>).)*<\/Content_Block>(?=<\/Poll_Response>)/;

export const pollFaults: Readonly<Record<string, Fault>> = {
  "SVC-POLL-001": swap(/(collection|feed)_name="[^"]*"/, '$1_name="another"', poll),
  "SVC-POLL-002": status("SUCCESS", both(poll, nobodys)),
  "XML-GEN-007/poll": swap("<Content>", "<Remark/><Content>", poll),
  "SVC-POLL-007": swap(/NOT_FOUND"|<Detail name="ITEM">[^<]*/, 'FAILURE"', both(poll, having('_name="urn:example'))),
  "SVC-POLL-007/subscription": swap("NOT_FOUND", "FAILURE", having(/subscription_id="urn:ex|<Subscription_ID>urn:ex/)),
  "SVC-POLL-008": swap(details, "", both(poll, having("Content_Binding"))),
  "SVC-POLL-009": blind(/<Query[^>]*\/>/, ""),
  "SVC-POLL-010": swap(oneBlock, "", both(isAsking("set"), begins)),
  "XML-PRS-003": swap(
    "<Record_Count",
    "<Inclusive_End_Timestamp>2020-01-01T00:00:00Z</Inclusive_End_Timestamp><Record_Count",
    isAsking("set"),
  ),
  "SVC-POLL-012": blind("COUNT_ONLY", "FULL"),
  "SVC-POLL-013": swap(/(<Record_Count[^>]*>)/, "$12", poll),
  "SVC-POLL-013/count": swap(/(<Record_Count[^>]*>)/, "$12", having("COUNT_ONLY")),
  "XML-PRS-009": swap(/<Record_Count.*<\/Record_Count>/, "", poll),
  "SVC-POLL-015": swap(/(<(?:Inclusive_End|Exclusive_Begin)_Timestamp)/, "<Subscription_ID>urn:x</Subscription_ID>$1", poll),
  "CB-MATCH-001": swap(lastBlock, "", (exchange) => poll(exchange) && !exchange.text.includes("Content_Binding")),
  "CB-MATCH-003": blind(/<Content_Binding.*?(?:\/>|<\/Content_Binding>)/, "", poll),
  "CB-MATCH-009": status("UNSUPPORTED_CONTENT", both(poll, having(/<Content_Binding.*<Content_Binding/))),
  "SVC-ASYNC-001": blind("<Poll_Parameters/>", '<Poll_Parameters allow_asynch="true"/>', isAsking("slow")),
  "SVC-PUSH-002": status("UNSUPPORTED_PROTOCOL", having("Delivery_Parameters")),
  "SVC-STAT-004": status("SUCCESS", (exchange) => poll(exchange) && !/_name="/.test(exchange.text)),
  "SVC-POLL-011": blind(/(<Exclusive_Begin_Timestamp>)[^<]*/, "$11990-01-01T00:00:00Z"),
  "SVC-POLL-011/end": blind(/(<Inclusive_End_Timestamp>)[^<]*/, "$12100-01-01T00:00:00Z"),
  "SVC-RANGE-001": swap(oneBlock, "", both(poll, begins)),
  "SVC-RANGE-002": swap(/<Exclusive_Begin_Timestamp>.*<\/Exclusive_Begin_Timestamp>/, "", poll),
  "SVC-RANGE-003": whenever(both(poll, begins), async (exchange) => {
    const answer = await exchange.send();
    const label = /<Timestamp_Label>([^<]*)/.exec(answer.text)?.[1] ?? "";
    return { ...answer, text: answer.text.replace(/(<Exclusive_Begin_Timestamp>)[^<]*/, `$1${label}`) };
  }),
  "SVC-RANGE-001/complete": swap(/(<Inclusive_End_Timestamp>)[^<]*/, "$12000-01-01T00:00:00Z", poll),
  "XML-PRS-004": swap(
    "<Inclusive_End_Timestamp>",
    "<Exclusive_Begin_Timestamp>1990-01-01T00:00:00Z</Exclusive_Begin_Timestamp><Inclusive_End_Timestamp>",
    (exchange) => poll(exchange) && !begins(exchange),
  ),
  "SVC-RANGE-005": swap(/<Inclusive_End_Timestamp>.*<\/Inclusive_End_Timestamp>/, "", poll),
  "SVC-RANGE-007": swap(/(<Inclusive_End_Timestamp>)[^<]*/, "$12199-01-01T00:00:00Z", having("2199")),
  "SVC-RANGE-008": swap(/(<Inclusive_End_Timestamp>)[^<]*/, "$11999-01-01T00:00:00Z", both(poll, begins)),
  "XML-PRQ-003": status("FAILURE", having("2020-01-02")),
  "SVC-TS-001": swap(/<Timestamp_Label>.*?<\/Timestamp_Label>/, "", poll),
  "XML-TS-003": swap(/(<Timestamp_Label>[^<]*?)Z</, "$1123Z<", poll),
  "SVC-RANGE-006": swap(noBlocks, "", both(isAsking("long"), begins)),
  "SVC-TS-002": swap(/<Timestamp_Label>[^<]*/g, "<Timestamp_Label>2020-01-01T00:00:00Z", both(isAsking("long"), begins)),
};
