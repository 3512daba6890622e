import { afterEach, describe, expect, it, vi } from "vitest";
import { createFulfilment, createPoll } from "../../../src/client/poll/poll.js";
import { asked, failure, openBodies, part, pending, producer, refusing, texts } from "./kit.js";

afterEach(() => {
  vi.useRealTimers();
  expect(openBodies.size).toBe(0);
});

const later = (details: Record<string, string> = {}) => pending({ RESULT_ID: "r", ESTIMATED_WAIT: "30", WILL_PUSH: "false", ...details });
const deliverTo = { protocolBinding: "urn:p", address: "a", messageBinding: "urn:m" };
const end = { inclusiveEndTimestamp: "2026-01-01T00:00:00Z" };

describe("a result that takes time", () => {
  it("is waited for as the producer estimates, and fetched with all its parts [SVC-ASYNC-003] [SVC-ASYNC-008] [SVC-ASYNC-011]", async () => {
    const { context, clock, sent, warnings } = producer([
      later(),
      later({ ESTIMATED_WAIT: "5" }),
      part({ more: true, resultId: "r" }, ["1"]),
      // A part can take its time as well.
      later({ ESTIMATED_WAIT: "2" }),
      part({ resultId: "r", resultPartNumber: 2, ...end }, ["2"]),
    ]);
    const told: unknown[] = [];
    const poll = createPoll("feed", { onPending: ({ statusType }, delay) => told.push([statusType, delay, poll.result]) }, context, clock);
    expect(await texts(poll)).toEqual(["1", "2"]);
    expect(asked(sent)).toEqual(["- to -", "r 1", "r 1", "r 2", "r 2"]);
    expect(clock.waits).toEqual([30_000, 5000, 2000]);
    expect(told).toEqual([
      ["PENDING", 30_000, { id: "r", part: 1 }],
      ["PENDING", 5000, { id: "r", part: 1 }],
      ["PENDING", 2000, { id: "r", part: 2 }],
    ]);
    expect([poll.result, poll.willPush, warnings]).toEqual([undefined, false, []]);
  });

  it("is asked for neither too often nor too seldom, whatever the estimate", async () => {
    const { context, clock, warnings } = producer([
      later({ ESTIMATED_WAIT: "0" }),
      later({ ESTIMATED_WAIT: "-7" }),
      later({ ESTIMATED_WAIT: "86400" }),
      later({ ESTIMATED_WAIT: "soon" }),
      pending({ RESULT_ID: "r" }),
      part({ resultId: "r", ...end }),
    ]);
    await texts(createPoll("feed", { wait: { min: 250, max: 90_000 } }, context, clock));
    expect(clock.waits).toEqual([250, 250, 90_000, 250, 250]);
    expect(warnings.map(({ code }) => code)).toEqual(["MISSING_DETAIL"]);
  });

  it("is not waited for longer than altogether is allowed, and can be fulfilled later", async () => {
    const { context, clock, sent } = producer(later({ RESULT_ID: "urn:result:7" }));
    const poll = createPoll("feed", { wait: { total: 70_000 } }, context, clock);
    const { error } = await failure(poll);
    expect(error).toMatchObject({
      name: "TransportError",
      code: "TIMEOUT",
      message: expect.stringContaining('the result "urn:result:7" is not ready after 70000 ms'),
    });
    expect(clock.waits).toEqual([30_000, 30_000, 10_000]);
    expect(poll.result).toEqual({ id: "urn:result:7", part: 1 });
    // Not taken for a range that is too wide.
    expect(asked(sent)).toEqual(["- to -", "urn:result:7 1", "urn:result:7 1", "urn:result:7 1"]);
    const ranged = producer(later());
    expect(
      await failure(createPoll("feed", { after: "2025-01-01T00:00:00Z", wait: { total: 0 } }, ranged.context, ranged.clock)),
    ).toMatchObject({ error: { code: "TIMEOUT" } });
    expect(ranged.sent).toHaveLength(1);
  });

  it("needs an id, and keeps it [SVC-ASYNC-005]", async () => {
    const nameless = producer(pending({ ESTIMATED_WAIT: "1", WILL_PUSH: "false" }));
    expect(await failure(createPoll("feed", {}, nameless.context, nameless.clock))).toMatchObject({
      error: { code: "MISMATCH", message: expect.stringContaining("without a RESULT_ID") },
    });
    const changing = producer([later(), later({ RESULT_ID: "other" })]);
    expect(await failure(createPoll("feed", {}, changing.context, changing.clock))).toMatchObject({
      error: { code: "MISMATCH", message: expect.stringContaining('"other"') },
    });
    const brief = producer([later(), pending({ ESTIMATED_WAIT: "1" }), part({ ...end }, ["1"])]);
    expect(await texts(createPoll("feed", {}, brief.context, brief.clock))).toEqual(["1"]);
  });

  it("that fails is a StatusError", async () => {
    const { context, clock } = producer([later(), refusing("ASYNCHRONOUS_POLL_ERROR")]);
    await expect(texts(createPoll("feed", {}, context, clock))).rejects.toMatchObject({ code: "ASYNCHRONOUS_POLL_ERROR" });
  });

  it("that the producer delivers ends the poll, where that was asked for", async () => {
    const { context, clock, sent } = producer(later({ WILL_PUSH: "true" }));
    const told: number[] = [];
    const poll = createPoll("feed", { deliverTo, onPending: (_, delay) => told.push(delay) }, context, clock);
    expect(await texts(poll)).toEqual([]);
    expect([poll.willPush, poll.result, poll.end]).toEqual([true, { id: "r", part: 1 }, undefined]);
    expect([sent.length, clock.waits, told]).toEqual([1, [], [0]]);
  });

  it("that the producer says it delivers unasked, or does not deliver, is fetched", async () => {
    const unasked = producer([later({ WILL_PUSH: "1" }), part({ resultId: "r", ...end }, ["1"])]);
    expect(await texts(createPoll("feed", {}, unasked.context, unasked.clock))).toEqual(["1"]);
    const refused = producer([later(), part({ resultId: "r", ...end }, ["1"])]);
    const poll = createPoll("feed", { deliverTo }, refused.context, refused.clock);
    expect(await texts(poll)).toEqual(["1"]);
    expect(poll.willPush).toBe(false);
  });

  it("was not allowed to a subscription, which is told and passed over [XML-PRQ-006]", async () => {
    for (const options of [{ subscriptionId: "s" }, { allowAsynch: false }]) {
      const { context, clock, warnings } = producer([later(), later(), part({ resultId: "r", ...end }, ["1"])]);
      expect(await texts(createPoll("feed", options, context, clock))).toEqual(["1"]);
      expect(warnings.map(({ code }) => code)).toEqual(["UNASKED_PENDING"]);
    }
  });

  it("is waited for in a fulfilment too", async () => {
    const { context, clock, sent } = producer([later(), part({ resultId: "r", resultPartNumber: 3, ...end }, ["3"])]);
    expect(await texts(createFulfilment("feed", "r", { part: 3 }, context, clock))).toEqual(["3"]);
    expect(asked(sent)).toEqual(["r 3", "r 3"]);
  });

  it("is not waited for any more when the signal says so", async () => {
    vi.useFakeTimers();
    const stop = new AbortController();
    const { context, sent } = producer(later());
    const outcome = failure(createPoll("feed", { signal: stop.signal }, context));
    await vi.advanceTimersByTimeAsync(29_999);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(2);
    stop.abort("enough");
    expect(await outcome).toEqual({ given: [], error: "enough" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("throws what a listener throws", async () => {
    const { context, clock } = producer(later());
    const onPending = (): void => {
      throw new Error("mine");
    };
    await expect(texts(createPoll("feed", { onPending }, context, clock))).rejects.toThrow("mine");
  });
});
