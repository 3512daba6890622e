/** Services elsewhere, which discovery and collection information tell of (SVC-DISC-004). */

import type { ContentBindingIdInit, ServiceType } from "../../../generated/taxii11/index.js";
import { versionBindings } from "../../http/headers.js";
import type { TaxiiVersion } from "../../message/ids.js";
import type { QueryHandler } from "../query.js";
import { completeBindings, type Service } from "../service.js";

/** A service elsewhere. */
export interface ExternalService {
  readonly type: ServiceType;
  /** Its whole address, as its users have to write it. */
  readonly address: string;
  /** Names it towards the services of the server. Default: its address. */
  readonly id?: string | undefined;
  /** For people; Message of its record in discovery. */
  readonly description?: string | undefined;
  /** Collections of this server that it serves too, by name; they are then listed with it. Default: none. */
  readonly collections?: readonly string[] | undefined;
  /** What content an inbox takes. Default: any. */
  readonly contentBindings?: readonly ContentBindingIdInit[] | undefined;
  /** Versions it speaks. Default: both. */
  readonly versions?: readonly TaxiiVersion[] | undefined;
  /** Message bindings it understands. Default: XML of the versions it speaks. */
  readonly messageBindings?: readonly string[] | undefined;
  /** Protocol bindings it is reached over. Default: that of the address. */
  readonly protocolBindings?: readonly string[] | undefined;
  /** Whether it works at the moment. Default: true. */
  readonly available?: boolean | undefined;
  /** Whether it is kept from anonymous peers. Default: false. */
  readonly requiresAccount?: boolean | undefined;
  /** Tells of the queries it takes. Default: none. */
  readonly queries?: readonly QueryHandler[] | undefined;
  /** Whether it is a collection management service that takes subscriptions to `collections`. Default: false. */
  readonly subscriptions?: boolean | undefined;
}

/**
 * A service elsewhere, which is advertised like one's own and not served.
 *
 * @throws TypeError when the address is no absolute URL, when it speaks no version, or for a nesting expression among the content
 *   bindings
 */
export function external(options: ExternalService): Service {
  const { address, versions = ["1.1", "1.0"] } = options;
  if (!URL.canParse(address))
    throw new TypeError(`the address of a service elsewhere has to be a whole URL, found ${JSON.stringify(address)}`);
  const messageBindings = options.messageBindings ?? versions.map((version) => versionBindings[version].message);
  if (versions.length === 0 || messageBindings.length === 0)
    throw new TypeError(`the service ${JSON.stringify(address)} has to speak a version of TAXII and a message binding`);
  return {
    id: options.id ?? address,
    type: options.type,
    path: undefined,
    address,
    handlers: [],
    description: options.description,
    collections: options.collections ?? [],
    contentBindings: completeBindings(options.contentBindings),
    versions,
    available: options.available ?? true,
    requiresAccount: options.requiresAccount ?? false,
    protocolBindings: options.protocolBindings,
    messageBindings,
    queries: options.queries ?? [],
    subscriptions: options.subscriptions ?? false,
  };
}
