/** Pushing: messages of a bounded size, and what becomes of them for each destination. */

import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type ContentBlockInit, StatusMessage, type StatusType } from "../../generated/taxii11/index.js";
import { type AnyMessage, type Client, PushError } from "../../src/client/index.js";
import { create } from "../../src/message/create.js";
import { askingOnce as createClient, producer, type Sent, service } from "./peer.js";

const home = "http://taxii.test/discovery";
const inbox = service("INBOX", "http://taxii.test/inbox");
const collections = service("COLLECTION_MANAGEMENT", "http://taxii.test/collections");
const block = (text: string): ContentBlockInit => ({ contentBinding: { bindingId: "urn:stix" }, content: { text } });
const contact = (address: string) => ({ address, protocolBinding: "urn:x", messageBindings: ["urn:taxii.mitre.org:message:xml:1.1"] });

/** A client of inboxes that answer as `statusOf` says, and the inbox messages they got. */
function setUp(statusOf: (path: string, nth: number) => StatusType = () => "SUCCESS") {
  const own = (name: string) => ({ collectionName: name, description: "", receivingInboxServices: [contact(`http://taxii.test/${name}`)] });
  let nth = 0;
  const peer = producer([collections, inbox], [own("a"), own("b")], ({ url, message }) =>
    create(StatusMessage, { inResponseTo: message.messageId, statusType: statusOf(new URL(url).pathname, ++nth), message: "because" }),
  );
  return { client: createClient(home, peer), received: () => peer.sent.filter(isInbox).map(summary) };
}

const isInbox = ({ message }: Sent): boolean => message.$type === "taxii11.InboxMessage";

function summary({ url, message }: Sent) {
  if (message.$type !== "taxii11.InboxMessage") throw new Error(message.$type);
  return {
    path: new URL(url).pathname,
    names: message.destinationCollectionNames,
    texts: message.contentBlocks.map(({ content }) => ("text" in content ? content.text : content.xml)),
  };
}

async function failureOf(pushing: Promise<unknown>): Promise<PushError> {
  const failure: unknown = await pushing.catch((error: unknown) => error);
  if (!(failure instanceof PushError)) throw failure;
  return failure;
}

test("collections of one inbox share a message, those with inboxes of their own get their own", async () => {
  const { client, received } = setUp();
  const report = await client.push([block("1")], { collection: ["a", "b", "c", "d", "a"] });
  expect(received()).toEqual([
    { path: "/a", names: ["a"], texts: ["1"] },
    { path: "/b", names: ["b"], texts: ["1"] },
    { path: "/inbox", names: ["c", "d"], texts: ["1"] },
  ]);
  const took = (collection: string, path: string) => ({ collection, address: `http://taxii.test${path}`, blocks: 1, error: undefined });
  expect(report).toEqual({
    blocks: 1,
    messages: 3,
    outcomes: [took("a", "/a"), took("b", "/b"), took("c", "/inbox"), took("d", "/inbox")],
  });
});

test("content without destination goes to the inbox, one destination may be written as a text [SVC-INBOX-008]", async () => {
  const { client, received } = setUp();
  expect(await client.push([block("1")])).toMatchObject({ outcomes: [{ collection: undefined, address: inbox.address, blocks: 1 }] });
  await client.push([block("2")], { collection: "c" });
  await client.push([block("3")], { collection: "a", address: "http://taxii.test/elsewhere" });
  expect(received()).toEqual([
    { path: "/inbox", names: [], texts: ["1"] },
    { path: "/inbox", names: ["c"], texts: ["2"] },
    { path: "/elsewhere", names: ["a"], texts: ["3"] },
  ]);
});

test("nothing is sent where there is nothing to send", async () => {
  const { client, received } = setUp();
  expect(await client.push([], { collection: "c" })).toMatchObject({ blocks: 0, messages: 0 });
  expect(received()).toEqual([]);
});

describe("what is refused", () => {
  it("is reported by destination, and the other destinations get all", async () => {
    const { client, received } = setUp((path) => (path === "/a" ? "DENIED" : "SUCCESS"));
    const failure = await failureOf(client.push([block("1"), block("2")], { collection: ["a", "b"], maxBlocks: 1 }));
    expect(failure).toMatchObject({
      code: "PUSH_REFUSED",
      message: "a did not take all content: DENIED: because",
      cause: { code: "DENIED" },
    });
    expect(failure.report).toMatchObject({
      blocks: 0,
      messages: 2,
      outcomes: [
        { collection: "a", blocks: 0, error: { code: "DENIED" } },
        { collection: "b", blocks: 2, error: undefined },
      ],
    });
    expect(received().map(({ path }) => path)).toEqual(["/a", "/b", "/b"]);
  });

  it("by all ends the reading of what is to be sent", async () => {
    const { client } = setUp((_, nth) => (nth === 2 ? "FAILURE" : "SUCCESS"));
    let read = 0;
    async function* endless(): AsyncGenerator<ContentBlockInit> {
      for (;;) yield block(String(read++));
    }
    const failure = await failureOf(client.push(endless(), { maxBlocks: 10 }));
    expect(failure.report).toMatchObject({ blocks: 10, messages: 1, outcomes: [{ blocks: 10, error: { code: "FAILURE" } }] });
    expect(read).toBeLessThanOrEqual(22);
  });
});

test("faults of the source are its own, and what was sent stays sent", async () => {
  const { client, received } = setUp();
  async function* breaking(): AsyncGenerator<ContentBlockInit> {
    yield block("1");
    yield block("2");
    throw new Error("mine");
  }
  await expect(client.push(breaking(), { maxBlocks: 1 })).rejects.toThrow("mine");
  expect(received().map(({ texts }) => texts)).toEqual([["1"]]);
});

test("a signal ends a push between messages with its own reason", async () => {
  const { client, received } = setUp();
  const stop = new AbortController();
  const counts: number[] = [];
  const onMessage = (blocks: number): void => {
    counts.push(blocks);
    stop.abort(new Error("enough"));
  };
  const pushing = client.push([block("1"), block("2"), block("3")], { maxBlocks: 1, signal: stop.signal, onMessage });
  await expect(pushing).rejects.toThrow("enough");
  expect([counts, received().length]).toEqual([[1], 1]);
});

test("everything arrives once, in order, in messages within the limits", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 60 }),
      async (lengths, maxBlocks, maxLength) => {
        const { client, received } = setUp();
        const texts = lengths.map((length, index) => `${index}`.padEnd(length, "x"));
        const report = await (client satisfies Client).push(texts.map(block), { maxBlocks, maxLength });
        const messages = received().map((message) => message.texts);
        expect(messages.flat()).toEqual(texts);
        expect([report.blocks, report.messages]).toEqual([texts.length, messages.length]);
        for (const message of messages) {
          expect(message.length).toBeLessThanOrEqual(maxBlocks);
          if (message.length > 1) expect(message.join("").length).toBeLessThanOrEqual(maxLength);
        }
      },
    ),
    { numRuns: 60 },
  ));

test("a remark travels with each message", async () => {
  const messages: AnyMessage[] = [];
  const peer = producer([inbox], [], ({ message }) => {
    messages.push(message);
    return create(StatusMessage, { inResponseTo: message.messageId, statusType: "SUCCESS" });
  });
  await createClient(home, peer).push([block("1"), block("2")], { message: "hello", maxBlocks: 1 });
  expect(messages).toMatchObject([{ message: "hello" }, { message: "hello" }]);
});
