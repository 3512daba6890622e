/** Services: what is offered under which path. */

import type { ContentBindingId, ContentBindingIdInit, ServiceType } from "../../generated/taxii11/index.js";
import { isNesting } from "../message/content-binding.js";
import type { TaxiiVersion } from "../message/ids.js";
import type { Handler } from "./handler.js";
import type { QueryHandler } from "./query.js";

/** A service of a server. Made by `discovery`, `collectionManagement`, `inbox`, `poll` and `external`. */
export interface Service {
  /** Names it towards the other services of the server; its path unless said otherwise. */
  readonly id: string;
  readonly type: ServiceType;
  /** Path of its address, as URLs have it: starts with a slash, special characters are escaped. Undefined for one that is elsewhere. */
  readonly path: string | undefined;
  /** The whole address of a service that is elsewhere, and only advertised here; undefined for one that is served. */
  readonly address: string | undefined;
  /** In the order they run; the last ones are the service's own. */
  readonly handlers: readonly Handler[];
  /** For people; Message of its record in discovery. */
  readonly description: string | undefined;
  /** Names of the collections it serves; undefined for all. */
  readonly collections: readonly string[] | undefined;
  /** What content an inbox takes; empty for any. */
  readonly contentBindings: readonly ContentBindingId[];
  /** Versions it speaks. */
  readonly versions: readonly TaxiiVersion[];
  /** Whether it works at the moment; one that does not is advertised as such and answers RETRY. */
  readonly available: boolean;
  /** Whether anonymous peers are turned away. */
  readonly requiresAccount: boolean;
  /** Protocol bindings to advertise; undefined for that of the address. Empty: it is served and not advertised. */
  readonly protocolBindings: readonly string[] | undefined;
  /** Message bindings of a service elsewhere; undefined for those of the server in the versions it speaks. */
  readonly messageBindings: readonly string[] | undefined;
  /** Evaluates the queries it takes; empty for none. */
  readonly queries: readonly QueryHandler[];
  /** Whether it takes subscriptions: collection management services only. */
  readonly subscriptions: boolean;
}

/** What every service can be given. */
export interface ServiceOptions {
  /** Path of its address; compared exactly. Several services may share one. */
  readonly path: string;
  /** Names it towards the other services of the server. Default: its path. */
  readonly id?: string | undefined;
  /** Handlers that run before the service's own, the first one outermost. Default: none. */
  readonly handlers?: readonly Handler[] | undefined;
  /** For people; Message of its record in discovery. */
  readonly description?: string | undefined;
  /** Versions it speaks. Default: both. */
  readonly versions?: readonly TaxiiVersion[] | undefined;
  /** Whether it works at the moment. Default: true. */
  readonly available?: boolean | undefined;
  /** Whether anonymous peers are turned away. Default: false; what they may do is then up to `authorize`. */
  readonly requiresAccount?: boolean | undefined;
  /** Protocol bindings to advertise. Default: that of the address. */
  readonly protocolBindings?: readonly string[] | undefined;
}

/** What services that serve collections can be given as well. */
export interface CollectionServiceOptions extends ServiceOptions {
  /** Names of the collections it serves. Default: all in the storage. */
  readonly collections?: readonly string[] | undefined;
}

/** What makes up a service beside its options. */
export interface ServiceDefinition {
  readonly type: ServiceType;
  readonly handlers: readonly Handler[];
  readonly contentBindings?: readonly ContentBindingIdInit[] | undefined;
  readonly queries?: readonly QueryHandler[] | undefined;
  readonly subscriptions?: boolean | undefined;
}

/**
 * Makes a service.
 *
 * @throws TypeError when the path is none, when it speaks no version, when two query handlers are for one format, or for a
 *   nesting expression among the content bindings
 */
export function defineService(options: CollectionServiceOptions, definition: ServiceDefinition): Service {
  const path = normalizePath(options.path);
  const { versions = ["1.1", "1.0"] } = options;
  const { queries = [] } = definition;
  if (versions.length === 0) throw new TypeError(`the service ${JSON.stringify(path)} has to speak a version of TAXII`);
  checkFormats(queries, path);
  return {
    id: options.id ?? path,
    type: definition.type,
    path,
    address: undefined,
    handlers: [...(options.handlers ?? []), ...definition.handlers],
    description: options.description,
    collections: options.collections,
    contentBindings: completeBindings(definition.contentBindings),
    versions,
    available: options.available ?? true,
    requiresAccount: options.requiresAccount ?? false,
    protocolBindings: options.protocolBindings,
    messageBindings: undefined,
    queries,
    subscriptions: definition.subscriptions ?? false,
  };
}

/**
 * Content bindings with their lists filled in.
 *
 * @throws TypeError for a nesting expression, which only content blocks can have (CB-NEST-006)
 */
export function completeBindings(bindings: readonly ContentBindingIdInit[] = []): ContentBindingId[] {
  const nesting = bindings.find(({ bindingId }) => isNesting(bindingId));
  if (nesting !== undefined)
    throw new TypeError(
      `a service takes content bindings, and with each every nesting of them; found ${JSON.stringify(nesting.bindingId)}`,
    );
  return bindings.map(({ bindingId, subtypes = [] }) => ({ bindingId, subtypes: [...subtypes] }));
}

/** Discovery states each format once (XML-DSC-009). */
function checkFormats(queries: readonly QueryHandler[], path: string): void {
  const formats = queries.map(({ formatId }) => formatId);
  const repeated = formats.find((format, index) => formats.indexOf(format) !== index);
  if (repeated !== undefined)
    throw new TypeError(`the service ${JSON.stringify(path)} has two query handlers for the format ${JSON.stringify(repeated)}`);
}

/** The path as a URL has it, so that it can be compared with those of requests. */
function normalizePath(path: string): string {
  const base = "http://host";
  const url = path.startsWith("/") && !path.startsWith("//") ? new URL(path, base) : undefined;
  if (url === undefined || url.search !== "" || url.hash !== "")
    throw new TypeError(
      `the path of a service has to start with one slash and have neither query nor fragment, found ${JSON.stringify(path)}`,
    );
  return url.pathname;
}

/** Whether a service serves a collection. */
export function serves({ collections }: Service, name: string): boolean {
  return collections === undefined || collections.includes(name);
}
