/** Peers that name addresses for the server to connect to: it connects to none that it must not, whatever they are called. */

import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PollRequest, type PushParameter, SubscriptionManagementRequest } from "../../generated/taxii11/index.js";
import { protocols, versionIds } from "../../src/constants.js";
import { type GuardedPushPolicy, type PushPolicyOptions, pushPolicy } from "../../src/delivery/index.js";
import { create } from "../../src/message/create.js";
import type { AnyMessage } from "../../src/message/exchanges.js";
import { collectionManagement, poll, ResultMaker } from "../../src/server/index.js";
import { addBlocks, aWhile, startWorker, stopping, until } from "../delivery/kit.js";
import { write } from "../server/kit.js";
import { expectNoLeak, expectToWork, messageOf, requestBytes, start, type Target } from "./kit.js";
import { path, services } from "./services.js";
import { exchange } from "./wire.js";

/** A port of this machine to which nobody must connect. */
interface Forbidden {
  readonly port: number;
  connections: number;
}

let forbidden: Forbidden;

beforeEach(async () => {
  forbidden = await listenForbidden();
});
afterEach(() => expect(forbidden.connections).toBe(0));

async function listenForbidden(): Promise<Forbidden> {
  const state = { port: 0, connections: 0 };
  const server = createTcpServer((socket) => {
    state.connections += 1;
    socket.destroy();
  });
  // Both families, where there are both.
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.port = (server.address() as AddressInfo).port;
  stopping({ stop: () => new Promise((resolve) => server.close(resolve)) });
  return state;
}

/** Everything is on the list, so that it is only the address that decides. */
function everywhere(options: Partial<PushPolicyOptions> = {}): GuardedPushPolicy {
  const ports = Array.from({ length: 65_535 }, (_, index) => index + 1);
  return pushPolicy({ allow: ["*"], ports, allowHttp: true, ...options });
}

/** A server that pushes what the policy lets it, asynchronous polls included. */
function pushing(policy: GuardedPushPolicy): Promise<Target> {
  const offered = services().filter(({ type }) => type !== "POLL" && type !== "COLLECTION_MANAGEMENT");
  const own = [collectionManagement({ path }), poll({ path, asynchronous: "always" })];
  return start({ server: { push: policy, services: [...offered, ...own] } });
}

async function ask({ port }: Target, message: AnyMessage): Promise<AnyMessage> {
  const [answer] = await exchange(port, requestBytes(write(message)));
  if (answer === undefined) throw new Error("there was no answer");
  expectNoLeak(answer);
  return messageOf(answer);
}

function targetAt(address: string): PushParameter {
  const protocolBinding = /^https:/i.test(address.trim()) ? protocols.https : protocols.http;
  return { protocolBinding, address, messageBinding: versionIds.xml11 };
}

async function subscribe(server: Target, address: string): Promise<string> {
  const request = { action: "SUBSCRIBE", collectionName: "feed", subscriptionParameters: {}, pushParameters: targetAt(address) } as const;
  const reply = await ask(server, create(SubscriptionManagementRequest, request));
  return "statusType" in reply ? reply.statusType : reply.$type;
}

async function pollFor(server: Target, address: string): Promise<AnyMessage> {
  const pollParameters = { allowAsynch: true, deliveryParameters: targetAt(address) };
  return ask(server, create(PollRequest, { collectionName: "feed", pollParameters }));
}

