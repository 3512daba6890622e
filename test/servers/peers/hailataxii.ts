/** hailataxii.com: one address for everything, advertised as https with an http address; no subscriptions. */

import { type Answer, credentialsOf } from "../peer.js";
import {
  block,
  collectionResponse,
  discoveryResponse,
  https10,
  pollResponse,
  reply,
  statusMessage,
  taxiiHeaders,
  xml10,
  xml11,
} from "../texts.js";

export const hailataxii: Answer = (asked, response, { url }) => {
  const { version } = asked;
  const send = (document: string): void => reply(response, document, taxiiHeaders(version));
  const login = credentialsOf(asked);
  if (login?.user !== "guest" || login.password !== "guest") return send(statusMessage(asked, "UNAUTHORIZED"));
  switch (asked.type) {
    case "Discovery_Request": {
      const management = version === "1.0" ? "FEED_MANAGEMENT" : "COLLECTION_MANAGEMENT";
      const services = (["DISCOVERY", management, "POLL"] as const).map((type) => ({
        type,
        address: `${url}/taxii-data`,
        protocol: https10,
        bindings: [xml10, xml11],
      }));
      return send(discoveryResponse(asked, services));
    }
    case "Collection_Information_Request":
    case "Feed_Information_Request":
      return send(collectionResponse(asked, [{ name: "guest.Abuse_ch", poll: [`${url}/taxii-data`] }]));
    case "Poll_Request":
      return send(pollResponse(asked, { blocks: [block("<s:STIX xmlns:s='urn:s' idref='x'/>", { version })] }));
    default:
      return send(statusMessage(asked, "UNSUPPORTED_MESSAGE", { message: "Subscriptions are not supported." }));
  }
};
