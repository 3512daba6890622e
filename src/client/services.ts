/** Which address a request goes to: what discovery and the collections' own records say, asked once. */

import {
  CollectionInformationRequest,
  type CollectionRecord,
  DiscoveryRequest,
  type ServiceContactInfo,
  type ServiceInstance,
  type ServiceType,
} from "../../generated/taxii11/index.js";
import { versionIds } from "../constants.js";
import { protocolOf } from "../http/headers.js";
import { TransportError } from "../http/transport-error.js";
import { create } from "../message/create.js";
import { exchangeOf, type Request11 } from "../message/exchanges.js";
import type { Exchanger } from "./exchange.js";
import type { CallOptions } from "./options.js";

/** The services of a producer, found from one address. */
export class Services {
  readonly #home: string;
  readonly #exchanger: Exchanger;
  #instances: readonly ServiceInstance[] | undefined;
  #collections: readonly CollectionRecord[] | undefined;

  constructor(home: string, exchanger: Exchanger) {
    this.#home = home;
    this.#exchanger = exchanger;
  }

  /** Asks the discovery service. */
  async discover(options: CallOptions): Promise<readonly ServiceInstance[]> {
    const { serviceInstances } = await this.#exchanger.send(this.#home, create(DiscoveryRequest, {}), options);
    this.#instances = serviceInstances;
    return serviceInstances;
  }

  /**
   * Asks every collection management service that can be talked to.
   *
   * @throws TransportError `NO_SERVICE` when there is none
   */
  async collections(options: CallOptions): Promise<readonly CollectionRecord[]> {
    const addresses = await this.#advertised("COLLECTION_MANAGEMENT", options);
    if (addresses.length === 0) throw this.#noService("COLLECTION_MANAGEMENT");
    const collections: CollectionRecord[] = [];
    for (const address of addresses) {
      const reply = await this.#exchanger.send(address, create(CollectionInformationRequest, {}), options);
      collections.push(...reply.collections);
    }
    this.#collections = collections;
    return collections;
  }

  /**
   * The address for a request: that of the collection's own service where it has one, otherwise what discovery lists.
   *
   * @throws TransportError `NO_SERVICE` when there is none, or several and nothing to choose by
   */
  async addressFor(request: Request11, options: CallOptions): Promise<string> {
    const service = exchangeOf(request)?.service ?? "DISCOVERY";
    if (service === "DISCOVERY") return this.#home;
    const name = collectionOf(request);
    const own = name === undefined ? [] : this.#usable(ownServices(await this.#collection(name, options), service));
    const [address, ...others] = own.length > 0 ? own.slice(0, 1) : await this.#advertised(service, options);
    if (address === undefined) throw this.#noService(service);
    if (others.length > 0)
      throw new TransportError(
        "NO_SERVICE",
        `there are several ${service} services, and nothing to choose by: ${[address, ...others].join(", ")}; name one as address`,
      );
    return address;
  }

  /** What is known about a collection; asks when it is not known yet. Not every producer lists every collection. */
  async #collection(name: string, options: CallOptions): Promise<CollectionRecord | undefined> {
    const find = (collections: readonly CollectionRecord[] = []): CollectionRecord | undefined =>
      collections.find(({ collectionName }) => collectionName === name);
    const known = find(this.#collections);
    if (known !== undefined) return known;
    const listing = await this.#advertised("COLLECTION_MANAGEMENT", options);
    return listing.length === 0 ? undefined : find(await this.collections(options));
  }

  async #advertised(type: ServiceType, options: CallOptions): Promise<readonly string[]> {
    const instances = this.#instances ?? (await this.discover(options));
    return this.#usable(instances.filter(({ serviceType, available }) => serviceType === type && available !== false));
  }

  /** Absolute addresses, each once, of the services that speak this version over HTTP. */
  #usable(services: readonly Pick<ServiceContactInfo, "address" | "messageBindings">[]): readonly string[] {
    const addresses = services
      .filter(({ messageBindings }) => messageBindings.includes(versionIds.xml11))
      .flatMap(({ address }) => (URL.canParse(address, this.#home) ? [new URL(address, this.#home).href] : []));
    return [...new Set(addresses)].filter((address) => protocolOf(address) !== undefined);
  }

  #noService(type: ServiceType): TransportError {
    const listed = (this.#instances ?? []).map(({ serviceType, address }) => `${serviceType} ${address}`);
    return new TransportError(
      "NO_SERVICE",
      `the discovery service lists no ${type} service for TAXII 1.1 over HTTP; it lists ${listed.length === 0 ? "nothing" : listed.join(", ")}`,
    );
  }
}

/** The services that a collection's own record names for a purpose. */
function ownServices(
  collection: CollectionRecord | undefined,
  service: ServiceType,
): readonly Pick<ServiceContactInfo, "address" | "messageBindings">[] {
  if (service === "POLL") return collection?.pollingServices ?? [];
  return service === "INBOX" ? (collection?.receivingInboxServices ?? []) : [];
}

/** The collection a request is about. */
function collectionOf(request: Request11): string | undefined {
  if ("collectionName" in request) return request.collectionName;
  return "destinationCollectionNames" in request ? request.destinationCollectionNames[0] : undefined;
}
