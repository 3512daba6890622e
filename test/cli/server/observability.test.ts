import { afterEach, describe, expect, it, vi } from "vitest";
import { keepSecret } from "../../../src/cli/secrets.js";
import { Readiness } from "../../../src/cli/server/health.js";
import { createLog } from "../../../src/cli/server/log.js";
import { logObserver } from "../../../src/cli/server/log-observer.js";
import { createMetrics } from "../../../src/cli/server/metrics.js";
import { answerMonitor } from "../../../src/cli/server/monitor.js";
import type { DeliveryFailed, RequestAnswered } from "../../../src/server/events.js";
import { memoryStorage, type Storage } from "../../../src/storage/index.js";
import { testEnvironment } from "../environment.js";
import { linesOf } from "./kit.js";

afterEach(() => void vi.useRealTimers());

const answered: RequestAnswered = {
  requestId: "1",
  method: "POST",
  path: "/services/poll",
  address: "192.0.2.1",
  account: "alice",
  service: undefined,
  message: "Poll_Request",
  version: "1.1",
  status: undefined,
  httpStatus: 200,
  duration: 12.345,
  bytes: 1000,
  blocksIn: 0,
  blocksOut: 7,
  broken: false,
};

const failed: DeliveryFailed = {
  target: { protocolBinding: "p", address: "https://u:hunter22@sub.example/inbox?key=hunter22", messageBinding: "m" },
  subscription: undefined,
  result: undefined,
  until: 1,
  duration: 1,
  error: new Error("no\u001b[31m answer"),
  attempts: 20,
  parked: true,
};

describe("the log", () => {
  it("[SEC-ID-006] has no credentials, wherever they stand", () => {
    const environment = testEnvironment();
    keepSecret(environment, "s3cret-token");
    const log = createLog({ level: "info", format: "json", requests: true }, environment);
    log.info({ headers: { authorization: "Basic hunter22", cookie: "hunter22" }, password: "hunter22", token: "hunter22" }, "given");
    log.error({ error: new Error("cannot reach postgres://taxii:hunter22@db/taxii with s3cret-token") }, "failed");
    void logObserver(log, { requests: true }).deliveryFailed?.(failed);
    expect(environment.err).not.toContain("hunter22");
    expect(environment.err).not.toContain("s3cret-token");
    expect(linesOf(environment.err)).toMatchObject([
      { level: "info", msg: "given", password: "***" },
      { level: "error", error: { message: "cannot reach postgres://taxii:***@db/taxii with …" } },
      { level: "warn", msg: "delivery put aside", target: "https://sub.example/inbox", attempts: 20 },
    ]);
  });

  it("has a line for each request; what went wrong on our side stands out", () => {
    const environment = testEnvironment();
    const log = createLog({ level: "info", format: "json", requests: true }, environment);
    const { requestAnswered } = logObserver(log, { requests: true });
    void requestAnswered?.(answered);
    void requestAnswered?.({ ...answered, broken: true, path: `/${"x".repeat(5000)}` });
    void requestAnswered?.({ ...answered, status: "FAILURE" });
    const [good, broken, failure] = linesOf(environment.err);
    expect(good).toMatchObject({ level: "info", requestId: "1", account: "alice", message: "Poll_Request", duration: 12.3, blocksOut: 7 });
    expect(broken).toMatchObject({ level: "warn" });
    expect(String(broken?.["path"]).length).toBeLessThan(300);
    expect(failure).toMatchObject({ level: "warn", status: "FAILURE" });
    expect(logObserver(log, { requests: false }).requestAnswered).toBeUndefined();
  });

  it("can be read by people, and steers no terminal", () => {
    const environment = testEnvironment({ now: new Date("2026-01-02T03:04:05Z") });
    const log = createLog({ level: "warn", format: "text", requests: true }, environment);
    log.info("not shown");
    void logObserver(log, { requests: true }).loginFailed?.({ account: "ali\u009b2Jce x", address: "192.0.2.1", reason: "password" });
    log.error({ error: new Error("broken") }, "a request failed");
    const [line, ...stack] = environment.err.split("\n");
    expect(line).toBe('2026-01-02T03:04:05.000Z WARN login failed account="ali\\u009b2Jce x" address=192.0.2.1 reason=password');
    expect(stack.slice(0, 2)).toEqual([expect.stringContaining("ERROR a request failed"), "    Error: broken"]);
  });
});