/** Addresses that lead into this machine, its network, or nowhere. PORT is one at which somebody listens. */
const literals = [
  "http://127.0.0.1:PORT/",
  "http://127.0.0.1:PORT/inbox?a=b#c",
  "HTTP://127.0.0.1:PORT/",
  "http://127.1:PORT/",
  "http://127.0.1:PORT/",
  "http://127.255.255.254:PORT/",
  "http://2130706433:PORT/",
  "http://0x7f000001:PORT/",
  "http://0x7f.0.0.0x1:PORT/",
  "http://0177.0.0.1:PORT/",
  "http://017700000001:PORT/",
  "http://0:PORT/",
  "http://0.0.0.0:PORT/",
  "http://１２７.０.０.１:PORT/",
  "http://①②⑦.0.0.1:PORT/",
  "http://127。0。0。1:PORT/",
  "http://%31%32%37.0.0.1:PORT/",
  "http://127.0.0.1.:PORT/",
  "http:\\\\127.0.0.1:PORT\\",
  "http:/127.0.0.1:PORT/",
  "http:127.0.0.1:PORT",
  "http://[::1]:PORT/",
  "http://[::]:PORT/",
  "http://[0:0:0:0:0:0:0:1]:PORT/",
  "http://[::ffff:127.0.0.1]:PORT/",
  "http://[::ffff:7f00:1]:PORT/",
  "http://[::127.0.0.1]:PORT/",
  "http://[64:ff9b::7f00:1]:PORT/",
  "http://[2002:7f00:1::]:PORT/",
  "http://[fe80::1]:PORT/",
  "http://[fd00:ec2::254]/latest/meta-data/",
  "http://169.254.169.254/latest/meta-data/",
  "http://[::ffff:169.254.169.254]/latest/meta-data/",
  "http://2852039166/latest/meta-data/",
  "http://100.100.100.200/latest/meta-data/",
  "http://10.0.0.1/",
  "http://192.168.0.1/",
  "http://172.16.0.1/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
  "https://127.0.0.1:PORT/",
  "https://127.0.0.1/",
] as const;

/** Addresses that say one thing and mean another, or are none. */
const tricks = [
  "http://allowed.example@127.0.0.1:PORT/",
  "http://127.0.0.1:PORT@allowed.example/",
  "http://user:secret@allowed.example/",
  "http://allowed.example.:PORT/",
  "file:///etc/passwd",
  "gopher://127.0.0.1:PORT/_x",
  "ftp://127.0.0.1:PORT/",
  "ldap://127.0.0.1:PORT/",
  "data:,x",
  "javascript:alert(1)",
  "unix:/var/run/docker.sock",
  "http+unix://%2fvar%2frun%2fdocker.sock/",
  "//127.0.0.1:PORT/",
  "/taxii",
  "127.0.0.1:PORT",
  "http://",
  "http://[::1",
  "http://127.0.0.1:99999/",
  "http://allowed.example:PORT\r\nX-Evil: yes/\u0085",
  `http://allowed.example/${"a".repeat(100_000)}`,
] as const;

const at = (address: string): string => address.replaceAll("PORT", String(forbidden.port));

