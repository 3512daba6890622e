/** Content from one server to another, and the states in between. */

import { describe, expect, it } from "vitest";
import type { ContentBlockInit, InboxMessage } from "../../generated/taxii11/index.js";
import { StatusMessage } from "../../generated/taxii11/index.js";
import { relay } from "../../src/cli/relay.js";
import { DeferredState } from "../../src/cli/relay-state.js";
import { type Client, createClient, memoryState, type PollState, PushError } from "../../src/client/index.js";
import { create } from "../../src/message/create.js";
import { isPoll, pollResponse, producer, service, success } from "../client/peer.js";
import { block } from "../server/kit.js";

const labelOf = (number: number): string => `2026-01-01T00:00:00.${String(number).padStart(6, "0")}Z`;
const labelled = (number: number, init: Partial<ContentBlockInit> = {}): ContentBlockInit => ({
  ...block(`block ${number}`),
  timestampLabel: labelOf(number),
  ...init,
});
const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

/** Gives parts of these blocks; behind the last part, `breakOff` ends it with an error. */
function source(parts: readonly (readonly ContentBlockInit[])[], breakOff = false): Client {
  const { fetch } = producer([service("POLL", "http://from.test/poll")], [], ({ message }) => {
    if (!isPoll(message)) throw new Error(message.$type);
    const number = message.$type === "taxii11.PollFulfillment" ? (message.resultPartNumber ?? 1) : 1;
    // Behind everything there is nothing.
    const after = message.$type === "taxii11.PollRequest" ? message.exclusiveBeginTimestamp : undefined;
    if (after !== undefined) return pollResponse(message, { inclusiveEndTimestamp: after });
    const contentBlocks = parts[number - 1];
    if (contentBlocks === undefined) return create(StatusMessage, { inResponseTo: message.messageId, statusType: "FAILURE" });
    const more = number < parts.length || breakOff;
    const end = contentBlocks.at(-1)?.timestampLabel ?? labelOf(999);
    return pollResponse(message, { contentBlocks, more, resultId: "urn:r", resultPartNumber: number, inclusiveEndTimestamp: end });
  });
  return createClient("http://from.test/discovery", { fetch, retry: false, version: "1.1" });
}

/** Takes messages, and refuses the one with this number. */
function sink(refuses = 0) {
  const messages: InboxMessage[] = [];
  const { fetch } = producer([service("INBOX", "http://to.test/inbox")], [], ({ message }) => {
    if (message.$type !== "taxii11.InboxMessage") throw new Error(message.$type);
    messages.push(message);
    if (messages.length === refuses) return create(StatusMessage, { inResponseTo: message.messageId, statusType: "DENIED" });
    return success(message);
  });
  const client = createClient("http://to.test/discovery", { fetch, retry: false, version: "1.1" });
  return { client, messages, blocks: () => messages.flatMap(({ contentBlocks }) => contentBlocks) };
}

const options = (from: Client, to: Client) => ({ from, collection: "feed", to });

describe("a relay", () => {
  it("passes everything on but labels, and what was signed together with them", async () => {
    const full = labelled(1, {
      contentBinding: { bindingId: "urn:a", subtype: { subtypeId: "urn:b" } },
      message: "remark",
      padding: "xx",
      signature: { xml: '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>' },
    });
    const inbox = sink();
    const { polled, pushed, unsigned, bytes, end } = await relay({ ...options(source([[full]]), inbox.client), push: { collection: "c" } });
    expect([polled, pushed, unsigned, bytes, end]).toEqual([1, 1, 1, 7, labelOf(1)]);
    const [sent] = inbox.blocks();
    expect(sent).toMatchObject({
      content: { text: "block 1" },
      message: "remark",
      padding: "xx",
      contentBinding: { bindingId: "urn:a", subtype: { subtypeId: "urn:b" } },
    });
    expect(sent).not.toHaveProperty("timestampLabel");
    expect(sent).not.toHaveProperty("signature");
    expect(inbox.messages[0]?.destinationCollectionNames).toEqual(["c"]);

    const keeping = sink();
    await relay({ ...options(source([[full]]), keeping.client), keepLabels: true });
    expect(keeping.blocks()[0]).toMatchObject({
      timestampLabel: labelOf(1),
      signature: { xml: expect.stringContaining("Signature") as string },
    });
  });

  it("sends nothing when there is nothing", async () => {
    const inbox = sink();
    const { report, polled } = await relay(options(source([[]]), inbox.client));
    expect([report, polled, inbox.messages]).toEqual([undefined, 0, []]);
  });

  it("goes on over parts in messages of a bounded size, and says how far it is", async () => {
    const inbox = sink();
    const seen: (readonly [number, number])[] = [];
    const parts = [numbers(3).map((number) => labelled(number)), numbers(2).map((number) => labelled(number + 3))];
    await relay({
      ...options(source(parts), inbox.client),
      push: { maxBlocks: 2 },
      onProgress: ({ polled, pushed }) => seen.push([polled, pushed]),
    });
    expect(inbox.messages.map(({ contentBlocks }) => contentBlocks.length)).toEqual([2, 2, 1]);
    expect(seen.at(-1)).toEqual([5, 5]);
  });

  it.each([0, 1, 3])("stops at a limit of %d", async (limit) => {
    const inbox = sink();
    await relay({ ...options(source([numbers(5).map((number) => labelled(number))]), inbox.client), limit });
    expect(inbox.blocks()).toHaveLength(limit);
  });

  it("passes on what came whole before the poll broke", async () => {
    const inbox = sink();
    const broken = relay(options(source([numbers(3).map((number) => labelled(number))], true), inbox.client));
    await expect(broken).rejects.toMatchObject({ code: "FAILURE" });
    expect(inbox.blocks()).toHaveLength(3);
  });

  it("ends the poll when the inbox refuses", async () => {
    const inbox = sink(2);
    const parts = [numbers(3).map((number) => labelled(number)), numbers(3).map((number) => labelled(number + 3))];
    const refused = relay({ ...options(source(parts), inbox.client), push: { maxBlocks: 1 } });
    await expect(refused).rejects.toBeInstanceOf(PushError);
    expect(inbox.messages).toHaveLength(2);
  });
});

