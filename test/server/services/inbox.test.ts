/** The inbox: who may send what where, and that all of a message is kept or nothing. */

import { expect, test } from "vitest";
import { InboxMessage as InboxMessage10 } from "../../../generated/taxii10/index.js";
import {
  type ContentBlock,
  type ContentBlockInit,
  InboxMessage,
  type InboxMessageInit,
  type StatusMessage,
} from "../../../generated/taxii11/index.js";
import { xmlContent } from "../../../src/codec/fragment.js";
import { create } from "../../../src/message/create.js";
import { detailsOf, StatusError, statusMessage } from "../../../src/message/status-error.js";
import { type InboxOptions, inbox } from "../../../src/server/services/inbox.js";
import { type CollectionInit, formatLabel, StorageError, type StoredReceipt } from "../../../src/storage/index.js";
import { collectLists } from "../../support/collect.js";
import { as, createPeers, type Peers, type Setting } from "./peers.js";

const collections: readonly CollectionInit[] = [
  { name: "closed", available: false },
  { name: "feed" },
  { name: "set", type: "DATA_SET" },
  { name: "stix", contentBindings: [{ bindingId: "urn:stix" }, { bindingId: "urn:wrap" }] },
];

function setting(options: Partial<InboxOptions> = {}, rest: Partial<Setting> = {}): Promise<Peers> {
  return createPeers({ collections, services: [inbox({ path: "/inbox", ...options })], ...rest });
}

function block(text: string, bindingId = "urn:stix"): ContentBlockInit {
  return { contentBinding: { bindingId }, content: { text } };
}

async function send(
  peers: Peers,
  contentBlocks: readonly ContentBlockInit[],
  destinations: readonly string[] = [],
  init: Partial<InboxMessageInit> = {},
  account?: string,
): Promise<StatusMessage> {
  const message = create(InboxMessage, { destinationCollectionNames: [...destinations], contentBlocks, ...init });
  return as("taxii11.StatusMessage", await peers.ask("/inbox", message, account));
}

/** Type and details of a status. */
const said = (status: StatusMessage, name = "ITEM"): readonly unknown[] => [status.statusType, detailsOf(status, name)];

async function stored({ storage }: Peers, collection: string): Promise<readonly ContentBlock[]> {
  const blocks: ContentBlock[] = [];
  for await (const { block: found } of storage.content({ collection })) blocks.push(found);
  return blocks;
}

const texts = async (peers: Peers, collection: string): Promise<readonly string[]> =>
  (await stored(peers, collection)).map(({ content }) => ("text" in content ? content.text : content.xml));

async function receipts({ storage }: Peers): Promise<readonly StoredReceipt[]> {
  const found: StoredReceipt[] = [];
  for await (const receipt of storage.receipts()) found.push(receipt);
  return found;
}

test("success is SUCCESS and nothing more, also for no blocks at all [SVC-INBOX-001] [SVC-INBOX-015] [SVC-STAT-009]", async () => {
  const peers = await setting();
  const status = await send(peers, [block("x")], ["feed"]);
  expect(status.statusType).toBe("SUCCESS");
  expect(status.statusDetail).toBeUndefined();
  expect((await send(peers, [], ["feed"], { recordCount: { value: 12 } })).statusType).toBe("SUCCESS");
  expect((await send(peers, [])).statusType).toBe("SUCCESS");
  expect(peers.told).toHaveLength(1);
});

