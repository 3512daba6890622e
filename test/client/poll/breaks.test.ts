import { afterEach, describe, expect, it } from "vitest";
import { createFulfilment, createPoll } from "../../../src/client/poll/poll.js";
import { memoryState, type PollState } from "../../../src/client/poll/state.js";
import { ParseError } from "../../../src/errors.js";
import { TransportError } from "../../../src/http/transport-error.js";
import { asked, block, failing, failure, openBodies, part, producer, refusing, texts, truncated } from "./kit.js";

afterEach(() => expect(openBodies.size).toBe(0));

const day = (n: number): string => `2026-01-${String(n).padStart(2, "0")}T00:00:00Z`;
const on = (n: number, text = `${n}`) => block(text, day(n));
const end = { inclusiveEndTimestamp: day(9) };
const named = { resultId: "r", ...end };
const lost = new TransportError("NETWORK", "lost");
const late = new TransportError("TIMEOUT", "late");

describe("a reply that breaks off", () => {
  it("is gone on from below the last label, without what was given", async () => {
    const { context, clock, sent } = producer([
      part({ exclusiveBeginTimestamp: day(1), ...end, recordCount: { value: 5 } }, [on(2), on(3), on(4, "4a"), on(4, "4b")], truncated()),
      // The batch of the fourth comes again, in another order, with one more.
      part({ exclusiveBeginTimestamp: day(3), ...end, recordCount: { value: 3 } }, [on(4, "4b"), on(4, "4c"), on(4, "4a"), on(5)]),
    ]);
    const poll = createPoll("feed", { after: day(1), before: day(9) }, context, clock);
    expect(await texts(poll)).toEqual(["2", "3", "4a", "4b", "4c", "5"]);
    expect(asked(sent)).toEqual([`${day(1)} to ${day(9)}`, `${day(3)} to ${day(9)}`]);
    expect([poll.begin, poll.end, poll.recordCount]).toEqual([day(1), day(9), 5]);
    expect(poll.received).toEqual([{ begin: day(1), end: day(9) }]);
  });

  it("of one label only is asked for again from the same beginning", async () => {
    const { context, clock, sent } = producer([
      part({}, [on(2, "a"), on(2, "a")], lost),
      part(end, [on(2, "a"), on(2, "b"), on(2, "a"), on(2, "a")]),
    ]);
    expect(await texts(createPoll("feed", {}, context, clock))).toEqual(["a", "a", "b", "a"]);
    expect(asked(sent)).toEqual(["- to -", "- to -"]);
  });

  it("in a later part, before anything new came, and is not given again, is polled for anew", async () => {
    const { context, clock, sent } = producer([
      part({ ...named, more: true }, []),
      part({ ...named, resultPartNumber: 2 }, [], truncated()),
      refusing("ASYNCHRONOUS_POLL_ERROR"),
      part({ resultId: "s", ...end, more: true }, ["1"]),
      part({ resultId: "s", ...end, resultPartNumber: 2 }, ["2"]),
    ]);
    expect(await texts(createPoll("feed", { after: day(1), before: day(9) }, context, clock))).toEqual(["1", "2"]);
    expect(asked(sent)).toEqual([`${day(1)} to ${day(9)}`, "r 2", "r 2", `${day(1)} to ${day(9)}`, "s 2"]);
  });

  it("in such a part behind what this poll had already does not repeat that", async () => {
    const { context, clock } = producer([
      part({ exclusiveBeginTimestamp: day(1), inclusiveEndTimestamp: day(2) }, [on(2)]),
      // This producer takes the beginning of a range into it.
      part({ ...named, more: true, inclusiveEndTimestamp: day(3) }, [on(2)]),
      part({ ...named, resultPartNumber: 2 }, [], lost),
      refusing("ASYNCHRONOUS_POLL_ERROR"),
      part({ exclusiveBeginTimestamp: day(2), inclusiveEndTimestamp: day(3) }, [on(2), on(3)]),
    ]);
    clock.time = Date.UTC(2026, 0, 9);
    expect(await texts(createPoll("feed", { after: day(1), before: day(3), window: "1d" }, context, clock))).toEqual(["2", "3"]);
  });

  it("without labels is asked for again, and its beginning passed over", async () => {
    const { context, clock, sent, warnings } = producer([
      part({}, ["1", "2"], late),
      part({}, ["1"], late),
      part({}, ["1", "2", "3"], new TransportError("BAD_ENCODING", "gzip breaks off")),
      part(end, ["1", "2", "3", "4"]),
    ]);
    expect(await texts(createPoll("feed", { after: day(1) }, context, clock))).toEqual(["1", "2", "3", "4"]);
    expect(asked(sent)).toEqual(Array.from({ length: 4 }, () => `${day(1)} to -`));
    expect(warnings).toEqual([]);
  });

  it("and comes again otherwise gives blocks twice rather than not at all, once, and says so", async () => {
    for (const other of [["2", "1", "3"], ["1"]]) {
      const { context, clock, warnings } = producer([part({}, ["1", "2"], lost), part(end, other), part(end, other)]);
      expect(await texts(createPoll("feed", {}, context, clock))).toEqual(["1", "2", ...other]);
      expect(warnings.map(({ code }) => code)).toEqual(["CHANGED_CONTENT"]);
    }
    const { context, clock } = producer([
      part({}, ["1", "2"], lost),
      part({}, ["a", "b"]),
      part({}, ["a", "b"], lost),
      part({}, ["c", "d"]),
    ]);
    const outcome = await failure(createPoll("feed", {}, context, clock));
    expect(outcome).toMatchObject({
      given: ["1", "2", "a", "b"],
      error: { code: "MISMATCH", message: expect.stringContaining("other content each time") },
    });
  });

  it("and has a result id is asked for by it, the first part too", async () => {
    const { context, clock, sent } = producer([
      part({ more: true, ...named }, [on(3), on(2)], lost),
      part({ more: true, ...named }, [on(3), on(2), on(1)]),
      part({ resultPartNumber: 2, ...named }, [on(4), on(5)], lost),
      part({ resultPartNumber: 2, ...named }, [on(4), on(5), on(6)]),
    ]);
    expect(await texts(createPoll("feed", {}, context, clock))).toEqual(["3", "2", "1", "4", "5", "6"]);
    expect(asked(sent)).toEqual(["- to -", "r 1", "r 2", "r 2"]);
  });

  it.each([
    ["ASYNCHRONOUS_POLL_ERROR", refusing("NOT_FOUND")] as const,
    ["a page", failing(new TransportError("NOT_TAXII", "a page", { status: 500 }))] as const,
  ])("and is refused as a part with %s is gone on from by label, or from the start", async (_, refused) => {
    const labelled = producer([
      part({ more: true, resultId: "r", inclusiveEndTimestamp: day(2) }, [on(1), on(2)]),
      part({ resultId: "r", resultPartNumber: 2, exclusiveBeginTimestamp: day(2), ...end }, [on(3), on(4)], lost),
      refused,
      part({ exclusiveBeginTimestamp: day(3), ...end }, [on(4), on(5)]),
    ]);
    const poll = createPoll("feed", {}, labelled.context, labelled.clock);
    const results: unknown[] = [];
    for await (const { content } of poll) results.push(["text" in content ? content.text : "", poll.result?.part]);
    // The result that is gone on with is not the one that was announced.
    expect(results).toEqual([
      ["1", undefined],
      ["2", undefined],
      ["3", 2],
      ["4", 2],
      ["5", undefined],
    ]);
    expect(asked(labelled.sent)).toEqual(["- to -", "r 2", "r 2", `${day(3)} to -`]);
    expect(poll.received).toEqual([
      { begin: undefined, end: day(2) },
      { begin: day(2), end: day(9) },
    ]);
    const unlabelled = producer([part(named, ["1"], lost), refused, part(named, ["1", "2"])]);
    expect(await texts(createPoll("feed", {}, unlabelled.context, unlabelled.clock))).toEqual(["1", "2"]);
    expect(asked(unlabelled.sent)).toEqual(["- to -", "r 1", "- to -"]);
  });

  it("and has nothing to go on by is an error", async () => {
    const later = producer([
      part({ more: true, ...named }, ["1"]),
      part({ resultPartNumber: 2, ...named }, ["2"], lost),
      refusing("NOT_FOUND"),
      part(end, ["twice"]),
    ]);
    expect(await failure(createPoll("feed", {}, later.context, later.clock))).toMatchObject({
      given: ["1", "2"],
      error: { code: "NOT_FOUND" },
    });
    const result = producer([part(named, [on(1)], lost), refusing("NOT_FOUND"), part(named, ["twice"])]);
    expect(await failure(createFulfilment("feed", "r", {}, result.context, result.clock))).toMatchObject({
      given: ["1"],
      error: { code: "NOT_FOUND" },
    });
  });

  it("where labels end is asked for again from where it was asked for last", async () => {
    const { context, clock, sent } = producer([
      part({}, [on(2), on(3), on(4)], lost),
      part({}, [on(4), on(5), block("6")], lost),
      part({ more: true, ...named }, [on(4), on(5), block("6"), on(7)]),
      part({ resultPartNumber: 2, ...named }, [on(8)]),
    ]);
    const state = memoryState();
    const saved: unknown[] = [];
    const store = { ...state, save: async (_: string, { after }: PollState) => void saved.push(after) };
    expect(await texts(createPoll("feed", { after: day(1), state: store }, context, clock))).toEqual(["2", "3", "4", "5", "6", "7", "8"]);
    expect(asked(sent)).toEqual([`${day(1)} to -`, `${day(3)} to -`, `${day(3)} to -`, "r 2"]);
    expect(saved).toEqual([day(3), day(9)]);
  });

  it("is not asked for from before the beginning", async () => {
    // The producer does not heed it.
    const { context, clock, sent } = producer([part({}, [on(2), on(3)], lost), part(end, [on(2), on(3), on(6)])]);
    expect(await texts(createPoll("feed", { after: day(5) }, context, clock))).toEqual(["2", "3", "6"]);
    expect(asked(sent)).toEqual([`${day(5)} to -`, `${day(5)} to -`]);
  });

  it("again and again without anything new is an error; waits grow meanwhile", async () => {
    const { context, clock, sent } = producer([part({}, [on(1)], lost), part({}, [on(1), on(2)], lost), part({}, [on(2)], lost)]);
    const outcome = await failure(createPoll("feed", {}, context, clock));
    expect(outcome).toEqual({ given: ["1", "2"], error: lost });
    // One attempt behind the first block, three behind the second.
    expect(sent).toHaveLength(5);
    for (const [index, expected] of [1000, 1000, 2000, 4000].entries()) {
      expect(clock.waits[index]).toBeGreaterThanOrEqual(expected * 0.75);
      expect(clock.waits[index]).toBeLessThanOrEqual(expected * 1.25);
    }
    const once = producer(part({}, [on(1)], lost), { attempts: 1 });
    expect(await failure(createPoll("feed", {}, once.context, once.clock))).toEqual({ given: ["1"], error: lost });
    expect([once.sent.length, once.clock.waits]).toEqual([1, []]);
  });

  it("is not asked for behind the end of the range", async () => {
    // The producer does not heed the end; nothing lies between it and the labels.
    const { context, clock, sent } = producer([part({}, [on(5), on(6)], lost), part(end, [on(5), on(6), on(7)])]);
    expect(await texts(createPoll("feed", { before: day(3) }, context, clock))).toEqual(["5", "6", "7"]);
    expect(asked(sent)).toEqual([`- to ${day(3)}`, `- to ${day(3)}`]);
  });

  it("with a part that does not come in time is asked for that part again", async () => {
    const { context, clock, sent } = producer([
      part({ more: true, ...named }, ["1"]),
      failing(late),
      part({ resultPartNumber: 2, ...named }, ["2"]),
    ]);
    expect(await texts(createPoll("feed", {}, context, clock))).toEqual(["1", "2"]);
    expect(asked(sent)).toEqual(["- to -", "r 2", "r 2"]);
  });

  it("and is not answered in time when it is gone on from is asked for again", async () => {
    const { context, clock, sent } = producer([part({}, [on(1), on(2)], lost), failing(late), part(end, [on(2), on(3)])]);
    expect(await texts(createPoll("feed", {}, context, clock))).toEqual(["1", "2", "3"]);
    expect(asked(sent)).toEqual(["- to -", `${day(1)} to -`, `${day(1)} to -`]);
  });

  it("for another reason than the connection is an error at once", async () => {
    const wrong = [
      new ParseError("XML_MALFORMED", "no XML", { line: 1, column: 1, path: "" }),
      new ParseError("LIMIT_EXCEEDED", "too much", { line: 1, column: 1, path: "" }),
      new TransportError("TOO_LARGE", "too much"),
      new TypeError("a bug"),
    ];
    for (const error of wrong) {
      const { context, clock, sent } = producer(part({}, ["1"], error));
      expect(await failure(createPoll("feed", {}, context, clock))).toEqual({ given: ["1"], error });
      expect(sent).toHaveLength(1);
    }
  });

  it("is not gone on from when the signal says so", async () => {
    const stop = new AbortController();
    const { context, clock, sent } = producer(part({}, ["1"], lost));
    const waiting = { ...clock, sleep: async () => stop.abort("enough") };
    expect(await failure(createPoll("feed", { signal: stop.signal }, context, waiting))).toEqual({ given: ["1"], error: "enough" });
    expect(sent).toHaveLength(1);
  });
});
