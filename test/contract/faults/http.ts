/** Faults of HTTP: header fields, methods, statuses. */

import { blind, deaf, type Fault, field, having, http, of, rightFields, status, swap, type When, whenever } from "../fault.js";

const header =
  (name: string, pattern: RegExp): When =>
  ({ request }) =>
    pattern.test(request.headers.get(name) ?? "");

const lacks =
  (name: string): When =>
  ({ request }) =>
    request.method === "POST" && !request.headers.has(name);

/** Replies that are errors. */
function onErrors(fault: Fault): Fault {
  return whenever(having("<Unknown/>"), fault);
}

export const httpFaults: Readonly<Record<string, Fault>> = {
  "HTTP-GEN-003": http(411, ({ pieces }) => pieces > 10),
  "HTTP-GEN-005": status("BAD_MESSAGE", header("Content-Encoding", /gzip/)),
  "HTTP-GEN-006": http(404, ({ url }) => url.search !== ""),
  "HTTP-ACC-005": http(406, header("Accept", /[*,]/)),
  "HTTP-CT-001": field("Content-Type", "text/xml", of("Discovery_Request")),
  "HTTP-CT-004": status("BAD_MESSAGE", header("Content-Type", /Application/)),
  "HTTP-CT-005": status("BAD_MESSAGE", lacks("Content-Type")),
  "HTTP-CT-006": status("BAD_MESSAGE", header("Content-Type", /8859/)),
  "HTTP-XA-004": field("X-TAXII-Content-Type", "urn:example:other", header("X-TAXII-Accept", /contract-test urn/)),
  "HTTP-XA-005": status("UNSUPPORTED_MESSAGE", lacks("X-TAXII-Accept")),
  "HTTP-XA-006": field("X-TAXII-Accept", "urn:taxii.mitre.org:message:xml:1.1"),
  "HTTP-XA-008": status("UNSUPPORTED_MESSAGE", header("X-TAXII-Accept", /,/)),
  "HTTP-XA-009": deaf(rightFields, header("X-TAXII-Accept", /contract-test/)),
  "HTTP-XA-010": status("UNSUPPORTED_MESSAGE", header("X-TAXII-Accept", /xml:1\.\d .*xml/)),
  "HTTP-XCT-001": onErrors(field("X-TAXII-Content-Type", undefined)),
  "HTTP-XCT-002": onErrors(field("X-TAXII-Content-Type", "urn:taxii.mitre.org:message:xml:9.9")),
  "HTTP-XCT-004": deaf(rightFields, of("Discovery_Request")),
  "HTTP-XP-001": onErrors(field("X-TAXII-Protocol", undefined)),
  "HTTP-XP-002": deaf(rightFields, header("X-TAXII-Protocol", /contract test/)),
  "HTTP-XP-004": field("X-TAXII-Protocol", "urn:taxii.mitre.org:protocol:https:1.0"),
  "HTTP-XP-004/request": deaf(rightFields, header("X-TAXII-Protocol", /https/)),
  "HTTP-XS-001": onErrors(field("X-TAXII-Services", undefined)),
  "HTTP-XS-002": onErrors(field("X-TAXII-Services", "urn:taxii.mitre.org:services:9.9")),
  "HTTP-XS-002/request": deaf(rightFields, header("X-TAXII-Services", /contract-test/)),
  "HTTP-XS-004": deaf(rightFields, of("Discovery_Request")),
  "HTTP-ERR-001": deaf(rightFields, lacks("X-TAXII-Services")),
  "HTTP-ERR-003": deaf(rightFields, header("X-TAXII-Content-Type", /contract-test/)),
  "XML-EXT-005": status("BAD_MESSAGE", having("Extended_Header")),
  "HTTP-GEN-008": field("Allow", undefined, ({ request }) => request.method === "OPTIONS"),
  "HTTP-REQ-004": status("BAD_MESSAGE", ({ request }) => request.method === "PUT"),
  "HTTP-ACC-006": deaf(rightFields, header("Accept", /pdf/)),
  "HTTP-RSP-001": http(200, having("no XML")),
  "HTTP-RSP-003": onErrors(async ({ send }) => ({ ...(await send()), status: 400 })),
  "HTTP-RSP-004": http(200, ({ url }) => url.pathname.endsWith("no-such-service")),
  "HTTP-AUTH-006": http(404, ({ url }) => url.pathname === "/taxii-discovery-service/"),
  "XML-GEN-008": status("FAILURE", ({ text }) => /<Discovery_Request[^>]*[^/]>$/.test(text)),
  "XML-GEN-008/order": blind(/(<Inclusive_End.*End_Timestamp>)(<Exclusive_Begin.*Begin_Timestamp>)/, "$2$1"),
  "XML-GEN-008/attribute": blind(/<(Discovery_Request)(?! .*message_id)/, '<$1 message_id="1"'),
  "XML-GEN-008/element": blind("<Unknown/>", ""),
  "SVC-STAT-001": blind(/<Status_Message(.*) in_response_to.*\/>/, "<Discovery_Request$1/>"),
  "XML-ID-003": swap('in_response_to="007"', 'in_response_to="7"'),
  "HTTP-ERR-002": swap('in_response_to="0"', 'in_response_to="1"', having("no XML")),
  "SVC-STAT-002": onErrors(swap(/<Message>.*<\/Message>/, "")),
  "SVC-STAT-011": onErrors(swap(/<Message>/, '<Status_Detail><Detail name="ITEM">x</Detail></Status_Detail><Message>')),
  "SVC-STAT-017": swap("NOT_FOUND", "FAILURE"),
  "SVC-STAT-022": swap(/<Status_Detail>.*<\/Status_Detail>/, ""),
  "XML-GEN-007/status": onErrors(swap("<Message>", "<Remark/><Message>")),
};
