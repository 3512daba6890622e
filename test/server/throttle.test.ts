import fc from "fast-check";
import { expect, test } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { DiscoveryRequest, InboxMessage } from "../../generated/taxii11/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { requestHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { StatusError } from "../../src/message/status-error.js";
import { toHttpRequest } from "../../src/server/fetch.js";
import { discovery, type Failure, type HttpRequest, type HttpResponse, handle, type Server } from "../../src/server/index.js";
import { Load, peerKey, Throttle, type ThrottleOptions } from "../../src/server/throttle.js";
import { StorageError } from "../../src/storage/index.js";
import { createKit, headers10, http10, readStatus, summary, write } from "./kit.js";

/** A throttle with a clock that stands until it is moved. */
function throttleWith(options: ThrottleOptions) {
  const clock = { now: 1_000_000 };
  return { throttle: new Throttle(options, () => clock.now), clock };
}

const isIn = (answer: object): boolean => "release" in answer;

test("a peer has its burst, and then its rate", () => {
  const { throttle, clock } = throttleWith({ rate: 0.5, burst: 2 });
  expect([throttle.admit("a"), throttle.admit("a")].map(isIn)).toEqual([true, true]);
  expect(throttle.admit("a")).toEqual({ seconds: 2 });
  expect(isIn(throttle.admit("b"))).toBe(true);
  clock.now += 1500;
  expect(throttle.admit("a")).toEqual({ seconds: 1 });
  expect(throttle.waitOf("a")).toEqual({ seconds: 1 });
  clock.now += 500;
  expect(throttle.waitOf("a")).toBeUndefined();
  expect(isIn(throttle.admit("a"))).toBe(true);
  clock.now -= 100_000;
  expect(throttle.admit("a")).toEqual({ seconds: 2 });
});

test("a peer has so many requests at once", () => {
  const { throttle } = throttleWith({ concurrent: 1 });
  const first = throttle.admit("a");
  expect(throttle.admit("a")).toEqual({ seconds: 1 });
  if (!("release" in first)) throw new Error("not let in");
  first.release();
  first.release();
  expect([throttle.admit("a"), throttle.admit("a")].map(isIn)).toEqual([true, false]);
});

test("no more is let in than burst and rate allow, whatever the times", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3000), { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, burst) => {
      const { throttle, clock } = throttleWith({ rate: 2, burst });
      const began = clock.now;
      let letIn = 0;
      for (const step of steps) {
        clock.now += step;
        if (isIn(throttle.admit("a"))) letIn++;
        expect(letIn).toBeLessThanOrEqual(burst + (2 * (clock.now - began)) / 1000);
      }
    }),
  );
});

test("who waits as long as told is let in", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), (tenths) => {
      const { throttle, clock } = throttleWith({ rate: tenths / 10, burst: 1 });
      throttle.admit("a");
      const wait = throttle.admit("a");
      if (!("seconds" in wait)) throw new Error("let in");
      clock.now += wait.seconds * 1000;
      expect(isIn(throttle.admit("a"))).toBe(true);
    }),
  );
});

test("peers are remembered in bounded memory, the latest ones", () => {
  const { throttle } = throttleWith({ rate: 1, burst: 1, maxPeers: 3 });
  for (let at = 0; at < 100; at++) throttle.admit(`peer ${at}`);
  expect(throttle.size).toBe(3);
  expect(throttle.admit("peer 99")).toEqual({ seconds: 1 });
  // Without limits nothing is remembered.
  const { throttle: free } = throttleWith({});
  for (let at = 0; at < 10; at++) expect(isIn(free.admit(`peer ${at}`))).toBe(true);
  expect(free.size).toBe(0);
});

test("limits that let nothing through are refused", () => {
  for (const options of [{ rate: 0 }, { rate: Number.NaN }, { burst: 0.5 }, { concurrent: 0 }, { maxPeers: 0 }])
    expect(() => new Throttle(options, Date.now), JSON.stringify(options)).toThrow(RangeError);
  for (const options of [{ maxRequests: 0 }, { maxBytes: -1 }]) expect(() => new Load(options)).toThrow(RangeError);
});

test("an IPv6 network counts as one peer, in any spelling", () => {
  const keys = ["2001:db8::1", "2001:0DB8:0:0:1::2", "2001:db8::ffff:0:0:1"].map(peerKey);
  expect(new Set(keys)).toEqual(new Set(["address 2001:db8:0:0::/64"]));
  expect(peerKey("2001:db8:0:1::1")).not.toBe(keys[0]);
  expect([peerKey("::1"), peerKey("192.0.2.1"), peerKey(undefined)]).toEqual(["address 0:0:0:0::/64", "address 192.0.2.1", "address "]);
});

/** Asks from an address. */
function from(server: Server, address: string, headers: Record<string, string> = {}, path = "/discovery"): Promise<HttpResponse> {
  const is10 = headers["X-TAXII-Content-Type"] !== undefined;
  const body = write(is10 ? create(taxii10.DiscoveryRequest, { messageId: "7" }) : create(DiscoveryRequest, { messageId: "7" }));
  const request = new Request(`http://taxii.test${path}`, {
    method: "POST",
    headers: { ...requestHeaders("1.1", http10), ...headers },
    body,
  });
  return server.handle(toHttpRequest(request, { address, certificates: [] }));
}

