/** Who evaluates queries on a server that was configured: each service has its handlers, and so has what works for it later. */

import type { Vocabulary } from "../../query/index.js";
import { given } from "../../server/given.js";
import { type DefaultQueryOptions, defaultQuery, type QueryHandler } from "../../server/index.js";
import type { ServiceRecord } from "../../storage/index.js";
import type { ServerConfig } from "./config/schema.js";
import { queriesOfServices } from "./config/services.js";

type QueriesConfig = Pick<ServerConfig, "queries" | "services">;

/** What one service takes. */
interface Wishes extends Omit<DefaultQueryOptions, "limits"> {
  readonly maxCriteria?: number | undefined;
}

/** The query handlers of all services. Services that take the same share one. */
export class ServiceQueryHandlers {
  readonly #config: ServerConfig["queries"];
  readonly #own: ServerConfig["queries"]["services"];
  readonly #made = new Map<string, QueryHandler>();

  constructor({ queries, services }: QueriesConfig) {
    this.#config = queries;
    this.#own = { ...queries.services, ...(services === undefined ? {} : queriesOfServices(services)) };
  }

  /** The handlers of a service. */
  of({ id }: Pick<ServiceRecord, "id">): readonly QueryHandler[] {
    const wishes = this.#wishesOf(id);
    if (wishes === undefined) return [];
    const key = JSON.stringify(wishes);
    const handler = this.#made.get(key) ?? handlerFor(wishes);
    this.#made.set(key, handler);
    return [handler];
  }

  /** The vocabularies of all services, each with the regions that one of them searches. */
  get vocabularies(): readonly Vocabulary[] {
    const own = Object.values(this.#own).flatMap((wishes) => (typeof wishes === "object" ? (wishes.vocabularies ?? []) : []));
    return [...(this.#config.enabled ? (this.#config.vocabularies ?? []) : []), ...own];
  }

  /** What a service takes; undefined for no queries. */
  #wishesOf(id: string): Wishes | undefined {
    const { enabled, services: _, ...common } = this.#config;
    // Ids are data: `constructor` is none of the configuration.
    const own = Object.hasOwn(this.#own, id) ? this.#own[id] : undefined;
    if (own === false || (own === undefined && !enabled)) return undefined;
    return typeof own === "object" ? { ...common, ...given(own) } : common;
  }
}

function handlerFor({ maxCriteria, ...options }: Wishes): QueryHandler {
  return defaultQuery({ ...options, limits: maxCriteria === undefined ? {} : { maxCriteria } });
}
