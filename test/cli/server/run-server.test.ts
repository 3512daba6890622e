import { writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import { hashPassword } from "../../../src/accounts/index.js";
import { UsageError } from "../../../src/cli/failure.js";
import { openStorage } from "../../../src/cli/server/open-storage.js";
import { startServer } from "../../../src/cli/server/run-server.js";
import { basic, createClient } from "../../../src/client/node/index.js";
import type { AccountRecord, ServiceRecord, Storage } from "../../../src/storage/index.js";
import { createAuthority } from "../../support/certificates.js";
import { testEnvironment } from "../environment.js";
import { closeLater, configOf, folder, forget, startTestServer } from "./kit.js";

const block = (text: string) => ({ contentBinding: { bindingId: "urn:x" }, content: { text } });

async function texts(blocks: AsyncIterable<{ readonly content: unknown }>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { content } of blocks) found.push(content);
  return found;
}

async function prepare(database: Parameters<typeof openStorage>[0], work: (storage: Storage) => Promise<unknown>): Promise<void> {
  const storage = await openStorage(database);
  await work(storage);
  await storage.close();
}

function account(name: string, given: Partial<AccountRecord>): AccountRecord {
  return { name, passwordHash: undefined, admin: false, disabled: false, permissions: {}, certificates: [], ...given };
}

function service(id: string, type: ServiceRecord["type"], address: string): ServiceRecord {
  return {
    ...{
      id,
      type,
      address,
      description: undefined,
      available: true,
      requiresAccount: false,
      versions: ["1.1"],
      protocolBindings: undefined,
    },
    ...{ collections: undefined, advertised: undefined, contentBindings: [], destination: undefined, requiresSubscription: undefined },
    ...{ maxBlocks: undefined, subscriptions: undefined, subscriptionMessage: undefined },
  };
}

