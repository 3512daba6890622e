import { expect, test } from "vitest";
import {
  CollectionInformationRequest,
  type CollectionInformationResponse,
  type ContentBlockInit,
  DiscoveryRequest,
  PollFulfillment,
  SubscriptionManagementRequest,
} from "../../generated/taxii11/index.js";
import { xmlContent } from "../../src/codec/fragment.js";
import { create } from "../../src/message/create.js";
import { createServer, discovery, inbox, poll } from "../../src/server/index.js";
import { floorLabel, formatLabel, memoryStorage } from "../../src/storage/index.js";
import {
  asPoll,
  asStatus,
  block,
  createKit,
  http10,
  inboxMessage,
  type Kit,
  type KitOptions,
  pollRequest,
  summary,
  textsOf,
  write,
  xml11,
} from "./kit.js";

async function push(kit: Kit, blocks: readonly ContentBlockInit[], ...destinationCollectionNames: string[]) {
  return asStatus(await kit.ask("/inbox", inboxMessage(blocks, { destinationCollectionNames })));
}

async function polled(kit: Kit, init: Parameters<typeof pollRequest>[0] = {}) {
  return asPoll(await kit.ask("/poll", pollRequest(init)));
}

async function refused(kit: Kit, init: Parameters<typeof pollRequest>[0]) {
  return asStatus(await kit.ask("/poll", pollRequest(init)));
}

