/** What every directory has to do. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccountRecord, ServiceRecord, TokenRecord } from "../../src/storage/index.js";
import { compareCodePoints } from "../../src/storage/records/text.js";
import {
  command,
  expectInvalid,
  fresh,
  holdAgainstModel,
  hostileNames,
  impossibleNames,
  modelTimeout,
  openWorld,
  type RecordSubject,
  resultInit,
  subscriptionInit,
  type World,
} from "./records.js";

function account(name: string, rest: Partial<AccountRecord> = {}): AccountRecord {
  return { name, passwordHash: undefined, admin: false, disabled: false, permissions: {}, certificates: [], ...rest };
}

function hashOf(number: number): string {
  return number.toString(16).padStart(64, "0");
}

function token(id: string, hash: string, rest: Partial<TokenRecord> = {}): TokenRecord {
  return { id, account: "alice", hash, label: "for tests", created: 1, expires: undefined, ...rest };
}

function service(id: string, rest: Partial<ServiceRecord> = {}): ServiceRecord {
  return {
    id,
    type: "INBOX",
    address: "/inbox",
    description: undefined,
    available: true,
    requiresAccount: false,
    versions: ["1.1"],
    protocolBindings: undefined,
    collections: undefined,
    advertised: undefined,
    contentBindings: [],
    destination: undefined,
    requiresSubscription: undefined,
    maxBlocks: undefined,
    subscriptions: undefined,
    subscriptionMessage: undefined,
    ...rest,
  };
}

/** What is there, and the revision it has. */
interface Model {
  readonly accounts: Map<string, AccountRecord>;
  tokens: TokenRecord[];
  readonly services: Map<string, ServiceRecord>;
  revision: number | undefined;
}

/** Does something that says whether it changes the directory: the revision rises then, and only then. */
const run = (name: string, work: (model: Model, world: World) => Promise<boolean>) =>
  command<Model>(name, async (model, world) => {
    const { directory } = world.other;
    const before = model.revision ?? (await directory.revision());
    const changed = await work(model, world);
    model.revision = await directory.revision();
    if (changed) expect(model.revision).toBeGreaterThan(before);
    else expect(model.revision).toBe(before);
    const byKey = <V>(map: ReadonlyMap<string, V>): V[] => [...map].sort(([a], [b]) => compareCodePoints(a, b)).map(([, value]) => value);
    expect(await directory.accounts()).toEqual(byKey(model.accounts));
    expect(await directory.tokens()).toEqual(model.tokens);
    expect(await directory.services()).toEqual(byKey(model.services));
  });

const name = fc.constantFrom("alice", "Alice", "\uffff", "\u{1f600}", "__proto__");
const rights = fc.dictionary(name, fc.uniqueArray(fc.constantFrom("read" as const, "write" as const)));
const certificates = fc.uniqueArray(fc.constantFrom<string[]>("sha256:1", "sha256:2", "CN=x"));

