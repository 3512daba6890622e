import { describe, expect, it } from "vitest";
import { boundsOf } from "../../../src/client/poll/bounds.js";
import { createPoll } from "../../../src/client/poll/poll.js";
import { pollRequest } from "../../../src/client/poll/request.js";
import { asked, noon, part, producer, texts } from "./kit.js";

describe("the bounds of a poll", () => {
  it("are those of a single request too", () => {
    const { exclusiveBeginTimestamp } = pollRequest("feed", { since: "1d" });
    expect(Math.abs(Date.now() - 86_400_000 - Date.parse(exclusiveBeginTimestamp ?? ""))).toBeLessThan(60_000);
    expect(() => pollRequest("feed", { since: "1d", after: "2026-01-01T00:00:00Z" })).toThrow(TypeError);
  });

  it("are sent as they were given, to the last digit [XML-TS-005]", () => {
    const bounds = { after: "2026-01-01T00:00:00.123456+01:00", before: "2026-01-02T00:00:00Z" };
    expect(boundsOf(bounds, noon)).toEqual(bounds);
    expect(boundsOf({}, noon)).toEqual({ after: undefined, before: undefined });
  });

  it("count since back from now, each time the poll is iterated", async () => {
    const { context, clock, sent } = producer(part({ inclusiveEndTimestamp: "2026-01-03T00:00:00Z" }));
    const poll = createPoll("feed", { since: "90s" }, context, clock);
    clock.time = noon;
    await texts(poll);
    clock.time += 1999;
    await texts(poll);
    expect(asked(sent)).toEqual(["2026-01-02T11:58:30Z to -", "2026-01-02T11:58:31Z to -"]);
  });

  it("have an end later than the beginning, whatever the offsets [XML-PRQ-002]", () => {
    const wrong = [
      { after: "2026-01-02T00:00:00Z", before: "2026-01-02T00:00:00Z" },
      { after: "2026-01-02T00:00:00Z", before: "2026-01-02T01:00:00+01:00" },
      { after: "2026-01-02T00:00:00.000001Z", before: "2026-01-02T00:00:00Z" },
      { since: "1h", before: "2026-01-02T10:00:00Z" },
    ];
    for (const bounds of wrong) expect(() => boundsOf(bounds, noon)).toThrow(RangeError);
    expect(() => boundsOf(wrong[3] ?? {}, noon)).toThrow(
      "before: expected a timestamp later than 2026-01-02T11:00:00Z, where the poll begins; found 2026-01-02T10:00:00Z",
    );
  });

  it("that make no sense are told before anything is sent", () => {
    const { context, clock, sent } = producer([]);
    const poll = (options: object) => () => createPoll("feed", options, context, clock);
    expect(poll({ after: "2026-01-01T00:00:00Z", since: "1d" })).toThrow(
      new TypeError("after and since both say where to begin; expected one of them"),
    );
    expect(poll({ after: "yesterday" })).toThrow(
      new RangeError('after: expected a timestamp such as 2014-12-19T00:00:00.123456Z, found "yesterday"'),
    );
    expect(poll({ before: new Date() })).toThrow(TypeError);
    expect(poll({ since: "1000000w" })).toThrow(RangeError);
    expect(poll({ window: "1d" })).toThrow(TypeError);
    expect(poll({ since: "2d", window: "0d" })).toThrow(RangeError);
    expect(poll({ deliverTo: { protocolBinding: "p", address: "a", messageBinding: "m" }, allowAsynch: false })).toThrow(TypeError);
    expect(poll({ wait: { min: -1 } })).toThrow("wait.min: expected milliseconds, 0 or more; found -1");
    expect(poll({ wait: { total: Number.NaN } })).toThrow(RangeError);
    expect(poll({ wait: { min: 10, max: 5 } })).toThrow("wait.min: expected at most wait.max, 5; found 10");
    expect(poll({ maxParts: 0 })).toThrow(RangeError);
    expect(sent).toEqual([]);
  });
});
