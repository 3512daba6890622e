/** Which address a request goes to: what discovery and the collections' own records say, asked once. */

import {
  CollectionInformationRequest,
  type CollectionRecord,
  DiscoveryRequest,
  type ServiceContactInfo,
  type ServiceInstance,
  type ServiceType,
  type SupportedQuery,
} from "../../generated/taxii11/index.js";
import { isTaxiiError } from "../errors.js";
import { protocolOf, versionOfBinding } from "../http/headers.js";
import { TransportError } from "../http/transport-error.js";
import { create } from "../message/create.js";
import { exchangeOf, type Request11 } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";
import { printable, StatusError } from "../message/status-error.js";
import { describeAddress } from "./address.js";
import type { Conversation, Target } from "./conversation.js";
import type { CallOptions, ClientOptions, OnWarning } from "./options.js";

type Contact = Pick<ServiceContactInfo, "address" | "messageBindings"> & { readonly available?: boolean | undefined };

/** The services of a producer, found from one address. */
export class Services {
  readonly #home: URL;
  readonly #conversation: Conversation;
  readonly #options: Pick<ClientOptions, "version" | "endpoint" | "rewriteAddress">;
  readonly #warn: OnWarning;
  #instances: readonly ServiceInstance[] | undefined;
  #collections: readonly CollectionRecord[] | undefined;
  /** Whether the client's address turned out to be a service that takes every request itself. */
  #direct: boolean;

  constructor(home: URL, conversation: Conversation, options: ClientOptions, warn: OnWarning) {
    this.#home = home;
    this.#conversation = conversation;
    this.#options = options;
    this.#warn = warn;
    this.#direct = options.endpoint === "service";
  }

