/** Delivery of results to those who polled for them. */

import { describe, expect, it } from "vitest";
import { versionIds } from "../../src/constants.js";
import { ResultMaker } from "../../src/server/results/maker.js";
import { formatLabel, type ResultSet, type ResultSetInit, type Storage } from "../../src/storage/index.js";
import {
  accept,
  addBlocks,
  answerWith,
  aWhile,
  createStorage,
  type Inbox,
  startInbox,
  startWorker,
  stopping,
  targetOf,
  textsOf,
  until,
} from "./kit.js";

let ids = 0;

/** A result that is to be made and pushed. */
async function createResult(storage: Storage, inbox: Inbox, init: Partial<ResultSetInit> = {}): Promise<ResultSet> {
  ids += 1;
  const horizon = await storage.horizon();
  const result = await storage.results.create(
    {
      id: `urn:result:${ids}`,
      owner: "",
      collection: "feed",
      subscriptionId: undefined,
      version: "1.1",
      after: undefined,
      until: horizon,
      stated: { begin: undefined, end: formatLabel(horizon) },
      contentBindings: [],
      query: undefined,
      responseType: "FULL",
      state: "PENDING",
      count: undefined,
      push: targetOf(inbox),
      expires: Date.now() + 60_000,
      ...init,
    },
    [],
    100,
  );
  const maker = stopping(new ResultMaker({ storage, interval: 5, limits: { maxBlocks: 2 } }));
  maker.start();
  return result;
}

async function currentOf(storage: Storage, { id }: ResultSet): Promise<ResultSet> {
  const result = await storage.results.get(id);
  if (result === undefined) throw new Error(`there is no result ${id}`);
  return result;
}

describe("delivery of a result", () => {
  it("[SVC-PUSH-005] [SVC-PUSH-006] [SVC-PUSH-009] goes part by part, with the id, the whole count and the labels of blocks", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const labels = await addBlocks(storage, ["a", "b", "c", "d", "e"]);
    const result = await createResult(storage, inbox);
    const worker = startWorker(storage);
    await until(() => textsOf(inbox.messages).length === 5);
    expect(textsOf(inbox.messages)).toEqual(["a", "b", "c", "d", "e"]);
    expect(inbox.messages.map(({ contentBlocks }) => contentBlocks.length)).toEqual([2, 2, 1]);
    for (const message of inbox.messages) {
      expect(message).toMatchObject({ resultId: result.id, recordCount: { value: 5, partialCount: false } });
      expect(message.sourceSubscription).toBeUndefined();
    }
    expect(inbox.messages.flatMap(({ contentBlocks }) => contentBlocks.map(({ timestampLabel }) => timestampLabel))).toEqual(
      labels.map(formatLabel),
    );
    await until(async () => (await currentOf(storage, result)).pushed === 3);
    await aWhile();
    expect(inbox.received.length).toBe(3);
    expect(worker.told.delivered.map(({ result: told, subscription }) => [told?.id, subscription])).toEqual(
      Array(3).fill([result.id, undefined]),
    );
    // SVC-PUSH-007: what was pushed can still be fetched.
    expect((await currentOf(storage, result)).state).toBe("READY");
  });

  it("[SVC-PUSH-006] splits a part that is too much for a message", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    await addBlocks(storage, ["a", "b", "c"]);
    const result = await createResult(storage, inbox);
    startWorker(storage, { maxBlocks: 1 });
    await until(() => inbox.received.length === 3);
    expect(textsOf(inbox.messages)).toEqual(["a", "b", "c"]);
    await until(async () => (await currentOf(storage, result)).pushed === 2);
  });

  it("[SVC-SUBF-010] repeats a part that was not taken, and no earlier one", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    await addBlocks(storage, ["a", "b", "c"]);
    await createResult(storage, inbox);
    inbox.answer = (received) => (received.number === 2 ? answerWith("FAILURE")(received) : accept(received));
    const worker = startWorker(storage);
    await until(() => worker.told.delivered.length === 2);
    expect(textsOf(inbox.messages)).toEqual(["a", "b", "c", "c"]);
    expect(worker.told.failed).toMatchObject([{ attempts: 1, parked: false, subscription: undefined }]);
  });

  it("is put aside when the inbox fails too often, and can still be fetched [SVC-PUSH-007]", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox(answerWith("DENIED"))];
    await addBlocks(storage, ["a"]);
    const result = await createResult(storage, inbox);
    startWorker(storage, { retry: { attempts: 2, minDelay: 1, maxDelay: 1 } });
    await until(async () => (await currentOf(storage, result)).parked);
    expect(await currentOf(storage, result)).toMatchObject({ state: "READY", pushed: 0, error: expect.stringContaining("DENIED") });
    await aWhile();
    expect(inbox.received.length).toBe(2);
  });

  it("[SVC-MULTI-006] [SVC-INBOX-016] states the range of each part when a subscription was polled", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const labels = await addBlocks(storage, ["a", "b", "c"]);
    const horizon = await storage.horizon();
    const stated = { begin: "2001-01-01T00:00:00Z", end: formatLabel(horizon) };
    await createResult(storage, inbox, { subscriptionId: "urn:subscription", stated, until: horizon });
    startWorker(storage);
    await until(() => inbox.received.length === 2);
    const cut = formatLabel(labels[1] ?? 0);
    expect(inbox.messages.map(({ sourceSubscription }) => sourceSubscription)).toEqual([
      { collectionName: "feed", subscriptionId: "urn:subscription", exclusiveBeginTimestamp: stated.begin, inclusiveEndTimestamp: cut },
      { collectionName: "feed", subscriptionId: "urn:subscription", exclusiveBeginTimestamp: cut, inclusiveEndTimestamp: stated.end },
    ]);
  });

  it.each([
    ["that is empty", [], {}, 0],
    ["that only counts", ["a", "b", "c"], { responseType: "COUNT_ONLY" }, 3],
  ] as const)("is one message without content for a result %s", async (_, texts, init, value) => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    await addBlocks(storage, texts);
    const result = await createResult(storage, inbox, init);
    startWorker(storage);
    await until(async () => (await currentOf(storage, result)).pushed === 1);
    await aWhile();
    expect(inbox.messages).toMatchObject([{ resultId: result.id, recordCount: { value }, contentBlocks: [] }]);
  });

  it("[SVC-GEN-012] waits while its owner may not read the collection", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    await addBlocks(storage, ["a"]);
    const result = await createResult(storage, inbox, { owner: "bob" });
    const worker = startWorker(storage, { mayRead: (owner) => owner !== "bob" });
    await until(async () => (await currentOf(storage, result)).error !== undefined);
    expect(await currentOf(storage, result)).toMatchObject({ attempts: 0, parked: false, error: '"bob" may not read "feed"' });
    expect([inbox.received, worker.told.failed]).toEqual([[], []]);
  });

  it("is put aside at once when it is to go to an inbox of TAXII 1.0, which knows no results", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    await addBlocks(storage, ["a"]);
    const result = await createResult(storage, inbox, { push: targetOf(inbox, versionIds.xml10) });
    startWorker(storage);
    await until(async () => (await currentOf(storage, result)).parked);
    expect(await currentOf(storage, result)).toMatchObject({ attempts: 1, error: expect.stringContaining("cannot be said in TAXII 1.0") });
  });
});
