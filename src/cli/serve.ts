/** `taxii serve`: a server out of a configuration. */

import { collectionManagement, createServer, discovery, inbox, poll, type Service } from "../server/index.js";
import { listen } from "../server/node.js";
import { sqliteStorage } from "../storage/sql/sqlite.js";
import type { ServeConfig } from "./serve-config.js";

/** A server that runs. */
export interface RunningServer {
  /** Where it listens: `http://127.0.0.1:9000`. */
  readonly url: string;
  /** The addresses of its services, as it tells others. */
  readonly services: readonly { readonly type: Service["type"]; readonly address: string }[];
  /** Answers the requests that are under way, then stops. */
  close(): Promise<void>;
}

/**
 * Opens the database, makes the collections known, and takes connections.
 *
 * @throws Error of node:net when it cannot listen, such as `EADDRINUSE`
 * @throws StorageError when the database cannot be used
 */
export async function startServer(config: ServeConfig): Promise<RunningServer> {
  const storage = sqliteStorage(config.database);
  try {
    for (const collection of config.collections) await storage.putCollection(collection);
    const { host, port, publicUrl, maxRequestBytes } = config;
    const server = createServer({
      storage,
      services: servicesOf(config),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(maxRequestBytes === undefined ? {} : { maxRequestBytes }),
    });
    const listening = await listen(server, { host, port });
    const base = (publicUrl ?? listening.url).replace(/\/+$/, "");
    return {
      url: listening.url,
      services: server.services.map(({ type, path }) => ({ type, address: `${base}${path}` })),
      async close() {
        await listening.close();
        await storage.close();
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

function servicesOf({ services, collections }: ServeConfig): Service[] {
  // Not whatever else is in the database: collections that were taken out of the configuration are not served.
  const names = collections.map(({ name }) => name);
  return [
    discovery({ path: services.discovery }),
    collectionManagement({ path: services.collectionManagement, collections: names }),
    inbox({ ...services.inbox, collections: names }),
    poll({ path: services.poll, collections: names }),
  ];
}
