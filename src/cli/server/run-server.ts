/** A server out of a configuration. */

import { setTimeout as delay } from "node:timers/promises";
import type { Observer } from "../../server/events.js";
import { given } from "../../server/given.js";
import { createServer, type Server, type Service } from "../../server/index.js";
import { type Listening, listen } from "../../server/node/index.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { authenticateBy, authorizeBy, challengeOf } from "./access.js";
import { dangersOf } from "./config/safety.js";
import type { ServerConfig } from "./config/schema.js";
import { answerMonitor } from "./monitor.js";
import { closeParts, goOn, listenForMonitors, openParts, type ProcessParts } from "./process-parts.js";
import { policyOf } from "./pushing.js";
import { currentServices, putCollections } from "./services.js";
import { readTls } from "./tls-files.js";
import { DirectoryWatch } from "./watch.js";
import { createWorkers, type Workers } from "./workers.js";

/** A server that runs. */
export interface RunningServer {
  /** Where it listens: `http://127.0.0.1:9000`. */
  readonly url: string;
  /** Where operators' programs reach it, where that is elsewhere. */
  readonly monitorUrl: string | undefined;
  /** The addresses of its services, as it tells others. */
  readonly services: readonly { readonly type: Service["type"]; readonly address: string }[];
  /** Reads keys, certificates and services again. Failures are logged, and leave things as they were. */
  reload(): Promise<void>;
  /** Takes no more requests, answers those that are under way, gives back what the workers have, and closes the database. */
  close(): Promise<void>;
}

/** Milliseconds between looks whether the directory has changed. */
const watchInterval = 2000;

/**
 * Opens the database, makes the collections of the configuration known, and takes connections.
 *
 * @throws UsageError when the configuration is not safe, or something it names cannot be used
 * @throws Error of node:net when it cannot listen, such as `EADDRINUSE`
 * @throws StorageError when the database cannot be used
 */
export async function startServer(config: ServerConfig, environment: Environment): Promise<RunningServer> {
  const dangers = dangersOf(config);
  if (dangers.length > 0) throw new UsageError(dangers.join("\n"));
  const parts = await openParts(config, environment);
  return goOn(parts, () => start(config, parts, environment));
}

async function start(config: ServerConfig, parts: ProcessParts, environment: Environment): Promise<RunningServer> {
  const { storage, log, readiness, closing } = parts;
  await putCollections(config, storage);
  // Before the services are read, so that no change is missed in between.
  const revision = await storage.directory.revision();
  const workers = config.workers.inProcess ? await createWorkers(config, parts, environment) : undefined;
  const server = await makeServer(config, parts, workers, environment);
  const monitor = await listenForMonitors(config, parts);
  const watch = new DirectoryWatch(
    {
      directory: storage.directory,
      interval: watchInterval,
      onChange: async () => server.setServices(await currentServices(config, parts)),
      onFailure: (error) => log.error({ error }, "the services could not be read again; the former ones go on"),
    },
    revision,
  );
  closing.push(() => watch.stop());
  const listening = await listenFor(server, config, parts, environment);
  closing.push(() => Promise.all([listening.close(), workers?.stop()]).then(() => undefined));
  workers?.start();
  await warnWithoutAccounts(config, parts);
  log.info({ url: listening.url, monitor: monitor?.url, services: server.services.length }, "listening");
  return {
    url: listening.url,
    monitorUrl: monitor?.url,
    get services() {
      return addressesOf(server, config.publicUrl ?? listening.url);
    },
    async reload() {
      await reloadTls(listening, config, parts, environment);
      await watch.reload();
      log.info("read again");
    },
    async close() {
      readiness.drain();
      log.info("stopping");
      await delay(config.listen.timeouts.drain * 1000);
      await closeParts(parts);
      log.info("stopped");
    },
  };
}

async function makeServer(
  config: ServerConfig,
  parts: ProcessParts,
  workers: Workers | undefined,
  environment: Environment,
): Promise<Server> {
  const { storage, log } = parts;
  const observers: Observer[] = [...parts.observers, ...(workers === undefined ? [] : [workers.observer])];
  const { depth, attributes, textLength, contentLength, items, rate, burst, concurrentPerPeer, concurrent, heldBytes } = config.limits;
  const { push } = config;
  return createServer({
    storage,
    services: await currentServices(config, parts),
    publicUrl: config.publicUrl,
    authenticate: authenticateBy(config.accounts, parts, environment),
    authorize: authorizeBy(config.accounts),
    push: push.allow.length === 0 ? undefined : policyOf(push),
    observers,
    messageBindings: config.messageBindings,
    maxRequestBytes: config.limits.requestBytes,
    limits: given({
      maxDepth: depth,
      maxAttributes: attributes,
      maxTextLength: textLength,
      maxContentLength: contentLength,
      maxItems: items,
    }),
    throttle: { rate, burst, concurrent: concurrentPerPeer, maxRequests: concurrent, maxBytes: heldBytes },
    unauthorizedStatus: config.accounts.unauthorizedStatus,
    challenge: challengeOf(config.accounts),
    onFailure: ({ error, requestId, method, path }) => log.error({ requestId, method, path, error }, "a request failed"),
    now: () => environment.now().getTime(),
  });
}

async function listenFor(server: Server, config: ServerConfig, parts: ProcessParts, environment: Environment): Promise<Listening> {
  const { host, port, tls, timeouts, maxConnections, maxHeaderSize } = config.listen;
  const told = {
    readiness: config.health.onServerPort ? parts.readiness : undefined,
    metrics: config.metrics.onServerPort ? parts.metrics : undefined,
  };
  return listen(
    { handle: async (request) => (await answerMonitor(request, told)) ?? server.handle(request) },
    {
      host,
      port,
      tls: tls === undefined ? undefined : await readTls(tls, environment),
      headersTimeout: timeouts.headers * 1000,
      requestTimeout: timeouts.request * 1000,
      idleTimeout: timeouts.idle * 1000,
      keepAliveTimeout: timeouts.keepAlive * 1000,
      grace: timeouts.grace * 1000,
      maxConnections,
      maxHeaderSize,
      trustedProxies: config.trustedProxies,
      forwardedBy: config.forwardedBy,
      clientCertificateHeader: config.certificateHeader,
    },
  );
}

async function reloadTls(
  listening: Listening,
  { listen: { tls } }: ServerConfig,
  { log }: ProcessParts,
  environment: Environment,
): Promise<void> {
  if (tls === undefined) return;
  try {
    listening.setTls(await readTls(tls, environment));
  } catch (error) {
    log.error({ error }, "key and certificate could not be read again; the former ones go on");
  }
}

async function warnWithoutAccounts({ accounts }: ServerConfig, { storage, log }: ProcessParts): Promise<void> {
  if (accounts.authentication !== "accounts" || (await storage.directory.accounts()).length > 0) return;
  log.warn("there are no accounts yet; taxii account add makes one");
}

function addressesOf({ services }: Server, base: string): RunningServer["services"] {
  const origin = base.replace(/\/+$/, "");
  return services.map(({ type, path, address }) => ({ type, address: address ?? `${origin}${path ?? ""}` }));
}