const commands = fc.commands<Model, World, false>(
  [
    fc
      .record({
        name,
        passwordHash: fc.constantFrom(undefined, "$scrypt$1"),
        admin: fc.boolean(),
        disabled: fc.boolean(),
        permissions: rights,
        certificates,
      })
      .map((what) =>
        run(`put ${JSON.stringify(what)}`, async (model, { storage: { directory } }) => {
          const others = [...model.accounts.values()].filter((each) => each.name !== what.name);
          const put = directory.putAccount(what);
          if (others.some((each) => each.certificates.some((identity) => what.certificates.includes(identity)))) {
            await expect(put).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
            return false;
          }
          await put;
          model.accounts.set(what.name, { ...what, permissions: Object.fromEntries(Object.entries(what.permissions)) });
          for (const identity of what.certificates) {
            expect(await directory.accountOfCertificate(identity)).toEqual(model.accounts.get(what.name));
          }
          return true;
        }),
      ),
    name.map((who) =>
      run(`remove account ${who}`, async (model, { storage }) => {
        const there = model.accounts.delete(who);
        model.tokens = model.tokens.filter((each) => each.account !== who);
        expect(await storage.directory.removeAccount(who)).toBe(there);
        expect(await storage.directory.account(who)).toBeUndefined();
        return there;
      }),
    ),
    fc.tuple(fc.nat(4), fc.nat(4), name).map(([id, hash, who]) =>
      run(`add token ${id} ${hash} ${who}`, async (model, { storage: { directory } }) => {
        const added = token(`t${id}`, hashOf(hash), { account: who, created: hash, expires: hash === 0 ? undefined : id });
        const adding = directory.addToken(added);
        if (!model.accounts.has(who)) {
          await expectInvalid(adding, "account");
          return false;
        }
        if (model.tokens.some((each) => each.id === added.id || each.hash === added.hash)) {
          await expect(adding).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
          return false;
        }
        await adding;
        model.tokens = [...model.tokens, added].sort((a, b) => a.created - b.created);
        expect(await directory.token(added.hash)).toEqual(added);
        expect(await directory.tokens(who)).toEqual(model.tokens.filter((each) => each.account === who));
        return true;
      }),
    ),
    fc.nat(4).map((id) =>
      run(`remove token ${id}`, async (model, { storage }) => {
        const there = model.tokens.some((each) => each.id === `t${id}`);
        model.tokens = model.tokens.filter((each) => each.id !== `t${id}`);
        expect(await storage.directory.removeToken(`t${id}`)).toBe(there);
        return there;
      }),
    ),
    fc.tuple(name, fc.constantFrom("/a", "https://elsewhere.example/taxii")).map(([id, address]) =>
      run(`put service ${id}`, async (model, { storage }) => {
        await storage.directory.putService(service(id, { address }));
        model.services.set(id, service(id, { address }));
        return true;
      }),
    ),
    name.map((id) =>
      run(`remove service ${id}`, async (model, { storage }) => {
        const there = model.services.delete(id);
        expect(await storage.directory.removeService(id)).toBe(there);
        return there;
      }),
    ),
    fc.boolean().map((there) =>
      run(`collection, removed: ${there}`, async (_, { storage }) => {
        await storage.putCollection({ name: "c" });
        if (there) expect(await storage.removeCollection("c")).toBe(true);
        return true;
      }),
    ),
  ],
  { maxCommands: 30, size: "+1" },
);

