/** Services: what is offered under which path. */

import type { ContentBindingId, ContentBindingIdInit, ServiceType } from "../../generated/taxii11/index.js";
import type { Handler } from "./handler.js";

/** A service of a server. Made by `discovery`, `collectionManagement`, `inbox` and `poll`. */
export interface Service {
  readonly type: ServiceType;
  /** Path of its address, as URLs have it: starts with a slash, special characters are escaped. */
  readonly path: string;
  /** In the order they run; the last ones are the service's own. */
  readonly handlers: readonly Handler[];
  /** For people; Message of its record in discovery. */
  readonly description: string | undefined;
  /** Names of the collections it serves; undefined for all. */
  readonly collections: readonly string[] | undefined;
  /** What content an inbox takes; empty for any. */
  readonly contentBindings: readonly ContentBindingId[];
}

/** What every service can be given. */
export interface ServiceOptions {
  /** Path of its address; compared exactly. Several services may share one. */
  readonly path: string;
  /** Handlers that run before the service's own, the first one outermost. Default: none. */
  readonly handlers?: readonly Handler[];
  /** For people; Message of its record in discovery. */
  readonly description?: string;
}

/** What services that serve collections can be given as well. */
export interface CollectionServiceOptions extends ServiceOptions {
  /** Names of the collections it serves. Default: all in the storage. */
  readonly collections?: readonly string[];
}

/** What makes up a service beside its options. */
export interface ServiceDefinition {
  readonly type: ServiceType;
  readonly handlers: readonly Handler[];
  readonly contentBindings?: readonly ContentBindingIdInit[] | undefined;
}

/**
 * Makes a service.
 *
 * @throws TypeError when the path is none
 */
export function defineService(options: CollectionServiceOptions, { type, handlers, contentBindings = [] }: ServiceDefinition): Service {
  return {
    type,
    path: normalizePath(options.path),
    handlers: [...(options.handlers ?? []), ...handlers],
    description: options.description,
    collections: options.collections,
    contentBindings: contentBindings.map(({ bindingId, subtypes = [] }) => ({ bindingId, subtypes: [...subtypes] })),
  };
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
