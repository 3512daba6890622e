/** Faults of discovery, of collection information, and of what one version says of the other. */

import { blind, both, type Fault, having, of, status, statusAnswer, swap, whenever } from "../fault.js";

const discovery = of("Discovery_Request");
const information = (exchange: { readonly element: string }): boolean => exchange.element.endsWith("Information_Request");
const of10 = of("Poll_Request", "1.0");

/** Says of the first record that is none of `DISCOVERY` something more. */
const inRecord = (text: string): Fault =>
  swap(/(service_type="(?:COLLECTION|FEED)_MANAGEMENT".*?)(<\/Service_Instance>)/, `$1${text}$2`, discovery);

/** Shows TAXII 1.0 the subscriptions that were made in TAXII 1.1. */
function showAll(): Fault {
  let made = "";
  return async (exchange) => {
    const answer = await exchange.send();
    if (exchange.element !== "Subscription_Management_Request") return answer;
    if (exchange.version === "1.1") made = /<Subscription_ID>([^<]*)/.exec(answer.text)?.[1] ?? made;
    if (exchange.version === "1.1" || made === "" || !exchange.text.includes("STATUS")) return answer;
    const subscription = `<Subscription subscription_id="${made}"/>`;
    return { ...answer, text: answer.text.replace(/\/>$/, `>${subscription}</Subscription_Management_Response>`) };
  };
}

export const informationFaults: Readonly<Record<string, Fault | (() => Fault)>> = {
  "SVC-DISC-001": swap(/in_response_to="[^"]*"/, 'in_response_to=""', discovery),
  "SVC-DISC-002": status("SUCCESS", having("<Unknown/>")),
  "XML-GEN-007/discovery": swap("<Address>", "<Remark/><Address>", discovery),
  "SVC-GEN-001": status("FAILURE", having(/collection_name="urn:example|feed_name="urn:example/)),
  "SVC-DISC-005": status("UNSUPPORTED_MESSAGE", having(/feed_name="urn:example/)),
  "SVC-DISC-006": swap(/(<Service_Instance .*?<\/Service_Instance>)/, "$1$1", discovery),
  "XML-DSC-012": swap("protocol:http:", "protocol:https:", discovery),
  "XML-DSC-004": swap(/(<Message_Binding>[^<]*<\/Message_Binding>)/, "$1$1", discovery),
  "XML-DSC-005": whenever(discovery, async (exchange) => {
    const binding = exchange.version === "1.0" ? "<Content_Binding>urn:x</Content_Binding>" : '<Content_Binding binding_id="urn:x"/>';
    return inRecord(binding)(exchange);
  }),
  "XML-DSC-007": swap(/(service_type="INBOX".*?)(<\/Service_Instance>)/, '$1<Supported_Query format_id="urn:x"/>$2', discovery),
  "XML-DSC-009": inRecord('<Supported_Query format_id="urn:x"/><Supported_Query format_id="urn:x"/>'),
  "SVC-DISC-008": blind(/<Query.*<\/Query>|<Query[^>]*\/>/, ""),
  "SVC-GEN-005": status("FAILURE", ({ element, url }) => element === "Poll_Request" && url.pathname.startsWith("/inbox")),
  "SVC-COL-001": status("SUCCESS", information),
  "SVC-COL-003": swap(/(<(?:Collection|Feed) .*?<\/(?:Collection|Feed)>)/, "$1$1", information),
  "XML-GEN-007/collections": swap("<Description>", "<Remark/><Description>", information),
  "SVC-COL-001/pollable": status("NOT_FOUND", having("1970-01-01T00:00:01Z")),
  "SVC-STAT-004/collections": blind("<Unknown/>", ""),
  "SVC-DISC-009": swap("message:xml:1.0<", "message:xml:1.1<", of("Discovery_Request", "1.0")),
  "VER-X-002": blind('feed_name="set"', 'feed_name="feed"'),
  "VER-X-003": swap(/<Content_Binding>[^<]*<\/Content_Binding>/g, "", of("Feed_Information_Request")),
  "VER-X-004": swap(/(<Feed .*?)<Push_Method>.*?<\/Polling_Service>/, "$1", of("Feed_Information_Request")),
  "VER-X-005": swap("NOT_FOUND", "UNSUPPORTED_QUERY", of10),
  "VER-X-006": showAll,
  "VER-X-007": swap(/<Content_Block>.*<\/Content_Block>/, "", of10),
  "VER-X-008": swap(/(<Inclusive_End_Timestamp>)[^<]*/, "$12100-01-01T00:00:00Z", both(of10, having('"long"'))),
  "VER-X-009": whenever(of10, async (exchange) => {
    const begin = /<Exclusive_Begin_Timestamp>([^<]*)/.exec(exchange.text)?.[1] ?? "";
    return swap(/(<Inclusive_Begin_Timestamp>)[^<]*/, `$1${begin}`)(exchange);
  }),
  "SVC-POLL-003": whenever(both(of10, having("urn:example:contract-test")), async (exchange) => statusAnswer(exchange, "PENDING")),
};