describe("a server out of a configuration", () => {
  it("serves its collections only, and keeps content across restarts", async () => {
    const config = await configOf({ collections: [{ name: "indicators" }], services: { discovery: "/" } });
    await prepare(config, (storage) => storage.putCollection({ name: "removed" }));
    const { server: first } = await startTestServer(config);
    expect(first.services).toContainEqual({ type: "DISCOVERY", address: `${first.url}/` });
    const client = createClient(first.url);
    expect((await client.collections()).map(({ collectionName }) => collectionName)).toEqual(["indicators"]);
    await client.push([block("kept")], { collection: "indicators" });
    await expect(client.push([block("lost")], { collection: "removed" })).rejects.toMatchObject({ cause: { code: "NOT_FOUND" } });
    const taken = { ...config, listen: { ...config.listen, port: Number(new URL(first.url).port) } };
    await expect(startServer(taken, testEnvironment())).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.close();
    forget(first);
    const { server: second } = await startTestServer({ ...config, publicUrl: "https://taxii.example.com/", insecure: true });
    expect(second.services[0]).toEqual({ type: "DISCOVERY", address: "https://taxii.example.com/" });
    const { server: third } = await startTestServer(config);
    expect(await texts(createClient(third.url).poll("indicators"))).toEqual([{ text: "kept" }]);
  });

  it("refuses to start when that is not safe", async () => {
    const config = await configOf({ listen: { host: "0.0.0.0", port: 0 } });
    const error: unknown = await startServer(config, testEnvironment()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain("clear text");
  });

  it("does with subscriptions, volumes, subtypes and long heads what is configured", async () => {
    const { server } = await startTestServer({
      listen: { port: 0, maxHeaderSize: 2048 },
      services: { discovery: "/" },
      collections: [{ name: "a" }],
      collectionManagement: { volume: "blocks", maxPerAccount: 1 },
      poll: { strictSubtypes: true },
    });
    const client = createClient(server.url);
    await client.push([block("one"), block("two")], { collection: "a" });
    expect(await client.collections()).toMatchObject([{ collectionVolume: 2 }]);
    const contentBindings = [{ bindingId: "urn:x", subtypes: [{ subtypeId: "urn:s" }] }];
    expect(await texts(client.poll("a", { contentBindings }))).toEqual([]);
    await client.subscribe("a");
    await expect(client.subscribe("a", { contentBindings })).rejects.toMatchObject({ code: "DENIED" });
    expect((await fetch(server.url, { headers: { "x-long": "x".repeat(3000) } })).status).toBe(431);
  });

  it("refuses push patterns that are none", async () => {
    const config = await configOf({ push: { allow: ["*.*"] } });
    await expect(startServer(config, testEnvironment())).rejects.toThrow(/^push: /);
  });

  it("takes services of the database as soon as there are any, and notices changes", async () => {
    const { server, config, log } = await startTestServer({ collections: [] });
    expect(server.services).toHaveLength(4);
    await prepare(config, ({ directory }) => directory.putService(service("d", "DISCOVERY", "/here")));
    await server.reload();
    expect(server.services).toEqual([{ type: "DISCOVERY", address: `${server.url}/here` }]);
    await prepare(config, ({ directory }) => directory.putService(service("twin", "DISCOVERY", "/here")));
    await server.reload();
    expect(server.services).toHaveLength(1);
    expect(log().filter(({ level }) => level === "error")).toMatchObject([{ msg: expect.stringContaining("could not be read again") }]);
  });

  it("answers what is under way, then nothing more, and says so before", async () => {
    const { server, config, log } = await startTestServer({ collections: [{ name: "a" }] });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.close();
    forget(server);
    await expect(fetch(`${server.url}/readyz`)).rejects.toThrow();
    expect(log().map(({ msg }) => msg)).toEqual(expect.arrayContaining(["listening", "stopping", "stopped"]));
    await prepare(config, (storage) => storage.ping());
  });
});

describe("accounts", () => {
  it("decide what a peer sees; anonymous peers see what is for everybody", async () => {
    const config = await configOf({
      collections: [{ name: "open" }, { name: "closed" }],
      accounts: { authentication: "accounts", anonymous: { open: ["read"] } },
    });
    const passwordHash = await hashPassword("correct horse");
    await prepare(config, ({ directory }) =>
      directory.putAccount(account("alice", { passwordHash, permissions: { closed: ["read", "write"] } })),
    );
    const { server, log, environment } = await startTestServer(config);
    const url = `${server.url}/taxii-discovery-service/`;
    const names = async (auth?: ReturnType<typeof basic>) =>
      (await createClient(url, { auth, cleartextAuth: true }).collections()).map(({ collectionName }) => collectionName);
    expect(await names()).toEqual(["open"]);
    expect((await names(basic("alice", "correct horse"))).sort()).toEqual(["closed", "open"]);
    await expect(names(basic("alice", "battery staple"))).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    const refused = await fetch(url, { method: "POST", headers: { authorization: "Basic eDp5" }, body: "x" });
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="taxii", charset="UTF-8"']);
    expect(log().filter(({ msg }) => msg === "login failed")).toMatchObject([
      { account: "alice", address: "127.0.0.1", reason: "password" },
      { account: "x", reason: "unknown" },
    ]);
    for (const secret of ["correct horse", "battery staple", passwordHash, "eDp5"]) expect(environment.err).not.toContain(secret);
  });

  it("are pointed out when there are none", async () => {
    const { log } = await startTestServer({ accounts: { authentication: "accounts" } });
    expect(log()).toContainEqual(expect.objectContaining({ level: "warn", msg: expect.stringContaining("no accounts yet") }));
  });
});

describe("TLS", () => {
  const authority = createAuthority("Test authority");

  function files(name: string) {
    const { cert, key } = authority.issue({ name: "localhost", hosts: ["127.0.0.1"] });
    const paths = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`), ca: join(folder, "ca.pem") };
    writeFileSync(paths.certificate, cert);
    writeFileSync(paths.key, key);
    writeFileSync(paths.ca, authority.cert);
    return paths;
  }

  /** The serial number of the certificate that is shown to a new connection. */
  function serialOf(url: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(url, { ca: authority.cert, agent: false }, (response) => {
        const { socket } = response;
        resolve(socket instanceof TLSSocket ? socket.getPeerCertificate().serialNumber : "clear text");
        response.resume();
      });
      sent.once("error", reject);
      sent.end();
    });
  }

  it("[HTTP-AUTH-004] with client certificates that are accounts", async () => {
    const tls = { ...files("server"), clientCertificates: "request" };
    const config = await configOf({
      listen: { port: 0, tls },
      collections: [{ name: "a" }],
      accounts: { authentication: "accounts" },
    });
    await prepare(config, ({ directory }) =>
      directory.putAccount(account("alice", { certificates: ["cn:alice"], permissions: { a: ["read"] } })),
    );
    const { server } = await startTestServer(config);
    expect(server.url).toMatch(/^https:/);
    const client = authority.issue({ name: "alice" });
    const names = async (own: object) =>
      (await createClient(`${server.url}/taxii-discovery-service/`, { tls: { ca: authority.cert, ...own } }).collections()).map(
        ({ collectionName }) => collectionName,
      );
    expect(await names(client)).toEqual(["a"]);
    expect(await names({})).toEqual([]);
  });

  it("is read again on demand; what cannot be read leaves things as they were", async () => {
    const tls = files("renewed");
    const { server, log } = await startTestServer({ listen: { port: 0, tls: { certificate: tls.certificate, key: tls.key } } });
    const before = await serialOf(`${server.url}/healthz`);
    files("renewed");
    await server.reload();
    const behind = await serialOf(`${server.url}/healthz`);
    expect(behind).not.toBe(before);
    writeFileSync(tls.certificate, "no certificate");
    await server.reload();
    expect(await serialOf(`${server.url}/healthz`)).toBe(behind);
    expect(log()).toContainEqual(expect.objectContaining({ level: "error", msg: expect.stringContaining("could not be read again") }));
  });

  it("needs files that are there", async () => {
    const config = await configOf({ listen: { port: 0, tls: { certificate: "/nonexistent/a.pem", key: "/nonexistent/a.key" } } });
    await expect(startServer(config, testEnvironment())).rejects.toThrow("/nonexistent/a.pem: there is no such file");
  });
});

it("a listener of its own tells of health and metrics; the server's port then tells of health only", async () => {
  const { server } = await startTestServer({ metrics: { port: 0 }, collections: [{ name: "a" }] });
  await createClient(`${server.url}/taxii-discovery-service/`).collections();
  const metrics = await fetch(`${server.monitorUrl}/metrics`);
  expect(metrics.headers.get("content-type")).toContain("version=0.0.4");
  const text = await metrics.text();
  expect(text).toContain('taxii_requests_total{exchange="Discovery_Request",version="1.1",status="none",http="200"} 1');
  expect(text).toContain("taxii_storage_up 1");
  expect(text).toContain("process_cpu_seconds_total");
  expect((await fetch(`${server.monitorUrl}/readyz`)).status).toBe(200);
  expect((await fetch(`${server.monitorUrl}/services/poll`)).status).toBe(404);
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

it("what is pushed here goes on to subscribers, by workers of the server or alone", async () => {
  const subscriber = await startTestServer({ collections: [{ name: "copies" }] });
  const { startWorkers } = await import("../../../src/cli/server/run-worker.js");
  for (const inProcess of [true, false]) {
    const config = await configOf({
      collections: [{ name: "a" }],
      push: { allow: [subscriber.server.url], allowHttp: true, allowPrivate: ["127.0.0.0/8"] },
      workers: { inProcess, interval: 0.05 },
    });
    const { server } = await startTestServer(config);
    if (!inProcess) closeLater(await startWorkers(config, testEnvironment()));
    const client = createClient(`${server.url}/taxii-discovery-service/`);
    const inbox = `${subscriber.server.url}/services/inbox`;
    const deliverTo = {
      protocolBinding: "urn:taxii.mitre.org:protocol:http:1.0",
      address: inbox,
      messageBinding: "urn:taxii.mitre.org:message:xml:1.1",
    };
    await client.subscribe("a", { deliverTo });
    await client.push([block(`by a worker, in process: ${inProcess}`)], { collection: "a" });
    const copies = createClient(`${subscriber.server.url}/taxii-discovery-service/`);
    await expect.poll(async () => (await texts(copies.poll("copies"))).length, { timeout: 20_000 }).toBe(inProcess ? 1 : 2);
  }
}, 60_000);
