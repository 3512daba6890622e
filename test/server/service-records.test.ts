/** Services out of data: every property of a record counts. */

import { describe, expect, test } from "vitest";
import { DiscoveryRequest, InboxMessage, SubscriptionManagementRequest } from "../../generated/taxii11/index.js";
import { create } from "../../src/message/create.js";
import { handle, type QueryHandler, StatusError, servicesFrom } from "../../src/server/index.js";
import type { ServiceExtras } from "../../src/server/service-records.js";
import { memoryStorage, type ServiceRecord } from "../../src/storage/index.js";
import { as, createPeers, refusal } from "./services/peers.js";

const plain: ServiceRecord = {
  id: "s",
  type: "DISCOVERY",
  address: "/s",
  description: undefined,
  available: true,
  requiresAccount: false,
  versions: ["1.1", "1.0"],
  protocolBindings: undefined,
  collections: undefined,
  advertised: undefined,
  contentBindings: [],
  destination: undefined,
  requiresSubscription: undefined,
  maxBlocks: undefined,
  subscriptions: undefined,
  subscriptionMessage: undefined,
};

const query: QueryHandler = { formatId: "urn:query", supported: () => [], prepare: () => () => true };

function made(changes: Partial<ServiceRecord>, extras: ServiceExtras = {}) {
  const [service] = servicesFrom([{ ...plain, ...changes }], extras);
  if (service === undefined) throw new Error("no service");
  return service;
}

describe("services out of records", () => {
  test.each(["DISCOVERY", "COLLECTION_MANAGEMENT", "INBOX", "POLL"] as const)("a %s service has what every service has", (type) => {
    const common = {
      id: "mine",
      type,
      description: "Mine",
      available: false,
      requiresAccount: true,
      versions: ["1.0"] as const,
      protocolBindings: ["urn:p"],
      collections: ["a"],
    };
    expect(made({ ...common, address: "/here" })).toMatchObject({ ...common, path: "/here", address: undefined });
    expect(made({ ...common, address: "https://else.test/" })).toMatchObject({
      ...common,
      path: undefined,
      address: "https://else.test/",
      handlers: [],
    });
  });

  test("what a record leaves open is the default, or what is said for all", () => {
    expect(made({})).toMatchObject({ collections: undefined, protocolBindings: undefined, description: undefined });
    expect(made({ type: "COLLECTION_MANAGEMENT" }).subscriptions).toBe(true);
    expect(made({ type: "COLLECTION_MANAGEMENT" }, { collectionManagement: { subscriptions: false } }).subscriptions).toBe(false);
    expect(
      made({ type: "COLLECTION_MANAGEMENT", subscriptions: true }, { collectionManagement: { subscriptions: false } }).subscriptions,
    ).toBe(true);
    expect(made({ type: "COLLECTION_MANAGEMENT", subscriptions: false }).subscriptions).toBe(false);
    expect(made({ type: "INBOX", contentBindings: [{ bindingId: "urn:a", subtypes: [] }] }).contentBindings).toEqual([
      { bindingId: "urn:a", subtypes: [] },
    ]);
    expect(made({ description: "Own" }, { discovery: { description: "All" } }).description).toBe("Own");
  });

  test("queries are for those who evaluate them, and nobody elsewhere", () => {
    const formats = (type: ServiceRecord["type"], address = "/s") =>
      made({ type, address }, { queries: [query] }).queries.map(({ formatId }) => formatId);
    expect([formats("POLL"), formats("COLLECTION_MANAGEMENT")]).toEqual([["urn:query"], ["urn:query"]]);
    expect([formats("DISCOVERY"), formats("INBOX"), formats("POLL", "https://else.test/")]).toEqual([[], [], []]);
  });

  test("handlers go to the service they are named for", () => {
    const own = handle(DiscoveryRequest, (message, _, next) => next(message));
    expect(made({}, { handlers: { s: [own] } }).handlers[0]).toBe(own);
    expect(made({ id: "constructor" }, { handlers: {} }).handlers).toHaveLength(1);
  });

  test.each<[Partial<ServiceRecord>, RegExp]>([
    [{ address: "here" }, /the service "s" cannot be made: .*"here"/],
    [{ address: "//here" }, /the service "s" cannot be made: .*"\/\/here"/],
    [{ versions: [] }, /the service "s" cannot be made: .*version/],
    [{ type: "POLL", maxBlocks: -1 }, /the service "s" cannot be made: .*maxBlocks/],
  ])("a record that is of no use is named: %j", (changes, message) => {
    expect(() => made(changes)).toThrow(message);
  });

  test("they work, with the options of their records", async () => {
    const storage = memoryStorage();
    for (const name of ["a", "b"]) await storage.putCollection({ name });
    const records: Partial<ServiceRecord>[] = [
      { id: "d", address: "/d", advertised: ["p", "in"] },
      { id: "m", type: "COLLECTION_MANAGEMENT", address: "/m", subscriptionMessage: "Welcome" },
      { id: "in", type: "INBOX", address: "/in", destination: "prohibited", collections: ["b"] },
      { id: "out", type: "INBOX", address: "/out", destination: "required" },
      { id: "p", type: "POLL", address: "/p" },
    ];
    for (const record of records) await storage.directory.putService({ ...plain, ...record });
    const refuse = handle(InboxMessage, () => {
      throw new StatusError("DENIED");
    });
    const services = servicesFrom(await storage.directory.services(), {
      handlers: { out: [refuse] },
      inbox: { keepMessages: "none", destination: "optional" },
    });
    const peers = await createPeers({ storage, services });
    const { serviceInstances } = as("taxii11.DiscoveryResponse", await peers.ask("/d", create(DiscoveryRequest, {})));
    expect(serviceInstances.map(({ address }) => address)).toEqual(["http://taxii.test/in", "http://taxii.test/p"]);
    const status = create(SubscriptionManagementRequest, { action: "STATUS", collectionName: "a" });
    expect(await peers.ask("/m", status)).toMatchObject({ message: "Welcome", subscriptions: [] });
    const blocks = [{ contentBinding: { bindingId: "urn:x" }, content: { text: "x" } }];
    const named = create(InboxMessage, { destinationCollectionNames: ["b"], contentBlocks: blocks });
    expect(refusal(await peers.ask("/in", named))[0]).toBe("DESTINATION_COLLECTION_ERROR");
    expect(refusal(await peers.ask("/in", create(InboxMessage, { contentBlocks: blocks })))[0]).toBe("SUCCESS");
    expect(refusal(await peers.ask("/out", named))[0]).toBe("DENIED");
    expect((await storage.collections()).map(({ name, blockCount }) => [name, blockCount])).toEqual([
      ["a", 0],
      ["b", 1],
    ]);
    for await (const receipt of storage.receipts()) expect(receipt).toBeUndefined();
  });
});