describe("an address to push to", () => {
  test("[SEC-PUSH-001] [SVC-SUB-026] is denied when it leads inside, in whatever notation", async () => {
    const server = await pushing(everywhere());
    startWorker(server.storage, { policy: everywhere() });
    for (const address of literals) expect([address, await subscribe(server, at(address))]).toEqual([address, "DENIED"]);
    await addBlocks(server.storage, ["a"]);
    await aWhile();
    expect(await server.storage.subscriptions.find({})).toEqual([]);
    await expectToWork(server);
  });

  test("[SEC-PUSH-001] is denied when it is not what it says", async () => {
    const server = await pushing(everywhere());
    for (const address of tricks) expect(["DENIED", "BAD_MESSAGE"], address).toContain(await subscribe(server, at(address)));
    expect(await server.storage.subscriptions.find({})).toEqual([]);
    await expectToWork(server);
  });

  test("[SEC-PUSH-002] is denied when it is not on the list, and one on the list is not denied", async () => {
    const server = await pushing(pushPolicy({ allow: ["https://allowed.example/inbox"] }));
    const others = ["https://evil.example/", "https://allowed.example.evil.example/inbox", "https://allowed.example:8443/inbox"];
    const paths = ["https://allowed.example/inbox/../x", "https://allowed.example/inbox/..%2f..%2fx", "https://allowed.example/"];
    for (const address of [...others, ...paths]) expect([address, await subscribe(server, address)]).toEqual([address, "DENIED"]);
    expect(await subscribe(server, "http://allowed.example/inbox")).toBe("UNSUPPORTED_PROTOCOL");
    expect(await subscribe(server, "https://allowed.example/inbox")).toBe("taxii11.SubscriptionManagementResponse");
  });

  test("[SEC-PUSH-001] is not pushed to for a poll either; the poller has to come for its result", async () => {
    const server = await pushing(everywhere());
    await addBlocks(server.storage, ["a"]);
    startWorker(server.storage, { policy: everywhere() });
    const maker = new ResultMaker({ storage: server.storage, interval: 5 });
    maker.start();
    stopping(maker);
    for (const address of [...literals, ...tricks.slice(0, 4)]) {
      const reply = await pollFor(server, at(address));
      if (!("statusType" in reply)) throw new Error(`${address} was answered ${reply.$type}`);
      expect(["PENDING", "BAD_MESSAGE", "DENIED"], address).toContain(reply.statusType);
      if (reply.statusType === "PENDING") expect(write(reply), address).toMatch(/WILL_PUSH"\s*>\s*false\s*</);
    }
    await aWhile();
  });
});

describe("a name that leads inside", () => {
  const inside = ["127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1", "10.0.0.1", "0.0.0.0", "fe80::1%lo", "not an address", ""];

  test.each(inside)("[SEC-PUSH-001] is not connected to when it stands for %j", async (address) => {
    const server = await pushing(everywhere());
    expect(await subscribe(server, `http://rebind.example:${forbidden.port}/`)).toBe("taxii11.SubscriptionManagementResponse");
    const asked: string[] = [];
    const worker = startWorker(server.storage, {
      policy: everywhere(),
      resolve: async (name) => {
        asked.push(name);
        return [address];
      },
    });
    await addBlocks(server.storage, ["a"]);
    await until(() => worker.told.failed.length > 1, "two refusals");
    expect(new Set(asked)).toEqual(new Set(["rebind.example"]));
    expect(worker.told.delivered).toEqual([]);
  });

  test("[SEC-PUSH-001] is not connected to when it does so only sometimes, or among others", async () => {
    const server = await pushing(everywhere());
    await subscribe(server, `http://rebind.example:${forbidden.port}/`);
    // Nothing is at this address: a documentation network that the operator allows here stands for the public one.
    const policy = everywhere({ allowPrivate: ["192.0.2.0/24"] });
    let asked = 0;
    const worker = startWorker(server.storage, {
      policy,
      connectTimeout: 30,
      timeout: 200,
      resolve: async () => {
        asked += 1;
        return asked % 3 === 0 ? ["127.0.0.1"] : asked % 3 === 1 ? ["192.0.2.1"] : ["192.0.2.1", "127.0.0.1"];
      },
    });
    await addBlocks(server.storage, ["a"]);
    await until(() => worker.told.failed.length > 6, "several failures");
    expect(worker.told.delivered).toEqual([]);
    expect(asked).toBeGreaterThan(6);
  });
});

describe("an inbox that is allowed", () => {
  test("[SEC-PUSH-001] cannot send the server on to another one", async () => {
    const seen: string[] = [];
    const redirecting = createHttpServer((request, response) => {
      seen.push(request.url ?? "");
      request.resume();
      const status = [301, 302, 303, 307, 308][seen.length % 5] ?? 307;
      const location = `http://127.0.0.1:${forbidden.port}/`;
      response.writeHead(status, { Location: location, Refresh: `0;url=${location}`, "Alt-Svc": `h2="127.0.0.1:${forbidden.port}"` }).end();
    });
    await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.1", resolve));
    stopping({ stop: () => new Promise((resolve) => redirecting.close(resolve).closeAllConnections()) });
    const policy = everywhere({ allowPrivate: ["127.0.0.1"] });
    const server = await pushing(policy);
    await subscribe(server, `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/inbox`);
    const worker = startWorker(server.storage, { policy });
    await addBlocks(server.storage, ["a"]);
    await until(() => worker.told.failed.length > 5, "several failures");
    expect(new Set(seen)).toEqual(new Set(["/inbox"]));
  });

  test("[SEC-PUSH-001] is not pushed to any more once the policy says so", async () => {
    const server = await pushing(everywhere({ allowPrivate: ["127.0.0.1"] }));
    expect(await subscribe(server, `http://127.0.0.1:${forbidden.port}/`)).toBe("taxii11.SubscriptionManagementResponse");
    const worker = startWorker(server.storage, { policy: everywhere() });
    await addBlocks(server.storage, ["a"]);
    await until(() => worker.told.failed.length > 1, "two refusals");
    expect(worker.told.delivered).toEqual([]);
  });
});