test.each([
  ["required", [], ["DESTINATION_COLLECTION_ERROR", ["feed", "set", "stix"]]],
  ["required", ["feed"], ["SUCCESS", []]],
  ["required", ["feed", "set", "feed"], ["SUCCESS", []]],
  ["optional", [], ["SUCCESS", []]],
  ["optional", ["set"], ["SUCCESS", []]],
  ["optional", ["feed", "set"], ["SUCCESS", []]],
  ["prohibited", [], ["SUCCESS", []]],
  ["prohibited", ["feed"], ["DESTINATION_COLLECTION_ERROR", []]],
  ["prohibited", ["feed", "nowhere"], ["DESTINATION_COLLECTION_ERROR", []]],
] as const)(
  "destinations %s, named %j: %j [SVC-INBOX-008] [SVC-INBOX-009] [SVC-INBOX-010] [SVC-INBOX-018]",
  async (destination, names, expected) => {
    const peers = await setting({ destination });
    const status = await send(peers, [block("x")], names);
    expect(said(status, "ACCEPTABLE_DESTINATION")).toEqual(expected);
    const counts = await Promise.all(["feed", "set", "stix", "closed"].map((collection) => peers.storage.count({ collection })));
    const given: readonly string[] = names;
    const taken = (name: string) => status.statusType === "SUCCESS" && (given.length === 0 || given.includes(name));
    expect(counts).toEqual([...["feed", "set", "stix"].map((name) => (taken(name) ? 1 : 0)), 0]);
  },
);

test("unknown destinations are NOT_FOUND with ITEM, unavailable ones DENIED; nothing is stored [SVC-INBOX-003] [SVC-INBOX-011]", async () => {
  const peers = await setting({ collections: ["feed", "closed"] });
  for (const name of ["nowhere", "__proto__", "set"])
    expect(said(await send(peers, [block("x")], ["feed", name]))).toEqual(["NOT_FOUND", [name]]);
  expect((await send(peers, [block("x")], ["feed", "closed"])).statusType).toBe("DENIED");
  expect(await texts(peers, "feed")).toEqual([]);
  expect(await receipts(peers)).toEqual([]);
});

test("who may not write does not, and is not told where others may [SVC-INBOX-007] [SVC-INBOX-011] [SEC-ID-001] [SEC-ID-002]", async () => {
  const accounts = {
    writer: { permissions: { feed: ["write"] as const, stix: ["read"] as const } },
    reader: { permissions: { stix: ["read"] as const } },
  };
  const peers = await setting({}, { accounts });
  const services = [inbox({ path: "/inbox", destination: "required" })];
  const strict = await createPeers({ services, accounts, collections });
  const message = [block("x")];
  const sent = async (account: string | undefined, ...names: string[]) => said(await send(peers, message, names, {}, account));
  expect(await sent("writer", "stix")).toEqual(["UNAUTHORIZED", []]);
  expect(await sent("writer", "set")).toEqual(["NOT_FOUND", ["set"]]);
  expect(await sent("writer", "nowhere")).toEqual(["NOT_FOUND", ["nowhere"]]);
  expect(await sent("writer", "feed", "stix")).toEqual(["UNAUTHORIZED", []]);
  expect(await sent("reader")).toEqual(["UNAUTHORIZED", []]);
  expect(said(await send(peers, [], [], {}, "reader"))).toEqual(["UNAUTHORIZED", []]);
  expect(await sent(undefined, "feed")).toEqual(["UNAUTHORIZED", []]);
  expect(await sent(undefined, "nowhere")).toEqual(["UNAUTHORIZED", []]);
  // Nothing in a message says who sent it.
  const claim = { extendedHeaders: { extendedHeaders: [{ name: "urn:user", content: { text: "writer" } }] } };
  expect(said(await send(peers, message, ["feed"], claim, "reader"))).toEqual(["NOT_FOUND", ["feed"]]);
  expect(said(await send(strict, message, [], {}, "writer"), "ACCEPTABLE_DESTINATION")).toEqual(["DESTINATION_COLLECTION_ERROR", ["feed"]]);
  expect(await receipts(peers)).toEqual([]);
  // Without names, what is open to the sender gets it.
  expect(await sent("writer")).toEqual(["SUCCESS", []]);
  expect(await Promise.all(collections.map(({ name }) => peers.storage.count({ collection: name })))).toEqual([0, 1, 0, 0]);
});

