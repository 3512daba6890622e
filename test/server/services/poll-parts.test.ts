import { expect, test, vi } from "vitest";
import type { PollResponse } from "../../../generated/taxii11/index.js";
import { formatLabel, StorageError } from "../../../src/storage/index.js";
import { asPoll, asStatus, block, summary, textsOf } from "../kit.js";
import { feedOf } from "../results/feed.js";
import { pollKit } from "./poll-kit.js";

const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => `block ${index + 1}`);
const bounds = ({ exclusiveBeginTimestamp, inclusiveEndTimestamp }: PollResponse) => [exclusiveBeginTimestamp, inclusiveEndTimestamp];

test("a result of 25 comes in parts of 10 that state contiguous ranges and the count of all [SVC-GEN-003] [SVC-POLL-013] [SVC-MULTI-001] [SVC-MULTI-002] [SVC-MULTI-003] [SVC-MULTI-004] [SVC-MULTI-005] [XML-PRS-002]", async () => {
  const kit = await pollKit({ maxBlocks: 10 });
  const labels = (await kit.add("feed", ...texts(25))).map(formatLabel);
  const begin = "2020-01-01T00:00:00+01:00";
  const parts = await kit.parts({ exclusiveBeginTimestamp: begin });
  expect(parts.map(({ resultPartNumber, more }) => [resultPartNumber, more])).toEqual([
    [1, true],
    [2, true],
    [3, false],
  ]);
  expect(parts.map(bounds)).toEqual([
    [begin, labels[9]],
    [labels[9], labels[19]],
    [labels[19], labels[24]],
  ]);
  expect(parts.map((part) => textsOf(part).length)).toEqual([10, 10, 5]);
  expect(parts.flatMap(textsOf)).toEqual(texts(25));
  for (const { recordCount } of parts) expect(recordCount).toEqual({ value: 25, partialCount: false });
  expect(parts[0]?.resultId).toMatch(/^urn:uuid:/);
  expect(new Set(parts.map(({ resultId }) => resultId)).size).toBe(1);
});

test("an exact multiple of the part's size announces no part more [SVC-MULTI-004]", async () => {
  const kit = await pollKit({ maxBlocks: 10 });
  await kit.add("feed", ...texts(20));
  expect((await kit.parts()).map(({ more }) => more)).toEqual([true, false]);
  await kit.add("set", ...texts(10));
  const set = await kit.poll({ collectionName: "set" });
  expect([set.more, set.resultId, set.recordCount?.value]).toEqual([false, undefined, 10]);
});

test("a batch with one label stays together though it is bigger than a part, on a storage that has such batches [SVC-MULTI-005] [SVC-TS-003]", async () => {
  const kit = await pollKit({ maxBlocks: 10 });
  const labels = [1, 2, 3, ...Array<number>(15).fill(5), 6];
  const feed = feedOf(labels.map((label, index) => ({ label, text: `${index}` })));
  vi.spyOn(kit.storage, "keys").mockImplementation(feed.keys);
  vi.spyOn(kit.storage, "count").mockImplementation(feed.count);
  vi.spyOn(kit.storage, "content").mockImplementation(feed.content);
  const parts = await kit.parts();
  expect(parts.map((part) => [textsOf(part).length, part.recordCount?.value])).toEqual([
    [3, 19],
    [15, 19],
    [1, 19],
  ]);
  expect(parts.slice(0, 2).map(({ inclusiveEndTimestamp }) => inclusiveEndTimestamp)).toEqual([formatLabel(3), formatLabel(5)]);
});

test("parts are cut by characters as well, and one block is always in", async () => {
  const kit = await pollKit({ maxSize: 1000 });
  await kit.add("feed", "a".repeat(400), "b".repeat(400), "c".repeat(5000), "d");
  expect((await kit.parts()).map((part) => textsOf(part).map(([first]) => first))).toEqual([["a", "b"], ["c"], ["d"]]);
});

test("the parts of a set state no range [SVC-MULTI-007] [XML-PRS-003]", async () => {
  const kit = await pollKit({ maxBlocks: 2 });
  await kit.add("set", ...texts(5));
  const parts = await kit.parts({ collectionName: "set", exclusiveBeginTimestamp: "2099-01-01T00:00:00Z" });
  expect(parts.map(bounds)).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    [undefined, undefined],
  ]);
  expect(parts.flatMap(textsOf)).toEqual(texts(5));
});

test("parts are given in any order and again, and never change [SVC-MULTI-008]", async () => {
  const kit = await pollKit({ maxBlocks: 3 });
  await kit.add("feed", ...texts(10));
  const { resultId } = await kit.poll();
  const third = await kit.part(resultId, 3);
  expect(textsOf(third)).toEqual(texts(10).slice(6, 9));
  const again = [await kit.part(resultId, 1), await kit.part(resultId, 3), await kit.part(resultId, 4), await kit.part(resultId, 2)];
  expect(again.map((part) => part.resultPartNumber)).toEqual([1, 3, 4, 2]);
  expect(again[1]).toEqual({ ...third, messageId: again[1]?.messageId, inResponseTo: again[1]?.inResponseTo });
  expect(again.map(({ more }) => more)).toEqual([true, true, false, true]);
});

