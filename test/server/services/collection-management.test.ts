/** Collection information: which collections are told of, to whom, and with which services. */

import { expect, test } from "vitest";
import { FeedInformationRequest } from "../../../generated/taxii10/index.js";
import {
  CollectionInformationRequest,
  type CollectionRecord,
  ContentBlock,
  type ContentBlockInit,
  SubscriptionManagementRequest,
} from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import { StatusError } from "../../../src/message/status-error.js";
import type { PushPolicy } from "../../../src/server/push.js";
import { collectionManagement } from "../../../src/server/services/collection-management.js";
import { external } from "../../../src/server/services/external.js";
import { inbox } from "../../../src/server/services/inbox.js";
import { poll } from "../../../src/server/services/poll.js";
import type { CollectionInit } from "../../../src/storage/index.js";
import { as, createPeers, http10, https10, type Peers, refusal, type Setting, xml10, xml11 } from "./peers.js";

const pushing: PushPolicy = { protocolBindings: [https10], messageBindings: [xml11], check: () => undefined };

async function listed(peers: Peers, account?: string, path = "/collections"): Promise<readonly CollectionRecord[]> {
  const reply = await peers.ask(path, create(CollectionInformationRequest, {}), account);
  return as("taxii11.CollectionInformationResponse", reply).collections;
}

async function feeds(peers: Peers, account?: string) {
  return as("taxii10.FeedInformationResponse", await peers.ask10("/collections", create(FeedInformationRequest, {}), account)).feeds;
}

const paths = (contacts: readonly { readonly address: string }[]): string[] =>
  contacts.map(({ address }) => address.replace("http://taxii.test", ""));

/** The ways to a collection, as paths. */
const ways = (record: CollectionRecord) => ({
  poll: paths(record.pollingServices),
  subscribe: paths(record.subscriptionServices),
  send: paths(record.receivingInboxServices),
  push: record.pushMethods.map(({ protocolBinding }) => protocolBinding),
});

function setting(collections: readonly CollectionInit[], rest: Partial<Setting> = {}): Setting {
  return {
    collections,
    services: [
      collectionManagement({ path: "/collections" }),
      poll({ path: "/poll" }),
      inbox({ path: "/inbox", contentBindings: [{ bindingId: "urn:x" }] }),
    ],
    ...rest,
  };
}

