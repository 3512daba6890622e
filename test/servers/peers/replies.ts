/** Messages that do not answer the request, or not in the form they should have. */

import type { Answer } from "../peer.js";
import { block, discoveryResponse, pollResponse, reply, statusMessage, taxiiHeaders } from "../texts.js";

/** Answers somebody else. */
export const answeringOthers: Answer = (asked, response) =>
  reply(response, pollResponse({ ...asked, id: "4711" }, { blocks: [block("not yours")] }));

/** Sends what nobody asked for. */
export const changingTheSubject: Answer = (asked, response) => reply(response, discoveryResponse(asked, []));

/** Could not read the request, and says so with the id 0 and an error status of HTTP. */
export const unreadable: Answer = (asked, response) =>
  reply(response, statusMessage({ ...asked, id: "0" }, "BAD_MESSAGE", { message: "No message." }), taxiiHeaders(), 400);

/** Content of another collection than the one that was asked for. */
export const otherCollection: Answer = (asked, response) =>
  reply(response, pollResponse(asked, { collection: "other", blocks: [block("x")] }));

/** Labels and the range without a zone, and with a space, as str() has them in Python. */
export const zonelessLabels: Answer = (asked, response) =>
  reply(
    response,
    pollResponse(asked, {
      before: "<t:Inclusive_End_Timestamp>2024-06-01T00:00:00</t:Inclusive_End_Timestamp>",
      blocks: [block("one", { label: "2024-05-01T00:00:00" }), block("two", { label: "2024-05-02 00:00:00.123456+00:00" })],
    }),
  );

/** A status type that nobody defined, and one in small letters. */
export const inventedStatus =
  (type: string): Answer =>
  (asked, response) =>
    reply(response, statusMessage(asked, type, { message: "\u001b[31mRed\u202e" }));

/** Elements and attributes of the producer's own. */
export const extended: Answer = (asked, response) =>
  reply(
    response,
    pollResponse(asked, { blocks: [block("data")] })
      .replace(" message_id=", ' vendor="x" message_id=')
      .replace("</t:Poll_Response>", "<t:Vendor_Note>hello</t:Vendor_Note></t:Poll_Response>"),
  );

/** A document type, and an entity of a file. */
export const withDoctype: Answer = (asked, response) =>
  reply(
    response,
    `<!DOCTYPE t:Poll_Response [<!ENTITY secret SYSTEM "file:///etc/hostname">]>${pollResponse(asked, { blocks: [block("&secret;")] })}`,
  );

/** Elements within elements, to a depth of `depth`. */
export const deep =
  (depth: number): Answer =>
  (asked, response) =>
    reply(response, pollResponse(asked, { blocks: [block(`${"<d>".repeat(depth)}${"</d>".repeat(depth)}`)] }));
