/** What is sent again, and after how long. */

import { describe, expect, it, test } from "vitest";
import { InboxMessage as InboxMessage10 } from "../../generated/taxii10/index.js";
import { DiscoveryRequest, InboxMessage, PollRequest, SubscriptionManagementRequest } from "../../generated/taxii11/index.js";
import { delayBefore, isSafe, mayPass, retryOptions } from "../../src/client/retry.js";
import { ParseError } from "../../src/errors.js";
import { TransportError } from "../../src/http/transport-error.js";
import { create } from "../../src/message/create.js";
import { StatusError } from "../../src/message/status-error.js";

const at = { line: 1, column: 1, path: "" };

test("requests that change something are not sent again", () => {
  expect(isSafe(create(DiscoveryRequest, {}))).toBe(true);
  expect(isSafe(create(PollRequest, { collectionName: "c", pollParameters: {} }))).toBe(true);
  expect(isSafe(create(InboxMessage, {}))).toBe(false);
  expect(isSafe(create(InboxMessage10, {}))).toBe(false);
  const manage = (action: "STATUS" | "SUBSCRIBE") => create(SubscriptionManagementRequest, { action, collectionName: "c" });
  expect([isSafe(manage("STATUS")), isSafe(manage("SUBSCRIBE"))]).toEqual([true, false]);
});

test.each<[unknown, boolean]>([
  [new TransportError("NETWORK", ""), true],
  [new TransportError("TIMEOUT", ""), true],
  [new TransportError("TLS", ""), false],
  [new TransportError("MISMATCH", ""), false],
  [new TransportError("NOT_TAXII", "", { status: 503 }), true],
  [new TransportError("NOT_TAXII", "", { status: 429 }), true],
  [new TransportError("NOT_TAXII", "", { status: 404 }), false],
  [new TransportError("NOT_TAXII", "", { status: 200 }), false],
  [new StatusError("RETRY"), true],
  [new StatusError("FAILURE"), false],
  [new ParseError("TRUNCATED", "", at), true],
  [new ParseError("XML_MALFORMED", "", at), false],
  [new TypeError("x"), false],
])("%s may pass: %s", (error, expected) => expect(mayPass(error)).toBe(expected));

describe("the wait", () => {
  const options = retryOptions({ minDelay: 1000, maxDelay: 10_000 });
  const now = Date.parse("2026-01-01T00:00:00Z");

  it("doubles, give or take a quarter, up to the limit", () => {
    for (let attempt = 1; attempt <= 8; attempt++) {
      const full = 1000 * 2 ** (attempt - 1);
      for (let time = 0; time < 50; time++) {
        const delay = delayBefore(attempt, new TransportError("NETWORK", ""), options, now);
        expect(delay).toBeGreaterThanOrEqual(Math.min(10_000, 0.75 * full));
        expect(delay).toBeLessThanOrEqual(Math.min(10_000, 1.25 * full));
      }
    }
  });

  it.each<[string, unknown, number]>([
    ["Retry-After in seconds", new TransportError("NOT_TAXII", "", { headers: new Headers({ "Retry-After": "7" }) }), 7000],
    [
      "Retry-After as a date",
      new TransportError("NOT_TAXII", "", { headers: new Headers({ "Retry-After": "Thu, 01 Jan 2026 00:00:05 GMT" }) }),
      5000,
    ],
    [
      "a date gone by",
      new TransportError("NOT_TAXII", "", { headers: new Headers({ "Retry-After": "Thu, 01 Jan 2025 00:00:05 GMT" }) }),
      1000,
    ],
    ["more than the limit", new TransportError("NOT_TAXII", "", { headers: new Headers({ "Retry-After": "999999" }) }), 10_000],
    ["ESTIMATED_WAIT of RETRY", new StatusError("RETRY", { details: { ESTIMATED_WAIT: "3" } }), 3000],
    ["no wait at all", new StatusError("RETRY", { details: { ESTIMATED_WAIT: "0" } }), 1000],
  ])("is what the peer asks for: %s", (_, error, expected) => expect(delayBefore(1, error, options, now)).toBe(expected));

  it.each(["soon", "-5", ""])("is our own where what the peer asks for cannot be read: %j", (value) => {
    expect(delayBefore(1, new StatusError("RETRY", { details: { ESTIMATED_WAIT: value } }), options, now)).toBeLessThanOrEqual(1250);
  });
});

test("false is one attempt", () => {
  expect(retryOptions(false).attempts).toBe(1);
  expect(retryOptions(undefined)).toEqual({ attempts: 4, minDelay: 1000, maxDelay: 60_000 });
});
