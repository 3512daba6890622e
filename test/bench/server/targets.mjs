// What load is put on: node targets.mjs KIND ARGUMENT… → its URL on a line, until it is ended.
//   echo BYTES        bare node:http: reads the body, answers with as many bytes
//   static FILE       bare node:http: answers with a file
//   taxii DATABASE    the server on an SQLite file or a postgres:// address; `memory` for none

import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { pipeline } from "node:stream/promises";

const [kind, argument] = process.argv.slice(2);
const headers = {
  "Content-Type": "application/xml",
  "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1",
  "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
  "X-TAXII-Services": "urn:taxii.mitre.org:services:1.1",
};

const kinds = {
  async echo() {
    const body = Buffer.alloc(Number(argument), "x");
    return bare((request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        Buffer.concat(chunks);
        response.writeHead(200, { ...headers, "Content-Length": body.length }).end(body);
      });
    });
  },
  async static() {
    const { size } = statSync(argument);
    return bare((request, response) => {
      request.resume();
      response.writeHead(200, { ...headers, "Content-Length": size });
      pipeline(createReadStream(argument), response).catch(() => undefined);
    });
  },
  async taxii() {
    const { createServer, discovery, inbox, poll, collectionManagement } = await import("../../../dist/src/server/index.js");
    const { listen } = await import("../../../dist/src/server/node/index.js");
    const storage = await open(argument);
    if ((await storage.collection("feed")) === undefined) await storage.putCollection({ name: "feed" });
    const limits = { maxBlocks: 1_000_000, maxSize: 1_000_000_000 };
    const server = createServer({
      storage,
      services: [
        discovery({ path: "/discovery" }),
        collectionManagement({ path: "/collections" }),
        inbox({ path: "/inbox", keepMessages: "none" }),
        poll({ path: "/poll", asynchronous: "never", ...limits }),
      ],
    });
    return (await listen(server)).url;
  },
};

async function open(database) {
  if (database === "memory") return (await import("../../../dist/src/storage/index.js")).memoryStorage();
  if (database.startsWith("postgres")) return (await import("../../../dist/src/storage/sql/postgres.js")).postgresStorage(database);
  return (await import("../../../dist/src/storage/sql/sqlite.js")).sqliteStorage(database);
}

async function bare(listener) {
  const server = createHttpServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

console.log(await kinds[kind]());
