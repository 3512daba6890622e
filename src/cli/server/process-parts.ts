/** What a server and a worker have in common: the database, the log, metrics, and whether they are well. */

import type { Logger } from "pino";
import type { Observer } from "../../server/events.js";
import { type Listening, listen } from "../../server/node/index.js";
import { indexForQueries } from "../../server/query-index.js";
import type { Storage } from "../../storage/index.js";
import type { Environment } from "../environment.js";
import type { ServerConfig } from "./config/schema.js";
import { Readiness } from "./health.js";
import { createLog } from "./log.js";
import { logObserver } from "./log-observer.js";
import { createMetrics, type Metrics } from "./metrics.js";
import { monitorOnly } from "./monitor.js";
import { openStorage } from "./open-storage.js";
import { ServiceQueryHandlers } from "./queries.js";

export interface ProcessParts {
  readonly storage: Storage;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  /** Of all services, and of what is done for them later. */
  readonly queries: ServiceQueryHandlers;
  /** The log's and the metrics'. */
  readonly observers: readonly Observer[];
  /** What has to be closed, in the order it was opened. */
  readonly closing: (() => Promise<void>)[];
}

/**
 * Opens the database, and brings it up to date.
 *
 * @param maxLag milliseconds that deliveries may be late before the process says it is not well
 * @throws StorageError when the database cannot be used
 */
export async function openParts(config: ServerConfig, environment: Environment, maxLag?: number): Promise<ProcessParts> {
  const now = (): number => environment.now().getTime();
  const log = createLog(config.log, environment);
  const storage = await openStorage(config, { onMigrated: (migration) => log.info({ migration }, "database migrated") });
  const metrics = createMetrics(storage, now);
  const parts: ProcessParts = {
    storage,
    log,
    metrics,
    readiness: new Readiness({ storage, maxLag }),
    queries: new ServiceQueryHandlers(config),
    observers: [logObserver(log, config.log), metrics.observer],
    closing: [() => storage.close()],
  };
  await goOn(parts, () => keepIndex(parts));
  return parts;
}

/** Has the database keep the index that the services' queries are for. Content that is there already is found without it. */
async function keepIndex({ storage, queries, log }: ProcessParts): Promise<void> {
  if (!(await indexForQueries(storage, queries.vocabularies))) return;
  const { missing = 0 } = (await storage.index?.state()) ?? {};
  const rest = missing === 0 ? "" : "; taxii reindex has it take in what is missing";
  log.info({ missing }, `the index for queries is about other scopes now${rest}`);
}

/** Goes on with what is open; when that fails, closes it first. */
export async function goOn<T>(parts: ProcessParts, next: () => Promise<T>): Promise<T> {
  try {
    return await next();
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
}

/** Closes what is open, the last first. What cannot be closed is logged, and keeps nothing else open. */
export async function closeParts({ closing, log }: Pick<ProcessParts, "closing" | "log">): Promise<void> {
  for (const close of closing.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      log.error({ error }, "not everything could be closed");
    }
  }
}

/** Opens the listener for operators' programs, where one is configured. */
export async function listenForMonitors(
  { metrics: { host, port } }: Pick<ServerConfig, "metrics">,
  { metrics, readiness, closing }: Pick<ProcessParts, "metrics" | "readiness" | "closing">,
): Promise<Listening | undefined> {
  if (port === undefined) return undefined;
  const listening = await listen(monitorOnly({ metrics, readiness }), { host, port, grace: 1000 });
  closing.push(() => listening.close());
  return listening;
}
