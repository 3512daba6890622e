/** Inboxes that misbehave: what was not taken is repeated with the same range, and nothing is lost. */

import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { protocols, versionIds } from "../../src/constants.js";
import { basic } from "../../src/delivery/index.js";
import { afterFailure, defaultDeliveryRetry } from "../../src/delivery/schedule.js";
import { messageHeaders } from "../../src/http/headers.js";
import { TransportError } from "../../src/http/transport-error.js";
import { StatusError } from "../../src/message/status-error.js";
import { StorageError } from "../../src/storage/index.js";
import { createAuthority } from "../support/certificates.js";
import {
  type Answer,
  accept,
  addBlocks,
  answerWith,
  createStorage,
  type Inbox,
  localPolicy,
  rangesOf,
  startInbox,
  startWorker,
  stateOf,
  stopping,
  subscribe,
  targetOf,
  textsOf,
  until,
} from "./kit.js";

const elsewhere: { url: string } = { url: "" };

const misbehaviour: readonly (readonly [string, Answer, RegExp])[] = [
  ["resets the connection", ({ request }) => request.socket.resetAndDestroy(), /could not be reached/],
  ["ends the connection", ({ request }) => request.socket.destroy(), /could not be reached/],
  ["says nothing", () => undefined, /took longer than 300 ms/],
  [
    "never ends its answer",
    ({ response }) => void response.writeHead(200, messageHeaders("1.1", protocols.http)).write("<"),
    /took longer than 300 ms/,
  ],
  ["answers HTTP 500", ({ response }) => void response.writeHead(500).end("oops"), /HTTP 500/],
  ["answers with a page", ({ response }) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>hi"), /web page/],
  [
    "redirects elsewhere",
    ({ response }) => void response.writeHead(307, { location: elsewhere.url }).end(),
    /redirects there are not followed/,
  ],
  ["answers another message", answerWith("SUCCESS", { inResponseTo: "12345" }), /answers message "12345"/],
  ["answers no message in particular", answerWith("SUCCESS", { inResponseTo: "0" }), /answers message "0"/],
  [
    "refuses its account",
    answerWith("UNAUTHORIZED", { message: "who are \u009b31myou?" }),
    /the inbox answered UNAUTHORIZED: who are 31myou\?/,
  ],
  ["denies", answerWith("DENIED"), /the inbox answered DENIED/],
  ["takes other messages", answerWith("UNSUPPORTED_MESSAGE"), /the inbox answered UNSUPPORTED_MESSAGE/],
  ["fails", answerWith("FAILURE"), /the inbox answered FAILURE/],
  [
    "sends a body without end",
    ({ response }) => {
      response.writeHead(200, messageHeaders("1.1", protocols.http));
      response.write(
        '<Status_Message xmlns="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" message_id="1" in_response_to="1" status_type="SUCCESS"><Message>',
      );
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    },
    /too long|too large|limit/i,
  ],
  [
    "inflates its answer",
    ({ response }) => void response.writeHead(200, { ...messageHeaders("1.1", protocols.http), "content-encoding": "gzip" }).end("no gzip"),
    /gzip|compressed/,
  ],
];

describe("an inbox that", () => {
  it.each(misbehaviour)("[SVC-SUBF-010] %s gets the same range again later", async (_, answer, reason) => {
    const storage = await createStorage();
    const trap = await startInbox();
    elsewhere.url = trap.url;
    const inbox = await startInbox((received) => (received.number <= 2 ? answer(received) : accept(received)));
    const subscription = await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a"]);
    const worker = startWorker(storage, { timeout: 300 });
    await until(() => worker.told.failed.length > 0, "a failure");
    await addBlocks(storage, ["b"]);
    await until(() => worker.told.delivered.length === 2, "both deliveries");
    const [first, second, third, fourth] = rangesOf(inbox.messages);
    expect([second, third]).toEqual([first, first]);
    expect(fourth?.[0]).toBe(third?.[1]);
    expect(textsOf(inbox.messages)).toEqual(["a", "a", "a", "b"]);
    expect(worker.told.failed.map(({ attempts }) => attempts)).toEqual([1, 2]);
    expect(worker.told.failed[0]?.error).toBeInstanceOf(Error);
    const noted = afterFailure(worker.told.failed[0]?.error, 0, defaultDeliveryRetry, 0).error;
    expect(noted).toMatch(reason);
    expect(noted).not.toMatch(/\p{Cc}/u);
    expect(await stateOf(storage, subscription)).toMatchObject({ attempts: 0, parked: false, error: undefined });
    expect(trap.received).toEqual([]);
    expect(worker.told.faults).toEqual([]);
  });

  it("[SVC-SUBF-010] fails too often is put aside, and gets everything when an operator takes it up again", async () => {
    const storage = await createStorage();
    const inbox = await startInbox(answerWith("FAILURE", { message: "no" }));
    const subscription = await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a"]);
    const worker = startWorker(storage, { retry: { attempts: 3, minDelay: 1, maxDelay: 2 } });
    await until(async () => (await stateOf(storage, subscription)).parked);
    expect(await stateOf(storage, subscription)).toMatchObject({ attempts: 3, error: "the inbox answered FAILURE: no" });
    expect(worker.told.failed.map(({ attempts, parked }) => [attempts, parked])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    inbox.answer = accept;
    await addBlocks(storage, ["b"]);
    await storage.subscriptions.retry(subscription.id);
    await until(() => worker.told.delivered.length === 2);
    expect(textsOf(inbox.messages.slice(3))).toEqual(["a", "b"]);
  });

  it("answers in the other version is understood", async () => {
    const storage = await createStorage();
    const inbox = await startInbox(({ message, response }) => {
      const xml = `<Status_Message xmlns="http://taxii.mitre.org/messages/taxii_xml_binding-1" message_id="1" in_response_to="${message.messageId}" status_type="SUCCESS"/>`;
      response.writeHead(200, messageHeaders("1.0", protocols.http)).end(xml);
    });
    await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a"]);
    const worker = startWorker(storage);
    await until(() => worker.told.delivered.length === 1);
    expect(worker.told.failed).toEqual([]);
  });
});

describe("the time of the next attempt", () => {
  const now = 1_000_000;
  const delayOf = (error: unknown, before: number): number => afterFailure(error, before, defaultDeliveryRetry, now).notBefore - now;

  it("[SVC-SUBF-010] doubles from five seconds to an hour, give or take a quarter", () => {
    const failure = new TransportError("NETWORK", "gone");
    for (const [before, delay] of [
      [0, 5000],
      [1, 10_000],
      [5, 160_000],
      [9, 2_560_000],
    ] as const) {
      expect(delayOf(failure, before)).toBeGreaterThanOrEqual(delay * 0.75);
      expect(delayOf(failure, before)).toBeLessThanOrEqual(delay * 1.25);
    }
    expect(delayOf(failure, 15)).toBe(3_600_000);
    expect(afterFailure(failure, 19, defaultDeliveryRetry, now)).toMatchObject({ attempts: 20, parked: true });
    expect(afterFailure(failure, 18, defaultDeliveryRetry, now)).toMatchObject({ attempts: 19, parked: false });
  });

  it("[SVC-SUBF-010] is what the inbox asks for, up to a day, and does not count as a failure", () => {
    const retry = (seconds: string): StatusError => new StatusError("RETRY", { details: { ESTIMATED_WAIT: seconds } });
    expect(delayOf(retry("7200"), 0)).toBe(7_200_000);
    expect(delayOf(retry("0"), 3)).toBe(5000);
    expect(delayOf(retry("999999999"), 0)).toBe(24 * 3_600_000);
    expect(afterFailure(retry("60"), 19, defaultDeliveryRetry, now)).toMatchObject({ attempts: 19, parked: false });
    expect(afterFailure(new StatusError("RETRY"), 19, defaultDeliveryRetry, now)).toMatchObject({ attempts: 20, parked: true });
  });

  it("keeps a short, printable text of the failure", () => {
    const { error } = afterFailure(new StatusError("FAILURE", { message: `\u001b[2J${"x".repeat(9999)}` }), 0, defaultDeliveryRetry, now);
    expect(error.length).toBeLessThan(600);
    expect(error).not.toContain("\u001b");
  });
});

describe("connections", () => {
  /** What becomes of a delivery to a name, given what it stands for at each look-up. */
  async function deliverTo(hostname: string, answers: readonly (readonly string[])[], inbox: Inbox) {
    const storage = await createStorage();
    const looked: string[] = [];
    const url = inbox.url.replace("127.0.0.1", hostname);
    const subscription = await subscribe(storage, { ...targetOf(inbox), address: url });
    await addBlocks(storage, ["a"]);
    const worker = startWorker(storage, {
      policy: localPolicy({ allow: [hostname], allowPrivate: ["127.0.0.1"] }),
      resolve: async (name) => {
        looked.push(name);
        return answers[Math.min(looked.length, answers.length) - 1] ?? [];
      },
    });
    await until(() => worker.told.failed.length + worker.told.delivered.length > 0);
    return { storage, subscription, looked, worker };
  }

  it.each([
    ["a private address", ["10.0.0.1"]],
    ["another loopback address", ["127.0.0.2"]],
    ["the metadata service", ["169.254.169.254"]],
    ["loopback of IPv6", ["::1"]],
    ["a mapped address", ["::ffff:10.0.0.1"]],
    ["an address of its own and a private one", ["127.0.0.1", "192.168.1.1"]],
    ["something that is no address", ["localhost"]],
    ["nothing", []],
  ] as const)("[SEC-PUSH-001] are not made to a name that stands for %s", async (_, addresses) => {
    const inbox = await startInbox();
    const { worker } = await deliverTo("inbox.example", [addresses], inbox);
    expect(worker.told.failed[0]?.error).toMatchObject({ message: expect.stringMatching(/must not be connected to|has no address/) });
    expect(inbox.received).toEqual([]);
  });

  it("[SEC-PUSH-001] are made to the address that was judged, of one look-up, with the name as Host", async () => {
    const inbox = await startInbox();
    // Who looked a second time would get another address.
    const { looked, worker } = await deliverTo("inbox.example", [["127.0.0.1"], ["127.0.0.2"]], inbox);
    expect(worker.told.failed).toEqual([]);
    expect(looked).toEqual(["inbox.example"]);
    expect(inbox.received[0]?.request.headers.host).toMatch(/^inbox\.example:\d+$/);
  });

  it("[SEC-PUSH-001] are judged anew each time: a name that moves into a private network gets nothing more", async () => {
    const inbox = await startInbox(({ request }) => request.socket.destroy());
    const { looked, worker } = await deliverTo("inbox.example", [["127.0.0.1"], ["10.0.0.1"]], inbox);
    await until(() => worker.told.failed.length >= 2);
    expect(looked.length).toBeGreaterThanOrEqual(2);
    expect(inbox.received.length).toBe(1);
    expect(worker.told.failed[1]?.error).toMatchObject({ message: "inbox.example is 10.0.0.1, which must not be connected to" });
  });

  it("try the next address of a name when one does not answer", async () => {
    const inbox = await startInbox();
    const storage = await createStorage();
    const address = inbox.url.replace("127.0.0.1", "inbox.example");
    await subscribe(storage, { ...targetOf(inbox), address });
    await addBlocks(storage, ["a"]);
    const policy = localPolicy({ allow: ["inbox.example"] });
    const worker = startWorker(storage, { policy, resolve: async () => ["127.0.0.9", "127.0.0.1"] });
    await until(() => worker.told.delivered.length === 1);
    expect(worker.told.failed).toEqual([]);
  });

  it("[SEC-PUSH-001] go past the proxies of the environment", async () => {
    const inbox = await startInbox();
    const proxied: string[] = [];
    const proxy = createServer((request, response) => {
      proxied.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    stopping({ stop: () => new Promise((resolve) => proxy.close(resolve)) });
    const before = process.env["HTTP_PROXY"];
    process.env["HTTP_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const { worker } = await deliverTo("inbox.example", [["127.0.0.1"]], inbox);
      expect(worker.told.delivered.length).toBe(1);
      expect(proxied).toEqual([]);
    } finally {
      if (before === undefined) delete process.env["HTTP_PROXY"];
      else process.env["HTTP_PROXY"] = before;
    }
  });
});

describe("TLS", () => {
  const authority = createAuthority("Authority of the inbox");
  const server = authority.issue({ name: "inbox", hosts: ["inbox.example"] });
  const client = authority.issue({ name: "the server" });

  /** An inbox on https that asks for a client certificate, and what becomes of a delivery to it. */
  async function deliverOverTls(hostname: string, options: Parameters<typeof startWorker>[1]) {
    const seen: { subject: string | string[] | undefined; authorization: string | undefined; servername: unknown }[] = [];
    const listener = createTlsServer(
      { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const socket = request.socket as import("node:tls").TLSSocket & { servername?: unknown };
        const { CN } = socket.getPeerCertificate().subject ?? {};
        seen.push({ subject: CN, authorization: request.headers.authorization, servername: socket.servername });
        request.resume().on("end", () => response.writeHead(503).end());
      },
    );
    listener.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    stopping({
      stop: () =>
        new Promise((resolve) => {
          listener.close(resolve);
          listener.closeAllConnections();
        }),
    });
    const { port } = listener.address() as AddressInfo;
    const storage = await createStorage();
    await subscribe(storage, {
      protocolBinding: protocols.https,
      address: `https://${hostname}:${port}/inbox`,
      messageBinding: versionIds.xml11,
    });
    await addBlocks(storage, ["a"]);
    const credentials = options?.credentials?.map((entry) => ({ ...entry, match: entry.match.replace("PORT", String(port)) }));
    const worker = startWorker(storage, {
      policy: localPolicy({ allow: ["*.example", "127.0.0.1"] }),
      resolve: async () => ["127.0.0.1"],
      ...options,
      credentials,
    });
    await until(() => worker.told.failed.length > 0);
    return { seen, error: worker.told.failed[0]?.error };
  }

  it("asks for the name, not for the address, and checks the certificate for it", async () => {
    const { seen } = await deliverOverTls("inbox.example", { tls: { ca: authority.cert } });
    expect(seen[0]).toEqual({ subject: undefined, authorization: undefined, servername: "inbox.example" });
    const other = await deliverOverTls("other.example", { tls: { ca: authority.cert } });
    expect(other.seen).toEqual([]);
    expect(other.error).toMatchObject({ code: "TLS" });
  });

  it("trusts nobody but known authorities", async () => {
    const { seen, error } = await deliverOverTls("inbox.example", {});
    expect(seen).toEqual([]);
    expect(error).toMatchObject({ code: "TLS" });
  });

  it("shows a certificate and credentials to the targets they are for, and to no others", async () => {
    const tls = { ca: authority.cert };
    const auth = basic("me", "secret");
    const mine = { match: "inbox.example:PORT", auth, tls: { ...tls, ...client } };
    const { seen } = await deliverOverTls("inbox.example", { tls, credentials: [mine] });
    expect(seen[0]).toMatchObject({ subject: "the server", authorization: `Basic ${btoa("me:secret")}` });
    for (const match of ["inbox.example", "other.example:PORT", "https://inbox.example:PORT/other", "*.inbox.example:PORT"]) {
      const { seen } = await deliverOverTls("inbox.example", { tls, credentials: [{ ...mine, match }] });
      expect(seen[0]).toMatchObject({ subject: undefined, authorization: undefined });
    }
  });
});

describe("credentials", () => {
  it("go over plain http only where the operator says so", async () => {
    const storage = await createStorage();
    const inbox = await startInbox();
    const { port } = new URL(inbox.url);
    await subscribe(storage, targetOf(inbox));
    const auth = basic("me", "secret");
    for (const match of [`127.0.0.1:${port}`, `http://127.0.0.1:${port}/inbox`]) {
      await addBlocks(storage, [match]);
      const worker = startWorker(storage, { credentials: [{ match, auth }] });
      await until(() => worker.told.delivered.length === 1);
      await worker.stop();
    }
    expect(inbox.received.map(({ request }) => request.headers.authorization)).toEqual([undefined, `Basic ${btoa("me:secret")}`]);
  });

  it("are renewed when they are refused, and are in no error", async () => {
    const storage = await createStorage();
    const inbox = await startInbox((received) => {
      const { request, response, number } = received;
      if (request.headers.authorization === "Bearer new") accept(received);
      else if (number === 1) answerWith("UNAUTHORIZED")(received);
      else response.writeHead(500).end(`you said ${request.headers.authorization}`);
    });
    await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a"]);
    const tokens = ["old", "newer-secret", "new"];
    const auth = {
      headers: () => ({ Authorization: `Bearer ${tokens[0]}` }),
      renew: async () => {
        tokens.shift();
        return true;
      },
    };
    const match = new URL(inbox.url).origin;
    const worker = startWorker(storage, { credentials: [{ match, auth }] });
    await until(() => worker.told.failed.length > 0);
    tokens.shift();
    await until(() => worker.told.delivered.length === 1);
    expect(inbox.received[1]?.request.headers.authorization).toBe("Bearer newer-secret");
    expect(String(worker.told.failed[0]?.error)).toContain("HTTP 500");
    expect(String(worker.told.failed[0]?.error)).not.toContain("newer-secret");
  });
});

describe("the storage", () => {
  it("may fail: that is no failure of the inbox, and is reported", async () => {
    const storage = await createStorage();
    const inbox = await startInbox();
    const subscription = await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a"]);
    const horizon = storage.horizon.bind(storage);
    let faults = 3;
    storage.horizon = async (atLeast) => {
      if (faults-- > 0) throw new StorageError("UNAVAILABLE", "the database is away");
      return horizon(atLeast);
    };
    const worker = startWorker(storage);
    await until(() => inbox.received.length === 1);
    expect(worker.told.faults.map(String)).toEqual(Array(3).fill("StorageError: the database is away"));
    expect(worker.told.failed).toEqual([]);
    expect((await stateOf(storage, subscription)).attempts).toBe(0);
  });

  it("may fail while content is sent: the message breaks off, and is sent again", async () => {
    const storage = await createStorage();
    const inbox = await startInbox();
    await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a", "x".repeat(2 * 1024 * 1024), "b"]);
    const content = storage.content.bind(storage);
    let fault = true;
    storage.content = async function* (selection) {
      let blocks = 0;
      for await (const block of content(selection)) {
        blocks += 1;
        if (fault && blocks === 3) {
          fault = false;
          throw new StorageError("UNAVAILABLE", "the database is away");
        }
        yield block;
      }
    };
    const worker = startWorker(storage);
    await until(() => inbox.received.length === 1);
    expect(textsOf(inbox.messages).map(({ length }) => length)).toEqual([1, 2 * 1024 * 1024, 1]);
    expect(worker.told.faults.map(String)).toEqual(["StorageError: the database is away"]);
    expect(worker.told.failed).toEqual([]);
    expect(inbox.received[0]?.request.headers["transfer-encoding"]).toBe("chunked");
  });
});
