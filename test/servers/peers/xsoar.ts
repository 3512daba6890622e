/** Palo Alto XSOAR's TAXII server: the end of the range before its beginning, no X-TAXII-Services, no labels, 401 in plain text. */

import { type Answer, credentialsOf } from "../peer.js";
import { block, collectionResponse, discoveryResponse, pollResponse, reply, taxiiHeaders } from "../texts.js";

export const xsoar: Answer = (asked, response, { url }) => {
  const { "X-TAXII-Services": _, ...headers } = taxiiHeaders();
  const send = (document: string): void => reply(response, document, headers);
  // It splits at every colon, so that a password with one never fits.
  if (credentialsOf(asked)?.password !== "hush") {
    return reply(
      response,
      "Authorization failed",
      { "Content-Type": "text/plain", "WWW-Authenticate": 'Basic realm="Login Required"' },
      401,
    );
  }
  const service = { address: `${url}/taxii-server`, bindings: ["urn:taxii.mitre.org:message:xml:1.1"] };
  if (asked.type === "Discovery_Request") {
    return send(
      discoveryResponse(asked, [
        { type: "COLLECTION_MANAGEMENT", ...service },
        { type: "POLL", ...service },
      ]),
    );
  }
  if (asked.type === "Collection_Information_Request") return send(collectionResponse(asked, [{ name: "feed" }]));
  const swapped =
    "<t:Inclusive_End_Timestamp>2024-06-01T00:00:00Z</t:Inclusive_End_Timestamp>" +
    "<t:Exclusive_Begin_Timestamp>2024-05-01T00:00:00Z</t:Exclusive_Begin_Timestamp>";
  return send(pollResponse(asked, { before: swapped, blocks: [block("<s:STIX xmlns:s='urn:s'/>", { label: "" })] }));
};
