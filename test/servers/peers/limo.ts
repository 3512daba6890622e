/** Anomali Limo and STAXX: a poll needs its parameters, or a subscription that does not have to be made first. */

import type { Answer } from "../peer.js";
import { block, collectionResponse, discoveryResponse, https10, pollResponse, reply, statusMessage, taxiiHeaders } from "../texts.js";

export interface LimoOptions {
  /** The only subscription it polls for; absent, it polls without. */
  readonly subscription?: string;
}

export const limo =
  ({ subscription }: LimoOptions): Answer =>
  (asked, response, { url }) => {
    const service = { address: `${url}/taxii`, protocol: https10 };
    if (asked.type === "Discovery_Request") {
      return reply(
        response,
        discoveryResponse(asked, [
          { type: "COLLECTION_MANAGEMENT", ...service },
          { type: "POLL", ...service },
        ]),
      );
    }
    if (asked.type === "Collection_Information_Request") {
      return reply(response, collectionResponse(asked, [{ name: "Phish_Tank", subscription: [service.address] }]));
    }
    const given = asked.element("Subscription_ID");
    if (subscription !== undefined && given !== subscription) {
      return reply(response, statusMessage(asked, "DENIED", { message: "A subscription is required." }));
    }
    if (given === undefined && !asked.body.includes("Poll_Parameters")) return reply(response, "", taxiiHeaders(), 400);
    return reply(response, pollResponse(asked, { blocks: [block("<s:STIX xmlns:s='urn:s'/>")] }));
  };
