/** The discovery service: which services there are (SVC-DISC). */

import {
  DiscoveryRequest,
  DiscoveryResponse,
  ServiceInstance,
  type ServiceInstanceInit,
  type ServiceType,
} from "../../../generated/taxii11/index.js";
import { keepWritten } from "../../codec/kept.js";
import { versionIds } from "../../constants.js";
import { create } from "../../message/create.js";
import type { Right } from "../../storage/index.js";
import { allowAll } from "../access.js";
import { allowedCollections, isOpenTo } from "../collections.js";
import type { Context } from "../context.js";
import { handle } from "../handler.js";
import { offersOf } from "../offer.js";
import { defineService, type Service, type ServiceOptions, serves } from "../service.js";
import { type Step, step } from "../steps.js";

/** The steps of a discovery service. */
export interface DiscoverySteps {
  /** Chooses the services to tell of, in their order. Built in: those of use to the requester (SVC-DISC-004). */
  readonly selectServices: Step<DiscoveryRequest, readonly Service[]>;
  /** Describes a service: a record for each way to it. None keep it out. */
  readonly describeService: Step<Service, readonly ServiceInstanceInit[]>;
}

export interface DiscoveryOptions extends ServiceOptions {
  /** Ids of the services it tells of; those of no service are passed over. Default: all, this one included. */
  readonly advertised?: readonly string[] | undefined;
  /** Steps in place of the built-in ones. */
  readonly steps?: Partial<DiscoverySteps> | undefined;
}

/**
 * A discovery service. It lists the services of the server, itself included, as far as they are of use to the requester: an
 * anonymous peer is not told of services that want an account, and nobody of inboxes and poll services whose collections are
 * all closed to them.
 *
 * @throws TypeError as `defineService` does
 */
export function discovery(options: DiscoveryOptions): Service {
  const { advertised, steps = {} } = options;
  const selectServices = step((_: DiscoveryRequest, context) => usefulServices(context, advertised), steps.selectServices);
  const describeService = step(describe, steps.describeService);
  return defineService(options, {
    type: "DISCOVERY",
    handlers: [
      handle(DiscoveryRequest, async (request, context) => {
        const serviceInstances: ServiceInstanceInit[] = [];
        for (const service of await selectServices(request, context)) serviceInstances.push(...(await describeService(service, context)));
        return create(DiscoveryResponse, { inResponseTo: request.messageId, serviceInstances });
      }),
    ],
  });
}

/** What has to be allowed in one collection at least for a service to be of use. */
const neededRight: Readonly<Partial<Record<ServiceType, Right>>> = { INBOX: "write", POLL: "read" };

async function usefulServices(context: Context, advertised: readonly string[] | undefined): Promise<readonly Service[]> {
  const listed = context.services.filter(({ id }) => advertised === undefined || advertised.includes(id));
  const open = listed.filter((service) => service === context.service || isOpenTo(context, service));
  // Without rights there is nothing to be looked up.
  if (context.authorize === allowAll) return open;
  const collections = await context.storage.collections();
  const useful: Service[] = [];
  for (const service of open) {
    const right = neededRight[service.type];
    const served = collections.filter(({ name }) => serves(service, name));
    // A service without collections is its handlers' own.
    const usable =
      right === undefined || served.length === 0 || (await allowedCollections(right, served, { ...context, service })).length > 0;
    if (usable) useful.push(service);
  }
  return useful;
}

/** How a service was described last, and what that follows from beside the service itself. */
interface Description extends Pick<Context, "baseUrl" | "messageBindings" | "version"> {
  readonly records: readonly ServiceInstanceInit[];
}

const descriptions = new WeakMap<Service, Description>();

/** Describes a service once, and not for every request; what its query handlers support is theirs to change. */
function describe(service: Service, context: Context): readonly ServiceInstanceInit[] {
  if (service.queries.length > 0) return recordsOf(service, context);
  const { baseUrl, messageBindings, version } = context;
  const known = descriptions.get(service);
  const holds = known?.baseUrl === baseUrl && known.messageBindings === messageBindings && known.version === version;
  if (known !== undefined && holds) return known.records;
  const records = recordsOf(service, context).map((record) => keepWritten(create(ServiceInstance, record)));
  descriptions.set(service, { baseUrl, messageBindings, version, records });
  return records;
}

function recordsOf(service: Service, context: Context): readonly ServiceInstanceInit[] {
  const version = context.version === "1.1" && service.versions.includes("1.1") ? versionIds.services11 : versionIds.services10;
  return offersOf(service, context).map(({ protocolBinding, address, messageBindings }) => ({
    protocolBinding,
    address,
    messageBindings,
    serviceType: service.type,
    serviceVersion: version,
    available: service.available,
    // Only inboxes have content bindings (XML-DSC-005), and inboxes and discovery no queries (XML-DSC-007).
    contentBindings: service.type === "INBOX" ? service.contentBindings : [],
    supportedQueries:
      service.type === "POLL" || service.type === "COLLECTION_MANAGEMENT" ? service.queries.flatMap((query) => query.supported()) : [],
    message: service.description,
  }));
}
