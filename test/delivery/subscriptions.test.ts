/** Delivery to subscriptions. */

import { describe, expect, it } from "vitest";
import { versionIds } from "../../src/constants.js";
import { StatusError } from "../../src/message/status-error.js";
import type { QueryHandler } from "../../src/server/query.js";
import { formatLabel } from "../../src/storage/index.js";
import {
  accept,
  addBlocks,
  answerWith,
  aWhile,
  createStorage,
  localPolicy,
  rangesOf,
  startInbox,
  startWorker,
  stateOf,
  subscribe,
  targetOf,
  textsOf,
  until,
} from "./kit.js";

/** A query for text that contains a word: its markup is the word in an element. */
const wordQuery: QueryHandler = {
  formatId: "urn:query:word",
  supported: () => [],
  prepare(query) {
    const word = "xml" in query.content ? query.content.xml.replace(/<[^>]*>/g, "") : query.content.text;
    return ({ content }) => "text" in content && content.text.includes(word);
  },
};

describe("delivery to a subscription", () => {
  it("[SVC-SUBF-001] [SVC-SUBF-008] pushes what comes, in order, with contiguous ranges and the subscription's id", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const subscription = await subscribe(storage, targetOf(inbox));
    const worker = startWorker(storage);
    const labels: number[] = [];
    for (const text of ["a", "b", "c"]) {
      labels.push(...(await addBlocks(storage, [text])));
      worker.wake();
      await until(() => textsOf(inbox.messages).includes(text), `the delivery of ${text}`);
    }
    expect(textsOf(inbox.messages)).toEqual(["a", "b", "c"]);
    expect(inbox.messages.flatMap(({ contentBlocks }) => contentBlocks.map(({ timestampLabel }) => timestampLabel))).toEqual(
      labels.map(formatLabel),
    );
    const ranges = rangesOf(inbox.messages);
    expect(ranges[0]?.[0]).toBe(formatLabel(subscription.since));
    expect(ranges.slice(1).map(([begin]) => begin)).toEqual(ranges.slice(0, -1).map(([, end]) => end));
    expect(new Set(inbox.messages.map(({ messageId }) => messageId)).size).toBe(inbox.messages.length);
    const [first] = inbox.messages;
    expect(first?.sourceSubscription).toMatchObject({ collectionName: "feed", subscriptionId: subscription.id });
    expect(first?.recordCount).toEqual({ value: 1, partialCount: false });
    expect(first?.resultId).toBeUndefined();
    await until(() => worker.told.delivered.length === 3);
    expect(worker.told.delivered[0]).toMatchObject({ blocks: 1, until: expect.any(Number), target: targetOf(inbox), result: undefined });
    expect(worker.told.faults).toEqual([]);
  });

  it("[SVC-SUBF-008] [SVC-MULTI-006] splits what is too much into messages that each state their own range", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const subscription = await subscribe(storage, targetOf(inbox));
    const labels = await addBlocks(storage, ["a1", "a2", "a3", "x".repeat(50), "a4"]);
    startWorker(storage, { maxBlocks: 2, maxSize: 40 });
    await until(() => textsOf(inbox.messages).length === 5);
    expect(inbox.messages.map(({ contentBlocks }) => contentBlocks.length)).toEqual([2, 1, 1, 1]);
    expect(inbox.messages.map(({ recordCount }) => recordCount?.value)).toEqual([2, 1, 1, 1]);
    const ranges = rangesOf(inbox.messages);
    expect(ranges.map(([begin]) => begin)).toEqual([formatLabel(subscription.since), ...ranges.slice(0, -1).map(([, end]) => end)]);
    expect(ranges.slice(0, 3).map(([, end]) => end)).toEqual([labels[1], labels[2], labels[3]].map((label) => formatLabel(label ?? 0)));
    // The last range reaches the horizon, not only the last block.
    await until(async () => (await stateOf(storage, subscription)).pending === undefined);
    expect(ranges[3]?.[1]).toBe(formatLabel((await stateOf(storage, subscription)).delivered));
  });

  it("[SVC-SUBF-003] [SVC-MULTI-006] selects by bindings and by query, and states ranges that cover what did not match", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const query = { formatId: "urn:query:word", content: { xml: "<w>yes</w>" } };
    await subscribe(storage, targetOf(inbox), { parameters: { contentBindings: [{ bindingId: "urn:text" }], query } });
    await addBlocks(storage, ["yes 1", "no", "yes 2"]);
    await addBlocks(storage, ["yes, in another format"], "feed", { contentBinding: { bindingId: "urn:other" } });
    await addBlocks(storage, ["yes 3", "no"]);
    startWorker(storage, { handlersFor: () => [wordQuery], maxBlocks: 2 });
    await until(() => textsOf(inbox.messages).length === 3);
    expect(textsOf(inbox.messages)).toEqual(["yes 1", "yes 2", "yes 3"]);
    const [first, second] = rangesOf(inbox.messages);
    expect(second?.[0]).toBe(first?.[1]);
  });

  it("says nothing about ranges in which nothing matches, and covers them with the next message", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const subscription = await subscribe(storage, targetOf(inbox), { parameters: { contentBindings: [{ bindingId: "urn:text" }] } });
    const [other = 0] = await addBlocks(storage, ["other"], "feed", { contentBinding: { bindingId: "urn:other" } });
    const worker = startWorker(storage);
    await until(async () => (await stateOf(storage, subscription)).scanned >= other);
    expect(inbox.received).toEqual([]);
    await addBlocks(storage, ["text"]);
    worker.wake();
    await until(() => inbox.received.length === 1);
    expect(rangesOf(inbox.messages)[0]?.[0]).toBe(formatLabel(subscription.since));
  });

  it("[SVC-SUBF-009] pushes the number alone to those who count only", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    await subscribe(storage, targetOf(inbox), { parameters: { responseType: "COUNT_ONLY" } });
    await addBlocks(storage, ["a", "b", "c"]);
    startWorker(storage, { maxBlocks: 1 });
    await until(() => inbox.received.length === 1);
    expect(inbox.messages[0]).toMatchObject({ recordCount: { value: 3 }, contentBlocks: [] });
    await aWhile();
    expect(inbox.received.length).toBe(1);
  });

  it("[XML-INB-002] states no range and no labels for a set", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    await subscribe(storage, targetOf(inbox), { collection: "set" });
    await addBlocks(storage, ["a"], "set");
    startWorker(storage);
    await until(() => inbox.received.length === 1);
    const [message] = inbox.messages;
    expect(message?.sourceSubscription).toEqual({ collectionName: "set", subscriptionId: expect.any(String) });
    expect(message?.contentBlocks[0]?.timestampLabel).toBeUndefined();
  });

  it("[SVC-SUBF-007] pushes in TAXII 1.0 to those who asked for that, with the range as it is said there", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const subscription = await subscribe(storage, targetOf(inbox, versionIds.xml10));
    await addBlocks(storage, ["a"], "feed", {
      contentBinding: { bindingId: "urn:text", subtype: { subtypeId: "urn:sub" } },
      message: "remark",
    });
    startWorker(storage);
    await until(() => inbox.received.length === 1);
    await until(async () => (await stateOf(storage, subscription)).delivered > subscription.since);
    const [received] = inbox.received;
    expect(received?.message).toMatchObject({
      $type: "taxii10.InboxMessage",
      sourceSubscription: {
        feedName: "feed",
        subscriptionId: subscription.id,
        inclusiveBeginTimestamp: formatLabel(subscription.since + 1),
        inclusiveEndTimestamp: formatLabel((await stateOf(storage, subscription)).delivered),
      },
      contentBlocks: [{ contentBinding: "urn:text", content: { text: "a" } }],
    });
    expect(received?.request.headers).toMatchObject({
      "x-taxii-content-type": versionIds.xml10,
      "x-taxii-accept": versionIds.xml10,
      "x-taxii-services": versionIds.services10,
      "content-length": expect.stringMatching(/^\d+$/),
    });
  });

  it("puts aside at once what cannot be said in the version that was asked for", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const subscription = await subscribe(storage, targetOf(inbox, versionIds.xml10), { parameters: { responseType: "COUNT_ONLY" } });
    await addBlocks(storage, ["a"]);
    startWorker(storage);
    await until(async () => (await stateOf(storage, subscription)).parked);
    expect(await stateOf(storage, subscription)).toMatchObject({
      attempts: 1,
      error: expect.stringContaining("cannot be said in TAXII 1.0"),
    });
    expect(inbox.received).toEqual([]);
  });

  it("[SVC-SUBF-004] [SVC-SUBF-005] pushes nothing while paused, and everything after that", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const { id, owner, collection } = await subscribe(storage, targetOf(inbox));
    const worker = startWorker(storage);
    await storage.subscriptions.setStatus({ id, owner, collection }, "PAUSED");
    await addBlocks(storage, ["a", "b"]);
    await aWhile();
    expect(inbox.received).toEqual([]);
    await storage.subscriptions.setStatus({ id, owner, collection }, "ACTIVE");
    worker.wake();
    await until(() => textsOf(inbox.messages).length === 2);
    expect(textsOf(inbox.messages)).toEqual(["a", "b"]);
  });

  it.each(["paused", "ended"] as const)("[SVC-SUBF-004] stops between two messages when the subscription is %s", async (how) => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const { id, owner, collection } = await subscribe(storage, targetOf(inbox));
    inbox.answer = async (received) => {
      if (how === "paused") await storage.subscriptions.setStatus({ id, owner, collection }, "PAUSED");
      else await storage.subscriptions.remove({ id });
      accept(received);
    };
    await addBlocks(storage, ["a", "b", "c"]);
    const worker = startWorker(storage, { maxBlocks: 1 });
    await until(() => inbox.received.length === 1);
    await aWhile();
    expect(textsOf(inbox.messages)).toEqual(["a"]);
    expect(worker.told).toMatchObject({ failed: [], faults: [] });
  });

  it("[SVC-GEN-012] [SVC-SUBF-003] delivers by the rights the owner has now, and keeps what may not be read now", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const subscription = await subscribe(storage, targetOf(inbox), { owner: "alice" });
    const asked: string[] = [];
    let allowed = true;
    let now = Date.now();
    const mayRead = (owner: string, collection: string): boolean => {
      asked.push(`${owner} ${collection}`);
      return allowed;
    };
    const worker = startWorker(storage, { mayRead, now: () => now });
    await addBlocks(storage, ["a"]);
    await until(() => inbox.received.length === 1);
    allowed = false;
    await addBlocks(storage, ["b"]);
    worker.wake();
    await until(async () => (await stateOf(storage, subscription)).error !== undefined);
    expect(await stateOf(storage, subscription)).toMatchObject({ error: '"alice" may not read "feed"', attempts: 0, parked: false });
    expect(inbox.received.length).toBe(1);
    allowed = true;
    now += 60_000;
    await until(() => inbox.received.length === 2);
    expect(textsOf(inbox.messages)).toEqual(["a", "b"]);
    expect(new Set(asked)).toEqual(new Set(["alice feed"]));
    expect(worker.told.failed).toEqual([]);
  });

  it("[SEC-PUSH-001] asks the policy before each message: an address that is not allowed any more gets nothing", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a"]);
    const worker = startWorker(storage, { policy: localPolicy({ allow: ["elsewhere.example"] }) });
    await until(() => worker.told.failed.length > 0);
    expect(worker.told.failed[0]?.error).toBeInstanceOf(StatusError);
    expect(worker.told.failed[0]?.error).toMatchObject({ code: "DENIED" });
    expect(inbox.received).toEqual([]);
  });

  it("does one delivery at a time for one origin, and several for several", async () => {
    const storage = await createStorage();
    const counts = { now: 0, most: 0, total: 0 };
    const slow = (received: Parameters<typeof accept>[0]): void => {
      counts.now += 1;
      counts.total += 1;
      counts.most = Math.max(counts.most, counts.now);
      setTimeout(() => {
        counts.now -= 1;
        accept(received);
      }, 20);
    };
    const [one, two] = [await startInbox(slow), await startInbox(slow)];
    for (const inbox of [one, one, one, two]) await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a"]);
    startWorker(storage);
    await until(() => counts.total === 4 && counts.now === 0);
    expect(counts.most).toBe(2);
    expect([one.received.length, two.received.length]).toEqual([3, 1]);
  });

  it("goes on with others after ten messages to one", async () => {
    const storage = await createStorage();
    const order: string[] = [];
    const [one, two] = [await startInbox(), await startInbox()];
    one.answer = (received) => {
      order.push("one");
      accept(received);
    };
    two.answer = (received) => {
      order.push("two");
      accept(received);
    };
    await subscribe(storage, targetOf(one));
    await subscribe(storage, targetOf(two));
    await addBlocks(
      storage,
      Array.from({ length: 15 }, (_, index) => String(index)),
    );
    startWorker(storage, { maxBlocks: 1, concurrency: 1 });
    await until(() => order.length === 30);
    expect(order.slice(0, 20)).toEqual([...Array<string>(10).fill("one"), ...Array<string>(10).fill("two")]);
    expect(textsOf(one.messages)).toEqual(textsOf(two.messages));
  });

  it("gives back what it does when it is stopped, and the next worker repeats the range", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox(() => undefined)];
    const subscription = await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a"]);
    const first = startWorker(storage, { grace: 1 });
    await until(() => inbox.received.length === 1);
    await first.stop();
    expect(await stateOf(storage, subscription)).toMatchObject({ pending: expect.any(Number), attempts: 0 });
    await addBlocks(storage, ["b"]);
    inbox.answer = accept;
    startWorker(storage);
    await until(() => inbox.received.length === 3);
    const ranges = rangesOf(inbox.messages);
    expect(ranges[1]).toEqual(ranges[0]);
    expect(ranges[2]?.[0]).toBe(ranges[1]?.[1]);
    expect(textsOf(inbox.messages)).toEqual(["a", "a", "b"]);
    expect(() => first.start()).toThrow(/was stopped/);
  });

  it("puts a query aside that nobody evaluates, and loses nothing", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const query = { formatId: "urn:query:word", content: { xml: "<w>yes</w>" } };
    const subscription = await subscribe(storage, targetOf(inbox), { parameters: { query } });
    await addBlocks(storage, ["yes"]);
    const worker = startWorker(storage, { retry: { attempts: 2, minDelay: 1, maxDelay: 1 } });
    await until(async () => (await stateOf(storage, subscription)).parked);
    await worker.stop();
    startWorker(storage, { handlersFor: () => [wordQuery] });
    await storage.subscriptions.retry(subscription.id);
    await until(() => inbox.received.length === 1);
    expect(textsOf(inbox.messages)).toEqual(["yes"]);
  });

  it("tells of a retry that the inbox asked for without counting it", async () => {
    const [storage, inbox] = [await createStorage(), await startInbox(answerWith("RETRY", { details: { ESTIMATED_WAIT: "0" } }))];
    const subscription = await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a"]);
    const worker = startWorker(storage, { retry: { attempts: 2, minDelay: 1, maxDelay: 1 } });
    await until(() => inbox.received.length === 5);
    inbox.answer = accept;
    await until(() => worker.told.delivered.length === 1);
    expect(worker.told.failed.every(({ attempts, parked }) => attempts === 0 && !parked)).toBe(true);
    expect(await stateOf(storage, subscription)).toMatchObject({ attempts: 0, parked: false, error: undefined });
  });
});
