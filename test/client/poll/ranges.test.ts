import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { PollOptions } from "../../../src/client/poll/options.js";
import { createPoll } from "../../../src/client/poll/poll.js";
import { TransportError } from "../../../src/http/transport-error.js";
import { addMicroseconds, toMicroseconds } from "../../../src/message/instant.js";
import { asked, block, failing, failure, noon, openBodies, part, pending, producer, type Request, reply, texts } from "./kit.js";

afterEach(() => expect(openBodies.size).toBe(0));

const day = (n: number): string => `2025-12-${String(n).padStart(2, "0")}T00:00:00Z`;
const on = (n: number, text = `${n}`) => block(text, day(n));
const late = new TransportError("TIMEOUT", "late");
/** Answers with nothing for the range that is asked for. */
const nothing = (request: Request) =>
  reply(
    request,
    "resultId" in request
      ? {}
      : { exclusiveBeginTimestamp: request.exclusiveBeginTimestamp, inclusiveEndTimestamp: request.inclusiveEndTimestamp },
    [],
  );

describe("a range the producer does not manage in time", () => {
  const slow = [late, ...[408, 504, 524].map((status) => new TransportError("NOT_TAXII", "a page", { status }))];

  it.each(slow.map((error) => [error.status ?? error.code, error] as const))(
    "(%s) is asked for in halves, and these in theirs",
    async (_, error) => {
      const { context, clock, sent } = producer([failing(error), failing(error), nothing, part({}, [on(3)]), nothing]);
      const poll = createPoll("feed", { after: day(1), before: day(5) }, context, clock);
      expect(await texts(poll)).toEqual(["3"]);
      const at = (n: number) => `2025-12-0${n}T00:00:00Z`;
      expect(asked(sent)).toEqual([
        `${day(1)} to ${day(5)}`,
        `${day(1)} to ${at(3)}`,
        `${day(1)} to ${at(2)}`,
        `${at(2)} to ${at(3)}`,
        `${at(3)} to ${day(5)}`,
      ]);
      expect(poll.end).toBe(day(5));
    },
  );

  it("is divided before now when it has no end, and the rest has none either", async () => {
    const { context, clock, sent } = producer([failing(late), nothing, part({ inclusiveEndTimestamp: "2026-01-01T00:00:00Z" })]);
    const poll = createPoll("feed", { after: day(30) }, context, clock);
    expect(await texts(poll)).toEqual([]);
    expect(asked(sent)).toEqual([`${day(30)} to -`, `${day(30)} to 2025-12-31T00:00:00Z`, "2025-12-31T00:00:00Z to -"]);
    expect([poll.begin, poll.end]).toEqual([day(30), "2026-01-01T00:00:00Z"]);
  });

  it("is given up at a second, without a beginning, when that is not wanted, and when something has come", async () => {
    const times = async (options: PollOptions, answers = [failing(late)], attempts = 1): Promise<number> => {
      const { context, clock, sent } = producer(answers, { attempts });
      expect(await failure(createPoll("feed", options, context, clock))).toMatchObject({ error: late });
      return sent.length;
    };
    // 86,400 seconds are halved sixteen times.
    expect(await times({ after: day(1), before: day(2) })).toBe(17);
    expect(await times({ before: day(2) })).toBe(1);
    expect(await times({ after: day(1), splitOnTimeout: false })).toBe(1);
    expect(await times({ after: day(1) }, [part({}, ["1"], late)])).toBe(1);
    expect(await times({ after: day(1) }, [part({ more: true, resultId: "r" }), failing(late)])).toBe(2);
    expect(await times({ after: day(1) }, [pending({ RESULT_ID: "r", ESTIMATED_WAIT: "1" }), failing(late)])).toBe(2);
    const other = new TransportError("NOT_TAXII", "a page", { status: 500 });
    const { context, clock } = producer(failing(other));
    expect(await failure(createPoll("feed", { after: day(1) }, context, clock))).toMatchObject({ error: other });
  });

  it("is halved as well when the body comes too late, before the first block", async () => {
    const { context, clock, sent } = producer([part({}, [], late), nothing]);
    await texts(createPoll("feed", { after: day(1), before: day(3) }, context, clock));
    expect(sent).toHaveLength(3);
    // Where it cannot be, the same is asked for again.
    const whole = producer([part({}, [], late), nothing]);
    await texts(createPoll("feed", { before: day(3) }, whole.context, whole.clock));
    expect(asked(whole.sent)).toEqual([`- to ${day(3)}`, `- to ${day(3)}`]);
  });

  it("loses and repeats nothing, whatever the producer manages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 400_000 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 7_000, max: 500_000 }),
        async (seconds, most, width) => {
          const labels = seconds.sort((a, b) => a - b).map((at) => addMicroseconds(day(1), BigInt(at) * 1_000_000n));
          const { context, clock } = producer((request) => {
            if (request.$type === "taxii11.PollFulfillment") throw new Error("there are no results");
            const { exclusiveBeginTimestamp: after = day(1), inclusiveEndTimestamp: before = day(31) } = request;
            const matching = labels.filter(
              (label) => toMicroseconds(label) > toMicroseconds(after) && toMicroseconds(label) <= toMicroseconds(before),
            );
            const isWide = toMicroseconds(before) - toMicroseconds(after) > BigInt(width) * 1_000_000n;
            if (isWide || matching.length > most) throw late;
            return reply(
              request,
              { exclusiveBeginTimestamp: after, inclusiveEndTimestamp: before },
              matching.map((label) => block(label, label)),
            );
          });
          expect(await texts(createPoll("feed", { after: day(1), window: "2d" }, context, clock))).toEqual(labels);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("windows", () => {
  it("are asked for one after the other, and the end advances with them", async () => {
    const { context, clock, sent } = producer([
      part({ exclusiveBeginTimestamp: day(1), inclusiveEndTimestamp: day(3), recordCount: { value: 1 } }, [on(3)]),
      part({ exclusiveBeginTimestamp: day(3), inclusiveEndTimestamp: day(5), recordCount: { value: 2 } }, [on(4), on(5)]),
    ]);
    const poll = createPoll("feed", { after: day(1), before: day(5), window: "2d" }, context, clock);
    const ends: unknown[] = [];
    for await (const _ of poll) ends.push([poll.end, poll.recordCount]);
    expect(ends).toEqual([
      [undefined, 1],
      [day(3), 3],
      [day(3), 3],
    ]);
    expect([poll.begin, poll.end, poll.received.length]).toEqual([day(1), day(5), 2]);
    expect(asked(sent)).toEqual([`${day(1)} to 2025-12-03T00:00:00Z`, `2025-12-03T00:00:00Z to ${day(5)}`]);
  });

  it("have no number of records together when one has none", async () => {
    const { context, clock } = producer([part({ inclusiveEndTimestamp: day(3), recordCount: { value: 1 } }), nothing]);
    const poll = createPoll("feed", { after: day(1), before: day(5), window: "2d" }, context, clock);
    await texts(poll);
    expect(poll.recordCount).toBeUndefined();
  });

  it.each([
    ["without labels", ["1", "2"].map((text) => block(text))],
    ["with labels outside", [on(1, "1"), on(9, "2")]],
  ])("end with a set, which knows no range and is given whole (%s) [SVC-POLL-010]", async (_, blocks) => {
    const { context, clock, sent } = producer(part({}, blocks));
    expect(await texts(createPoll("feed", { after: day(1), before: day(5), window: "1d" }, context, clock))).toEqual(["1", "2"]);
    expect(sent).toHaveLength(1);
  });

  it("go on through a feed whose producer states no range", async () => {
    const { context, clock, sent } = producer([part({}, [on(2)]), part({}), part({}, [on(4)])]);
    const poll = createPoll("feed", { after: day(1), before: day(4), window: "1d" }, context, clock);
    expect(await texts(poll)).toEqual(["2", "4"]);
    expect([sent.length, poll.begin, poll.end]).toEqual([3, day(1), day(4)]);
  });
});

describe("a range that the producer shortened", () => {
  it("is polled on from the end that was stated, until nothing more comes [VER-X-008] [SVC-RANGE-004]", async () => {
    for (const before of [day(9), undefined]) {
      const { context, clock, sent } = producer([
        part({ inclusiveEndTimestamp: day(3) }, [on(2), on(3)]),
        part({ exclusiveBeginTimestamp: day(3), inclusiveEndTimestamp: day(5) }, [on(4), on(5)]),
        part({ exclusiveBeginTimestamp: day(5), inclusiveEndTimestamp: day(5) }),
      ]);
      const poll = createPoll("feed", { before }, context, clock);
      expect(await texts(poll)).toEqual(["2", "3", "4", "5"]);
      expect(asked(sent)).toEqual([`- to ${before ?? "-"}`, `${day(3)} to ${before ?? "-"}`, `${day(5)} to ${before ?? "-"}`]);
      expect([poll.begin, poll.end]).toEqual([undefined, day(5)]);
    }
  });

  it("is not polled on when the record count, or the end itself, says that it was all", async () => {
    const times = async (answer: ReturnType<typeof part>, options: PollOptions = {}): Promise<number> => {
      const { context, clock, sent } = producer([answer, part({ inclusiveEndTimestamp: day(3) }, [block("twice")])]);
      expect(await texts(createPoll("feed", options, context, clock))).not.toContain("twice");
      return sent.length;
    };
    const cut = { inclusiveEndTimestamp: day(3) };
    expect(await times(part({ ...cut, recordCount: { value: 2 } }, [on(2), on(3)]))).toBe(1);
    expect(await times(part({ ...cut, recordCount: { value: 2 } }, [on(2), on(3)]), { before: "2027-01-01T00:00:00Z" })).toBe(1);
    // As many as these is no statement; an end that was asked for and is past would have been stated.
    expect(await times(part({ ...cut, recordCount: { value: 2, partialCount: true } }, [on(2), on(3)]))).toBe(2);
    expect(await times(part({ ...cut, recordCount: { value: 2 } }, [on(2), on(3)]), { before: day(9) })).toBe(2);
    // The end is behind the last label: nothing was cut off.
    expect(await times(part(cut, [on(2)]))).toBe(1);
    // The end is as good as now.
    expect(await times(part({ inclusiveEndTimestamp: "2025-12-31T23:55:00Z" }, ["1"]))).toBe(1);
    // Nothing came, or it does not go on.
    expect(await times(part(cut), { before: day(9) })).toBe(1);
    expect(await times(part({ inclusiveEndTimestamp: day(1) }, ["1"]), { after: day(1), before: day(9) })).toBe(1);
  });

  it("is not polled on endlessly", async () => {
    let seconds = 0;
    const { context, clock, sent } = producer((request) => {
      const label = addMicroseconds(day(1), BigInt(++seconds) * 1_000_000n);
      return reply(request, { inclusiveEndTimestamp: label }, [block(label, label)]);
    });
    const outcome = await failure(createPoll("feed", { after: day(1), maxParts: 5 }, context, clock));
    expect(outcome).toMatchObject({ error: { code: "MISMATCH", message: "the producer shortened the range 6 times" } });
    expect([outcome.given.length, sent.length]).toEqual([6, 6]);
  });
});

describe("the end of a range that is not stated", () => {
  const endOf = async (answer: ReturnType<typeof part>, options: PollOptions = {}) => {
    const { context, clock, warnings } = producer(answer);
    clock.time = noon;
    const poll = createPoll("feed", options, context, clock);
    await texts(poll);
    expect(warnings.map(({ code }) => code)).toEqual(["NO_END"]);
    return [poll.begin, poll.end];
  };

  it("is the latest label, otherwise what was asked for, otherwise shortly before the request; and that is told", async () => {
    expect(await endOf(part({}, [on(3), on(9), on(4)]), { after: day(1), before: day(20) })).toEqual([day(1), day(9)]);
    expect(await endOf(part({}, ["1"]), { after: day(1), before: day(20) })).toEqual([day(1), day(20)]);
    expect(await endOf(part({}))).toEqual([undefined, "2026-01-02T11:55:00Z"]);
    expect(await endOf(part({}), { after: day(1) })).toEqual([day(1), "2026-01-02T11:55:00Z"]);
  });

  it("is not in the future, and does not go back behind the beginning", async () => {
    expect(await endOf(part({}), { before: "2099-01-01T00:00:00Z" })).toEqual([undefined, "2026-01-02T11:55:00Z"]);
    expect(await endOf(part({}), { after: "2026-01-02T11:59:00Z" })).toEqual(["2026-01-02T11:59:00Z", "2026-01-02T11:59:00Z"]);
  });
});