test("content nobody takes keeps the whole message out [SVC-INBOX-002] [SVC-INBOX-003] [SVC-INBOX-006] [SVC-INBOX-014] [SVC-STAT-022]", async () => {
  const peers = await setting({ contentBindings: [{ bindingId: "urn:stix" }, { bindingId: "urn:other" }] });
  const status = await send(peers, [block("good"), block("bad", "urn:csv")], ["feed"]);
  expect(said(status, "SUPPORTED_CONTENT")).toEqual(["UNSUPPORTED_CONTENT", ["urn:stix", "urn:other"]]);
  // The inbox takes it, the collection does not.
  expect((await send(peers, [block("x", "urn:other")], ["stix"])).statusType).toBe("UNSUPPORTED_CONTENT");
  expect((await send(peers, [block("x", "urn:other")], ["feed", "stix"])).statusType).toBe("UNSUPPORTED_CONTENT");
  expect(await texts(peers, "feed")).toEqual([]);
  expect(peers.told).toEqual([]);
  // Without destinations, content goes where it is taken.
  expect((await send(peers, [block("x", "urn:other"), block("y")])).statusType).toBe("SUCCESS");
  expect(await texts(peers, "stix")).toEqual(["y"]);
  expect(await texts(peers, "feed")).toEqual(["x", "y"]);
});

test("content nobody takes is left out where that is wanted, also when none is left [SVC-INBOX-004] [SVC-INBOX-005] [SVC-INBOX-014]", async () => {
  const peers = await setting({ unacceptable: "skip" });
  expect((await send(peers, [block("good"), block("bad", "urn:csv")], ["stix", "feed"])).statusType).toBe("SUCCESS");
  expect(await texts(peers, "stix")).toEqual(["good"]);
  expect(await texts(peers, "feed")).toEqual(["good", "bad"]);
  expect((await send(peers, [block("bad", "urn:csv")], ["stix"])).statusType).toBe("SUCCESS");
  expect(await texts(peers, "stix")).toEqual(["good"]);
  expect((await receipts(peers)).map(({ blockCount, labels }) => [blockCount, labels.length])).toEqual([
    [2, 2],
    [1, 0],
  ]);
});

test.each([
  ["a subscription", { sourceSubscription: { collectionName: "theirs", subscriptionId: "urn:s" } }],
  ["a result", { resultId: "urn:r" }],
])(
  "content that was asked for with %s is never refused for its binding, and gets no further than any other [SVC-INBOX-013]",
  async (_, claim) => {
    const accounts = { ann: { permissions: { stix: ["write"] as const, set: ["read"] as const } } };
    const peers = await setting({ maxBlocks: 2 }, { accounts });
    const blocks = [block("x", "urn:csv"), block("y")];
    expect((await send(peers, blocks, ["stix"], claim, "ann")).statusType).toBe("SUCCESS");
    expect(await texts(peers, "stix")).toEqual(["y"]);
    expect((await send(peers, [block("x", "urn:csv")], [], claim, "ann")).statusType).toBe("SUCCESS");
    expect((await send(peers, blocks, ["feed"], claim, "ann")).statusType).toBe("NOT_FOUND");
    expect((await send(peers, blocks, ["set"], claim, "ann")).statusType).toBe("UNAUTHORIZED");
    expect((await send(peers, [...blocks, ...blocks], ["stix"], claim, "ann")).statusType).toBe("DENIED");
    expect((await send(peers, [block("x", "urn:wrap|")], ["stix"], claim, "ann")).statusType).toBe("BAD_MESSAGE");
    expect(await Promise.all(["stix", "feed", "set"].map((collection) => peers.storage.count({ collection })))).toEqual([1, 0, 0]);
  },
);

