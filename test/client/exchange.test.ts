/** One exchange: time limits, repetitions, redirects, renewed credentials, compressed requests, addresses. */

import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import { DiscoveryResponse, messages, StatusMessage } from "../../generated/taxii11/index.js";
import { type AnyMessage, type ClientOptions, type ClientWarning, createClient, type Fetch } from "../../src/client/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { messageHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { createPeer, producer, respond, service, success } from "./peer.js";

const home = "http://taxii.test/discovery";
const inbox = service("INBOX", "http://taxii.test/inbox");
const discovered = (message: AnyMessage): DiscoveryResponse =>
  create(DiscoveryResponse, { inResponseTo: "messageId" in message ? message.messageId : "" });
const quick = { attempts: 4, minDelay: 1, maxDelay: 2 };

/** A peer that gives one answer after the other, the last one for ever. */
function answering(...answers: ((message: AnyMessage) => Response | AnyMessage)[]) {
  let next = 0;
  return createPeer(({ message }) => {
    const answer = answers[Math.min(next++, answers.length - 1)];
    if (answer === undefined) throw new Error("no answer");
    return answer(message);
  });
}

const failing =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response("busy", { status, headers });

afterEach(() => {
  vi.useRealTimers();
});

describe("a request that changes nothing", () => {
  it.each([
    ["HTTP 503", failing(503)],
    ["HTTP 429 that says when", failing(429, { "Retry-After": "0" })],
    ["HTTP 504", failing(504)],
    [
      "the status RETRY",
      (message: AnyMessage) =>
        create(StatusMessage, {
          inResponseTo: message.messageId,
          statusType: "RETRY",
          statusDetail: { details: [{ name: "ESTIMATED_WAIT", content: { text: "0" } }] },
        }),
    ],
    [
      "a reply that breaks off",
      () =>
        new Response("<taxii_11:Discovery_Response xmlns:taxii_11='http://taxii.mitre.org/messages/taxii_xml_binding-1.1'", {
          headers: messageHeaders("1.1", "p"),
        }),
    ],
  ])("is sent again after %s", async (_, failure) => {
    const peer = answering(failure, failure, discovered);
    expect(await createClient(home, { fetch: peer.fetch, retry: quick }).discover()).toEqual([]);
    expect(peer.sent).toHaveLength(3);
  });

  it("is sent again when the network fails, and no more often than it may", async () => {
    let times = 0;
    const fetch: Fetch = () => {
      times += 1;
      return Promise.reject(new TypeError("fetch failed"));
    };
    await expect(createClient(home, { fetch, retry: quick }).discover()).rejects.toMatchObject({ code: "NETWORK" });
    expect(times).toBe(4);
    await expect(createClient(home, { fetch, retry: false }).discover()).rejects.toMatchObject({ code: "NETWORK" });
    expect(times).toBe(5);
  });

  it.each([404, 400, 401, 200])("is not sent again after HTTP %i, which will not pass", async (status) => {
    const peer = answering(failing(status), discovered);
    await expect(createClient(home, { fetch: peer.fetch, retry: quick, endpoint: "discovery" }).discover()).rejects.toMatchObject({
      code: "NOT_TAXII",
    });
    expect(peer.sent).toHaveLength(1);
  });

  it("is not sent again once the caller has enough", async () => {
    const stop = new AbortController();
    const peer = createPeer(() => {
      stop.abort(new Error("enough"));
      return new Response("", { status: 503 });
    });
    await expect(createClient(home, { fetch: peer.fetch }).discover({ signal: stop.signal })).rejects.toThrow("enough");
    expect(peer.sent).toHaveLength(1);
  });

  it("waits as long as the peer asks for, and stops waiting when the caller does", async () => {
    vi.useFakeTimers();
    const peer = answering(failing(503, { "Retry-After": "30" }), discovered);
    const client = createClient(home, { fetch: peer.fetch });
    const done = client.discover();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(peer.sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1500);
    expect(await done).toEqual([]);
    const stop = new AbortController();
    const waiting = expect(createClient(home, { fetch: answering(failing(503)).fetch }).discover({ signal: stop.signal })).rejects.toThrow(
      "enough",
    );
    await vi.advanceTimersByTimeAsync(100);
    stop.abort(new Error("enough"));
    await waiting;
  });
});

test("content is sent once, whatever becomes of it", async () => {
  const peer = producer([inbox], [], () => new Response("", { status: 503 }));
  const client = createClient(home, { fetch: peer.fetch, retry: quick });
  await expect(client.push([{ contentBinding: { bindingId: "urn:x" }, content: { text: "x" } }])).rejects.toMatchObject({
    code: "PUSH_REFUSED",
    cause: { code: "NOT_TAXII", status: 503 },
  });
  expect(peer.sent.filter(({ message }) => message.$type === "taxii11.InboxMessage")).toHaveLength(1);
});

