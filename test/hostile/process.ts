/** A server in a process of its own: how much memory it takes can be told then. Prints its port, and ends when it is told to. */

import { createServer } from "../../src/server/index.js";
import { listen } from "../../src/server/node/index.js";
import { services, storageWithFeeds } from "./services.js";

const server = createServer({
  storage: await storageWithFeeds(),
  services: services(),
  maxRequestBytes: 100 * 1024 * 1024,
  throttle: { maxBytes: 200 * 1024 * 1024 },
  onFailure: ({ error }) => console.log(`failure: ${error instanceof Error ? error.stack : String(error)}`),
});
const { port } = await listen(server, { headersTimeout: 10_000, requestTimeout: 20_000 });
console.log(`port: ${port}`);
