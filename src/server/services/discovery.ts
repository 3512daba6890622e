/** The discovery service: which services there are (SVC-DISC). */

import { DiscoveryRequest, DiscoveryResponse, type ServiceInstanceInit } from "../../../generated/taxii11/index.js";
import { versionIds } from "../../constants.js";
import { create } from "../../message/create.js";
import { addressOf, type Context } from "../context.js";
import { handle } from "../handler.js";
import { offer } from "../offer.js";
import { defineService, type Service, type ServiceOptions } from "../service.js";

/**
 * A discovery service. It lists every service of the server, itself included.
 *
 * @throws TypeError when the path is none
 */
export function discovery(options: ServiceOptions): Service {
  return defineService(options, {
    type: "DISCOVERY",
    handlers: [
      handle(DiscoveryRequest, ({ messageId }, context) =>
        create(DiscoveryResponse, {
          inResponseTo: messageId,
          serviceInstances: context.services.map((service) => describe(service, context)),
        }),
      ),
    ],
  });
}

/** One record: every message binding in it works with every content binding (SVC-DISC-005). */
function describe(service: Service, context: Context): ServiceInstanceInit {
  return {
    ...offer(addressOf(service, context)),
    serviceType: service.type,
    serviceVersion: versionIds.services11,
    available: true,
    // Only inboxes have them (XML-DSC-005).
    contentBindings: service.type === "INBOX" ? service.contentBindings : [],
    message: service.description,
  };
}
