/** `taxii sync`: data files, and what becomes of them. */

import { describe, expect, test } from "vitest";
import { hashPassword, verifyPassword } from "../../../src/accounts/index.js";
import { type DataFile, readDataFile } from "../../../src/cli/data/data-file.js";
import { type Change, type SyncOptions, sync } from "../../../src/cli/data/sync.js";
import { memoryStorage, type Storage } from "../../../src/storage/index.js";

/** A file with every key that OpenTAXII knows. */
const openTaxii = `
services:
  - id: inbox_a
    type: inbox
    address: /services/inbox-a
    description: Custom Inbox Service Description A
    destination_collection_required: yes
    accept_all_content: yes
    authentication_required: yes
    protocol_bindings:
      - urn:taxii.mitre.org:protocol:http:1.0
  - id: inbox_b
    type: inbox
    address: /services/inbox-b
    destination_collection_required: no
    supported_content:
      - urn:stix.mitre.org:xml:1.1.1
      - urn:custom.example.com:json:0.0.1
    protocol_bindings: []
  - id: discovery_a
    type: discovery
    address: /services/discovery-a
    advertised_services: [inbox_a, discovery_a, elsewhere]
  - id: elsewhere
    type: poll
    address: https://other.example.com/poll
    available: false
  - id: collection_management_a
    type: collection_management
    address: /services/collection-management-a
    subscription_supported: true
    subscription_message: Write to soc@example.com.
  - id: poll_a
    type: poll
    address: /services/poll-a
    subscription_required: no
    max_result_count: 100
    max_result_size: 10
collections:
  - name: collection-a
    available: true
    accept_all_content: true
    type: DATA_SET
    service_ids: [inbox_a, collection_management_a, poll_a]
  - name: collection-b
    available: false
    supported_content: [urn:stix.mitre.org:xml:1.1.1]
    volume: 12
    service_ids: [inbox_a, poll_a]
accounts:
  - username: test
    password: secret-of-test
    permissions:
      collection-a: modify
      collection-b: read
      coll-none: modify
  - username: admin
    password: 12345
    is_admin: yes
`;

const read = (text: string): DataFile => readDataFile(text, "data.yaml");

async function run(storage: Storage, text: string, options: Partial<SyncOptions> = {}): Promise<{ changes: Change[]; warnings: string[] }> {
  const warnings: string[] = [];
  const changes = await sync(storage, read(text), {
    removeCollections: false,
    dryRun: false,
    readPassword: () => Promise.reject(new Error("no file")),
    warn: (warning) => warnings.push(warning),
    ...options,
  });
  return { changes, warnings };
}

const actions = (changes: readonly Change[]): string[] => changes.map(({ kind, name, action }) => `${kind} ${name} ${action}`);

