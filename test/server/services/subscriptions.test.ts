/** Subscription management: what is refused, in which order, what is answered, and what changes. */

import { expect, test } from "vitest";
import {
  SubscriptionManagementRequest as Request10,
  type SubscriptionManagementRequestInit as Request10Init,
  type SubscriptionManagementResponse as Response10,
} from "../../../generated/taxii10/index.js";
import {
  ContentBlock,
  type Message,
  SubscriptionManagementRequest,
  type SubscriptionManagementRequestInit,
  type SubscriptionManagementResponse,
  type SubscriptionRecord,
} from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import { StatusError } from "../../../src/message/status-error.js";
import type { PushPolicy } from "../../../src/server/push.js";
import type { QueryHandler } from "../../../src/server/query.js";
import { type CollectionManagementOptions, collectionManagement } from "../../../src/server/services/collection-management.js";
import { poll } from "../../../src/server/services/poll.js";
import { type CollectionInit, StorageError } from "../../../src/storage/index.js";
import { as, createPeers, http10, https10, type Peers, refusal, type Setting, xml10, xml11 } from "./peers.js";

type Init = Partial<SubscriptionManagementRequestInit>;

const query: QueryHandler = {
  formatId: "urn:query",
  supported: () => [],
  prepare: ({ content }) => {
    if ("text" in content && content.text === "odd")
      throw new StatusError("UNSUPPORTED_CAPABILITY_MODULE", { details: { CAPABILITY_MODULE: "urn:core" } });
    return () => true;
  },
};

const pushing: PushPolicy = {
  protocolBindings: [https10],
  messageBindings: [xml11, xml10],
  check: ({ protocolBinding, messageBinding, address }) => {
    if (protocolBinding !== https10) throw new StatusError("UNSUPPORTED_PROTOCOL", { details: { SUPPORTED_PROTOCOL: https10 } });
    if (messageBinding === "urn:other") throw new StatusError("UNSUPPORTED_MESSAGE", { details: { SUPPORTED_BINDING: [xml11, xml10] } });
    if (!address.includes("good.test")) throw new StatusError("DENIED", { message: "Not there." });
  },
};

const target = { protocolBinding: https10, address: "https://good.test/inbox", messageBinding: xml11 };

const everything = { permissions: { feed: ["read", "write"], stix: ["read"], set: ["read"], drop: ["write"], closed: ["read"] } } as const;

