/** Soltra Edge: one address for all messages and no discovery there, ids of its own making, documents that break off. */

import type { Answer } from "../peer.js";
import { block, collectionResponse, pollResponse, reply, statusMessage, taxiiHeaders } from "../texts.js";

/** @param cut how many characters of a poll response are missing at its end */
export const soltra =
  (cut = 0): Answer =>
  (asked, response) => {
    if (asked.type === "Discovery_Request" || asked.version === "1.0")
      return reply(response, statusMessage(asked, "UNSUPPORTED_MESSAGE"), taxiiHeaders(asked.version));
    if (asked.type === "Collection_Information_Request") return reply(response, collectionResponse(asked, [{ name: "system.Default" }]));
    const blocks = [block("<s:STIX xmlns:s='urn:s' id='1'/>"), block("<s:STIX xmlns:s='urn:s' id='2'/>")];
    const document = pollResponse(asked, { blocks }).replace(/message_id="\d+"/, 'message_id="soltra-edge:msg-6f1c"');
    return reply(response, document.slice(0, document.length - cut));
  };