export function directorySuite(suite: string, subject: RecordSubject): void {
  describe(`directory: ${suite}`, () => {
    const open = openWorld(subject);

    async function filled(): Promise<World> {
      const world = open();
      await fresh(world);
      return world;
    }

    test(
      "property: it behaves as a simple model does, and its revision rises with every change",
      async () => {
        await holdAgainstModel(open(), commands, () => ({ accounts: new Map(), tokens: [], services: new Map(), revision: undefined }));
      },
      modelTimeout,
    );

    test("an account goes with all that is its own, and leaves what others have", async () => {
      const { storage, other, now } = await filled();
      const { directory, subscriptions, results } = storage;
      for (const who of ["alice", "bob"]) {
        await directory.putAccount(account(who, { certificates: [`CN=${who}`] }));
        await directory.addToken(token(who, hashOf(who.length), { account: who }));
        await subscriptions.subscribe(subscriptionInit({ id: `s-${who}`, owner: who }));
        await results.create(resultInit({ id: `r-${who}`, owner: who, expires: now + 100 }), [], 1);
      }
      expect(await directory.removeAccount("alice")).toBe(true);
      expect(await other.directory.accountOfCertificate("CN=alice")).toBeUndefined();
      expect(await other.directory.tokens("alice")).toEqual([]);
      expect(await other.subscriptions.find({ owner: "alice" })).toEqual([]);
      expect(await other.results.get("r-alice")).toBeUndefined();
      expect((await other.directory.accountOfCertificate("CN=bob"))?.name).toBe("bob");
      expect(await other.directory.tokens()).toHaveLength(1);
      expect(await other.subscriptions.find({})).toMatchObject([{ id: "s-bob" }]);
      expect(await other.results.get("r-bob")).toBeDefined();
      expect(await directory.removeAccount("alice")).toBe(false);
    });

    test("a certificate that moves to another account is freed first", async () => {
      const { storage } = await filled();
      const { directory } = storage;
      await directory.putAccount(account("alice", { certificates: ["CN=1", "CN=2"] }));
      await expect(directory.putAccount(account("bob", { certificates: ["CN=3", "CN=2"] }))).rejects.toMatchObject({
        code: "ALREADY_EXISTS",
        message: expect.stringContaining("CN=2"),
      });
      expect(await directory.account("bob")).toBeUndefined();
      await directory.putAccount(account("alice", { certificates: ["CN=1"] }));
      await directory.putAccount(account("bob", { certificates: ["CN=3", "CN=2"] }));
      expect(await directory.account("bob")).toEqual(account("bob", { certificates: ["CN=3", "CN=2"] }));
      expect(await directory.accountOfCertificate("cn=2")).toBeUndefined();
    });

    test("one of many accounts gets a certificate that all want at once", async () => {
      const { storage, other } = await filled();
      const puts = Array.from({ length: 10 }, (_, at) =>
        (at % 2 === 0 ? storage : other).directory.putAccount(account(`a${at}`, { certificates: ["CN=x"] })),
      );
      expect((await Promise.allSettled(puts)).filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await storage.directory.accounts()).toHaveLength(1);
    });

    test("replacing an account leaves its tokens", async () => {
      const { storage } = await filled();
      const { directory } = storage;
      await directory.putAccount(account("alice"));
      await directory.addToken(token("t", hashOf(1)));
      await directory.putAccount(account("alice", { disabled: true }));
      expect(await directory.token(hashOf(1))).toEqual(token("t", hashOf(1)));
    });

    test("hostile names are names, and are listed in the order of their code points", async () => {
      const { storage, other } = await filled();
      const names = hostileNames.filter((each) => !each.includes(":"));
      for (const [at, each] of names.entries()) {
        await storage.directory.putAccount(account(each, { permissions: Object.fromEntries([[each, ["read"]]]), certificates: [each] }));
        await storage.directory.addToken(token(each, hashOf(at), { account: each, label: each }));
        await storage.directory.putService(service(each, { description: "<&>\"'", collections: [each] }));
      }
      const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect((await other.directory.accounts()).map((each) => each.name)).toEqual(sorted);
      expect((await other.directory.services()).map((each) => each.id)).toEqual(sorted);
      for (const each of names) {
        const found = await other.directory.account(each);
        expect(Object.entries(found?.permissions ?? {})).toEqual([[each, ["read"]]]);
        expect((await other.directory.accountOfCertificate(each))?.name).toBe(each);
        expect((await other.directory.tokens(each)).map((one) => one.id)).toEqual([each]);
      }
      expect(await other.directory.account("straße")).toBeUndefined();
    });

    test("names no database can keep are refused, and nothing is found by them", async () => {
      const { storage } = await filled();
      const { directory } = storage;
      await directory.putAccount(account("alice"));
      for (const bad of impossibleNames) {
        await expectInvalid(directory.putAccount(account(bad)), "name");
        await expectInvalid(directory.putAccount(account("bob", { certificates: ["CN=x", bad] })), "certificates[1]");
        await expectInvalid(directory.addToken(token(bad, hashOf(1))), "id");
        await expectInvalid(directory.putService(service(bad)), "id");
        expect(await directory.account(bad)).toBeUndefined();
        expect(await directory.accountOfCertificate(bad)).toBeUndefined();
        expect(await directory.token(bad)).toBeUndefined();
        expect(await directory.tokens(bad)).toEqual([]);
        expect(await directory.removeAccount(bad)).toBe(false);
        expect(await directory.removeToken(bad)).toBe(false);
        expect(await directory.removeService(bad)).toBe(false);
      }
      expect(await directory.accounts()).toHaveLength(1);
    });

    test.each(["", "a:b", "a\nb", "a\x7fb", "a\x85b", "a\u2028b"])("an account cannot be called %j", async (bad) => {
      const { directory } = (await filled()).storage;
      await expectInvalid(directory.putAccount(account(bad)), "name");
      expect(await directory.accounts()).toEqual([]);
    });

    test("errors say all that is wrong, and nothing that is secret", async () => {
      const { directory } = (await filled()).storage;
      const wrong = account("a:b", { passwordHash: "secret\n", permissions: { c: ["own" as "read"] } });
      const error: unknown = await directory.putAccount(wrong).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ issues: [{ path: "name" }, { path: "passwordHash" }, { path: 'permissions["c"]' }] });
      expect(String(error)).not.toContain("secret");
      for (const hash of ["secret", hashOf(10).toUpperCase(), `${hashOf(1)}0`]) {
        const refused: unknown = await directory.addToken(token("t", hash)).catch((thrown: unknown) => thrown);
        expect(refused).toMatchObject({ issues: [{ path: "hash" }] });
        expect(String(refused)).not.toContain(hash);
      }
    });

    test.each([
      "",
      "inbox",
      "//elsewhere.example/",
      "/a?b",
      "/a#b",
      "/a b",
      "/a\\b",
      "ftp://x/",
      "https://",
      "https:///x",
      "javascript:alert(1)",
      " /a",
    ])("a service cannot be at %j", async (address) => {
      const { directory } = (await filled()).storage;
      await expectInvalid(directory.putService(service("s", { address })), "address");
    });

    test("all that is known of a service comes back", async () => {
      const { storage, other } = await filled();
      const full = service("s", {
        type: "POLL",
        address: "https://elsewhere.example:8443/p%C3%B6ll?x=1",
        description: "words\n",
        available: false,
        requiresAccount: true,
        versions: ["1.0", "1.1"],
        protocolBindings: [],
        collections: ["a", "none"],
        advertised: [],
        contentBindings: [{ bindingId: "urn:x", subtypes: [{ subtypeId: "urn:s" }] }],
        destination: "prohibited",
        requiresSubscription: false,
        maxBlocks: 1,
        subscriptions: true,
        subscriptionMessage: "hello",
      });
      await storage.directory.putService(full);
      expect(await other.directory.services()).toStrictEqual([full]);
      await storage.directory.putService(service("s"));
      expect(await other.directory.services()).toStrictEqual([service("s")]);
    });

    test.each([
      ["type", { type: "TAXII" as "POLL" }],
      ["versions", { versions: [] }],
      ["versions", { versions: ["2.0" as "1.1"] }],
      ["maxBlocks", { maxBlocks: 0 }],
      ["destination", { destination: "maybe" as "optional" }],
      ["description", { description: "\x1b[31m" }],
      ["collections[1]", { collections: ["a", "b\0"] }],
    ])("the property %s of a service is checked: %j", async (path, wrong) => {
      const { directory } = (await filled()).storage;
      await expectInvalid(directory.putService(service("s", wrong)), path);
    });

    test("callers cannot change what is stored", async () => {
      const { directory } = (await filled()).storage;
      const rightsOfC: ("read" | "write")[] = ["read"];
      await directory.putAccount(account("alice", { permissions: { c: rightsOfC } }));
      rightsOfC.push("write");
      const found = await directory.account("alice");
      Reflect.set(found ?? {}, "admin", true);
      Reflect.set(found?.permissions ?? {}, "c", ["read", "write"]);
      expect(await directory.account("alice")).toEqual(account("alice", { permissions: { c: ["read"] } }));
    });
  });
}
