/** Faults of inboxes. */

import { blind, both, type Exchange, type Fault, having, http, of, status, statusAnswer, swap, whenever } from "../fault.js";

const inbox = of("Inbox_Message");
const polled = both(of("Poll_Request"), having('_name="long"'));
const block = /<Content_Block>.*?<\/Content_Block>/;
const filtered = both(polled, having("Content_Binding"));
const noBlocks = swap(/<Content_Block>.*<\/Content_Block>/, "", filtered);
const nobodysBlock = /<Content_Block><Content_Binding binding_id="urn:example:contract-test".*?<\/Content_Block>/;

/** Stores what can be stored, and complains about the rest. */
function piecemeal(pattern: RegExp, type: string, details: string): Fault {
  return whenever(both(inbox, having(pattern)), async (exchange) => {
    await exchange.send({ text: exchange.text.replace(pattern, "") });
    return statusAnswer(exchange, type, details);
  });
}

/** Sends what comes for one collection to another one as well. */
const everywhere: Fault = whenever(both(inbox, having("Content_Block")), async (exchange: Exchange) => {
  const answer = await exchange.send();
  await exchange.send({ text: exchange.text.replace(">long<", ">feed<") });
  return answer;
});

export const inboxFaults: Readonly<Record<string, Fault>> = {
  "SVC-INBOX-001": http(204, inbox),
  "SVC-INBOX-015": status("BAD_MESSAGE", (exchange) => inbox(exchange) && !exchange.text.includes("Content_Block")),
  "SVC-STAT-009": status("SUCCESS", inbox, '<Status_Detail><Detail name="ITEM">x</Detail></Status_Detail>'),
  "SVC-INBOX-002": status("SUCCESS", having("<Content_Block/>")),
  "SVC-INBOX-006": swap(/binding_id="urn:stix[^"]*"/g, 'binding_id="urn:x"', both(polled, having("Exclusive_Begin"))),
  "SVC-INBOX-003": piecemeal(
    nobodysBlock,
    "UNSUPPORTED_CONTENT",
    '<Status_Detail><Detail name="SUPPORTED_CONTENT">urn:x</Detail></Status_Detail>',
  ),
  "SVC-INBOX-009": swap("DESTINATION_COLLECTION_ERROR", "FAILURE", inbox),
  "SVC-INBOX-010": swap(/<Status_Detail>.*<\/Status_Detail>/, "", inbox),
  "SVC-INBOX-011": piecemeal(
    /<Destination_Collection_Name>urn:example:contract-test<\/Destination_Collection_Name>/,
    "NOT_FOUND",
    '<Status_Detail><Detail name="ITEM">urn:example:contract-test</Detail></Status_Detail>',
  ),
  "SVC-INBOX-012": swap(block, "", both(polled, having("Exclusive_Begin"))),
  "SVC-INBOX-014": status("SUCCESS", having('binding_id="urn:example:contract-test"')),
  "SVC-INBOX-013": status("UNSUPPORTED_CONTENT", having("Source_Subscription")),
  "SVC-INBOX-018": everywhere,
  "XML-CBK-005": blind(/(<Content>[^<]*)(<\/Content>)<Padding>([^<]*)<\/Padding>/, "$1$3$2"),
  "CB-MATCH-002": noBlocks,
  "CB-MATCH-003/subtype": blind(/<Subtype[^>]*\/>/, "", polled),
  "CB-MATCH-004": noBlocks,
  "CB-MATCH-005": swap(block, "", filtered),
  "CB-NEST-007": status("UNSUPPORTED_CONTENT", having(/binding_id="[^"]*\|/)),
};