describe("taxii sync", () => {
  test("a data file of OpenTAXII is taken as it is", async () => {
    const storage = memoryStorage();
    const { changes, warnings } = await run(storage, openTaxii);
    expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(["added"]));
    expect(changes).toHaveLength(10);
    const services = new Map((await storage.directory.services()).map((service) => [service.id, service]));
    expect(services.get("inbox_a")).toMatchObject({
      type: "INBOX",
      address: "/services/inbox-a",
      requiresAccount: true,
      destination: "required",
      contentBindings: [],
      collections: ["collection-a", "collection-b"],
      protocolBindings: ["urn:taxii.mitre.org:protocol:http:1.0"],
    });
    expect(services.get("inbox_b")).toMatchObject({ protocolBindings: [], collections: [], destination: undefined });
    expect(services.get("inbox_b")?.contentBindings.map(({ bindingId }) => bindingId)).toEqual([
      "urn:stix.mitre.org:xml:1.1.1",
      "urn:custom.example.com:json:0.0.1",
    ]);
    expect(services.get("discovery_a")).toMatchObject({ advertised: ["inbox_a", "discovery_a", "elsewhere"], collections: undefined });
    expect(services.get("elsewhere")).toMatchObject({ address: "https://other.example.com/poll", available: false });
    expect(services.get("collection_management_a")).toMatchObject({
      subscriptions: true,
      subscriptionMessage: "Write to soc@example.com.",
      collections: ["collection-a"],
    });
    expect(services.get("poll_a")).toMatchObject({ requiresSubscription: false, maxBlocks: 10 });
    expect(await storage.collection("collection-b")).toMatchObject({ type: "DATA_FEED", available: false, volume: 12 });
    const test = await storage.directory.account("test");
    expect(test?.permissions).toEqual({ "collection-a": ["read", "write"], "collection-b": ["read"] });
    expect(await verifyPassword("secret-of-test", test?.passwordHash ?? "")).toBe(true);
    const admin = await storage.directory.account("admin");
    expect(admin?.admin).toBe(true);
    expect(await verifyPassword("12345", admin?.passwordHash ?? "")).toBe(true);
    expect(warnings.filter((warning) => warning.includes("coll-none"))).toHaveLength(1);
    expect(warnings.filter((warning) => warning.includes("max_result_count"))).toHaveLength(1);
  });

  test("a second run changes nothing, and no secret is hashed again", async () => {
    const storage = memoryStorage();
    await run(storage, openTaxii);
    const [hash, revision] = [(await storage.directory.account("test"))?.passwordHash, await storage.directory.revision()];
    const { changes } = await run(storage, openTaxii);
    expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(["unchanged"]));
    expect((await storage.directory.account("test"))?.passwordHash).toBe(hash);
    expect(await storage.directory.revision()).toBe(revision);
  });

  test("what the file has no more goes; collections with their content only when told", async () => {
    const storage = memoryStorage();
    await run(storage, openTaxii);
    const rest = `
services: [{ id: poll_a, type: poll, address: /services/other }]
collections: [{ name: collection-a, accept_all_content: true, type: DATA_SET, service_ids: [poll_a] }]
accounts: [{ username: test, is_admin: true }]
`;
    const dry = await run(storage, rest, { dryRun: true });
    expect(await storage.directory.services()).toHaveLength(6);
    const { changes } = await run(storage, rest);
    expect(changes).toEqual(dry.changes);
    expect(actions(changes)).toEqual(
      expect.arrayContaining([
        "service poll_a changed",
        "service inbox_a removed",
        "account admin removed",
        "account test changed",
        "collection collection-a unchanged",
      ]),
    );
    // It was unavailable before.
    expect(actions(changes).some((text) => text.includes("collection-b"))).toBe(false);
    expect(await storage.collection("collection-b")).toMatchObject({ available: false });
    expect(await verifyPassword("secret-of-test", (await storage.directory.account("test"))?.passwordHash ?? "")).toBe(true);
    const forced = await run(storage, rest, { removeCollections: true });
    expect(actions(forced.changes)).toContain("collection collection-b removed");
    expect(await storage.collection("collection-b")).toBeUndefined();
  });

  test("a collection that is not in the file any more becomes unavailable and keeps all else", async () => {
    const storage = memoryStorage();
    await storage.putCollection({
      name: "kept",
      description: "d",
      volume: 3,
      retention: { days: 4 },
      contentBindings: [{ bindingId: "urn:b" }],
    });
    const { changes } = await run(storage, "collections: []");
    expect(actions(changes)).toEqual(["collection kept disabled"]);
    expect(await storage.collection("kept")).toMatchObject({ available: false, description: "d", volume: 3, retention: { days: 4 } });
  });

  test("lists the file leaves out stay as they are", async () => {
    const storage = memoryStorage();
    await run(storage, openTaxii);
    const { changes } = await run(
      storage,
      "accounts: [{ username: new, password_file: new.txt, permissions: { collection-a: [write] } }]",
      {
        readPassword: async (file) => `from ${file}`,
      },
    );
    expect(actions(changes)).toEqual(["account new added", "account admin removed", "account test removed"]);
    expect(await storage.directory.services()).toHaveLength(6);
    const account = await storage.directory.account("new");
    expect(account?.permissions).toEqual({ "collection-a": ["write"] });
    expect(await verifyPassword("from new.txt", account?.passwordHash ?? "")).toBe(true);
  });

  test("services that could not be served together change nothing", async () => {
    const storage = memoryStorage();
    const twins = "services: [{ id: a, type: poll, address: /p }, { id: b, type: poll, address: /p }]\ncollections: [{ name: c }]";
    await expect(run(storage, twins)).rejects.toThrow("there are two POLL services under /p");
    expect([await storage.collections(), await storage.directory.services()]).toEqual([[], []]);
  });

  test("a hash that no password can be compared with is refused, and replaced where a password is given", async () => {
    expect(() => readDataFile('accounts: [{ username: a, password_hash: "md5:00" }]', "data.yaml")).toThrow(
      /data\.yaml:1:\d+: .*expected a password hash/,
    );
    const storage = memoryStorage();
    const { directory } = storage;
    await directory.putAccount({ name: "a", passwordHash: "md5:00", admin: false, disabled: false, permissions: {}, certificates: [] });
    await run(storage, "accounts: [{ username: a, password: secret }]");
    expect(await verifyPassword("secret", (await directory.account("a"))?.passwordHash ?? "")).toBe(true);
  });

  test("a hash is taken as it is, and an account can be without password", async () => {
    const storage = memoryStorage();
    const hash = await hashPassword("x");
    await run(storage, `accounts: [{ username: a, password_hash: "${hash}" }, { username: b, certificates: [cn=b], disabled: true }]`);
    expect(await storage.directory.account("a")).toMatchObject({ passwordHash: hash });
    expect(await storage.directory.account("b")).toMatchObject({ passwordHash: undefined, disabled: true, certificates: ["cn=b"] });
  });

  test.each([
    ["services: [{ id: a, type: inbox }]", "data.yaml:1:12: services.0.address"],
    ["services: [{ id: a, type: push, address: /a }]", "services.0.type"],
    ["services: [{ id: a, type: poll, address: a }]", "expected a path"],
    ["services: [{ id: a, type: poll, address: /a, max_result: 1 }]", "there is no key services.0.max_result"],
    ["services: [{ id: a, type: poll, address: /a }, { id: a, type: poll, address: /b }]", "data.yaml:1:48: services.1: there is one"],
    ["services: []\ncollections: [{ name: c, service_ids: [x] }]", "data.yaml:2:40: collections.0.service_ids.0: there is no service"],
    ["accounts: [{ username: 'a:b', password: hidden-secret }]", "cannot have a colon"],
    ["accounts: [{ username: a, password: hidden-secret, password_file: f }]", "expected one of password"],
    ["accounts: [{ username: a, permissions: { c: all } }]", "accounts.0.permissions.c"],
    ["accounts: {", "this is not YAML"],
  ])("%s is refused with its place", (text, expected) => {
    let message = "";
    try {
      read(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(expected);
    expect(message).not.toContain("hidden-secret");
  });
});