test("nesting expressions are covered layer by layer; malformed ones are bad messages [CB-NEST-001] [CB-NEST-002] [CB-NEST-007] [CB-NEST-008]", async () => {
  const peers = await setting();
  for (const binding of ["urn:wrap|urn:stix", "urn:wrap|urn:wrap|urn:stix", "urn:wrap"])
    expect((await send(peers, [block("x", binding)], ["stix"])).statusType).toBe("SUCCESS");
  expect((await send(peers, [block("x", "urn:wrap|urn:csv")], ["stix"])).statusType).toBe("UNSUPPORTED_CONTENT");
  for (const binding of ["urn:wrap||urn:stix", "|urn:stix"])
    expect((await send(peers, [block("x", binding)], ["stix"])).statusType).toBe("BAD_MESSAGE");
});

test("subtypes are matched as the options say; layers that are blocks are always taken [CB-MATCH-002] [CB-MATCH-004] [CB-MATCH-005] [CB-NEST-005]", async () => {
  const contentBindings = [
    { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:1" }] },
    { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:2" }] },
    { bindingId: "urn:b" },
  ];
  const sub = (bindingId: string, subtypeId?: string): ContentBlockInit => ({
    contentBinding: { bindingId, ...(subtypeId === undefined ? {} : { subtype: { subtypeId } }) },
    content: { text: "x" },
  });
  const lax = await setting({ contentBindings });
  const strict = await setting({ contentBindings, matching: { strictSubtypes: true, contentBlockBindings: ["urn:block"] } });
  const taken = async (peers: Peers, sent: ContentBlockInit) => (await send(peers, [sent], ["feed"])).statusType === "SUCCESS";
  for (const [sent, laxly, strictly] of [
    [sub("urn:a", "urn:1"), true, true],
    [sub("urn:a", "urn:2"), true, true],
    [sub("urn:a", "urn:3"), false, false],
    [sub("urn:a"), true, false],
    [sub("urn:b", "urn:3"), true, true],
    [sub("urn:b|urn:block"), false, true],
  ] as const)
    expect([await taken(lax, sent), await taken(strict, sent)]).toEqual([laxly, strictly]);
});

test("the sender's label has no say, and message, padding and markup are kept [SVC-INBOX-012] [XML-CBK-003] [SIG-MSG-005]", async () => {
  const peers = await setting();
  const signature = {
    xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="urn:x"/><ds:SignatureMethod Algorithm="urn:x"/><ds:Reference><ds:DigestMethod Algorithm="urn:x"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>',
  };
  const sent = {
    contentBinding: { bindingId: "urn:stix", subtype: { subtypeId: "urn:s" } },
    content: xmlContent("<a xmlns='urn:a'><!--c--><b>&lt;</b></a>"),
    message: "m",
    padding: "p",
  };
  const old = "1999-01-01T00:00:00Z";
  await send(peers, [block("new"), { ...sent, timestampLabel: old, signature }], ["feed", "set"]);
  expect((await stored(peers, "feed"))[1]).toEqual({ ...sent, timestampLabel: old, signature });
  const [first, second] = await collectLists(peers.storage.keys({ collection: "feed" }, 2));
  expect(second?.label).toBeGreaterThan(first?.label ?? Number.NaN);
  expect(formatLabel(second?.label ?? 0) > "2020").toBe(true);
});

test("where a block comes from is kept from others where that is wanted [SIG-MSG-008]", async () => {
  const peers = await setting({ provenance: "strip" });
  const signature = {
    xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="urn:x"/><ds:SignatureMethod Algorithm="urn:x"/><ds:Reference><ds:DigestMethod Algorithm="urn:x"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>',
  };
  await send(peers, [{ ...block("x"), message: "from Ann", padding: "p", signature }, block("y")], ["feed"]);
  expect(await stored(peers, "feed")).toEqual([{ ...block("x"), padding: "p" }, block("y")]);
});

test("duplicates are kept, or dropped where that is wanted", async () => {
  const kept = await setting();
  const dropped = await setting({ duplicates: "drop" });
  for (const peers of [kept, dropped]) {
    expect((await send(peers, [block("x"), block("x")], ["feed"])).statusType).toBe("SUCCESS");
    expect((await send(peers, [block("x")], ["feed", "set"])).statusType).toBe("SUCCESS");
    expect((await send(peers, [block("x")], ["feed"])).statusType).toBe("SUCCESS");
  }
  expect([await kept.storage.count({ collection: "feed" }), await dropped.storage.count({ collection: "feed" })]).toEqual([4, 1]);
  expect(await dropped.storage.count({ collection: "set" })).toBe(1);
  // Nothing was stored the last time, so nobody is told.
  expect(kept.told).toHaveLength(3);
  expect(dropped.told).toHaveLength(2);
});

test("what is larger than an inbox takes is DENIED, with both numbers; nothing is stored [SVC-INBOX-003]", async () => {
  const peers = await setting({ maxBlocks: 2, maxBlockSize: 5 });
  const many = await send(peers, [block("1"), block("2"), block("3")], ["feed"]);
  expect(many).toMatchObject({ statusType: "DENIED", message: expect.stringMatching(/up to 2 .* found 3/) });
  const large = await send(peers, [block("12345"), block("123456")], ["feed"]);
  expect(large).toMatchObject({ statusType: "DENIED", message: expect.stringMatching(/up to 5 .* found 6 in content block 2/) });
  expect(await texts(peers, "feed")).toEqual([]);
  expect((await send(peers, [block("12345"), block("2")], ["feed"])).statusType).toBe("SUCCESS");
});

test.each([{ maxBlocks: -1 }, { maxBlockSize: Number.NaN }])("a limit has to be a number: %j", (limits) => {
  expect(() => inbox({ path: "/inbox", ...limits })).toThrow(TypeError);
});

test("an inbox takes bindings, and no nesting expressions of them [CB-NEST-006]", () => {
  expect(() => inbox({ path: "/inbox", contentBindings: [{ bindingId: "urn:a|urn:b" }] })).toThrow(/found "urn:a\|urn:b"/);
});

test.each([
  ["none", 0, undefined],
  ["receipt", 2, false],
  ["raw", 2, true],
] as const)("of messages is kept: %s", async (keepMessages, count, raw) => {
  const accounts = { ann: { permissions: { feed: ["write"] as const } } };
  const peers = await setting({ keepMessages }, { accounts });
  const source = { sourceSubscription: { collectionName: "theirs", subscriptionId: "urn:s" }, resultId: "urn:r" };
  await send(peers, [block("one & only"), block("two")], ["feed"], { messageId: "17", ...source }, "ann");
  await send(peers, [], ["feed"], { messageId: "18" }, "ann");
  const found = await receipts(peers);
  expect(found).toHaveLength(count);
  if (count === 0) return;
  const [first, second] = found;
  expect(first).toMatchObject({
    messageId: "17",
    account: "ann",
    service: "/inbox",
    subscriptionId: "urn:s",
    resultId: "urn:r",
    blockCount: 2,
  });
  expect(first?.labels).toEqual((await collectLists(peers.storage.keys({ collection: "feed" }, 9))).map(({ label }) => label));
  expect(second).toMatchObject({ messageId: "18", blockCount: 0, labels: [] });
  const document = new TextDecoder().decode(first?.raw);
  if (raw) expect(document).toContain("one &amp; only");
  else expect(first?.raw).toBeUndefined();
});

test("content and receipt are stored in one step, and told of", async () => {
  const peers = await setting();
  const calls: number[] = [];
  const add = peers.storage.add.bind(peers.storage);
  peers.storage.add = (arrivals, options) => {
    calls.push(arrivals.length);
    return add(arrivals, options);
  };
  await send(peers, [block("x"), block("y", "urn:csv")]);
  expect(calls).toEqual([2]);
  expect(peers.told).toMatchObject([
    {
      name: "contentStored",
      event: {
        account: undefined,
        service: { id: "/inbox" },
        collections: ["feed", "set", "stix"],
        labels: [expect.any(Number), expect.any(Number)],
      },
    },
  ]);
});

test("a storage that cannot be reached means RETRY, one that is full FAILURE, a collection that has gone NOT_FOUND [SVC-INBOX-002]", async () => {
  const peers = await setting();
  const failing = async (error: Error, ...names: string[]) => {
    peers.storage.add = () => Promise.reject(error);
    return said(await send(peers, [block("x")], names), "ESTIMATED_WAIT");
  };
  expect(await failing(new StorageError("UNAVAILABLE", "no database at 10.1.2.3"), "feed")).toEqual(["RETRY", ["10"]]);
  expect(await failing(new StorageError("STORAGE_FULL", "disk full"), "feed")).toEqual(["FAILURE", []]);
  expect(await failing(new Error("bug"), "feed")).toEqual(["FAILURE", []]);
  expect(peers.failures.map(({ error }) => String(error))).toEqual(
    expect.arrayContaining([expect.stringContaining("disk full"), expect.stringContaining("bug")]),
  );
  const gone = new StorageError("UNKNOWN_COLLECTION", "gone");
  // It goes between the two looks at it.
  const collection = peers.storage.collection.bind(peers.storage);
  let looks = 0;
  peers.storage.collection = async (name) => (looks++ === 0 ? collection(name) : undefined);
  peers.storage.add = () => Promise.reject(gone);
  expect(said(await send(peers, [block("x")], ["feed"]))).toEqual(["NOT_FOUND", ["feed"]]);
  expect(await failing(gone)).toEqual(["RETRY", ["10"]]);
  expect(peers.told).toEqual([]);
});

test("an inbox whose collections are closed takes notices, and no content", async () => {
  for (const collections of [[], ["closed"]]) {
    const peers = await setting({ collections });
    expect((await send(peers, [block("x")])).statusType).toBe("DENIED");
    expect((await send(peers, [], [], { recordCount: { value: 3 } })).statusType).toBe("SUCCESS");
  }
});

test("messages of TAXII 1.0 go where they are taken [SVC-INBOX-001] [XML-INB-004]", async () => {
  const peers = await setting();
  const message = create(InboxMessage10, {
    sourceSubscription: { feedName: "theirs", subscriptionId: "urn:s", inclusiveEndTimestamp: "2026-01-01T00:00:00Z" },
    contentBlocks: [
      { contentBinding: "urn:stix", content: { text: "x" } },
      { contentBinding: "urn:csv", content: { text: "y" } },
    ],
  });
  expect(await peers.ask10("/inbox", message)).toMatchObject({ statusType: "SUCCESS", inResponseTo: message.messageId });
  expect(await Promise.all(["feed", "stix"].map((name) => texts(peers, name)))).toEqual([["x", "y"], ["x"]]);
  const required = await setting({ destination: "required" });
  expect(await required.ask10("/inbox", message)).toMatchObject({ statusType: "FAILURE" });
});

test("steps take the place of the built-in ones", async () => {
  const peers = await setting({
    steps: {
      resolveDestinations: async (message, _, standard) => (await standard(message)).filter(({ name }) => name !== "set"),
      acceptContent: async (routing, _, standard) => {
        const { message } = routing;
        const contentBlocks = message.contentBlocks.filter(({ content }) => !("text" in content && content.text === "secret"));
        return standard({ ...routing, message: { ...message, contentBlocks } });
      },
      saveBlocks: async ({ message, arrivals }, _, standard) => {
        if (arrivals.length > 1) throw new StatusError("urn:acme:too-much");
        return standard({ message, arrivals });
      },
      buildReply: ({ message, labels }) =>
        statusMessage("SUCCESS", { inResponseTo: message.messageId, message: `${labels.length} stored` }),
    },
  });
  expect(await send(peers, [block("x"), block("secret")])).toMatchObject({ statusType: "SUCCESS", message: "1 stored" });
  expect(await Promise.all(["feed", "set", "stix"].map((name) => texts(peers, name)))).toEqual([["x"], [], ["x"]]);
  expect((await send(peers, [block("x"), block("y")])).statusType).toBe("urn:acme:too-much");
  expect(await texts(peers, "feed")).toEqual(["x"]);
});