test("collections are listed with all there is to say, in a valid answer [SVC-COL-001] [SVC-COL-003] [XML-COL-001] [XML-COL-003]", async () => {
  const stix = [{ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:sub" }] }];
  const peers = await createPeers(
    setting(
      [
        { name: "feed", description: "A feed", volume: 12, contentBindings: stix },
        { name: "set", type: "DATA_SET", available: false },
      ],
      {
        server: { push: pushing },
      },
    ),
  );
  const contact = { protocolBinding: http10, messageBindings: [xml11, xml10] };
  const services = {
    pushMethods: [{ protocolBinding: https10, messageBindings: [xml11] }],
    pollingServices: [{ ...contact, address: "http://taxii.test/poll" }],
    subscriptionServices: [{ ...contact, address: "http://taxii.test/collections" }],
    receivingInboxServices: [{ ...contact, address: "http://taxii.test/inbox", contentBindings: [{ bindingId: "urn:x", subtypes: [] }] }],
  };
  expect(await listed(peers)).toEqual([
    {
      collectionName: "feed",
      collectionType: "DATA_FEED",
      available: true,
      description: "A feed",
      collectionVolume: 12,
      contentBindings: stix,
      ...services,
    },
    { collectionName: "set", collectionType: "DATA_SET", available: false, description: "", contentBindings: [], ...services },
  ]);
});

test("services are listed with the collections they serve [SVC-COL-004]", async () => {
  const services = [
    collectionManagement({ path: "/collections", collections: ["a", "b"] }),
    collectionManagement({ path: "/list", subscriptions: false }),
    poll({ path: "/poll", collections: ["a", "c"] }),
    poll({ path: "/poll2", collections: ["a"] }),
    inbox({ path: "/inbox", collections: ["b"] }),
    external({ type: "POLL", address: "https://else.test/all" }),
    external({ type: "POLL", address: "https://else.test/a", collections: ["a"] }),
    external({ type: "COLLECTION_MANAGEMENT", address: "https://else.test/subscribe", collections: ["c"], subscriptions: true }),
  ];
  const peers = await createPeers({ services, collections: ["a", "b", "c"].map((name) => ({ name })) });
  const [a, b] = (await listed(peers)).map(ways);
  expect(await listed(peers)).toHaveLength(2);
  expect(a).toEqual({ poll: ["/poll", "/poll2", "https://else.test/a"], subscribe: ["/collections"], send: [], push: [] });
  // Receive-only, as far as TAXII 1.1 is concerned.
  expect(b).toEqual({ poll: [], subscribe: ["/collections"], send: ["/inbox"], push: [] });
  expect((await listed(peers, undefined, "/list")).map(ways)[2]).toEqual({
    poll: ["/poll"],
    subscribe: ["https://else.test/subscribe"],
    send: [],
    push: [],
  });
});

test("the volume is what the operator says; the number of blocks where that is wanted [XML-COL-004]", async () => {
  const services = [collectionManagement({ path: "/collections" }), collectionManagement({ path: "/counting", volume: "blocks" })];
  const peers = await createPeers({ services, collections: [{ name: "a", volume: 7 }, { name: "b" }] });
  const block = create(ContentBlock, { contentBinding: { bindingId: "urn:x" }, content: { text: "x" } } satisfies ContentBlockInit);
  await peers.storage.add([{ block, collections: ["a", "b"] }]);
  expect((await listed(peers)).map(({ collectionVolume }) => collectionVolume)).toEqual([7, undefined]);
  expect((await listed(peers, undefined, "/counting")).map(({ collectionVolume }) => collectionVolume)).toEqual([7, 1]);
});

test("only what an account may do is told of, and nothing of what it may not see [SVC-COL-002] [SEC-ID-002]", async () => {
  const accounts = {
    reader: { permissions: { a: ["read"] as const } },
    writer: { permissions: { a: ["write"] as const, b: ["read", "write"] as const } },
    nobody: {},
    admin: { admin: true },
  };
  const members = poll({ path: "/members", requiresAccount: true });
  const base = setting([{ name: "a" }, { name: "b" }, { name: "constructor" }], { accounts, server: { push: pushing } });
  const peers = await createPeers({ ...base, services: [...base.services, members] });
  const told = async (account?: string) => (await listed(peers, account)).map((record) => [record.collectionName, ways(record)]);
  const reading = { poll: ["/poll", "/members"], subscribe: ["/collections"], push: [https10] };
  const closed = { poll: [], subscribe: [], push: [] };
  expect(await told()).toEqual([]);
  expect(await told("nobody")).toEqual([]);
  expect(await told("reader")).toEqual([["a", { ...reading, send: [] }]]);
  expect(await told("writer")).toEqual([
    ["a", { ...closed, send: ["/inbox"] }],
    ["b", { ...reading, send: ["/inbox"] }],
  ]);
  expect(await told("admin")).toHaveLength(3);
  expect((await feeds(peers, "reader")).map(({ feedName }) => feedName)).toEqual([]);
});

test("anonymous peers are not told of services that want an account", async () => {
  const services = [
    collectionManagement({ path: "/collections" }),
    poll({ path: "/open" }),
    poll({ path: "/members", requiresAccount: true }),
  ];
  const peers = await createPeers({ services, collections: [{ name: "a" }] });
  expect((await listed(peers)).map(ways)).toEqual([{ poll: ["/open"], subscribe: ["/collections"], send: [], push: [] }]);
});

test("in TAXII 1.0 sets, feeds of no format and drop boxes are left out, the others valid [VER-X-002] [VER-X-003] [VER-X-004] [XML-COL-002] [CB-NEST-006]", async () => {
  const services = [
    collectionManagement({ path: "/collections" }),
    poll({ path: "/poll", collections: ["any", "empty", "stix", "set"] }),
    poll({ path: "/new", versions: ["1.1"], collections: ["new"] }),
    inbox({ path: "/inbox" }),
  ];
  const collections: CollectionInit[] = [
    { name: "any" },
    { name: "drop", contentBindings: [{ bindingId: "urn:stix" }] },
    { name: "empty" },
    { name: "new", contentBindings: [{ bindingId: "urn:stix" }] },
    { name: "set", type: "DATA_SET", contentBindings: [{ bindingId: "urn:stix" }] },
    { name: "stix", contentBindings: [{ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:sub" }] }] },
  ];
  const peers = await createPeers({ services, collections });
  const block = (bindingId: string) => create(ContentBlock, { contentBinding: { bindingId }, content: { text: "x" } });
  await peers.storage.add(["urn:b", "urn:wrap|urn:a", "urn:b|urn:a"].map((id) => ({ block: block(id), collections: ["any"] })));
  const records = await feeds(peers);
  expect(records.map(({ feedName, contentBindings }) => [feedName, [...contentBindings].sort()])).toEqual([
    ["any", ["urn:a", "urn:b", "urn:wrap"]],
    ["stix", ["urn:stix"]],
  ]);
  expect(records[0]).toMatchObject({ pollingServices: [{ address: "http://taxii.test/poll" }] });
  expect((await listed(peers)).map(({ collectionName }) => collectionName)).toEqual(["any", "drop", "empty", "new", "set", "stix"]);
});

test("a feed of TAXII 1.0 that is only pushed is listed [XML-COL-002]", async () => {
  const services = [collectionManagement({ path: "/collections" })];
  const peers = await createPeers({
    services,
    collections: [{ name: "a", contentBindings: [{ bindingId: "urn:x" }] }],
    server: { push: pushing },
  });
  expect(await feeds(peers)).toMatchObject([{ feedName: "a", pushMethods: [{ protocolBinding: https10 }], pollingServices: [] }]);
});

test("nothing that cannot be pushed has a push method", async () => {
  const policies: PushPolicy[] = [
    { ...pushing, protocolBindings: [] },
    { ...pushing, messageBindings: [] },
  ];
  for (const push of policies)
    expect((await listed(await createPeers(setting([{ name: "a" }], { server: { push } }))))[0]?.pushMethods).toEqual([]);
  const services = [collectionManagement({ path: "/collections", subscriptions: false }), poll({ path: "/poll" })];
  expect((await listed(await createPeers({ services, collections: [{ name: "a" }], server: { push: pushing } })))[0]?.pushMethods).toEqual(
    [],
  );
});

test("either half can be switched off, and is then a message the service does not take [SVC-GEN-001] [SVC-GEN-002] [SVC-GEN-005]", async () => {
  const services = [
    collectionManagement({ path: "/list", subscriptions: false }),
    collectionManagement({ path: "/subscribe", information: false }),
    poll({ path: "/poll" }),
  ];
  const peers = await createPeers({ services, collections: [{ name: "a" }] });
  const information = create(CollectionInformationRequest, {});
  const status = create(SubscriptionManagementRequest, { action: "STATUS", collectionName: "a" });
  expect(as("taxii11.CollectionInformationResponse", await peers.ask("/list", information)).collections.map(ways)).toEqual([
    { poll: ["/poll"], subscribe: ["/subscribe"], send: [], push: [] },
  ]);
  expect(as("taxii11.SubscriptionManagementResponse", await peers.ask("/subscribe", status)).subscriptions).toEqual([]);
  expect(refusal(await peers.ask("/list", status))[0]).toBe("BAD_MESSAGE");
  expect(as("taxii11.StatusMessage", await peers.ask("/subscribe", information)).message).toContain("Subscription_Management_Request");
  expect(() => collectionManagement({ path: "/none", subscriptions: false, information: false })).toThrow(TypeError);
});

test.each([{ maxPerAccount: -1 }, { maxParameterSize: Number.NaN }])("a limit has to be a number: %j", (limits) => {
  expect(() => collectionManagement({ path: "/collections", ...limits })).toThrow(TypeError);
});

test("steps take the place of the built-in ones, and may refuse [SVC-COL-001]", async () => {
  const services = [
    collectionManagement({
      path: "/collections",
      steps: {
        selectCollections: async (request, { account }, standard) => {
          if (account?.name === "refused") throw new StatusError("DENIED", { message: "Not for you." });
          return (await standard(request)).slice(1);
        },
        describeCollection: async (collection, _, standard) => ({ ...(await standard(collection)), description: "Mine" }),
      },
    }),
  ];
  const accounts = { admin: { admin: true }, refused: {} };
  const peers = await createPeers({ services, collections: [{ name: "a" }, { name: "b" }], accounts });
  expect((await listed(peers, "admin")).map(({ collectionName, description }) => [collectionName, description])).toEqual([["b", "Mine"]]);
  expect(refusal(await peers.ask("/collections", create(CollectionInformationRequest, {}), "refused"))).toEqual(["DENIED", []]);
});
