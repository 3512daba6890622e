import { createServer as createHttpServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { afterEach, expect, test } from "vitest";
import { createClient } from "../../src/client/index.js";
import { requestListener } from "../../src/server/node/index.js";
import { block, createKit, inboxMessage } from "./kit.js";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function listening(listener: RequestListener): Promise<string> {
  const http = createHttpServer(listener);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  open.push(() => new Promise((resolve) => http.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** What a poll at an address gives. */
async function polled(url: string, options: Parameters<typeof createClient>[1] = {}): Promise<number> {
  let count = 0;
  for await (const _ of createClient(url, { endpoint: "service", ...options }).poll("feed")) count++;
  return count;
}

/** A kit with blocks enough for an answer that streams. */
async function filled() {
  const kit = await createKit();
  const blocks = Array.from({ length: 200 }, (_, at) => block(`${at}${"x".repeat(1000)}`));
  await kit.ask("/inbox", inboxMessage(blocks, { destinationCollectionNames: ["feed"] }));
  return kit;
}

test("in Hono", async () => {
  const { server } = await filled();
  const app = new Hono();
  app.get("/health", (c) => c.text("fine"));
  app.all("*", (c) => server.fetch(c.req.raw));
  expect(await polled("http://taxii.test/poll", { fetch: async (request) => app.fetch(request) })).toBe(200);
  expect(await (await app.request("/health")).text()).toBe("fine");
});

test("in Hono, below a path", async () => {
  const { server } = await filled();
  const app = new Hono();
  app.mount("/taxii", server.fetch);
  expect(await polled("http://taxii.test/taxii/poll", { fetch: async (request) => app.fetch(request) })).toBe(200);
});

test("in Express", async () => {
  const { server } = await filled();
  const app = express();
  app.get("/health", (_request, response) => void response.send("fine"));
  app.use(requestListener(server));
  const url = await listening(app);
  expect(await polled(`${url}/poll`)).toBe(200);
  expect(await (await fetch(`${url}/health`)).text()).toBe("fine");
});

test("in Express, below a path", async () => {
  const { server } = await filled();
  const app = express();
  app.use("/taxii", requestListener(server));
  expect(await polled(`${await listening(app)}/taxii/poll`)).toBe(200);
});

test("in Fastify", async () => {
  const { server } = await filled();
  const app = Fastify();
  const taxii = requestListener(server);
  app.get("/health", () => "fine");
  // The body is left to the listener.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.all("/*", (request, reply) => {
    reply.hijack();
    taxii(request.raw, reply.raw);
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  open.push(() => app.close());
  expect(await polled(`${url}/poll`)).toBe(200);
  expect(await (await fetch(`${url}/health`)).text()).toBe("fine");
});