test("discovery lists every service, inboxes with what they take [SVC-DISC-001] [SVC-DISC-006] [XML-DSC-005] [XML-DSC-012]", async () => {
  const kit = await createKit({
    inbox: { contentBindings: [{ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:sub" }] }], description: "Push here" },
  });
  const common = {
    available: true,
    serviceVersion: "urn:taxii.mitre.org:services:1.1",
    protocolBinding: http10,
    messageBindings: [xml11],
    supportedQueries: [],
    contentBindings: [],
  };
  expect(await kit.ask("/discovery", create(DiscoveryRequest, {}))).toMatchObject({
    serviceInstances: [
      { ...common, serviceType: "DISCOVERY", address: "http://taxii.test/discovery" },
      { ...common, serviceType: "COLLECTION_MANAGEMENT", address: "http://taxii.test/collections" },
      {
        ...common,
        serviceType: "INBOX",
        address: "http://taxii.test/inbox",
        contentBindings: [{ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:sub" }] }],
        message: "Push here",
      },
      { ...common, serviceType: "POLL", address: "http://taxii.test/poll" },
    ],
  });
});

test("collections are listed with what serves them [SVC-COL-001] [SVC-COL-004] [XML-COL-001]", async () => {
  const storage = memoryStorage();
  for (const name of ["a", "b", "c"]) await storage.putCollection({ name });
  const { ask } = await createKit();
  const { collectionManagement } = await import("../../src/server/index.js");
  const server = createServer({
    storage,
    services: [
      collectionManagement({ path: "/collections", collections: ["a", "b"] }),
      poll({ path: "/poll", collections: ["a", "c"] }),
      inbox({ path: "/inbox", contentBindings: [{ bindingId: "urn:x" }] }),
    ],
  });
  const kit = await createKit({ server: { storage, services: server.services } });
  const contact = { protocolBinding: http10, messageBindings: [xml11] };
  const inboxContact = { ...contact, address: "http://taxii.test/inbox", contentBindings: [{ bindingId: "urn:x", subtypes: [] }] };
  expect(await kit.ask("/collections", create(CollectionInformationRequest, {}))).toMatchObject({
    collections: [
      {
        collectionName: "a",
        collectionType: "DATA_FEED",
        available: true,
        pollingServices: [{ ...contact, address: "http://taxii.test/poll" }],
        receivingInboxServices: [inboxContact],
      },
      { collectionName: "b", pollingServices: [], receivingInboxServices: [inboxContact], subscriptionServices: [], pushMethods: [] },
    ],
  });
  const all = (await ask("/collections", create(CollectionInformationRequest, {}))) as CollectionInformationResponse;
  expect(all.collections.map(({ collectionName, collectionType, available }) => [collectionName, collectionType, available])).toEqual([
    ["closed", "DATA_FEED", false],
    ["feed", "DATA_FEED", true],
    ["set", "DATA_SET", true],
    ["stix", "DATA_FEED", true],
  ]);
});

test("subscriptions and result parts are not taken yet", async () => {
  const kit = await createKit();
  const subscribe = create(SubscriptionManagementRequest, { action: "STATUS", collectionName: "feed" });
  expect(asStatus(await kit.ask("/collections", subscribe))).toMatchObject({
    statusType: "BAD_MESSAGE",
    message: expect.stringContaining("Collection_Information_Request"),
  });
  const part = create(PollFulfillment, { collectionName: "feed", resultId: "r", resultPartNumber: 1 });
  expect(asStatus(await kit.ask("/poll", part))).toMatchObject({ statusType: "BAD_MESSAGE" });
  expect(summary(await refused(kit, { pollParameters: undefined, subscriptionId: "s" }), "ITEM")).toEqual(["NOT_FOUND", ["s"]]);
});

test("success is SUCCESS and nothing more [SVC-INBOX-001] [SVC-STAT-009]", async () => {
  const kit = await createKit();
  const status = await push(kit, [block("x")], "feed");
  expect(status.statusType).toBe("SUCCESS");
  expect(status.statusDetail).toBeUndefined();
  expect((await push(kit, [], "feed")).statusType).toBe("SUCCESS");
});

test.each([
  // SVC-INBOX-009, SVC-INBOX-010: 0, 1 and 2 names under each rule.
  ["required", [], ["DESTINATION_COLLECTION_ERROR", ["feed", "set", "stix"]]],
  ["required", ["feed"], ["SUCCESS", []]],
  ["required", ["feed", "set"], ["SUCCESS", []]],
  ["optional", [], ["SUCCESS", []]],
  ["optional", ["set"], ["SUCCESS", []]],
  ["optional", ["feed", "set"], ["SUCCESS", []]],
  ["prohibited", [], ["SUCCESS", []]],
  ["prohibited", ["feed"], ["DESTINATION_COLLECTION_ERROR", []]],
  ["prohibited", ["feed", "nowhere"], ["DESTINATION_COLLECTION_ERROR", []]],
] as const)("destinations %s, named %j: %j", async (destination, names, expected) => {
  const kit = await createKit({ inbox: { destination } });
  const status = await push(kit, [block("x")], ...names);
  expect(summary(status, "ACCEPTABLE_DESTINATION")).toEqual(expected);
  const stored = await Promise.all(["feed", "set", "stix"].map((collection) => kit.storage.count({ collection })));
  const given: readonly string[] = names;
  const all = status.statusType === "SUCCESS";
  expect(stored).toEqual(["feed", "set", "stix"].map((name) => (all && (given.length === 0 || given.includes(name)) ? 1 : 0)));
});

test("unknown destinations are NOT_FOUND with ITEM, unavailable ones DENIED; nothing is stored [SVC-INBOX-003] [SVC-INBOX-011]", async () => {
  const kit = await createKit({ inbox: { collections: ["feed", "closed"] } });
  for (const name of ["nowhere", "__proto__", "set"]) {
    expect(summary(await push(kit, [block("x")], "feed", name), "ITEM")).toEqual(["NOT_FOUND", [name]]);
  }
  expect((await push(kit, [block("x")], "feed", "closed")).statusType).toBe("DENIED");
  expect(await kit.storage.count({ collection: "feed" })).toBe(0);
});

test("content nobody takes keeps the whole message out [SVC-INBOX-003] [SVC-INBOX-006] [SVC-INBOX-014] [SVC-STAT-022]", async () => {
  const kit = await createKit({ inbox: { contentBindings: [{ bindingId: "urn:stix" }, { bindingId: "urn:other" }] } });
  const status = await push(kit, [block("good"), block("bad", "urn:csv")], "feed");
  expect(summary(status, "SUPPORTED_CONTENT")).toEqual(["UNSUPPORTED_CONTENT", ["urn:stix", "urn:other"]]);
  // The inbox takes it, the collection does not.
  expect((await push(kit, [block("x", "urn:other")], "stix")).statusType).toBe("UNSUPPORTED_CONTENT");
  expect((await push(kit, [block("x", "urn:other")], "feed", "stix")).statusType).toBe("UNSUPPORTED_CONTENT");
  expect(await kit.storage.count({ collection: "feed" })).toBe(0);
  // Without destinations, content goes where it is taken.
  expect((await push(kit, [block("x", "urn:other"), block("y")])).statusType).toBe("SUCCESS");
  expect(textsOf(await polled(kit, { collectionName: "stix" }))).toEqual(["y"]);
  expect(textsOf(await polled(kit))).toEqual(["x", "y"]);
});

test("content that was asked for is never refused for its binding [SVC-INBOX-013]", async () => {
  const kit = await createKit();
  const solicited = inboxMessage([block("x", "urn:csv"), block("y")], {
    destinationCollectionNames: ["stix"],
    sourceSubscription: { collectionName: "theirs", subscriptionId: "s" },
  });
  expect(asStatus(await kit.ask("/inbox", solicited)).statusType).toBe("SUCCESS");
  expect(textsOf(await polled(kit, { collectionName: "stix" }))).toEqual(["y"]);
});

test("nesting expressions are covered layer by layer; malformed ones are bad messages [CB-NEST-007] [CB-NEST-008]", async () => {
  const kit = await createKit();
  for (const binding of ["urn:wrap|urn:stix", "urn:wrap|urn:wrap|urn:stix", "urn:wrap"])
    expect((await push(kit, [block("x", binding)], "stix")).statusType).toBe("SUCCESS");
  expect((await push(kit, [block("x", "urn:wrap|urn:csv")], "stix")).statusType).toBe("UNSUPPORTED_CONTENT");
  for (const binding of ["urn:wrap||urn:stix", "|urn:stix"])
    expect((await push(kit, [block("x", binding)], "stix")).statusType).toBe("BAD_MESSAGE");
});

test("a poll without bounds gives everything, states the end, no begin, and the count [SVC-RANGE-005] [XML-PRS-004] [XML-PRS-009]", async () => {
  const kit = await createKit();
  const empty = await polled(kit);
  expect(empty).toMatchObject({ collectionName: "feed", more: false, recordCount: { value: 0, partialCount: false }, contentBlocks: [] });
  expect(empty.inclusiveEndTimestamp).toMatch(/^\d{4}-.*\.\d{6}Z$/);
  await push(kit, [block("1"), block("2")], "feed");
  const full = await polled(kit);
  expect(textsOf(full)).toEqual(["1", "2"]);
  expect(full.recordCount?.value).toBe(2);
  expect(full.exclusiveBeginTimestamp).toBeUndefined();
  expect(full.inclusiveEndTimestamp).toBe(full.contentBlocks[1]?.timestampLabel);
  expect(full.subscriptionId).toBeUndefined();
});

test("the sender's label has no say, and message, padding and markup are kept [SVC-INBOX-012] [XML-CBK-003]", async () => {
  const kit = await createKit();
  const sent = {
    contentBinding: { bindingId: "urn:stix", subtype: { subtypeId: "urn:s" } },
    content: xmlContent("<a xmlns='urn:a'><!--c--><b>&lt;</b></a>"),
    message: "m",
    padding: "p",
  };
  await push(kit, [{ ...sent, timestampLabel: "1999-01-01T00:00:00Z" }], "feed", "set");
  const [stored] = (await polled(kit)).contentBlocks;
  expect(stored).toMatchObject(sent);
  expect(floorLabel(stored?.timestampLabel ?? "")).toBeGreaterThan(floorLabel("2020-01-01T00:00:00Z"));
  expect((await polled(kit, { collectionName: "set" })).contentBlocks[0]).not.toHaveProperty("timestampLabel");
});

test("a signed block is passed on as it came [SIG-MSG-005]", async () => {
  const kit = await createKit();
  const signature = {
    xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="urn:x"/><ds:SignatureMethod Algorithm="urn:x"/><ds:Reference><ds:DigestMethod Algorithm="urn:x"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>',
  };
  const signed = { ...block("x"), signature };
  await push(kit, [signed, { ...signed, timestampLabel: "1999-01-01T00:00:00Z" }], "feed");
  const { contentBlocks } = await polled(kit);
  expect(contentBlocks.map(({ timestampLabel }) => timestampLabel)).toEqual([undefined, "1999-01-01T00:00:00Z"]);
  expect(contentBlocks[0]?.signature).toEqual(signature);
});

test("begin is exclusive, end inclusive, across offsets, and both are stated as sent [SVC-POLL-011] [SVC-RANGE-002] [XML-TS-006]", async () => {
  const kit = await createKit();
  await push(
    kit,
    ["1", "2", "3", "4"].map((text) => block(text)),
    "feed",
  );
  const labels = (await polled(kit)).contentBlocks.map(({ timestampLabel }) => timestampLabel ?? "");
  const [first = "", , third = ""] = labels;
  const response = await polled(kit, { exclusiveBeginTimestamp: first, inclusiveEndTimestamp: third });
  expect(textsOf(response)).toEqual(["2", "3"]);
  expect([response.exclusiveBeginTimestamp, response.inclusiveEndTimestamp]).toEqual([first, third]);
  const shifted = formatLabel(floorLabel(first) + 2 * 3_600_000_000).replace("Z", "+02:00");
  const other = await polled(kit, { exclusiveBeginTimestamp: shifted });
  expect(textsOf(other)).toEqual(["2", "3", "4"]);
  expect(other.exclusiveBeginTimestamp).toBe(shifted);
  expect(other.inclusiveEndTimestamp).toBe(labels[3]);
});

test("no end is stated that labels to come could fall behind [SVC-RANGE-006] [SVC-RANGE-007] [SVC-RANGE-008]", async () => {
  const now = Date.parse("2026-05-01T12:00:00Z");
  const clock = { now };
  const kit = await createKit({ clock: () => clock.now });
  await push(kit, [block("1")], "feed");
  const label = formatLabel(now * 1000 + 1);
  // An end in the future becomes the horizon.
  expect((await polled(kit, { inclusiveEndTimestamp: "2099-01-01T00:00:00Z" })).inclusiveEndTimestamp).toBe(label);
  // A begin behind the last label: the end is as late, and labels to come are later.
  clock.now += 60_000;
  const recent = "2026-05-01T14:00:30.5+02:00";
  const behind = await polled(kit, { exclusiveBeginTimestamp: recent });
  expect([behind.exclusiveBeginTimestamp, behind.inclusiveEndTimestamp, behind.recordCount?.value]).toEqual([
    recent,
    "2026-05-01T12:00:30.500000Z",
    0,
  ]);
  clock.now = now;
  await push(kit, [block("2")], "feed");
  expect(textsOf(await polled(kit, { exclusiveBeginTimestamp: behind.inclusiveEndTimestamp }))).toEqual(["2"]);
  // A begin in the future is not promised anything about.
  const future = await polled(kit, { exclusiveBeginTimestamp: "2099-01-01T00:00:00Z", inclusiveEndTimestamp: "2100-01-01T00:00:00Z" });
  expect(future.exclusiveBeginTimestamp).toBe(future.inclusiveEndTimestamp);
  await push(kit, [block("3")], "feed");
  expect(textsOf(await polled(kit, { exclusiveBeginTimestamp: future.inclusiveEndTimestamp }))).toEqual(["3"]);
});

test("an end that is not later than the begin is a bad message for a feed; a set has no range [XML-PRQ-002] [XML-PRQ-003] [SVC-POLL-010] [XML-PRS-003]", async () => {
  const kit = await createKit();
  await push(kit, [block("x")], "feed", "set");
  const inverted = { exclusiveBeginTimestamp: "2020-01-01T01:00:00+01:00", inclusiveEndTimestamp: "2020-01-01T00:00:00Z" };
  expect(await refused(kit, inverted)).toMatchObject({ statusType: "BAD_MESSAGE" });
  const set = await polled(kit, { ...inverted, collectionName: "set" });
  expect(textsOf(set)).toEqual(["x"]);
  expect([set.exclusiveBeginTimestamp, set.inclusiveEndTimestamp]).toEqual([undefined, undefined]);
});

test("COUNT_ONLY gives count and range, no blocks [SVC-POLL-012]", async () => {
  const kit = await createKit();
  await push(kit, [block("1"), block("2", "urn:csv")], "feed");
  const count = await polled(kit, { pollParameters: { responseType: "COUNT_ONLY", contentBindings: [{ bindingId: "urn:csv" }] } });
  expect(count).toMatchObject({ recordCount: { value: 1 }, contentBlocks: [], inclusiveEndTimestamp: expect.any(String) });
});

test("content is given in the bindings that were asked for [CB-MATCH-002] [CB-MATCH-003] [CB-MATCH-004] [CB-MATCH-005]", async () => {
  const kit = await createKit();
  const sub = (text: string, subtypeId: string): ContentBlockInit => ({
    contentBinding: { bindingId: "urn:stix", subtype: { subtypeId } },
    content: { text },
  });
  await push(
    kit,
    [block("plain"), sub("s1", "urn:1"), sub("s2", "urn:2"), block("csv", "urn:csv"), block("mime", "application/x-pkcs7-mime")],
    "feed",
  );
  const asking = async (...contentBindings: { bindingId: string; subtypes?: { subtypeId: string }[] }[]) =>
    textsOf(await polled(kit, { pollParameters: { contentBindings } }));
  expect(await asking({ bindingId: "urn:stix" })).toEqual(["plain", "s1", "s2"]);
  expect(await asking({ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:1" }] })).toEqual(["plain", "s1"]);
  expect(
    await asking(
      { bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:1" }] },
      { bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:2" }] },
    ),
  ).toEqual(["plain", "s1", "s2"]);
  expect(await asking({ bindingId: "urn:csv" }, { bindingId: "application/pkcs7-mime" })).toEqual(["csv", "mime"]);
  expect(await asking({ bindingId: "urn:none" })).toEqual([]);
});

test.each<[string, Parameters<typeof pollRequest>[0], string, string, readonly string[]]>([
  ["an unknown collection [SVC-POLL-007]", { collectionName: "nowhere" }, "NOT_FOUND", "ITEM", ["nowhere"]],
  ["a collection called constructor", { collectionName: "constructor" }, "NOT_FOUND", "ITEM", ["constructor"]],
  ["a collection that is not available", { collectionName: "closed" }, "DENIED", "ITEM", []],
  [
    "bindings the collection has none of [SVC-POLL-008]",
    { collectionName: "stix", pollParameters: { contentBindings: [{ bindingId: "urn:csv" }] } },
    "UNSUPPORTED_CONTENT",
    "SUPPORTED_CONTENT",
    ["urn:stix", "urn:wrap"],
  ],
  [
    "a query [SVC-POLL-009]",
    { pollParameters: { query: { formatId: "urn:q", content: { text: "" } } } },
    "UNSUPPORTED_QUERY",
    "SUPPORTED_QUERY",
    [],
  ],
])("refused: %s", async (_, init, type, name, details) => {
  const kit = await createKit();
  const status = await refused(kit, init);
  expect(summary(status, name)).toEqual([type, details]);
  expect(status.message).toMatch(/\.$/);
  if (details.length === 0) expect(status.statusDetail).toBeUndefined();
});

test("what is invalid though it fits the schema is a bad message [CB-NEST-006]", async () => {
  const kit = await createKit();
  const status = await refused(kit, { pollParameters: { contentBindings: [{ bindingId: "urn:a|urn:b" }] } });
  expect(status.statusType).toBe("BAD_MESSAGE");
});

test("a large reply is streamed, and nothing is read that nobody takes", async () => {
  let read = 0;
  const options: KitOptions = {};
  const kit = await createKit(options);
  const storage = {
    ...wrap(kit),
    async *content(selection: Parameters<typeof kit.storage.content>[0]) {
      for await (const stored of kit.storage.content(selection)) {
        read++;
        yield stored;
      }
    },
  };
  await kit.storage.add(
    Array.from({ length: 1000 }, () => ({
      block: { contentBinding: { bindingId: "urn:stix" }, content: { text: "x".repeat(1000) } },
      collections: ["feed"],
    })),
  );
  const streaming = await createKit({ server: { storage } });
  const response = await streaming.post("/poll", write(pollRequest()));
  expect(response.headers.has("Content-Length")).toBe(false);
  expect(read).toBeLessThan(200);
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(read).toBeLessThan(300);
  const small = await streaming.post("/poll", write(pollRequest({ inclusiveEndTimestamp: "2020-01-01T00:00:00Z" })));
  expect(small.headers.has("Content-Length")).toBe(true);
});

test("a storage that fails at once gives FAILURE; one that fails later breaks the body off", async () => {
  const kit = await createKit();
  await kit.storage.add(
    Array.from({ length: 500 }, () => ({
      block: { contentBinding: { bindingId: "urn:stix" }, content: { text: "x".repeat(1000) } },
      collections: ["feed"],
    })),
  );
  const failingAfter = (blocks: number) => ({
    ...wrap(kit),
    async *content(selection: Parameters<typeof kit.storage.content>[0]) {
      let left = blocks;
      for await (const stored of kit.storage.content(selection)) {
        if (left-- === 0) throw new Error("disk gone");
        yield stored;
      }
    },
  });
  const atOnce = await createKit({ server: { storage: failingAfter(3) } });
  expect(asStatus(await atOnce.ask("/poll", pollRequest())).statusType).toBe("FAILURE");
  const later = await createKit({ server: { storage: failingAfter(400) } });
  const response = await later.post("/poll", write(pollRequest()));
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow("disk gone");
  for (const { failures } of [atOnce, later]) expect(failures).toMatchObject([{ error: { message: "disk gone" } }]);
});

/** The methods of a kit's storage, to be replaced one by one. */
function wrap({ storage }: Kit): Kit["storage"] {
  return {
    putCollection: (collection) => storage.putCollection(collection),
    collection: (name) => storage.collection(name),
    collections: () => storage.collections(),
    add: (arrivals) => storage.add(arrivals),
    horizon: (atLeast) => storage.horizon(atLeast),
    count: (selection) => storage.count(selection),
    content: (selection) => storage.content(selection),
    close: () => storage.close(),
  };
}

test("a server may have a discovery service only [VER-CONF-002]", async () => {
  const kit = await createKit({ server: { services: [discovery({ path: "/discovery" })] } });
  expect(await kit.ask("/discovery", create(DiscoveryRequest, {}))).toMatchObject({ serviceInstances: [{ serviceType: "DISCOVERY" }] });
});
