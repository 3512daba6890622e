/** The work that is not done while a peer waits: results for later, deliveries, what is not to be kept any longer. */

import { hostname } from "node:os";
import { DeliveryWorker, RetentionWorker } from "../../delivery/index.js";
import type { Observer } from "../../server/events.js";
import { given } from "../../server/given.js";
import { ResultMaker, type ResultMakerOptions } from "../../server/results/index.js";
import type { Environment } from "../environment.js";
import { mayReadBy } from "./access.js";
import type { ServerConfig } from "./config/schema.js";
import { handlersForLater } from "./later-queries.js";
import type { ProcessParts } from "./process-parts.js";
import { policyOf, transportOptions } from "./pushing.js";
import { currentRecords } from "./services.js";

/** All workers of a process. */
export interface Workers {
  /** Has them look for work at once when something happens in this process. */
  readonly observer: Observer;
  start(): void;
  /** Stops them; what was begun is finished, or given back. */
  stop(): Promise<void>;
}

/**
 * Makes the workers of a process.
 *
 * @throws UsageError for what the configuration says of pushing and cannot be used
 */
export async function createWorkers(
  config: ServerConfig,
  { storage, log, observers, queries }: Pick<ProcessParts, "storage" | "log" | "observers" | "queries">,
  environment: Environment,
): Promise<Workers> {
  const worker = `${hostname()}:${process.pid}:${crypto.randomUUID()}`;
  const interval = config.workers.interval * 1000;
  const lease = config.workers.lease * 1000;
  const now = (): number => environment.now().getTime();
  const onFailure = (error: unknown): void => log.error({ error }, "a worker failed");
  const { attempts, minDelay, maxDelay, maxBlocks, maxSize, perOrigin } = config.push;
  const later = { services: () => currentRecords(config, storage), handlers: queries };
  const match = { strictSubtypes: config.poll.strictSubtypes };
  const delivery = new DeliveryWorker({
    ...(await transportOptions(config.push, environment)),
    storage,
    policy: policyOf(config.push),
    mayRead: mayReadBy(config.accounts, storage),
    concurrency: config.workers.concurrency,
    perOrigin,
    maxBlocks,
    maxSize,
    match,
    retry: { attempts, minDelay: minDelay * 1000, maxDelay: maxDelay * 1000 },
    grace: config.listen.timeouts.grace * 1000,
    handlersFor: handlersForLater("COLLECTION_MANAGEMENT", later),
    interval,
    lease,
    worker: `${worker}:delivery`,
    observers,
    onFailure,
    now,
  });
  const results = new ResultMaker({
    storage,
    limits: partLimitsOf(config.poll),
    handlersFor: handlersForLater("POLL", later),
    match,
    interval,
    lease,
    // Both have to do with results: neither must take the other's lease for its own.
    worker: `${worker}:results`,
    onMade({ id, owner, collection, state, error }) {
      log.info({ result: id, owner, collection, state, reason: error }, "result ready");
      delivery.wake();
    },
    onFailure: ({ error }) => onFailure(error),
    now,
  });
  const retention = new RetentionWorker({
    storage,
    interval: config.retention.interval * 1000,
    receiptDays: config.retention.messageDays,
    onRemoved: (removed) => log.info(removed, "old content removed"),
    onFailure,
    now,
  });
  const all = [results, delivery, retention];
  return {
    observer: {
      contentStored: () => delivery.wake(),
      subscriptionChanged: () => delivery.wake(),
      resultMade: ({ state }) => (state === "PENDING" ? results : delivery).wake(),
    },
    start: () => {
      for (const one of all) one.start();
    },
    stop: async () => {
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}

/** How big parts are, as in the poll services. */
function partLimitsOf({ maxBlocks, maxSize, maxScanned }: ServerConfig["poll"]): ResultMakerOptions["limits"] {
  return given({ maxBlocks, maxSize, maxScanned });
}
