import { describe, expect, it, test } from "vitest";
import type { PushParameterInit } from "../../../generated/taxii11/index.js";
import { StatusError } from "../../../src/server/index.js";
import type { PushPolicy } from "../../../src/server/push.js";
import { ResultMaker, type ResultMakerOptions } from "../../../src/server/results/index.js";
import { formatLabel, type ResultSet } from "../../../src/storage/index.js";
import { eventually } from "../../support/eventually.js";
import { asPoll, asStatus, http10, summary, textsOf, xml10, xml11 } from "../kit.js";
import { asPoll10, type PollKit, pollKit } from "./poll-kit.js";
import { startsWithHandler } from "./poll-query.js";

const details = ["ESTIMATED_WAIT", "RESULT_ID", "WILL_PUSH"] as const;
const later = { pollParameters: { allowAsynch: true } };

/** Has the results made that are pending. */
async function made(kit: PollKit, options: Partial<ResultMakerOptions> = {}, results = 1): Promise<void> {
  let ready = 0;
  const maker = new ResultMaker({ storage: kit.storage, interval: 1, ...options, onMade: () => ready++ });
  maker.start();
  await eventually(() => ready).toBe(results);
  await maker.stop();
}

test("PENDING has all details, and comes again until the result is there; then there are parts [SVC-ASYNC-002] [SVC-ASYNC-004] [SVC-ASYNC-005] [SVC-ASYNC-008] [SVC-POLL-001]", async () => {
  const clock = { now: Date.parse("2026-05-01T12:00:00Z") };
  const events: ResultSet[] = [];
  const observers = [{ resultMade: (result: ResultSet) => void events.push(result) }];
  const kit = await pollKit({ asynchronous: "always", maxBlocks: 2 }, { observers }, { clock: () => clock.now });
  const labels = await kit.add("feed", "1", "2", "3");
  const status = await kit.refused(later);
  const [type, wait, [resultId = ""] = [], push] = summary(status, ...details) as [string, string[], string[], string[]];
  expect([type, wait, push]).toEqual(["PENDING", ["1"], ["false"]]);
  expect(resultId).toMatch(/^urn:uuid:/);
  expect(events).toMatchObject([{ id: resultId, state: "PENDING" }]);
  clock.now += 20_000;
  expect(summary(asStatus(await kit.fulfil(resultId, 1)), ...details)).toEqual(["PENDING", ["20"], [resultId], ["false"]]);
  clock.now += 3_000_000;
  expect(summary(asStatus(await kit.fulfil(resultId, 1)), ...details)).toEqual(["PENDING", ["300"], [resultId], ["false"]]);
  // The service's own limits count, wherever the result is made.
  await made(kit, { limits: { maxBlocks: 10 }, now: () => clock.now });
  const first = await kit.part(resultId, 1);
  expect([textsOf(first), first.more, first.recordCount]).toEqual([["1", "2"], true, { value: 3, partialCount: false }]);
  const second = await kit.part(resultId, 2);
  expect([textsOf(second), second.more, second.exclusiveBeginTimestamp]).toEqual([["3"], false, formatLabel(labels[1] ?? 0)]);
  expect(summary(asStatus(await kit.fulfil(resultId, 3)), "MAX_PART_NUMBER")).toEqual(["INVALID_RESPONSE_PART", ["2"]]);
});

test("a poll that does not allow it is never put off, nor one of TAXII 1.0 [SVC-ASYNC-001] [SVC-POLL-003]", async () => {
  const kit = await pollKit({ asynchronous: "always" });
  await kit.add("feed", "1");
  expect(textsOf(await kit.poll())).toEqual(["1"]);
  expect(textsOf(await kit.poll({ pollParameters: { responseType: "FULL" } }))).toEqual(["1"]);
  asPoll10(await kit.poll10());
});

test("a poll is put off when there is more to go through than is said", async () => {
  const kit = await pollKit({ asynchronous: { above: 2 } });
  await kit.add("feed", "1", "2");
  expect(textsOf(await kit.poll(later))).toEqual(["1", "2"]);
  await kit.add("feed", "3");
  expect((await kit.refused(later)).statusType).toBe("PENDING");
  // What is not wanted is not gone through.
  expect(textsOf(await kit.poll({ pollParameters: { allowAsynch: true, contentBindings: [{ bindingId: "urn:csv" }] } }))).toEqual([]);
  for (const options of [{ asynchronous: "never" as const }, { asynchronous: "always" as const, fulfillment: false }, {}]) {
    const prompt = await pollKit(options);
    await prompt.add("feed", "1", "2", "3");
    expect(textsOf(await prompt.poll(later))).toEqual(["1", "2", "3"]);
  }
});

test("what arrives while the result is made is not in it; its content is what was asked for [SVC-MULTI-013] [QRY-GEN-006]", async () => {
  const startsWith = startsWithHandler();
  const kit = await pollKit({ asynchronous: "always", queries: [startsWith] });
  const labels = await kit.add("feed", "a1", "b2", "a3");
  const pollParameters = { allowAsynch: true, query: startsWith.query("a") };
  const [, [resultId = ""] = []] = summary(await kit.refused({ pollParameters }), "RESULT_ID") as [string, string[]];
  await kit.add("feed", "a4");
  await made(kit, { handlersFor: () => [startsWith] });
  const part = await kit.part(resultId, 1);
  expect([textsOf(part), part.recordCount, part.more]).toEqual([["a1", "a3"], { value: 2, partialCount: false }, false]);
  expect(part.inclusiveEndTimestamp).toBe(formatLabel(labels[2] ?? 0));
});