  /** Asks the discovery service. */
  async discover({ address, signal }: CallOptions): Promise<readonly ServiceInstance[]> {
    const target = { address: address ?? this.#home.href };
    const { serviceInstances } = await this.#conversation.send(target, create(DiscoveryRequest, {}), { signal });
    const instances = serviceInstances.map(withoutMeaningless);
    if (address === undefined) this.#instances = instances;
    return instances;
  }

  /**
   * Asks every collection management service that can be talked to.
   *
   * @throws TransportError `NO_SERVICE` when there is none
   */
  async collections({ address, signal }: CallOptions): Promise<readonly CollectionRecord[]> {
    const targets = address === undefined ? await this.#advertised("COLLECTION_MANAGEMENT", signal) : [{ address }];
    if (targets.length === 0) throw this.#noService("COLLECTION_MANAGEMENT");
    const collections: CollectionRecord[] = [];
    for (const target of targets) {
      const reply = await this.#conversation.send(target, create(CollectionInformationRequest, {}), { signal });
      collections.push(...reply.collections);
    }
    if (address === undefined) this.#collections = collections;
    return collections;
  }

  /**
   * Where a request goes: to the address given, to the collection's own service where it has one, otherwise to what discovery
   * lists.
   *
   * @throws TransportError `NO_SERVICE` when there is none, `AMBIGUOUS_SERVICE` when there are several and nothing to choose by
   */
  async targetFor(request: Request11, { address, signal }: CallOptions): Promise<Target> {
    const type = exchangeOf(request)?.service ?? "DISCOVERY";
    if (address !== undefined) return { address };
    if (type === "DISCOVERY" || this.#direct) return { address: this.#home.href };
    return this.serviceOf(type, collectionOf(request), signal);
  }

  /** The service of this type for a collection, or for any. @throws as {@link Services.targetFor} */
  async serviceOf(type: ServiceType, name: string | undefined, signal: AbortSignal | undefined): Promise<Target> {
    const collection = name === undefined ? undefined : await this.#collection(name, signal);
    if (this.#direct) return { address: this.#home.href };
    const [own] = this.#usable(ownServices(collection, type));
    if (own !== undefined) return own;
    const [target, ...others] = await this.#advertised(type, signal);
    if (target === undefined) throw this.#noService(type);
    if (others.length === 0) return target;
    const candidates = [target, ...others].map((candidate) => `${candidate.address} (TAXII ${candidate.version ?? "of any version"})`);
    throw new TransportError(
      "AMBIGUOUS_SERVICE",
      `there are several ${type} services, and nothing to choose by: ${candidates.map(printable).join(", ")}; name one as address`,
    );
  }

  /**
   * What the services of this type at an address advertise of queries, as far as discovery was asked; asks nobody.
   *
   * @returns undefined when nothing is known of that address
   */
  supportedQueriesAt(type: ServiceType, address: string): readonly SupportedQuery[] | undefined {
    const href = URL.canParse(address) ? new URL(address).href : address;
    const instances = (this.#instances ?? []).filter((instance) => instance.serviceType === type);
    const there = instances.filter((instance) => this.#targetOf(instance).some((target) => target.address === href));
    return there.length === 0 ? undefined : there.flatMap(({ supportedQueries }) => supportedQueries);
  }

  /** What is known about a collection; asks when it is not known yet. Not every producer lists every collection, or any. */
  async #collection(name: string, signal: AbortSignal | undefined): Promise<CollectionRecord | undefined> {
    const find = (collections: readonly CollectionRecord[] = []): CollectionRecord | undefined =>
      collections.find(({ collectionName }) => collectionName === name);
    const known = find(this.#collections);
    if (known !== undefined) return known;
    const targets = await this.#advertised("COLLECTION_MANAGEMENT", signal);
    if (targets.length === 0 || this.#direct || this.#collections !== undefined) return undefined;
    try {
      return find(await this.collections({ signal }));
    } catch (error) {
      if (!isTaxiiError(error) || isTimeOrNetwork(error)) throw error;
      // Who may poll may not be allowed to list.
      this.#collections = [];
      const message = `the collections could not be listed, so that their own services are not known: ${error.message}`;
      this.#warn({ code: "NO_COLLECTIONS", message });
      return undefined;
    }
  }

  async #advertised(type: ServiceType, signal: AbortSignal | undefined): Promise<readonly Target[]> {
    if (this.#instances === undefined && !this.#direct) await this.#findOut(signal);
    if (this.#direct) return [{ address: this.#home.href }];
    return this.#usable((this.#instances ?? []).filter(({ serviceType }) => serviceType === type));
  }

  /** Asks for discovery; where the client may, takes the refusal of a peer for the word of a service of another type. */
  async #findOut(signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.discover({ signal });
    } catch (error) {
      if ((this.#options.endpoint ?? "auto") !== "auto" || !isNoDiscovery(error)) throw error;
      this.#direct = true;
      const message = `there is no discovery at ${describeAddress(this.#home)}, so that every request goes there: ${error.message}`;
      this.#warn({ code: "NO_DISCOVERY", message });
    }
  }

  /** Where the services of the version to be spoken are, each address once, the better version first, those available first. */
  #usable(contacts: readonly Contact[]): readonly Target[] {
    const open = contacts.filter(({ available }) => available !== false).flatMap((contact) => this.#targetOf(contact));
    // A service that calls itself unavailable is the better choice than none: it will say so itself.
    const targets = open.length > 0 ? open : contacts.flatMap((contact) => this.#targetOf(contact));
    const best = targets.some(({ version }) => version === "1.1") ? targets.filter(({ version }) => version !== "1.0") : targets;
    return [...new Map(best.map((target) => [target.address, target])).values()];
  }

  #targetOf({ address, messageBindings }: Contact): readonly Target[] {
    const wanted = this.#options.version ?? "auto";
    const versions = messageBindings.flatMap((id) => versionOfBinding(id.trim().toLowerCase()) ?? []);
    const version: TaxiiVersion | undefined = versions.includes("1.1") ? "1.1" : versions[0];
    if (wanted === "auto" ? messageBindings.length > 0 && version === undefined : version !== undefined && !versions.includes(wanted))
      return [];
    const url = this.#rewritten(address);
    return url === undefined ? [] : [{ address: url.href, version: wanted === "auto" ? version : wanted }];
  }

  /** An advertised address as it is used; undefined for one that is not of HTTP. */
  #rewritten(address: string): URL | undefined {
    if (!URL.canParse(address.trim(), this.#home)) return undefined;
    const url = new URL(address.trim(), this.#home);
    if (protocolOf(url) === undefined) return undefined;
    const { rewriteAddress } = this.#options;
    if (rewriteAddress === undefined) return url;
    if (rewriteAddress !== "origin") return new URL(rewriteAddress(url), this.#home);
    return new URL(`${url.pathname}${url.search}`, this.#home.origin);
  }

  #noService(type: ServiceType): TransportError {
    const listed = (this.#instances ?? []).map(({ serviceType, address }) => printable(`${serviceType} ${address}`));
    const { version = "auto" } = this.#options;
    const spoken = version === "auto" ? "" : ` for TAXII ${version}`;
    return new TransportError(
      "NO_SERVICE",
      `the discovery service lists no ${type} service${spoken} over HTTP; it lists ${listed.length === 0 ? "nothing" : listed.join(", ")}`,
    );
  }
}

/** An instance without what means nothing for services of its type (XML-DSC-006, XML-DSC-008). */
function withoutMeaningless(instance: ServiceInstance): ServiceInstance {
  const { serviceType, contentBindings, supportedQueries } = instance;
  return {
    ...instance,
    contentBindings: serviceType === "INBOX" ? contentBindings : [],
    supportedQueries: serviceType === "POLL" || serviceType === "COLLECTION_MANAGEMENT" ? supportedQueries : [],
  };
}

/** The services that a collection's own record names for a purpose. */
function ownServices(collection: CollectionRecord | undefined, service: ServiceType): readonly Contact[] {
  if (service === "POLL") return collection?.pollingServices ?? [];
  if (service === "INBOX") return collection?.receivingInboxServices ?? [];
  return service === "COLLECTION_MANAGEMENT" ? (collection?.subscriptionServices ?? []) : [];
}

/** The collection a request is about. */
function collectionOf(request: Request11): string | undefined {
  if ("collectionName" in request) return request.collectionName;
  return "destinationCollectionNames" in request ? request.destinationCollectionNames[0] : undefined;
}

function isTimeOrNetwork(error: unknown): boolean {
  return error instanceof TransportError && ["NETWORK", "TLS", "TIMEOUT"].includes(error.code);
}

// Said by who would answer another time, or somebody else.
const personal: ReadonlySet<string> = new Set(["UNAUTHORIZED", "DENIED", "RETRY"]);
const personalHttp: ReadonlySet<number | undefined> = new Set([401, 403, 407, 408, 429]);

/** Whether what answered is there and is no discovery service. */
function isNoDiscovery(error: unknown): error is Error {
  if (error instanceof StatusError) return !personal.has(error.code);
  if (!(error instanceof TransportError)) return false;
  if (error.code === "MISMATCH") return true;
  const { code, status = 0 } = error;
  return code === "NOT_TAXII" && status >= 400 && !personalHttp.has(status);
}