const responseOf = ({ status, headers, body }: HttpResponse): Response =>
  new Response(typeof body === "string" ? body : null, { status, headers });

test("too many requests are RETRY with 429, when to come again, and the id [HTTP-XCT-001]", async () => {
  const { server } = await createKit({ server: { throttle: { rate: 1, burst: 1 }, now: () => Date.parse("2026-01-01T00:00:00Z") } });
  expect((await from(server, "192.0.2.1")).status).toBe(200);
  const refused = responseOf(await from(server, "192.0.2.1"));
  expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "1"]);
  const status = await readStatus(refused);
  expect(summary(status, "ESTIMATED_WAIT")).toEqual(["RETRY", ["1"]]);
  expect(status.inResponseTo).toBe("7");
  const old = fromXml(taxii10.StatusMessage, await responseOf(await from(server, "192.0.2.1", headers10)).text());
  expect(old).toMatchObject({ statusType: "RETRY", statusDetail: "2026-01-01T00:00:01.000000Z", inResponseTo: "7" });
  expect((await from(server, "192.0.2.2")).status).toBe(200);
});

test("accounts count by name wherever they come from, and failed attempts by address", async () => {
  let asked = 0;
  const authenticate = (request: HttpRequest) => {
    asked++;
    const name = request.headers.get("authorization");
    if (name === "wrong") throw new StatusError("UNAUTHORIZED");
    return name === null ? undefined : { name };
  };
  const { server } = await createKit({ server: { authenticate, throttle: { rate: 0.01, burst: 2 } } });
  const statusOf = async (address: string, Authorization: string): Promise<number> =>
    (await from(server, address, { Authorization })).status;
  expect(await statusOf("192.0.2.1", "alice")).toBe(200);
  expect(await statusOf("192.0.2.2", "alice")).toBe(200);
  expect(await statusOf("192.0.2.3", "alice")).toBe(429);
  expect(await statusOf("192.0.2.3", "bob")).toBe(200);
  expect([await statusOf("192.0.2.4", "wrong"), await statusOf("192.0.2.4", "wrong")]).toEqual([401, 401]);
  const before = asked;
  expect(await statusOf("192.0.2.4", "bob")).toBe(429);
  // It was not even tried.
  expect(asked).toBe(before);
});

test("too many at once are RETRY with 503, and what is let go makes room", async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow = discovery({
    path: "/slow",
    handlers: [
      handle(DiscoveryRequest, async (message, _context, next) => {
        await held;
        return next(message);
      }),
    ],
  });
  const { server } = await createKit({ server: { services: [slow, discovery({ path: "/discovery" })], throttle: { maxRequests: 1 } } });
  const first = from(server, "192.0.2.1", {}, "/slow");
  await new Promise((resolve) => setTimeout(resolve, 10));
  const refused = responseOf(await from(server, "192.0.2.2"));
  expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "5"]);
  expect(summary(await readStatus(refused), "ESTIMATED_WAIT")).toEqual(["RETRY", ["5"]]);
  release();
  expect((await first).status).toBe(200);
  expect((await from(server, "192.0.2.2")).status).toBe(200);
});

test("bodies share what may be held, and give it back; the first 64 KiB of each are free, so that small ones get through", async () => {
  const free = 64 * 1024;
  const load = new Load({ maxRequests: 5, maxBytes: 100 });
  const [one, two, three] = [load.enter(), load.enter(), load.enter()];
  expect([one?.reserve(free), one?.reserve(60), two?.reserve(free + 60), two?.reserve(free - 10), two?.reserve(50)]).toEqual([
    true,
    true,
    false,
    true,
    true,
  ]);
  expect([load.bytes, three?.reserve(free), three?.reserve(1)]).toEqual([100, true, false]);
  one?.release();
  one?.release();
  expect([load.requests, load.bytes, two?.reserve(60)]).toEqual([2, 40, true]);
  const { server } = await createKit({ server: { throttle: { maxBytes: 10 } } });
  const large = write(
    create(InboxMessage, { contentBlocks: [{ contentBinding: { bindingId: "urn:a" }, content: { text: "x".repeat(free) } }] }),
  );
  const send = (path: string, body: string): Promise<HttpResponse> =>
    server.handle(toHttpRequest(new Request(`http://taxii.test${path}`, { method: "POST", headers: requestHeaders("1.1", http10), body })));
  for (let at = 0; at < 3; at++) {
    expect((await send("/inbox", large)).status).toBe(503);
    expect((await from(server, "192.0.2.1")).status).toBe(200);
  }
});

test("accounts that cannot be looked up are RETRY in the version of the request, and no failed attempts [HTTP-ERR-002]", async () => {
  const failures: Failure[] = [];
  const away = new StorageError("UNAVAILABLE", "the database cannot be reached");
  const { server } = await createKit({
    server: {
      authenticate: () => Promise.reject(away),
      throttle: { rate: 0.01, burst: 2 },
      onFailure: (failure) => failures.push(failure),
    },
  });
  for (let at = 0; at < 4; at++) {
    const response = responseOf(await from(server, "192.0.2.1", headers10));
    expect(response.status).toBe(200);
    expect(fromXml(taxii10.StatusMessage, await response.text())).toMatchObject({ statusType: "RETRY", inResponseTo: "7" });
  }
  expect(failures.map(({ error }) => error)).toEqual([away, away, away, away]);
});
