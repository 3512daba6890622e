// One server of the poll benchmark in a process of its own: node poll-server.mjs static|taxii FILE → its URL on a line, until it is ended.
// `static` sends the file as it is, but for the id it answers to; `taxii` is this package's server on SQLite with the same blocks.

import { once } from "node:events";
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [kind, file] = process.argv.slice(2);
console.log(await (kind === "static" ? serveFile() : serveTaxii()));

async function serveFile() {
  const answered = 'in_response_to="';
  const head = readFileSync(file, { encoding: "utf8" }).slice(0, 4096);
  const from = head.indexOf(answered) + answered.length;
  const to = head.indexOf('"', from);
  const rest = Buffer.byteLength(head.slice(0, to));
  const server = createHttpServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const id = /message_id="([^"]*)"/.exec(Buffer.concat(chunks).toString())?.[1] ?? "0";
    const start = Buffer.from(head.slice(0, from) + id);
    response.writeHead(200, {
      "Content-Type": "application/xml",
      "Content-Length": start.length + statSync(file).size - rest,
      "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1",
      "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
      "X-TAXII-Services": "urn:taxii.mitre.org:services:1.1",
    });
    response.write(start);
    createReadStream(file, { start: rest }).pipe(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}/poll`;
}

async function serveTaxii() {
  const { readMessageStream } = await import("../../dist/src/index.js");
  const { messages } = await import("../../dist/generated/taxii11/index.js");
  const { createClient } = await import("../../dist/src/client/node/index.js");
  const { createServer, discovery, inbox, poll } = await import("../../dist/src/server/index.js");
  const { listen } = await import("../../dist/src/server/node/index.js");
  const { sqliteStorage } = await import("../../dist/src/storage/sql/sqlite.js");
  const folder = mkdtempSync(join(tmpdir(), "taxii-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.on("SIGTERM", () => process.exit(0));
  const storage = await sqliteStorage(join(folder, "bench.db"));
  await storage.putCollection({ name: "indicators", type: "DATA_FEED", description: "" });
  const services = [discovery({ path: "/discovery" }), inbox({ path: "/inbox" }), poll({ path: "/poll" })];
  const { url } = await listen(createServer({ storage, services }), { host: "127.0.0.1", port: 0 });
  const { blocks } = await readMessageStream(messages, createReadStream(file));
  await createClient(new URL("/inbox", url).href, { endpoint: "service" }).push(blocks, { collection: "indicators" });
  return new URL("/poll", url).href;
}