describe("the state of a relay", () => {
  const parts = [numbers(3).map((number) => labelled(number)), numbers(3).map((number) => labelled(number + 3))];

  it("waits for the inbox", async () => {
    const saved: { state: PollState; taken: number }[] = [];
    const inbox = sink();
    const state = {
      load: async () => undefined,
      save: async (_key: string, one: PollState) => void saved.push({ state: one, taken: inbox.blocks().length }),
    };
    await relay({ ...options(source(parts), inbox.client), poll: { state }, push: { maxBlocks: 1 } });
    for (const { state: one, taken } of saved)
      expect(taken).toBeGreaterThanOrEqual(one.result === undefined ? 6 : (one.result.part - 1) * 3);
    expect(saved.at(-1)?.state.after).toBeDefined();
  });

  it("is not that of content that the inbox refused", async () => {
    const state = memoryState();
    const saved: PollState[] = [];
    const watched = {
      load: state.load,
      save: async (key: string, one: PollState) => {
        saved.push(one);
        await state.save(key, one);
      },
    };
    // The first message has a part and the beginning of the next.
    await relay({ ...options(source(parts), sink(2).client), poll: { state: watched }, push: { maxBlocks: 4 } }).catch(() => undefined);
    expect(saved.every(({ after, result }) => after === undefined && result?.part === 2)).toBe(true);
    const again = sink();
    await relay({ ...options(source(parts), again.client), poll: { state: watched } });
    expect(again.blocks().map(({ content }) => ("text" in content ? content.text : ""))).toEqual(["block 3", "block 4", "block 5"]);
  });

  it("is kept back until the end where there may be several inboxes", async () => {
    const saved: PollState[] = [];
    const state = { load: async () => undefined, save: async (_key: string, one: PollState) => void saved.push(one) };
    const push = { maxBlocks: 3, collection: ["a", "b"] };
    await relay({ ...options(source(parts), sink(2).client), poll: { state }, push }).catch(() => undefined);
    expect(saved).toEqual([]);
  });

  it("that cannot be saved is an error, though everything has arrived", async () => {
    const inbox = sink();
    const state = { load: async () => undefined, save: () => Promise.reject(new Error("disk full")) };
    await expect(relay({ ...options(source(parts), inbox.client), poll: { state }, push: { maxBlocks: 1 } })).rejects.toThrow("disk full");
    expect(inbox.blocks()).toHaveLength(6);
  });

  it("settles in order, the last one of each key", async () => {
    let count = 0;
    const saved: string[] = [];
    const target = { load: async () => undefined, save: async (key: string, { after }: PollState) => void saved.push(`${key} ${after}`) };
    const deferred = new DeferredState(target, () => count);
    for (const [blocks, after] of [
      [1, "a"],
      [2, "b"],
      [5, "c"],
    ] as const) {
      count = blocks;
      await deferred.store.save("k", { after });
    }
    deferred.settle(0);
    deferred.settle(3);
    await deferred.idle();
    expect(saved).toEqual(["k b"]);
    deferred.settle(5);
    await deferred.idle();
    expect(saved).toEqual(["k b", "k c"]);
  });
});