describe("time limits", () => {
  const never: Fetch = () => new Promise(() => {});

  it("end the wait for an answer", async () => {
    vi.useFakeTimers();
    const failed = expect(createClient(home, { fetch: never, retry: false, timeouts: { headers: 5000 } }).discover()).rejects.toMatchObject(
      {
        code: "TIMEOUT",
        message: "no answer came within 5000 ms",
      },
    );
    await vi.advanceTimersByTimeAsync(5000);
    await failed;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("end the wait for the rest of an answer, and let go of its body", async () => {
    vi.useFakeTimers();
    let letGo = false;
    const body = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("<taxii_11:Disc")),
        cancel: () => {
          letGo = true;
        },
      });
    const fetch: Fetch = async () => new Response(body(), { headers: messageHeaders("1.1", "p") });
    const failed = expect(createClient(home, { fetch, retry: false, timeouts: { idle: 7000 } }).discover()).rejects.toMatchObject({
      code: "TIMEOUT",
    });
    await vi.advanceTimersByTimeAsync(7000);
    await failed;
    expect([letGo, vi.getTimerCount()]).toEqual([true, 0]);
  });

  it("end an exchange that goes on for ever", async () => {
    vi.useFakeTimers();
    const body = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
      new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 1000));
          controller.enqueue(new TextEncoder().encode(" "));
        },
      });
    const fetch: Fetch = async () => new Response(body(), { headers: messageHeaders("1.1", "p") });
    const failed = expect(createClient(home, { fetch, retry: false, timeouts: { total: 20_000 } }).discover()).rejects.toMatchObject({
      code: "TIMEOUT",
      message: "the exchange took longer than 20000 ms",
    });
    await vi.advanceTimersByTimeAsync(25_000);
    await failed;
  });

  it("leave no timer behind when all goes well", async () => {
    vi.useFakeTimers();
    const client = createClient(home, { fetch: answering(discovered).fetch, timeouts: { total: 60_000 } });
    expect(await client.discover()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("redirects [HTTP-GEN-007]", () => {
  const redirecting = (status: number, location: string) =>
    createPeer(({ url, message }) =>
      url.endsWith("/discovery") ? new Response(null, { status, headers: { location } }) : discovered(message),
    );
  const follow: ClientOptions = { followRedirects: true, retry: false };

  it.each([307, 308])("of HTTP %i are followed within the origin, where that was asked for", async (status) => {
    const peer = redirecting(status, "/new?x=1");
    expect(await createClient(home, { fetch: peer.fetch, ...follow }).discover()).toEqual([]);
    expect(peer.sent.map(({ url, method }) => `${method} ${url}`)).toEqual([`POST ${home}`, "POST http://taxii.test/new?x=1"]);
    await expect(createClient(home, { fetch: redirecting(status, "/new").fetch, retry: false }).discover()).rejects.toMatchObject({
      status,
    });
  });

  it.each([
    [301, "/new"],
    [302, "/new"],
    [303, "/new"],
    [307, "http://elsewhere.test/new"],
    [308, "https://taxii.test/new"],
    [307, "http://user:secret@taxii.test/new"],
    [307, "javascript:alert(1)"],
  ])("of HTTP %i to %s are not followed", async (status, location) => {
    const peer = redirecting(status, location);
    await expect(createClient(home, { fetch: peer.fetch, ...follow }).discover()).rejects.toMatchObject({
      code: "NOT_TAXII",
      status,
      statusType: "FAILURE",
    });
    expect(peer.sent).toHaveLength(1);
  });

  it("in a circle come to an end", async () => {
    const peer = redirecting(307, "/discovery");
    await expect(createClient(home, { fetch: peer.fetch, ...follow }).discover()).rejects.toMatchObject({ status: 307 });
    expect(peer.sent).toHaveLength(6);
  });
});

describe("credentials that are refused", () => {
  const unauthorized = (message: AnyMessage) => create(StatusMessage, { inResponseTo: message.messageId, statusType: "UNAUTHORIZED" });
  const scheme = (renewable: boolean) => {
    let token = 1;
    return {
      headers: () => ({ Authorization: `Bearer ${token}` }),
      renew: async () => {
        token += 1;
        return renewable;
      },
    };
  };

  it.each([
    ["a Status Message", unauthorized],
    ["HTTP 401", failing(401)],
  ])("by %s are renewed once, and the request repeated", async (_, refusal) => {
    const peer = answering(refusal, discovered);
    const client = createClient("https://taxii.test/", { fetch: peer.fetch, auth: scheme(true) });
    expect(await client.discover()).toEqual([]);
    expect(peer.sent.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer 1", "Bearer 2"]);
  });

  it("for good are an error", async () => {
    const client = (renewable: boolean) =>
      createClient("https://taxii.test/", { fetch: answering(unauthorized).fetch, auth: scheme(renewable) });
    await expect(client(true).discover()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await expect(client(false).discover()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });
});

test("requests are compressed when that was asked for", async () => {
  let received: AnyMessage | undefined;
  const fetch: Fetch = async (request) => {
    expect(request.headers.get("content-encoding")).toBe("gzip");
    received = fromXml(messages, gunzipSync(new Uint8Array(await request.arrayBuffer())));
    return respond(discovered(received));
  };
  await createClient(home, { fetch, compress: true }).discover();
  expect(received?.$type).toBe("taxii11.DiscoveryRequest");
});

test("a fault of the one who is told of warnings is not hidden", async () => {
  const told: ClientWarning[] = [];
  const peer = createPeer(({ message }) => {
    const response = respond(discovered(message));
    response.headers.delete("X-TAXII-Content-Type");
    return response;
  });
  await createClient(`${home}?key=secret`, { fetch: peer.fetch, onWarning: (warning) => told.push(warning) }).discover();
  expect(told).toEqual([expect.objectContaining({ code: "MISSING_HEADER", address: home })]);
  await expect(
    createClient(home, {
      fetch: peer.fetch,
      retry: false,
      onWarning: () => {
        throw new Error("mine");
      },
    }).discover(),
  ).rejects.toThrow("mine");
});

test("ids of requests differ [SVC-GEN-007]", async () => {
  const peer = createPeer(({ message }) => (message.$type === "taxii11.DiscoveryRequest" ? discovered(message) : success(message)));
  const client = createClient(home, peer);
  await Promise.all(Array.from({ length: 50 }, () => client.discover()));
  expect(new Set(peer.sent.map(({ message }) => message.messageId)).size).toBe(50);
});