const collections: readonly CollectionInit[] = [
  { name: "feed" },
  { name: "stix", contentBindings: [{ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:1" }] }, { bindingId: "urn:csv" }] },
  { name: "set", type: "DATA_SET" },
  { name: "drop" },
  { name: "hidden" },
  { name: "closed", available: false },
];

function setting(options: Partial<CollectionManagementOptions> = {}, rest: Partial<Setting> = {}): Promise<Peers> {
  return createPeers({
    collections,
    services: [collectionManagement({ path: "/subscribe", queries: [query], ...options }), poll({ path: "/poll" })],
    accounts: { ann: everything, bob: everything },
    server: { push: pushing },
    ...rest,
  });
}

function ask(peers: Peers, init: Init, account: string | undefined = "ann"): Promise<Message> {
  const request = create(SubscriptionManagementRequest, { action: "STATUS", collectionName: "feed", ...init });
  return peers.ask("/subscribe", request, account);
}

async function answered(peers: Peers, init: Init, account?: string): Promise<SubscriptionManagementResponse> {
  return as("taxii11.SubscriptionManagementResponse", await ask(peers, init, account));
}

/** The one subscription of an answer. */
async function one(peers: Peers, init: Init, account?: string): Promise<SubscriptionRecord> {
  const { subscriptions } = await answered(peers, init, account);
  expect(subscriptions).toHaveLength(1);
  return subscriptions[0] as SubscriptionRecord;
}

const subscribe = (peers: Peers, init: Init = {}, account?: string): Promise<SubscriptionRecord> =>
  one(peers, { action: "SUBSCRIBE", subscriptionParameters: {}, ...init }, account);

async function ask10(peers: Peers, init: Partial<Request10Init>, account = "ann"): Promise<Response10> {
  const request = create(Request10, { action: "STATUS", feedName: "feed", ...init });
  return as("taxii10.SubscriptionManagementResponse", await peers.ask10("/subscribe", request, account));
}

/** Everything there is, to see that nothing changes. */
const snapshot = async ({ storage }: Peers): Promise<string> => JSON.stringify(await storage.subscriptions.find({}));

const actions = (peers: Peers): string[] => peers.told.map(({ event }) => ("action" in event ? event.action : "?"));

test("a subscription is made, described and found again [SVC-SUB-009] [SVC-SUB-013] [SVC-SUB-020] [XML-SUB-013] [XML-SUB-015] [XML-SUB-016] [XML-SUB-017] [SEC-ID-003]", async () => {
  const peers = await setting({ subscriptionMessage: "Thank you" });
  const parameters = {
    responseType: "COUNT_ONLY" as const,
    contentBindings: [
      { bindingId: "urn:b", subtypes: [{ subtypeId: "urn:2" }, { subtypeId: "urn:1" }] },
      { bindingId: "urn:a", subtypes: [] },
    ],
    query: { formatId: "urn:query", content: { text: " as it is " } },
  };
  const polled = await answered(peers, { action: "SUBSCRIBE", subscriptionParameters: parameters });
  expect(polled).toMatchObject({ collectionName: "feed", message: "Thank you" });
  const [first] = polled.subscriptions;
  expect(first).toEqual({
    status: "ACTIVE",
    subscriptionId: expect.stringMatching(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    subscriptionParameters: parameters,
    pollInstances: [{ protocolBinding: http10, address: "http://taxii.test/poll", messageBindings: [xml11, xml10] }],
  });
  const pushed = await subscribe(peers, { subscriptionParameters: parameters, pushParameters: target });
  expect(pushed).toMatchObject({ subscriptionParameters: parameters, pushParameters: target, pollInstances: [] });
  expect(pushed.subscriptionId).not.toBe(first?.subscriptionId);
  const found = await answered(peers, {});
  expect(found).toMatchObject({ message: "Thank you", subscriptions: [first, pushed] });
  expect(await one(peers, { subscriptionId: pushed.subscriptionId })).toEqual(pushed);
  expect(actions(peers)).toEqual(["SUBSCRIBE", "SUBSCRIBE"]);
  expect(peers.told[0]?.event).toMatchObject({ account: { name: "ann" }, subscription: { id: first?.subscriptionId, owner: "ann" } });
});

test("content from now on is to be delivered", async () => {
  const peers = await setting();
  const block = create(ContentBlock, { contentBinding: { bindingId: "urn:x" }, content: { text: "x" } });
  const [before] = await peers.storage.add([{ block, collections: ["feed"] }]);
  await subscribe(peers);
  const [after] = await peers.storage.add([{ block, collections: ["feed"] }]);
  const [{ since, delivery } = { since: 0, delivery: undefined }] = await peers.storage.subscriptions.find({});
  expect(since).toBeGreaterThanOrEqual(before ?? Number.NaN);
  expect(since).toBeLessThan(after ?? Number.NaN);
  expect(delivery).toMatchObject({ delivered: since, scanned: since });
});

/** What each refusal of a SUBSCRIBE is provoked by, in the order in which they are found. */
const faults: readonly (readonly [string, Init, string | undefined, readonly unknown[]])[] = [
  ["no account [SVC-SUB-002]", {}, "stranger", ["UNAUTHORIZED", []]],
  ["unknown collection [SVC-SUB-003]", { collectionName: "nowhere" }, "ann", ["NOT_FOUND", ["nowhere"]]],
  [
    "unsupported content [SVC-SUB-005] [SVC-SUB-022]",
    { collectionName: "stix", subscriptionParameters: { contentBindings: [{ bindingId: "urn:pdf" }] } },
    "ann",
    ["UNSUPPORTED_CONTENT", []],
  ],
  [
    "unsupported query [SVC-SUB-005]",
    { subscriptionParameters: { query: { formatId: "urn:none", content: { text: "" } } } },
    "ann",
    ["UNSUPPORTED_QUERY", []],
  ],
  ["unsupported protocol [SVC-SUB-005]", { pushParameters: { ...target, protocolBinding: http10 } }, "ann", ["UNSUPPORTED_PROTOCOL", []]],
  [
    "unsupported message binding [SVC-SUB-005]",
    { pushParameters: { ...target, messageBinding: "urn:other" } },
    "ann",
    ["UNSUPPORTED_MESSAGE", []],
  ],
  ["an address to be kept out of [SVC-SUB-026]", { pushParameters: { ...target, address: "https://127.0.0.1/" } }, "ann", ["DENIED", []]],
];

test.each(faults)("refused: %s; nothing changes [SVC-SUB-009] [SVC-SUB-010] [SVC-SUB-011]", async (_, init, account, expected) => {
  const peers = await setting();
  await subscribe(peers);
  const before = await snapshot(peers);
  const reply = await ask(peers, { action: "SUBSCRIBE", subscriptionParameters: {}, ...init }, account);
  expect(refusal(reply)).toEqual(expected);
  expect(await snapshot(peers)).toBe(before);
  expect(actions(peers)).toEqual(["SUBSCRIBE"]);
});

test("of two faults the earlier one is reported [SVC-SUB-001] [SVC-SUB-002] [SVC-SUB-003]", async () => {
  const peers = await setting();
  for (const [index, [, early, account, [type]]] of faults.entries()) {
    for (const [, late] of faults.slice(index + 1)) {
      const merged = { ...late, ...early, subscriptionParameters: { ...late.subscriptionParameters, ...early.subscriptionParameters } };
      const reply = await ask(peers, { action: "SUBSCRIBE", ...merged }, account);
      expect(refusal(reply)[0]).toBe(type);
    }
  }
  // An unknown collection comes before an unknown subscription.
  for (const action of ["UNSUBSCRIBE", "PAUSE", "RESUME", "STATUS"] as const) {
    expect(refusal(await ask(peers, { action, collectionName: "nowhere", subscriptionId: "urn:none" }))).toEqual([
      "NOT_FOUND",
      ["nowhere"],
    ]);
    expect(refusal(await ask(peers, { action, collectionName: "nowhere", subscriptionId: "urn:none" }, "stranger"))[0]).toBe(
      "UNAUTHORIZED",
    );
  }
  expect(await snapshot(peers)).toBe("[]");
});

test("refusals tell what there is instead [SVC-SUB-005]", async () => {
  const peers = await setting();
  const refused = async (name: string, init: Init) =>
    refusal(await ask(peers, { action: "SUBSCRIBE", subscriptionParameters: {}, ...init }), name);
  const stix = { collectionName: "stix" };
  const pdf = [{ bindingId: "urn:pdf" }];
  expect(await refused("SUPPORTED_CONTENT", { ...stix, subscriptionParameters: { contentBindings: pdf } })).toEqual([
    "UNSUPPORTED_CONTENT",
    ["urn:stix", "urn:csv"],
  ]);
  const other = [{ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:2" }] }];
  expect((await refused("", { ...stix, subscriptionParameters: { contentBindings: other } }))[0]).toBe("UNSUPPORTED_CONTENT");
  const format = (formatId: string, text: string) => ({ subscriptionParameters: { query: { formatId, content: { text } } } });
  expect(await refused("SUPPORTED_QUERY", format("urn:none", ""))).toEqual(["UNSUPPORTED_QUERY", ["urn:query"]]);
  expect(await refused("CAPABILITY_MODULE", format("urn:query", "odd"))).toEqual(["UNSUPPORTED_CAPABILITY_MODULE", ["urn:core"]]);
  const nothingPushed = await setting({ queries: [] }, { server: {} });
  const plain = { action: "SUBSCRIBE", subscriptionParameters: {} } as const;
  expect(refusal(await ask(nothingPushed, { ...plain, pushParameters: target }), "SUPPORTED_PROTOCOL")).toEqual([
    "UNSUPPORTED_PROTOCOL",
    [],
  ]);
  expect(refusal(await ask(nothingPushed, { ...plain, ...format("urn:query", "") }), "SUPPORTED_QUERY")).toEqual(["UNSUPPORTED_QUERY", []]);
});

test("parameters that are too much to be kept are DENIED, with both numbers [SVC-SUB-023]", async () => {
  const peers = await setting({ maxParameterSize: 200 });
  const asking = (length: number) => ({
    subscriptionParameters: { query: { formatId: "urn:query", content: { text: "x".repeat(length) } } },
  });
  const reply = await ask(peers, { action: "SUBSCRIBE", ...asking(200) });
  expect(reply).toMatchObject({ statusType: "DENIED", message: expect.stringMatching(/up to 200 characters here, found 2\d\d/) });
  expect(await snapshot(peers)).toBe("[]");
  expect((await subscribe(peers, asking(20))).status).toBe("ACTIVE");
});

test("nesting expressions are no content bindings to subscribe to [CB-NEST-006]", async () => {
  const contentBindings = [{ bindingId: "urn:a|urn:b" }];
  const reply = await ask(await setting(), { action: "SUBSCRIBE", subscriptionParameters: { contentBindings } });
  expect(refusal(reply)).toEqual(["BAD_MESSAGE", []]);
});

test("a partial overlap of bindings is accepted and echoed whole [SVC-SUB-022]", async () => {
  const contentBindings = [
    { bindingId: "urn:pdf", subtypes: [] },
    { bindingId: "urn:csv", subtypes: [{ subtypeId: "urn:any" }] },
  ];
  const record = await subscribe(await setting(), { collectionName: "stix", subscriptionParameters: { contentBindings } });
  expect(record.subscriptionParameters?.contentBindings).toEqual(contentBindings);
});

test("what cannot be polled by the requester cannot be subscribed to for polling [SVC-SUB-021]", async () => {
  const subscribing = collectionManagement({ path: "/subscribe" });
  const services = [
    subscribing,
    poll({ path: "/poll", collections: ["stix"] }),
    poll({ path: "/new", collections: ["drop"], versions: ["1.1"] }),
  ];
  const peers = await setting({}, { services });
  const refused = { action: "SUBSCRIBE", subscriptionParameters: {} } as const;
  expect(refusal(await ask(peers, refused))).toEqual(["POLLING_UNSUPPORTED", []]);
  expect((await subscribe(peers, { pushParameters: target })).pollInstances).toEqual([]);
  const members = [subscribing, poll({ path: "/poll", requiresAccount: true })];
  const open = await createPeers({ services: members, collections });
  expect(refusal(await open.ask("/subscribe", create(SubscriptionManagementRequest, { collectionName: "feed", ...refused })))[0]).toBe(
    "POLLING_UNSUPPORTED",
  );
  // For TAXII 1.0 a poll service that does not speak it is none.
  const old = await createPeers({ services, collections });
  const reply = await old.ask10("/subscribe", create(Request10, { action: "SUBSCRIBE", feedName: "drop" }));
  expect(reply).toMatchObject({ statusType: "POLLING_UNSUPPORTED" });
});

test("hidden, forbidden and unavailable collections are told apart [SEC-ID-002]", async () => {
  const peers = await setting();
  const tried = async (collectionName: string, action: "SUBSCRIBE" | "STATUS") =>
    refusal(await ask(peers, { action, collectionName, ...(action === "SUBSCRIBE" ? { subscriptionParameters: {} } : {}) }));
  expect(await tried("hidden", "SUBSCRIBE")).toEqual(["NOT_FOUND", ["hidden"]]);
  expect(await tried("hidden", "STATUS")).toEqual(["NOT_FOUND", ["hidden"]]);
  expect(await tried("drop", "SUBSCRIBE")).toEqual(["UNAUTHORIZED", []]);
  expect(await tried("closed", "SUBSCRIBE")).toEqual(["DENIED", []]);
  expect((await answered(peers, { collectionName: "closed" })).subscriptions).toEqual([]);
});

test("a subscription stays its owner's to look after when the right to read is gone [SVC-GEN-012]", async () => {
  const accounts = { ann: { permissions: { feed: ["read" as "read" | "write"] } } };
  const peers = await setting({}, { accounts });
  const { subscriptionId } = await subscribe(peers);
  accounts.ann.permissions.feed = [];
  expect(await one(peers, { subscriptionId })).toMatchObject({ status: "ACTIVE", pollInstances: [] });
  expect(await one(peers, { action: "PAUSE", subscriptionId })).toMatchObject({ status: "PAUSED" });
  expect(await one(peers, { action: "UNSUBSCRIBE", subscriptionId })).toEqual({
    status: "UNSUBSCRIBED",
    subscriptionId,
    pollInstances: [],
  });
  expect(refusal(await ask(peers, {}))).toEqual(["NOT_FOUND", ["feed"]]);
});

test("asking for the same again gives the same subscription, as it is [SVC-SUB-006] [SVC-SUB-015] [SVC-SUB-016]", async () => {
  const peers = await setting();
  const bindings = (...ids: string[]) => ({ subscriptionParameters: { contentBindings: ids.map((bindingId) => ({ bindingId })) } });
  const first = await subscribe(peers, bindings("urn:a", "urn:b"));
  expect(await subscribe(peers, bindings("urn:b", "urn:a"))).toEqual(first);
  await one(peers, { action: "PAUSE", subscriptionId: first.subscriptionId });
  const before = await snapshot(peers);
  expect(await subscribe(peers, bindings("urn:a", "urn:b", "urn:a"))).toEqual({ ...first, status: "PAUSED" });
  expect(await snapshot(peers)).toBe(before);
  expect(actions(peers)).toEqual(["SUBSCRIBE", "PAUSE"]);
  // Another owner, collection, delivery or parameter makes another one.
  const others = [
    await subscribe(peers, bindings("urn:a", "urn:b"), "bob"),
    await subscribe(peers, { collectionName: "set", ...bindings("urn:a", "urn:b") }),
    await subscribe(peers, { pushParameters: target, ...bindings("urn:a", "urn:b") }),
    await subscribe(peers, { pushParameters: { ...target, messageBinding: xml10 }, ...bindings("urn:a", "urn:b") }),
    await subscribe(peers, bindings("urn:a")),
  ];
  expect(new Set([first, ...others].map(({ subscriptionId }) => subscriptionId)).size).toBe(6);
});

test("of many equal requests at once all get the same subscription [SVC-SUB-006]", async () => {
  const peers = await setting();
  const made = await Promise.all(Array.from({ length: 20 }, () => subscribe(peers)));
  expect(new Set(made.map(({ subscriptionId }) => subscriptionId)).size).toBe(1);
  expect(actions(peers)).toEqual(["SUBSCRIBE"]);
});

test("SUBSCRIBE disregards an id [XML-SUB-002]", async () => {
  const peers = await setting();
  const theirs = await subscribe(peers, {}, "bob");
  const own = await subscribe(peers, { subscriptionId: theirs.subscriptionId });
  expect(own.subscriptionId).not.toBe(theirs.subscriptionId);
});

test("SUBSCRIBE without parameters has the defaults, or is refused where that is wanted [XML-SUB-007]", async () => {
  const peers = await setting();
  const bare = await one(peers, { action: "SUBSCRIBE" });
  const defaults = { responseType: "FULL", contentBindings: [] };
  expect(bare.subscriptionParameters).toEqual(defaults);
  expect(await subscribe(peers)).toEqual(bare);
  expect((await one(peers, {})).subscriptionParameters).toEqual(defaults);
  const strict = await setting({ requireParameters: true });
  expect(refusal(await ask(strict, { action: "SUBSCRIBE" }))).toEqual(["BAD_MESSAGE", []]);
  expect((await subscribe(strict)).status).toBe("ACTIVE");
});

test("other actions disregard parameters [XML-SUB-006] [XML-SUB-009]", async () => {
  const peers = await setting();
  const made = await subscribe(peers);
  const { subscriptionId } = made;
  const extra = {
    subscriptionId,
    subscriptionParameters: { responseType: "COUNT_ONLY" as const, query: { formatId: "urn:none", content: { text: "" } } },
    pushParameters: { ...target, protocolBinding: "urn:none" },
  };
  expect(await one(peers, { action: "PAUSE", ...extra })).toEqual({ ...made, status: "PAUSED" });
  expect(await one(peers, { action: "RESUME", ...extra })).toEqual(made);
  expect(await one(peers, { action: "STATUS", ...extra })).toEqual(made);
  expect((await one(peers, { action: "UNSUBSCRIBE", ...extra })).status).toBe("UNSUBSCRIBED");
});

test("PAUSE and RESUME are done once, and change nothing else [SVC-SUB-007] [SVC-SUBF-005] [XML-SUB-016]", async () => {
  const peers = await setting();
  const made = await subscribe(peers, { pushParameters: target });
  const { subscriptionId } = made;
  const block = create(ContentBlock, { contentBinding: { bindingId: "urn:x" }, content: { text: "x" } });
  const [{ delivery } = { delivery: undefined }] = await peers.storage.subscriptions.find({});
  for (const [action, status] of [
    ["RESUME", "ACTIVE"],
    ["PAUSE", "PAUSED"],
    ["PAUSE", "PAUSED"],
    ["RESUME", "ACTIVE"],
    ["RESUME", "ACTIVE"],
  ] as const) {
    expect(await one(peers, { action, subscriptionId })).toEqual({ ...made, status });
    expect(await one(peers, { subscriptionId })).toEqual({ ...made, status });
    await peers.storage.add([{ block, collections: ["feed"] }]);
  }
  expect(actions(peers)).toEqual(["SUBSCRIBE", "PAUSE", "RESUME"]);
  // What came meanwhile is still behind the place up to which was delivered.
  const claimed = await peers.storage.subscriptions.claim({ lease: { worker: "w", until: Date.now() + 1000 }, now: Date.now() });
  expect(claimed).toMatchObject({ id: subscriptionId, delivery });
});

test("others' subscriptions are not there [SVC-SUB-004] [SVC-SUB-008] [SVC-SUB-012] [SVC-SUB-025]", async () => {
  const peers = await setting();
  const theirs = await subscribe(peers, {}, "bob");
  const elsewhere = await subscribe(peers, { collectionName: "stix" });
  const before = await snapshot(peers);
  for (const subscriptionId of [theirs.subscriptionId, elsewhere.subscriptionId, "urn:none", "constructor"]) {
    for (const action of ["PAUSE", "RESUME", "STATUS"] as const)
      expect(refusal(await ask(peers, { action, subscriptionId }))).toEqual(["NOT_FOUND", [subscriptionId]]);
    expect(await one(peers, { action: "UNSUBSCRIBE", subscriptionId })).toEqual({
      status: "UNSUBSCRIBED",
      subscriptionId,
      pollInstances: [],
    });
    const old = await ask10(peers, { action: "UNSUBSCRIBE", subscriptionId });
    expect(old.subscriptions).toEqual([{ subscriptionId, pollInstances: [] }]);
  }
  expect(await snapshot(peers)).toBe(before);
  expect(actions(peers)).toEqual(["SUBSCRIBE", "SUBSCRIBE"]);
});

test("a subscription that was ended is no more, and its id is not used again [SVC-SUB-014] [SVC-SUB-024] [XML-SUB-014]", async () => {
  const peers = await setting();
  const { subscriptionId } = await subscribe(peers);
  await one(peers, { action: "PAUSE", subscriptionId });
  const ended = { status: "UNSUBSCRIBED", subscriptionId, pollInstances: [] };
  expect(await one(peers, { action: "UNSUBSCRIBE", subscriptionId })).toEqual(ended);
  for (const action of ["PAUSE", "RESUME", "STATUS"] as const)
    expect(refusal(await ask(peers, { action, subscriptionId }))).toEqual(["NOT_FOUND", [subscriptionId]]);
  expect(await one(peers, { action: "UNSUBSCRIBE", subscriptionId })).toEqual(ended);
  expect((await answered(peers, {})).subscriptions).toEqual([]);
  expect(await subscribe(peers)).toMatchObject({ status: "ACTIVE", subscriptionId: expect.not.stringContaining(subscriptionId) });
  expect(actions(peers)).toEqual(["SUBSCRIBE", "PAUSE", "UNSUBSCRIBE", "SUBSCRIBE"]);
});

test("STATUS tells of one's own subscriptions to the collection, active or paused, and alters nothing [SVC-SUB-017] [SVC-SUB-018] [SVC-SUB-019]", async () => {
  const peers = await setting();
  expect((await answered(peers, {})).subscriptions).toEqual([]);
  const first = await subscribe(peers);
  const second = await subscribe(peers, { pushParameters: target });
  await subscribe(peers, { collectionName: "stix" });
  await subscribe(peers, {}, "bob");
  await one(peers, { action: "PAUSE", subscriptionId: first.subscriptionId });
  const before = await snapshot(peers);
  expect((await answered(peers, {})).subscriptions).toEqual([{ ...first, status: "PAUSED" }, second]);
  expect((await answered(peers, {}, "bob")).subscriptions).toHaveLength(1);
  expect(await snapshot(peers)).toBe(before);
});

test("no account gets more than its number of subscriptions, however it asks [SVC-SUB-023] [SVC-SUB-010]", async () => {
  const peers = await setting({ maxPerAccount: 2 });
  const binding = (id: string) => ({ action: "SUBSCRIBE", subscriptionParameters: { contentBindings: [{ bindingId: id }] } }) as const;
  const replies = await Promise.all(["urn:a", "urn:b", "urn:c", "urn:d"].map((id) => ask(peers, binding(id))));
  expect(replies.map(({ $type }) => $type).filter((type) => type === "taxii11.StatusMessage")).toHaveLength(2);
  const kept = await peers.storage.subscriptions.find({ owner: "ann" });
  expect(kept).toHaveLength(2);
  expect(actions(peers)).toEqual(["SUBSCRIBE", "SUBSCRIBE"]);
  const before = await snapshot(peers);
  expect(refusal(await ask(peers, { ...binding("urn:e"), collectionName: "set" }))).toEqual(["DENIED", []]);
  expect(await snapshot(peers)).toBe(before);
  // What is there already is no new one, and others have their own number.
  const same = kept[0]?.parameters?.contentBindings[0]?.bindingId ?? "";
  expect((await one(peers, binding(same))).subscriptionId).toBe(kept[0]?.id);
  expect((await one(peers, binding("urn:e"), "bob")).status).toBe("ACTIVE");
});

test("an action that needs an id and has none is a bad message [XML-SUB-001]", async () => {
  const peers = await setting();
  for (const action of ["UNSUBSCRIBE", "PAUSE", "RESUME"] as const)
    expect(refusal(await ask(peers, { action }))).toEqual(["BAD_MESSAGE", []]);
});

test("a collection that is removed meanwhile is not found; other faults of the storage are FAILURE [SVC-SUB-009]", async () => {
  const peers = await setting();
  const failing = (error: Error) => {
    peers.storage.subscriptions.subscribe = () => Promise.reject(error);
    return ask(peers, { action: "SUBSCRIBE", subscriptionParameters: {} });
  };
  expect(refusal(await failing(new StorageError("UNKNOWN_COLLECTION", "gone")))).toEqual(["NOT_FOUND", ["feed"]]);
  expect(peers.failures).toEqual([]);
  expect(refusal(await failing(new StorageError("STORAGE_FULL", "full")))).toEqual(["FAILURE", []]);
  expect(peers.failures).toHaveLength(1);
});

test("in TAXII 1.0 there are SUBSCRIBE, UNSUBSCRIBE and STATUS [XML-SUB-004] [XML-SUB-018] [XML-SUB-019] [SVC-SUB-006] [SVC-SUB-025]", async () => {
  const peers = await setting();
  const contact = { protocolBinding: http10, address: "http://taxii.test/poll", messageBindings: [xml11, xml10] };
  const [polled] = (await ask10(peers, { action: "SUBSCRIBE" })).subscriptions;
  expect(polled).toEqual({ subscriptionId: expect.stringMatching(/^urn:uuid:/), pollInstances: [contact] });
  expect((await ask10(peers, { action: "SUBSCRIBE" })).subscriptions).toEqual([polled]);
  const pushParameters = { ...target, messageBinding: xml10, contentBindings: ["urn:b", "urn:a"] };
  const [pushed] = (await ask10(peers, { action: "SUBSCRIBE", pushParameters })).subscriptions;
  expect(pushed).toEqual({ subscriptionId: expect.any(String), pollInstances: [] });
  const reordered = { ...pushParameters, contentBindings: ["urn:a", "urn:b"] };
  expect((await ask10(peers, { action: "SUBSCRIBE", pushParameters: reordered })).subscriptions).toEqual([pushed]);
  // An id is disregarded.
  expect((await ask10(peers, { subscriptionId: "urn:none" })).subscriptions).toEqual([polled, { ...pushed, pushParameters }]);
  const { subscriptionId = "" } = polled ?? {};
  expect((await ask10(peers, { action: "UNSUBSCRIBE", subscriptionId })).subscriptions).toEqual([{ subscriptionId, pollInstances: [] }]);
  expect((await ask10(peers, {})).subscriptions).toHaveLength(1);
  expect((await answered(peers, {})).subscriptions).toMatchObject([{ subscriptionId: pushed?.subscriptionId, status: "ACTIVE" }]);
});

test("what TAXII 1.0 cannot say of a subscription keeps it out of STATUS there [VER-X-006]", async () => {
  const peers = await setting();
  const plain = await subscribe(peers, { pushParameters: target });
  const paused = await subscribe(peers);
  await one(peers, { action: "PAUSE", subscriptionId: paused.subscriptionId });
  await subscribe(peers, { subscriptionParameters: { responseType: "COUNT_ONLY" } });
  await subscribe(peers, { subscriptionParameters: { query: { formatId: "urn:query", content: { text: "" } } } });
  await subscribe(peers, { subscriptionParameters: { contentBindings: [{ bindingId: "urn:a" }] } });
  expect((await ask10(peers, {})).subscriptions.map(({ subscriptionId }) => subscriptionId)).toEqual([plain.subscriptionId]);
  expect((await answered(peers, {})).subscriptions).toHaveLength(5);
});

test("in TAXII 1.0 there are no data sets [VER-X-002]", async () => {
  const peers = await setting();
  const request = create(Request10, { action: "SUBSCRIBE", feedName: "set" });
  expect(await peers.ask10("/subscribe", request, "ann")).toMatchObject({ $type: "taxii10.StatusMessage", statusType: "NOT_FOUND" });
});

test("steps take the place of the built-in ones", async () => {
  const seen: string[] = [];
  const peers = await setting({
    steps: {
      resolveCollection: (request, _, standard) =>
        standard({ ...request, collectionName: request.collectionName.replace("alias", "feed") }),
      checkParameters: () => void seen.push("parameters"),
      checkPush: async (input, _, standard) => {
        seen.push("push");
        await standard(input);
      },
      subscribe: async (input, _, standard) => {
        seen.push("subscribe");
        return standard(input);
      },
      describe: async (subscription, _, standard) => ({ ...(await standard(subscription)), pollInstances: [] }),
      buildReply: async (answer, _, standard) => ({ ...(await standard(answer)), message: `${answer.subscriptions.length}` }),
    },
  });
  const reply = await answered(peers, {
    action: "SUBSCRIBE",
    collectionName: "alias",
    subscriptionParameters: { query: { formatId: "urn:none", content: { text: "" } } },
  });
  expect(reply).toMatchObject({ message: "1", collectionName: "alias", subscriptions: [{ status: "ACTIVE", pollInstances: [] }] });
  expect(seen).toEqual(["parameters", "push", "subscribe"]);
  expect(await answered(peers, {})).toMatchObject({ message: "1" });
  expect(seen).toHaveLength(3);
});
