/** Metrics for Prometheus. Labels have a bounded number of values: none is a peer's choice. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { statusTypes11 } from "../../constants.js";
import type { Observer } from "../../server/events.js";
import type { Storage } from "../../storage/index.js";

export interface Metrics {
  /** Counts what happens. */
  readonly observer: Observer;
  /** Content-Type of the text. */
  readonly contentType: string;
  /** All of them, as Prometheus reads them. */
  text(): Promise<string>;
}

const exchanges: ReadonlySet<string> = new Set([
  "Discovery_Request",
  "Collection_Information_Request",
  "Feed_Information_Request",
  "Subscription_Management_Request",
  "Inbox_Message",
  "Poll_Request",
  "Poll_Fulfillment",
]);

const statuses: ReadonlySet<string> = new Set(statusTypes11);

/** Makes the metrics of a process, in a registry of their own. */
export function createMetrics(storage: Storage, now: () => number = Date.now): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const askStorage = storageGauges(registers, storage, now);
  return {
    observer: { ...requestObserver(registers), ...workObserver(registers) },
    contentType: register.contentType,
    async text() {
      await askStorage();
      return register.metrics();
    },
  };
}

function requestObserver(registers: Registry[]): Observer {
  const requests = new Counter({
    name: "taxii_requests_total",
    help: "Requests that were answered, by message, version, status type and HTTP status.",
    labelNames: ["exchange", "version", "status", "http"] as const,
    registers,
  });
  const duration = new Histogram({
    name: "taxii_request_duration_seconds",
    help: "Time from the head of a request to the end of its answer.",
    labelNames: ["exchange"] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const blocks = new Counter({
    name: "taxii_content_blocks_total",
    help: "Content blocks that came in and went out with requests.",
    labelNames: ["direction"] as const,
    registers,
  });
  const bytes = new Counter({ name: "taxii_response_bytes_total", help: "Bytes of the bodies of answers.", registers });
  const broken = new Counter({ name: "taxii_broken_responses_total", help: "Answers that could not be finished.", registers });
  const logins = new Counter({
    name: "taxii_login_failures_total",
    help: "Logins that failed, by reason.",
    labelNames: ["reason"] as const,
    registers,
  });
  return {
    requestAnswered(event) {
      const exchange = event.message === undefined ? "none" : exchanges.has(event.message) ? event.message : "other";
      const status = event.status === undefined ? "none" : statuses.has(event.status) ? event.status : "other";
      requests.inc({ exchange, version: event.version ?? "none", status, http: event.httpStatus });
      duration.observe({ exchange }, event.duration / 1000);
      blocks.inc({ direction: "in" }, event.blocksIn);
      blocks.inc({ direction: "out" }, event.blocksOut);
      bytes.inc(event.bytes);
      if (event.broken) broken.inc();
    },
    loginFailed: ({ reason }) => logins.inc({ reason }),
  };
}

function workObserver(registers: Registry[]): Observer {
  const deliveries = new Counter({
    name: "taxii_deliveries_total",
    help: "Messages pushed, by outcome: ok, failed, or parked for the failure that had the delivery put aside.",
    labelNames: ["outcome"] as const,
    registers,
  });
  const blocks = new Counter({ name: "taxii_delivered_blocks_total", help: "Content blocks that were pushed.", registers });
  const duration = new Histogram({
    name: "taxii_delivery_duration_seconds",
    help: "Time that pushing a message took.",
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120],
    registers,
  });
  return {
    delivered(event) {
      deliveries.inc({ outcome: "ok" });
      blocks.inc(event.blocks);
      duration.observe(event.duration / 1000);
    },
    deliveryFailed: ({ parked }) => deliveries.inc({ outcome: parked ? "parked" : "failed" }),
  };
}

/**
 * What only the storage knows.
 *
 * @returns asks it. When it cannot be reached, that is what the metrics say.
 */
function storageGauges(registers: Registry[], storage: Storage, now: () => number): () => Promise<void> {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const up = gauge("taxii_storage_up", "1 when the database answers, otherwise 0.");
  const ping = gauge("taxii_storage_ping_seconds", "Time the database took to answer.");
  const lag = gauge("taxii_delivery_lag_seconds", "Age of the oldest content that is to be pushed and was not; 0 for none.");
  const pushing = gauge("taxii_subscriptions_pushing", "Subscriptions that are pushed to.");
  const parked = gauge("taxii_subscriptions_parked", "Subscriptions whose delivery was put aside.");
  const results = new Gauge({
    name: "taxii_result_sets",
    help: "Result sets that have not expired, by state.",
    labelNames: ["state"] as const,
    registers,
  });
  return async () => {
    try {
      const begun = performance.now();
      await storage.ping();
      ping.set((performance.now() - begun) / 1000);
      const subscriptions = await storage.subscriptions.lag(now());
      lag.set((subscriptions.oldest ?? 0) / 1000);
      pushing.set(subscriptions.pushing);
      parked.set(subscriptions.parked);
      for (const [state, number] of Object.entries(await storage.results.counts(now()))) results.set({ state }, number);
      up.set(1);
    } catch {
      up.set(0);
    }
  };
}
