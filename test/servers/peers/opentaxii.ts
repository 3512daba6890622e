/** OpenTAXII: lists TAXII 1.0 first, leaves the end of the range out, adds an empty last part, says UNAUTHORIZED with HTTP 200. */

import { type Answer, credentialsOf } from "../peer.js";
import { block, collectionResponse, discoveryResponse, pollResponse, reply, statusMessage, taxiiHeaders, xml10, xml11 } from "../texts.js";

export const openTaxii: Answer = (asked, response, { url }) => {
  const send = (document: string): void => reply(response, document, taxiiHeaders(asked.version));
  if (asked.path === "/management/auth") {
    return reply(response, JSON.stringify({ token: "token-2" }), { "Content-Type": "application/json" });
  }
  if (credentialsOf(asked)?.user !== "ann" && asked.headers.authorization !== "Bearer token-2")
    return send(statusMessage(asked, "UNAUTHORIZED"));
  const bindings = [xml10, xml11];
  switch (asked.type) {
    case "Discovery_Request":
      return send(
        discoveryResponse(asked, [
          { type: "COLLECTION_MANAGEMENT", address: `${url}/services/collections`, bindings },
          { type: "POLL", address: `${url}/services/poll`, bindings },
        ]),
      );
    case "Collection_Information_Request":
      return send(collectionResponse(asked, [{ name: "feed", poll: [`${url}/services/poll`] }]));
    default: {
      // Two pages of exactly the size of a page, and a third one because nobody looked ahead.
      const part = Number(asked.attribute("result_part_number") ?? 1);
      const blocks = part <= 2 ? [block(`<i xmlns='urn:i'>${part}</i>`, { label: `2024-05-0${part}T00:00:00.123456+00:00` })] : [];
      return send(pollResponse(asked, { before: "", blocks, more: part <= 2, part, resultId: "5c8e" }));
    }
  }
};