describe("metrics", () => {
  it("count what happens, by labels that no peer chooses", async () => {
    const metrics = createMetrics(memoryStorage());
    const { requestAnswered, loginFailed, delivered, deliveryFailed } = metrics.observer;
    void requestAnswered?.(answered);
    void requestAnswered?.({ ...answered, message: "Whatever_Somebody_Sends", status: "whatever", version: undefined, httpStatus: 400 });
    void requestAnswered?.({ ...answered, message: undefined, status: "UNAUTHORIZED", httpStatus: 401, broken: true, blocksOut: 0 });
    void loginFailed?.({ account: "alice", address: undefined, reason: "password" });
    void delivered?.({ ...failed, blocks: 3 });
    void deliveryFailed?.(failed);
    void deliveryFailed?.({ ...failed, parked: false });
    const text = await metrics.text();
    for (const line of [
      'taxii_requests_total{exchange="Poll_Request",version="1.1",status="none",http="200"} 1',
      'taxii_requests_total{exchange="other",version="none",status="other",http="400"} 1',
      'taxii_requests_total{exchange="none",version="1.1",status="UNAUTHORIZED",http="401"} 1',
      'taxii_request_duration_seconds_count{exchange="Poll_Request"} 1',
      'taxii_content_blocks_total{direction="out"} 14',
      "taxii_response_bytes_total 3000",
      "taxii_broken_responses_total 1",
      'taxii_login_failures_total{reason="password"} 1',
      'taxii_deliveries_total{outcome="ok"} 1',
      'taxii_deliveries_total{outcome="parked"} 1',
      'taxii_deliveries_total{outcome="failed"} 1',
      "taxii_delivered_blocks_total 3",
      "taxii_storage_up 1",
      "taxii_delivery_lag_seconds 0",
      'taxii_result_sets{state="PENDING"} 0',
    ])
      expect(text.split("\n")).toContain(line);
    expect(text).not.toContain("alice");
  });

  it("are there when the database is not", async () => {
    const storage: Storage = memoryStorage();
    storage.ping = () => Promise.reject(new Error("gone"));
    expect(await createMetrics(storage).text()).toContain("taxii_storage_up 0");
  });
});

describe("readiness", () => {
  function double(late?: number) {
    const storage: Storage = memoryStorage();
    storage.subscriptions.lag = vi.fn(async () => ({ pushing: 1, parked: 0, oldest: 1_000_000, late }));
    return { storage, ping: vi.spyOn(storage, "ping") };
  }

  it("asks the database, at most once in a second", async () => {
    const { storage, ping } = double();
    let now = 0;
    const readiness = new Readiness({ storage, now: () => now });
    expect(await Promise.all([readiness.obstacles(), readiness.obstacles()])).toEqual([[], []]);
    expect(ping).toHaveBeenCalledTimes(1);
    ping.mockRejectedValue(new Error("gone"));
    now = 1000;
    expect(await readiness.obstacles()).toEqual(["database"]);
    readiness.drain();
    expect(await readiness.obstacles()).toEqual(["draining"]);
  });

  it("does not wait for a database that says nothing", async () => {
    vi.useFakeTimers();
    const { storage, ping } = double();
    ping.mockReturnValue(new Promise(() => undefined));
    const obstacles = new Readiness({ storage }).obstacles();
    await vi.advanceTimersByTimeAsync(2000);
    expect(await obstacles).toEqual(["database"]);
  });

  it("of a worker is about its work as well", async () => {
    const { storage } = double(5000);
    expect(await new Readiness({ storage, maxLag: 4999 }).obstacles()).toEqual(["lag"]);
    expect(await new Readiness({ storage, maxLag: 5000 }).obstacles()).toEqual([]);
    expect(await new Readiness({ storage }).obstacles()).toEqual([]);
  });
});

describe("what operators' programs ask", () => {
  const body = (bytes: unknown): string => new TextDecoder().decode(bytes as Uint8Array);
  const ask = (path: string, method = "GET", obstacles: readonly "draining"[] = []) =>
    answerMonitor(
      { method, url: `http://taxii.test${path}` },
      { readiness: { obstacles: async () => obstacles }, metrics: { text: async () => "m 1\n", contentType: "text/plain; version=0.0.4" } },
    );

  it("is answered, without a cache", async () => {
    expect(body((await ask("/healthz"))?.body)).toBe("ok\n");
    expect(await ask("/readyz")).toMatchObject({ status: 200, headers: { "Cache-Control": "no-store" } });
    const draining = await ask("/readyz", "GET", ["draining"]);
    expect([draining?.status, body(draining?.body)]).toEqual([503, "not ready: draining\n"]);
    expect((await ask("/healthz", "GET", ["draining"]))?.status).toBe(200);
    expect(await ask("/metrics")).toMatchObject({ status: 200, headers: { "Content-Type": "text/plain; version=0.0.4" } });
    expect(await ask("/readyz", "HEAD")).toMatchObject({ status: 200, body: undefined });
    expect(await ask("/readyz", "POST")).toMatchObject({ status: 405, headers: { Allow: "GET, HEAD" } });
  });

  it("is left to others where it is not told here, or is something else", async () => {
    expect(await ask("/services/poll")).toBeUndefined();
    expect(await ask("/constructor")).toBeUndefined();
    const told = { readiness: undefined, metrics: undefined };
    for (const path of ["/healthz", "/readyz", "/metrics"])
      expect(await answerMonitor({ method: "GET", url: `http://taxii.test${path}` }, told)).toBeUndefined();
  });
});
