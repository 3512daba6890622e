/** Which services are at which path. */

import type { MessageFormat } from "../http/headers.js";
import type { TaxiiVersion } from "../message/ids.js";
import { bindingIds, versionsOf } from "./bindings.js";
import type { Service } from "./service.js";

/** The services at a path. */
export interface Route {
  readonly services: readonly Service[];
  /** Versions that any of them speaks. */
  readonly versions: readonly TaxiiVersion[];
  /** Whether all of them turn away anonymous peers. */
  readonly requiresAccount: boolean;
}

/** The services of a server, as requests find them. */
export interface Routes {
  /** In the order they were given. */
  readonly services: readonly Service[];
  readonly byPath: ReadonlyMap<string, Route>;
  /** Message bindings that are spoken. */
  readonly messageBindings: readonly string[];
}

/** @throws TypeError when two services of one type share a path */
export function routesOf(services: readonly Service[], formats: readonly MessageFormat[]): Routes {
  const byPath = new Map<string, Service[]>();
  for (const service of services) {
    if (service.path === undefined) continue;
    const sharing = byPath.get(service.path) ?? [];
    if (sharing.some(({ type }) => type === service.type))
      throw new TypeError(`there are two ${service.type} services under ${service.path}`);
    byPath.set(service.path, [...sharing, service]);
  }
  const served = services.filter(({ path }) => path !== undefined);
  const routes = [...byPath].map(([path, sharing]): [string, Route] => [path, routeTo(sharing)]);
  return { services: [...services], byPath: new Map(routes), messageBindings: bindingIds(versionsOf(served), formats) };
}

function routeTo(services: readonly Service[]): Route {
  return { services, versions: versionsOf(services), requiresAccount: services.every(({ requiresAccount }) => requiresAccount) };
}