test("a result is as it was when it was made: additions are not in it, deletions shift nothing [SVC-MULTI-013]", async () => {
  const kit = await pollKit({ maxBlocks: 3 });
  const labels = await kit.add("feed", ...texts(9));
  const first = await kit.poll();
  const third = await kit.part(first.resultId, 3);
  expect(third.more).toBe(false);
  await kit.add("feed", "late");
  await kit.storage.purge({ collection: "feed", after: labels[1], until: labels[4] });
  const parts = [await kit.part(first.resultId, 1), await kit.part(first.resultId, 2), await kit.part(first.resultId, 3)];
  expect(parts.map(textsOf)).toEqual([["block 1", "block 2"], ["block 6"], ["block 7", "block 8", "block 9"]]);
  expect(parts.map(bounds)).toEqual([bounds(first), [formatLabel(labels[2] ?? 0), formatLabel(labels[5] ?? 0)], bounds(third)]);
});

test("a part too many is INVALID_RESPONSE_PART with the last number, and the result survives [SVC-MULTI-009] [SVC-MULTI-010] [SVC-ASYNC-007]", async () => {
  const kit = await pollKit({ maxBlocks: 10 });
  await kit.add("feed", ...texts(25));
  const { resultId } = await kit.poll();
  for (const number of [99, 4, 2_000_000_000])
    expect(summary(asStatus(await kit.fulfil(resultId, number)), "MAX_PART_NUMBER")).toEqual(["INVALID_RESPONSE_PART", ["3"]]);
  expect(summary(asStatus(await kit.fulfil(resultId, 2, "nowhere")), "ITEM")).toEqual(["NOT_FOUND", ["nowhere"]]);
  expect(asStatus(await kit.fulfil(resultId, 2, "closed")).statusType).toBe("DENIED");
  expect(textsOf(await kit.part(resultId, 2))).toHaveLength(10);
});

test("who asks for a part far ahead is put off while what is before it is made, in steps [SVC-MULTI-009] [SVC-POLL-016]", async () => {
  const kit = await pollKit({ maxBlocks: 1 });
  await kit.add("feed", ...texts(120));
  const { resultId } = await kit.poll();
  expect(summary(asStatus(await kit.fulfil(resultId, 999)), "ESTIMATED_WAIT")).toEqual(["RETRY", ["1"]]);
  let status = asStatus(await kit.fulfil(resultId, 999));
  for (let tries = 0; status.statusType === "RETRY" && tries < 5; tries++) status = asStatus(await kit.fulfil(resultId, 999));
  expect(summary(status, "MAX_PART_NUMBER")).toEqual(["INVALID_RESPONSE_PART", ["120"]]);
});

test("a fulfilment without number is for part 1 [XML-FUL-002]", async () => {
  const kit = await pollKit({ maxBlocks: 2 });
  await kit.add("feed", ...texts(3));
  const { resultId } = await kit.poll();
  expect(asPoll(await kit.fulfil(resultId))).toMatchObject({ resultPartNumber: 1, more: true });
});

test("a result is for its requester and its collection; to others it is as unknown as one that expired [SVC-MULTI-011] [SVC-ASYNC-006] [SVC-ASYNC-009] [SVC-ASYNC-010] [SEC-ID-003]", async () => {
  const clock = { now: Date.parse("2026-05-01T12:00:00Z") };
  const kit = await pollKit({ maxBlocks: 2, resultLifetime: 60 }, {}, { clock: () => clock.now });
  await kit.add("feed", ...texts(3));
  const { resultId = "" } = await kit.poll({}, "ann");
  const outcome = async (id: string, number: number, collection: string, account: string | undefined) =>
    summary(asStatus(await kit.fulfil(id, number, collection, account)));
  const unknown = asStatus(await kit.fulfil("urn:uuid:none", 1, "feed", "ann"));
  expect(summary(unknown)).toEqual(["ASYNCHRONOUS_POLL_ERROR"]);
  const foreign = asStatus(await kit.fulfil(resultId, 1, "feed", "bob"));
  expect(foreign.message?.replace(resultId, "urn:uuid:none")).toBe(unknown.message);
  expect(await outcome(resultId, 1, "feed", undefined)).toEqual(["ASYNCHRONOUS_POLL_ERROR"]);
  expect(await outcome(resultId, 1, "set", "ann")).toEqual(["ASYNCHRONOUS_POLL_ERROR"]);
  clock.now += 59_000;
  expect(asPoll(await kit.fulfil(resultId, 2, "feed", "ann")).more).toBe(false);
  clock.now += 1000;
  expect(await outcome(resultId, 2, "feed", "ann")).toEqual(["ASYNCHRONOUS_POLL_ERROR"]);
});

