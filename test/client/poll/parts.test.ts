import { afterEach, describe, expect, it } from "vitest";
import type { PollResponse } from "../../../generated/taxii11/index.js";
import { createFulfilment, createPoll } from "../../../src/client/poll/poll.js";
import { asked, block, failure, openBodies, part, producer, refusing, reply, texts } from "./kit.js";

afterEach(() => expect(openBodies.size).toBe(0));

const day = (n: number): string => `2026-01-${String(n).padStart(2, "0")}T00:00:00Z`;

describe("a poll", () => {
  it("asks as it was told", async () => {
    const { context, clock, sent } = producer(part({ inclusiveEndTimestamp: day(2) }));
    await texts(
      createPoll(
        "feed",
        {
          after: day(1),
          before: day(2),
          contentBindings: ["urn:a", { bindingId: "urn:b", subtypes: [{ subtypeId: "urn:c" }] }],
          query: { formatId: "urn:q", content: { xml: "<q/>" } },
          deliverTo: { protocolBinding: "urn:p", address: "a", messageBinding: "urn:m" },
        },
        context,
        clock,
      ),
    );
    await texts(createPoll("feed", { subscriptionId: "urn:s", contentBindings: ["urn:a"] }, context, clock));
    await texts(createPoll("feed", { allowAsynch: false }, context, clock));
    expect(sent).toMatchObject([
      {
        collectionName: "feed",
        exclusiveBeginTimestamp: day(1),
        inclusiveEndTimestamp: day(2),
        pollParameters: {
          allowAsynch: true,
          responseType: "FULL",
          contentBindings: [{ bindingId: "urn:a" }, { bindingId: "urn:b", subtypes: [{ subtypeId: "urn:c" }] }],
          query: { formatId: "urn:q" },
          deliveryParameters: { address: "a" },
        },
      },
      { subscriptionId: "urn:s" },
      { pollParameters: { allowAsynch: false } },
    ]);
    expect(sent[1]).not.toHaveProperty("pollParameters");
  });

  it("asks for parts until there are no more, empty ones included, and tells how far it is [SVC-GEN-004] [SVC-MULTI-014] [SVC-POLL-018]", async () => {
    const range = (from: number) => ({
      exclusiveBeginTimestamp: day(from),
      inclusiveEndTimestamp: day(from + 1),
      recordCount: { value: 3, partialCount: false },
    });
    const { context, clock, sent, warnings } = producer([
      part({ more: true, resultId: "r", ...range(1) }, ["1", "2"]),
      // The id need not be repeated.
      part({ more: true, resultPartNumber: 2, ...range(2) }),
      part({ resultId: "r", resultPartNumber: 3, ...range(3) }, ["3"]),
    ]);
    const heads: PollResponse[] = [];
    const poll = createPoll("feed", { onPart: (head) => heads.push(head) }, context, clock);
    expect([poll.end, poll.begin, poll.received, poll.recordCount, poll.result, poll.willPush]).toEqual([
      undefined,
      undefined,
      [],
      undefined,
      undefined,
      false,
    ]);
    const given: string[] = [];
    for await (const { content } of poll) {
      given.push("text" in content ? content.text : "");
      expect([poll.end, poll.begin, poll.recordCount]).toEqual([undefined, undefined, 3]);
      expect(poll.received).toHaveLength(given.length < 3 ? 0 : 2);
      expect(poll.result).toEqual(given.length < 3 ? undefined : { id: "r", part: 3 });
    }
    expect(given).toEqual(["1", "2", "3"]);
    expect([poll.end, poll.begin, poll.result]).toEqual([day(4), day(1), undefined]);
    expect(poll.received).toEqual([1, 2, 3].map((from) => ({ begin: day(from), end: day(from + 1) })));
    expect(asked(sent)).toEqual(["- to -", "r 2", "r 3"]);
    expect(sent[1]).toMatchObject({ collectionName: "feed" });
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(3);
    expect(heads.map(({ resultPartNumber, contentBlocks }) => [resultPartNumber, contentBlocks])).toEqual([
      [1, []],
      [2, []],
      [3, []],
    ]);
    expect(warnings).toEqual([]);
  });

  it("sends nothing before it is iterated, and begins anew each time", async () => {
    const { context, clock, sent } = producer([part({ inclusiveEndTimestamp: day(1) }, ["1"]), part({}, ["2"], new Error("no break"))]);
    const poll = createPoll("feed", {}, context, clock);
    expect(sent).toEqual([]);
    expect(await texts(poll)).toEqual(["1"]);
    expect(poll.end).toBe(day(1));
    expect(await failure(poll)).toMatchObject({ given: ["2"], error: { message: "no break" } });
    expect(poll.end).toBeUndefined();
    expect(sent).toHaveLength(2);
  });

  it("that is not wanted any more lets go of the body and asks for nothing else", async () => {
    const { context, clock, sent } = producer(part({ more: true, resultId: "r", inclusiveEndTimestamp: day(1) }, ["1", "2"]));
    const poll = createPoll("feed", {}, context, clock);
    for await (const _ of poll) break;
    expect(sent).toHaveLength(1);
    expect([poll.end, poll.result, poll.received]).toEqual([undefined, undefined, []]);
  });

  it("throws what a listener throws, and lets go of the body", async () => {
    const { context, clock } = producer(part({}, ["1"]));
    const onPart = (): void => {
      throw new Error("mine");
    };
    expect(await failure(createPoll("feed", { onPart }, context, clock))).toMatchObject({ given: [], error: { message: "mine" } });
  });

  it("ends with the reason of its signal, as it is", async () => {
    const stop = new AbortController();
    const reason = { code: "TIMEOUT" };
    const { context, clock, sent } = producer(part({ more: true, resultId: "r" }, ["1", "2"]));
    const poll = createPoll("feed", { signal: stop.signal }, context, clock);
    const given: unknown[] = [];
    const reading = (async () => {
      for await (const one of poll) {
        given.push(one);
        stop.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect([given.length, sent.length]).toEqual([1, 1]);
    await expect(texts(poll)).rejects.toBe(reason);
    expect(sent).toHaveLength(1);
  });

  it("ends with the reason of its signal when the transport makes another error of it", async () => {
    const stop = new AbortController();
    const { context, clock } = producer([
      part({ more: true, resultId: "r" }, ["1"]),
      () => {
        stop.abort(new Error("enough"));
        throw new DOMException("aborted", "AbortError");
      },
    ]);
    await expect(texts(createPoll("feed", { signal: stop.signal }, context, clock))).rejects.toThrow("enough");
  });
});

describe("a fulfilment", () => {
  it("begins with the part it is told, and ends where the producer says", async () => {
    const { context, clock, sent, warnings } = producer([
      part({ more: true, resultId: "r", resultPartNumber: 2, exclusiveBeginTimestamp: day(1), inclusiveEndTimestamp: day(2) }, ["2"]),
      part({ resultId: "r", resultPartNumber: 3, inclusiveEndTimestamp: day(3) }, ["3"]),
    ]);
    const poll = createFulfilment("feed", "r", { part: 2 }, context, clock);
    expect(await texts(poll)).toEqual(["2", "3"]);
    expect([poll.begin, poll.end]).toEqual([day(1), day(3)]);
    expect(asked(sent)).toEqual(["r 2", "r 3"]);
    expect(warnings).toEqual([]);
  });

  it("without a stated end ends at the latest label, and says so", async () => {
    const { context, clock, warnings } = producer([part({ resultId: "r" }, [block("1", day(2)), block("2", day(1)), block("3")])]);
    const poll = createFulfilment("feed", "r", {}, context, clock);
    await texts(poll);
    expect(poll.end).toBe(day(2));
    expect(warnings.map(({ code }) => code)).toEqual(["NO_END"]);
    const nothing = createFulfilment("feed", "r", {}, producer(part({ resultId: "r" })).context, clock);
    await texts(nothing);
    expect(nothing.end).toBeUndefined();
  });

  it("that is refused is a StatusError; parts are counted from 1", async () => {
    const { context, clock } = producer(refusing("ASYNCHRONOUS_POLL_ERROR"));
    await expect(texts(createFulfilment("feed", "r", {}, context, clock))).rejects.toMatchObject({ code: "ASYNCHRONOUS_POLL_ERROR" });
    for (const wrong of [0, 1.5, Number.NaN])
      expect(() => createFulfilment("feed", "r", { part: wrong }, context, clock)).toThrow(RangeError);
  });
});

describe("a producer that does not go on as it said is an error, behind what it gave [SVC-MULTI-015]", () => {
  const first = part({ more: true, resultId: "r", inclusiveEndTimestamp: day(1) }, ["1"]);
  it.each([
    [
      "another part",
      [first, part({ more: true, resultId: "r", resultPartNumber: 3 }, ["3"])],
      ["1"],
      "was asked for part 2 and sent part 3",
    ],
    ["the same part", [first], ["1", "1"], "sent the same 1 content blocks twice"],
    ["a first part that is none", [part({ resultPartNumber: 2 }, ["2"])], [], "was asked for part 1 and sent part 2"],
    [
      "another result",
      [first, part({ resultId: "\u001b[31m", resultPartNumber: 2 }, ["2"])],
      ["1"],
      'was asked for a part of the result "r" and sent one of "[31m"',
    ],
    ["parts nobody can ask for", [part({ more: true }, ["1"])], ["1"], "announces more parts without a result_id to ask for them"],
  ])("%s [SVC-MULTI-003]", async (_, answers, given, message) => {
    const { context, clock } = producer(answers);
    const outcome = await failure(createPoll("feed", {}, context, clock));
    expect(outcome).toMatchObject({
      given,
      error: { name: "TransportError", code: "MISMATCH", message: expect.stringContaining(message) },
    });
  });

  it("more and more parts without content", async () => {
    const empty = (n: number) => part({ more: true, resultId: "r", resultPartNumber: n });
    const some = (n: number) => part({ more: true, resultId: "r", resultPartNumber: n }, [`${n}`]);
    const answers = [
      some(1),
      ...Array.from({ length: 100 }, (_, n) => empty(n + 2)),
      some(102),
      ...Array.from({ length: 200 }, (_, n) => empty(n + 103)),
    ];
    const { context, clock, sent } = producer(answers);
    const outcome = await failure(createPoll("feed", {}, context, clock));
    expect(outcome).toMatchObject({
      given: ["1", "102"],
      error: { code: "MISMATCH", message: expect.stringContaining("101 without content in a row") },
    });
    expect(sent).toHaveLength(203);
  });

  it("more parts than are asked for at most", async () => {
    const { context, clock, sent } = producer((request) => {
      const number = "resultPartNumber" in request ? (request.resultPartNumber ?? 1) : 1;
      return reply(request, { more: true, resultId: "r", resultPartNumber: number }, [block(`${number}`)]);
    });
    const outcome = await failure(createPoll("feed", { maxParts: 3 }, context, clock));
    expect(outcome).toMatchObject({
      given: ["1", "2", "3"],
      error: { code: "MISMATCH", message: expect.stringContaining("behind the 3") },
    });
    expect(sent).toHaveLength(3);
  });

  it("but parts that count as the first one are only told of, once", async () => {
    const { context, clock, warnings } = producer([
      first,
      part({ more: true, resultId: "r", inclusiveEndTimestamp: day(1) }, ["2"]),
      part({}, ["3"]),
    ]);
    expect(await texts(createPoll("feed", {}, context, clock))).toEqual(["1", "2", "3"]);
    expect(warnings).toEqual([{ code: "WRONG_PART_NUMBER", message: "a part was sent as part 1; part 2 was asked for" }]);
  });

  it("but parts that are the same and cover other ranges are two", async () => {
    const covering = (n: number, more: boolean) =>
      part({ more, resultId: "r", resultPartNumber: n, inclusiveEndTimestamp: day(n) }, ["same"]);
    const { context, clock } = producer([covering(1, true), covering(2, true), covering(3, false)]);
    expect(await texts(createPoll("feed", {}, context, clock))).toEqual(["same", "same", "same"]);
  });
});
