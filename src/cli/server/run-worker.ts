/** Workers in a process of their own. */

import type { Environment } from "../environment.js";
import type { ServerConfig } from "./config/schema.js";
import { closeParts, goOn, listenForMonitors, openParts } from "./process-parts.js";
import { createWorkers } from "./workers.js";

/** Workers that run. */
export interface RunningWorkers {
  /** Where operators' programs reach them. */
  readonly monitorUrl: string | undefined;
  /** Finishes what was begun, or gives it back, and closes the database. */
  close(): Promise<void>;
}

/**
 * Opens the database and starts the workers.
 *
 * @throws UsageError when something the configuration names cannot be used
 * @throws StorageError when the database cannot be used
 */
export async function startWorkers(config: ServerConfig, environment: Environment): Promise<RunningWorkers> {
  const parts = await openParts(config, environment, config.health.maxLag * 1000);
  const { log, readiness, closing } = parts;
  const monitorUrl = await goOn(parts, async () => {
    const workers = await createWorkers(config, parts, environment);
    const monitor = await listenForMonitors(config, parts);
    closing.push(() => workers.stop());
    workers.start();
    return monitor?.url;
  });
  log.info({ monitor: monitorUrl }, "working");
  return {
    monitorUrl,
    async close() {
      readiness.drain();
      log.info("stopping");
      await closeParts(parts);
      log.info("stopped");
    },
  };
}