test("counts are exact when they are made for later [SVC-POLL-012] [SVC-POLL-013]", async () => {
  const startsWith = startsWithHandler();
  const kit = await pollKit({ asynchronous: "always", queries: [startsWith], countLimit: 1, maxScanned: 1 });
  await kit.add("feed", "a1", "b2", "a3");
  const asking = [{}, { query: startsWith.query("a") }];
  const ids: string[] = [];
  for (const init of asking) {
    const status = await kit.refused({ pollParameters: { allowAsynch: true, responseType: "COUNT_ONLY", ...init } });
    ids.push(...(summary(status, "RESULT_ID")[1] as string[]));
  }
  await made(kit, { handlersFor: () => [startsWith], limits: { maxScanned: 1, maxBlocks: 1 } }, 2);
  const replies = [await kit.part(ids[0], 1), await kit.part(ids[1], 1)];
  expect(replies.map(({ recordCount, contentBlocks, more }) => [recordCount, contentBlocks, more])).toEqual([
    [{ value: 3, partialCount: false }, [], false],
    [{ value: 2, partialCount: false }, [], false],
  ]);
});

test("a result that could not be made is ASYNCHRONOUS_POLL_ERROR, without the reason [SVC-ASYNC-006]", async () => {
  const startsWith = startsWithHandler();
  const kit = await pollKit({ asynchronous: "always", queries: [startsWith] });
  await kit.add("feed", "a1");
  const status = await kit.refused({ pollParameters: { allowAsynch: true, query: startsWith.query("a") } });
  const [resultId = ""] = summary(status, "RESULT_ID")[1] as string[];
  const broken = {
    ...startsWith,
    prepare: () => () => {
      throw new Error("secret fault");
    },
  };
  await made(kit, { handlersFor: () => [broken] });
  expect(await kit.storage.results.get(resultId)).toMatchObject({ state: "FAILED", error: "secret fault" });
  const answer = asStatus(await kit.fulfil(resultId, 1));
  expect([answer.statusType, answer.message]).toEqual(["ASYNCHRONOUS_POLL_ERROR", expect.not.stringContaining("secret")]);
});

describe("pushing", () => {
  const target: PushParameterInit = { protocolBinding: http10, messageBinding: xml11, address: "http://inbox.test/" };
  const policy: PushPolicy = { protocolBindings: [http10], messageBindings: [xml11, xml10], check: () => undefined };
  const asking = (deliveryParameters?: PushParameterInit) => ({ pollParameters: { allowAsynch: true, deliveryParameters } });

  it("is promised when it is asked for, and the server is willing and able [SVC-PUSH-001] [SVC-PUSH-003] [SVC-PUSH-007]", async () => {
    const kit = await pollKit({ asynchronous: "always" }, { push: policy });
    await kit.add("feed", "1");
    const status = await kit.refused(asking(target));
    const [, [resultId = ""] = [], push] = summary(status, "RESULT_ID", "WILL_PUSH") as [string, string[], string[]];
    expect(push).toEqual(["true"]);
    expect(await kit.storage.results.get(resultId)).toMatchObject({ push: target });
    expect(summary(asStatus(await kit.fulfil(resultId, 1)), "WILL_PUSH")).toEqual(["PENDING", ["true"]]);
    await made(kit);
    expect(textsOf(asPoll(await kit.fulfil(resultId, 1)))).toEqual(["1"]);
  });

  const refusing: PushPolicy = {
    ...policy,
    check: () => {
      throw new StatusError("DENIED", { message: "Not there." });
    },
  };
  it.each<[string, PushParameterInit | undefined, PushPolicy | undefined]>([
    ["nobody asked", undefined, policy],
    ["the server does not push", target, undefined],
    ["the protocol is unknown", { ...target, protocolBinding: "urn:x" }, policy],
    ["the message binding is unknown", { ...target, messageBinding: "urn:x" }, policy],
    ["TAXII 1.0 has no place for result ids", { ...target, messageBinding: xml10 }, policy],
    ["the address is not allowed", target, refusing],
  ])("is not promised when %s; the poll is served all the same [SVC-PUSH-003] [SVC-PUSH-004]", async (_, deliveryParameters, push) => {
    const kit = await pollKit({ asynchronous: "always" }, { push });
    await kit.add("feed", "1");
    expect(summary(await kit.refused(asking(deliveryParameters)), "WILL_PUSH")).toEqual(["PENDING", ["false"]]);
  });

  it("does not come into it where the poll is answered at once [SVC-PUSH-002]", async () => {
    const kit = await pollKit({}, { push: refusing });
    await kit.add("feed", "1");
    expect(textsOf(await kit.poll(asking({ protocolBinding: "urn:garbage", messageBinding: "urn:junk", address: "nowhere" })))).toEqual([
      "1",
    ]);
  });

  it("that fails for a reason of ours is a failure", async () => {
    const check = (): never => {
      throw new Error("no resolver");
    };
    const kit = await pollKit({ asynchronous: "always" }, { push: { ...policy, check } });
    expect((await kit.refused(asking(target))).statusType).toBe("FAILURE");
    expect(kit.failures).toMatchObject([{ error: { message: "no resolver" } }]);
  });
});
