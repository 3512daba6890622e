/** CISA's AIS at taxii.dhs.gov: client certificates, a subscription id for every poll, times in whole seconds. */

import { TLSSocket } from "node:tls";
import type { Answer } from "../peer.js";
import { block, discoveryResponse, https10, pollResponse, reply, statusMessage } from "../texts.js";

/** The subscription of the certificate's holder. */
export const aisSubscription = "ais-42";

export const dhsAis: Answer = (asked, response, { url }) => {
  const { socket } = response;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return reply(response, "Forbidden", { "Content-Type": "text/plain" }, 403);
  if (asked.type === "Discovery_Request") {
    return reply(response, discoveryResponse(asked, [{ type: "POLL", address: `${url}/flare/taxii11/poll`, protocol: https10 }]));
  }
  if (asked.element("Subscription_ID") !== aisSubscription) return reply(response, statusMessage(asked, "NOT_FOUND"));
  if (/_Timestamp>[^<]*\.\d/.test(asked.body)) return reply(response, statusMessage(asked, "FAILURE", { message: "Bad timestamp" }));
  return reply(response, pollResponse(asked, { blocks: [block("<s:STIX xmlns:s='urn:s'/>")] }));
};
