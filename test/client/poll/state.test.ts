import { afterEach, describe, expect, it } from "vitest";
import { createPoll } from "../../../src/client/poll/poll.js";
import type { PollState, StateStore } from "../../../src/client/poll/state.js";
import { asked, block, failure, openBodies, part, pending, producer, refusing, texts } from "./kit.js";

afterEach(() => expect(openBodies.size).toBe(0));

const day = (n: number): string => `2026-01-${String(n).padStart(2, "0")}T00:00:00Z`;
const key = JSON.stringify(["https://taxii.test/discovery", "feed", null]);
const end = { inclusiveEndTimestamp: day(9) };

/** A store that remembers all it was given. */
function journal(stored?: PollState): StateStore & { readonly saved: [string, PollState][]; readonly loaded: string[] } {
  const saved: [string, PollState][] = [];
  const loaded: string[] = [];
  return {
    saved,
    loaded,
    load: async (name) => {
      loaded.push(name);
      return stored;
    },
    save: async (name, state) => {
      saved.push([name, state]);
    },
  };
}

describe("the state of a poll", () => {
  it("is kept after each part that was taken, under producer, collection and subscription [SVC-GEN-009] [SVC-POLL-018]", async () => {
    const { context, clock } = producer([part({ more: true, resultId: "r" }, ["1", "2"]), part({ resultPartNumber: 2, ...end }, ["3"])]);
    const state = journal();
    const steps: number[] = [];
    for await (const _ of createPoll("feed", { state }, context, clock)) steps.push(state.saved.length);
    expect(steps).toEqual([0, 0, 1]);
    expect(state.saved).toEqual([
      [key, { after: undefined, result: { id: "r", part: 2 } }],
      [key, { after: day(9) }],
    ]);
    const other = journal();
    await texts(createPoll("feed", { state: other, subscriptionId: "s" }, producer(part(end)).context, clock));
    expect(other.saved[0]?.[0]).toBe(JSON.stringify(["https://taxii.test/discovery", "feed", "s"]));
  });

  it("is where the next poll goes on", async () => {
    const { context, clock, sent } = producer(part(end));
    await texts(createPoll("feed", { state: journal({ after: day(3) }) }, context, clock));
    expect(asked(sent)).toEqual([`${day(3)} to -`]);
  });

  it("does not count where the caller says where to begin", async () => {
    const { context, clock, sent } = producer(part(end));
    const state = journal({ after: day(3), result: { id: "r", part: 2 } });
    await texts(createPoll("feed", { state, after: day(1) }, context, clock));
    await texts(createPoll("feed", { state, since: "1d" }, context, clock));
    expect(asked(sent)).toEqual([`${day(1)} to -`, "2025-12-31T00:00:00Z to -"]);
    expect(state.loaded).toEqual([]);
    expect(state.saved.at(-1)).toEqual([key, { after: day(9) }]);
  });

  it("with a result is that result's next part first, and then what is labelled later", async () => {
    const { context, clock, sent } = producer([
      part({ more: true, resultId: "r", resultPartNumber: 3, inclusiveEndTimestamp: day(4) }, ["3"]),
      part({ resultId: "r", resultPartNumber: 4, inclusiveEndTimestamp: day(5) }, ["4"]),
      part(end, ["5"]),
    ]);
    const state = journal({ after: day(2), result: { id: "r", part: 3 } });
    const poll = createPoll("feed", { state }, context, clock);
    expect(await texts(poll)).toEqual(["3", "4", "5"]);
    expect(asked(sent)).toEqual(["r 3", "r 4", `${day(5)} to -`]);
    expect(state.saved.map(([, saved]) => saved)).toEqual([
      { after: day(2), result: { id: "r", part: 4 } },
      { after: day(5) },
      { after: day(9) },
    ]);
    expect(poll.end).toBe(day(9));
  });

  it("with a result that states no end goes no further: it may be that of a set", async () => {
    const { context, clock, sent, warnings } = producer(part({ resultId: "r", resultPartNumber: 2 }, ["1"]));
    const state = journal({ after: day(2), result: { id: "r", part: 2 } });
    expect(await texts(createPoll("feed", { state }, context, clock))).toEqual(["1"]);
    expect([sent.length, state.saved]).toEqual([1, [[key, { after: day(2) }]]]);
    expect(warnings.map(({ code }) => code)).toEqual(["NO_END"]);
  });

  it.each([["NOT_FOUND"], ["ASYNCHRONOUS_POLL_ERROR"], ["INVALID_RESPONSE_PART"], ["FAILURE"]] as const)(
    "with a result that is no more (%s) is where the range begins, and that is told",
    async (status) => {
      const { context, clock, sent, warnings } = producer([refusing(status), part(end, ["1"])]);
      const state = journal({ after: day(2), result: { id: "r", part: 3 } });
      expect(await texts(createPoll("feed", { state }, context, clock))).toEqual(["1"]);
      expect(asked(sent)).toEqual(["r 3", `${day(2)} to -`]);
      expect(warnings.map(({ code }) => code)).toEqual(["RESULT_LOST"]);
    },
  );

  it("with a result that cannot be had now is left as it is", async () => {
    const state = journal({ after: day(2), result: { id: "r", part: 3 } });
    for (const status of ["RETRY", "UNAUTHORIZED", "DENIED"] as const) {
      const { context, clock } = producer(refusing(status));
      expect(await failure(createPoll("feed", { state }, context, clock))).toMatchObject({ error: { code: status } });
    }
    const broken = producer([part({ more: true, resultId: "r", resultPartNumber: 3 }, ["3"]), refusing("NOT_FOUND"), part(end, ["twice"])]);
    expect(await failure(createPoll("feed", { state }, broken.context, broken.clock))).toMatchObject({
      given: ["3"],
      error: { code: "NOT_FOUND" },
    });
    expect(state.saved).toEqual([[key, { after: day(2), result: { id: "r", part: 4 } }]]);
  });

  it("holds a result that takes time while it is waited for", async () => {
    const { context, clock } = producer(pending({ RESULT_ID: "r", ESTIMATED_WAIT: "60" }));
    const state = journal({ after: day(2) });
    await failure(createPoll("feed", { state, wait: { total: 100_000 } }, context, clock));
    expect(new Set(state.saved.map((saved) => JSON.stringify(saved)))).toEqual(
      new Set([JSON.stringify([key, { after: day(2), result: { id: "r", part: 1 } }])]),
    );
    // What is delivered elsewhere is not fetched the next time.
    const pushed = journal();
    const deliverTo = { protocolBinding: "p", address: "a", messageBinding: "m" };
    const delivering = producer(pending({ RESULT_ID: "r", WILL_PUSH: "true", ESTIMATED_WAIT: "1" }));
    await texts(createPoll("feed", { state: pushed, deliverTo }, delivering.context, clock));
    expect(pushed.saved).toEqual([]);
  });

  it("advances with the windows, and begins them", async () => {
    const answer = (n: number) => part({ exclusiveBeginTimestamp: day(n), inclusiveEndTimestamp: day(n + 1) }, [block(`${n}`, day(n + 1))]);
    const { context, clock } = producer([answer(1), answer(2), answer(3)]);
    clock.time = Date.parse(day(20));
    const state = journal({ after: day(1) });
    await texts(createPoll("feed", { state, before: day(4), window: "1d" }, context, clock));
    expect(state.saved.map(([, { after }]) => after)).toEqual([day(2), day(3), day(4)]);
    await expect(texts(createPoll("feed", { state: journal(), window: "1d" }, context, clock))).rejects.toThrow(
      "window: expected a beginning",
    );
  });

  it("that has reached the end that is asked for leaves nothing to ask", async () => {
    const { context, clock, sent } = producer([]);
    expect(await texts(createPoll("feed", { state: journal({ after: day(3) }), before: day(3) }, context, clock))).toEqual([]);
    expect(sent).toEqual([]);
  });

  it("stays where it was safe when the consumer stops", async () => {
    const { context, clock } = producer([part({ more: true, resultId: "r" }, ["1"]), part({ resultPartNumber: 2, ...end }, ["2"])]);
    const state = journal();
    const given: unknown[] = [];
    for await (const one of createPoll("feed", { state }, context, clock)) {
      given.push(one);
      if (given.length === 2) break;
    }
    expect(state.saved.map(([, saved]) => saved)).toEqual([{ after: undefined, result: { id: "r", part: 2 } }]);
  });

  it("that cannot be loaded or saved is an error", async () => {
    const disk = new Error("the disk is full");
    const fail = (): Promise<never> => Promise.reject(disk);
    const { context, clock, sent } = producer(part(end, ["1"]));
    expect(await failure(createPoll("feed", { state: { ...journal(), load: fail } }, context, clock))).toEqual({ given: [], error: disk });
    expect(sent).toEqual([]);
    expect(await failure(createPoll("feed", { state: { ...journal(), save: fail } }, context, clock))).toEqual({
      given: ["1"],
      error: disk,
    });
  });
});