test("rights are those of now for each part [SVC-GEN-012]", async () => {
  const rights = { read: true };
  const kit = await pollKit({ maxBlocks: 2 }, { authorize: ({ right }) => right === "write" || rights.read });
  await kit.add("feed", ...texts(3));
  const { resultId } = await kit.poll();
  rights.read = false;
  expect(asStatus(await kit.fulfil(resultId, 2)).statusType).toBe("UNAUTHORIZED");
  rights.read = true;
  expect(textsOf(await kit.part(resultId, 2))).toEqual(["block 3"]);
});

test("result ids are never used twice and cannot be guessed [SVC-MULTI-012] [SEC-ID-003]", async () => {
  const kit = await pollKit({ maxBlocks: 1 });
  await kit.add("feed", "1", "2");
  const ids = new Set<string | undefined>();
  for (let poll = 0; poll < 50; poll++) ids.add((await kit.poll()).resultId);
  expect(ids.size).toBe(50);
  for (const id of ids) expect(id).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test("an account has so many results; more are put off until the first expires [SVC-POLL-016]", async () => {
  const clock = { now: Date.parse("2026-05-01T12:00:00Z") };
  const kit = await pollKit({ maxBlocks: 1, maxResults: 2, resultLifetime: 100 }, {}, { clock: () => clock.now });
  await kit.add("feed", "1", "2");
  await kit.poll({}, "ann");
  clock.now += 40_500;
  await kit.poll({}, "ann");
  expect(summary(await kit.refused({}, "ann"), "ESTIMATED_WAIT")).toEqual(["RETRY", ["60"]]);
  expect((await kit.poll({}, "bob")).more).toBe(true);
  // What fits into one part needs no result.
  expect((await kit.poll({ inclusiveEndTimestamp: "2020-01-01T00:00:00Z" }, "ann")).recordCount?.value).toBe(0);
  clock.now += 60_000;
  expect((await kit.poll({}, "ann")).more).toBe(true);
});

test("without fulfilment a feed's range is shorter, and a set too big for one part is refused [SVC-GEN-003] [SVC-MULTI-001] [SVC-RANGE-004]", async () => {
  const kit = await pollKit({ fulfillment: false, maxBlocks: 2 });
  const labels = await kit.add("feed", ...texts(3));
  const first = await kit.poll();
  expect([textsOf(first), first.more, first.resultId, first.recordCount?.value]).toEqual([["block 1", "block 2"], false, undefined, 2]);
  expect(first.inclusiveEndTimestamp).toBe(formatLabel(labels[1] ?? 0));
  expect(textsOf(await kit.poll({ exclusiveBeginTimestamp: first.inclusiveEndTimestamp }))).toEqual(["block 3"]);
  await kit.add("set", ...texts(3));
  expect(await kit.refused({ collectionName: "set" })).toMatchObject({
    statusType: "FAILURE",
    message: expect.stringContaining("in parts"),
  });
  expect(asStatus(await kit.fulfil("urn:any", 1))).toMatchObject({ statusType: "BAD_MESSAGE" });
  expect(kit.failures).toEqual([]);
});

test("beyond the limit the count is a lower bound, of the whole result, in each part [SVC-POLL-013] [XML-PRS-008]", async () => {
  const kit = await pollKit({ maxBlocks: 4, countLimit: 2 });
  await kit.add("feed", ...texts(4), block("5", "urn:csv"), ...texts(4));
  const parts = await kit.parts();
  expect(parts.map(({ recordCount }) => recordCount)).toEqual(Array(3).fill({ value: 5, partialCount: true }));
  const one = await pollKit({ maxSize: 1, countLimit: 0 });
  await one.add("feed", "1", "2", "3");
  for (const { recordCount, contentBlocks } of await one.parts()) expect(recordCount?.value).toBeGreaterThanOrEqual(contentBlocks.length);
});

test("where no result can be kept, a feed's range is shortened instead, and a set is refused [SVC-RANGE-004] [SVC-MULTI-001]", async () => {
  const kit = await pollKit({ maxBlocks: 10 });
  const labels = (await kit.add("feed", ...texts(25))).map(formatLabel);
  await kit.add("set", ...texts(11));
  vi.spyOn(kit.storage.results, "create").mockRejectedValue(new StorageError("STORAGE_FULL", "the disk is full"));
  const first = await kit.poll({});
  expect([first.more, first.resultId, first.inclusiveEndTimestamp]).toEqual([false, undefined, labels[9]]);
  const second = await kit.poll({ exclusiveBeginTimestamp: first.inclusiveEndTimestamp });
  expect([...textsOf(first), ...textsOf(second)]).toEqual(texts(20));
  expect(await kit.refused({ collectionName: "set" })).toMatchObject({ statusType: "FAILURE" });
});
