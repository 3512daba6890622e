/** `taxii collection`, `content`, `purge`, `service`, `subscription` and `sync` on a database. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatLabel } from "../../../src/storage/index.js";
import { type Admin, admin } from "./kit.js";

let cli: Admin;
beforeEach(() => {
  cli = admin();
});
afterEach(() => cli.dispose());

/** Five blocks in `a`, the last two of them in `b` as well; gives their labels as texts. */
async function fill(): Promise<string[]> {
  return cli.use(async (storage) => {
    await storage.putCollection({ name: "a" });
    await storage.putCollection({ name: "b" });
    const labels = await storage.add(
      [..."12345"].map((text, index) => ({
        block: { contentBinding: { bindingId: "urn:x" }, content: { text }, message: index === 0 ? "first" : undefined },
        collections: index < 3 ? ["a"] : ["a", "b"],
      })),
      { receipt: { messageId: "m1", account: "alice", service: "/inbox", blockCount: 5, raw: new TextEncoder().encode("<doc/>") } },
    );
    return labels.map((label) => formatLabel(label ?? 0));
  });
}

describe("taxii collection", () => {
  test("is added, changed, listed and removed", async () => {
    await cli.run(
      "collection add a --type DATA_SET --description 'A set' --binding urn:x,urn:x1 --volume 7 --keep-days 30 --keep-blocks 9",
    );
    expect(await cli.use((storage) => storage.collection("a"))).toMatchObject({
      type: "DATA_SET",
      description: "A set",
      available: true,
      contentBindings: [{ bindingId: "urn:x", subtypes: [{ subtypeId: "urn:x1" }] }],
      volume: 7,
      retention: { days: 30, blocks: 9 },
    });
    await cli.run("collection change a --unavailable --any-content --keep-days 3");
    const [json] = (await cli.run("collection list --json")).json();
    expect(json).toMatchObject({
      available: false,
      description: "A set",
      contentBindings: [],
      retention: { days: 3, blocks: 9 },
      blockCount: 0,
    });
    await cli.run("collection change a --available --keep-forever");
    expect((await cli.run("collection list a")).out).toBe(
      "a (data set)\n  description:   A set\n  takes:         any\n  volume:        7 a day\n  holds:         0 blocks, 0 characters\n",
    );
    expect(await cli.run("collection remove a")).toMatchObject({ code: 2 });
    expect(await cli.run("collection remove a", { answers: ["n"] })).toMatchObject({ code: 2 });
    expect(await cli.run("collection remove a", { answers: ["y"] })).toMatchObject({ code: 0 });
    expect(await cli.use((storage) => storage.collections())).toEqual([]);
  });

  test.each(["collection add ''", "collection change x", "collection remove x --yes", "collection list x"])(
    "%s is refused",
    async (line) => {
      expect(await cli.run(line)).toMatchObject({ code: 2 });
    },
  );

  test("flags that contradict each other are refused", async () => {
    expect(await cli.run("collection add a --available --unavailable")).toMatchObject({ code: 2 });
    expect(await cli.run("collection add a --binding urn:x --any-content")).toMatchObject({ code: 2 });
    expect(await cli.run("collection add a --keep-days 3 --keep-forever")).toMatchObject({ code: 2 });
    expect(await cli.use((storage) => storage.collections())).toEqual([]);
  });
});

describe("taxii content", () => {
  test("is listed by range, shown as it was sent, and taken out of one collection", async () => {
    const labels = await fill();
    const listed = (await cli.run(`content list a --begin ${labels[0]} --limit 2 --json`)).json();
    expect(listed.map(({ label }) => label)).toEqual([labels[1], labels[2]]);
    expect((await cli.run("content list a")).out).toContain(
      `${labels[0]}\n  binding:       urn:x\n  characters:    1\n  message:       first\n`,
    );
    expect((await cli.run(`content show a ${labels[3]}`)).out).toBe("4");
    expect(await cli.run(`content remove a ${labels[3]} --yes`)).toMatchObject({ code: 0 });
    expect(await cli.run(`content show a ${labels[3]}`)).toMatchObject({ code: 2 });
    expect((await cli.run(`content show b ${labels[3]}`)).out).toBe("4");
    expect(await cli.run("content show a yesterday")).toMatchObject({ code: 2 });
  });

  test("receipts say who sent what, and with --raw the document", async () => {
    const labels = await fill();
    const [receipt] = (await cli.run("content receipts --json")).json();
    expect(receipt).toMatchObject({ messageId: "m1", account: "alice", service: "/inbox", blockCount: 5, labels });
    expect(receipt).not.toHaveProperty("raw");
    expect((await cli.run("content receipts --raw")).json()[0]).toMatchObject({ raw: "<doc/>" });
    expect((await cli.run("content receipts --end 2001-01-01")).out).toBe("");
  });
});

describe("taxii purge", () => {
  test("removes by range, by number, and all; other collections keep theirs", async () => {
    const labels = await fill();
    expect((await cli.run(`purge a --begin ${labels[0]} --end ${labels[1]} --yes --json`)).json()).toEqual([
      { collection: "a", blocks: 1, size: expect.any(Number) },
    ]);
    await cli.run("purge a --keep-blocks 3 --yes");
    expect(await cli.use((storage) => storage.collection("a"))).toMatchObject({ blockCount: 3 });
    await cli.run("purge a --all", { answers: ["yes"] });
    expect(await cli.use((storage) => storage.collection("a"))).toMatchObject({ blockCount: 0, size: 0 });
    expect(await cli.use((storage) => storage.collection("b"))).toMatchObject({ blockCount: 2 });
  });

  test("receipts go when told", async () => {
    await fill();
    const later = new Date(Date.now() + 86_400_000 * 3);
    const outcome = await cli.run("purge a --keep-days 1 --receipts --yes", {
      now: later,
      env: { TAXII_DATABASE: join(cli.folder, "taxii.db") },
    });
    expect(outcome.out).toMatch(/^Removed 5 blocks .* from a\.\nForgot 1 inbox messages\.\n$/);
  });

  test.each([
    "purge a --yes",
    "purge a --all --keep-blocks 1 --yes",
    "purge a --end 2001-01-01 --keep-days 1 --yes",
    "purge nowhere --all --yes",
    "purge a --all --receipts --yes",
    "purge a --keep-blocks 1 --receipts --yes",
  ])("%s is refused", async (line) => {
    await fill();
    expect(await cli.run(line)).toMatchObject({ code: 2 });
    expect(await cli.use((storage) => storage.collection("a"))).toMatchObject({ blockCount: 5 });
  });
});

describe("taxii service", () => {
  test("is added, changed, listed and removed", async () => {
    await cli.run("service add in --type INBOX --address /in --collection a --accounts --destination required --binding urn:x --taxii 1.1");
    const [added] = await cli.use(({ directory }) => directory.services());
    expect(added).toMatchObject({
      id: "in",
      type: "INBOX",
      address: "/in",
      collections: ["a"],
      requiresAccount: true,
      destination: "required",
      versions: ["1.1"],
      contentBindings: [{ bindingId: "urn:x", subtypes: [] }],
    });
    await cli.run("service change in --anonymous --all-collections --unavailable");
    expect((await cli.run("service list")).out).toContain("in (INBOX, unavailable)\n  address:       /in\n  for:           everybody\n");
    expect(await cli.run("service add in --type POLL --address /p")).toMatchObject({ code: 2 });
    expect(await cli.run("service add p --type POLL")).toMatchObject({ code: 2 });
    expect(await cli.run("service add p --type POLL --address p")).toMatchObject({ code: 2 });
    await cli.run("service add second --type INBOX --address /second");
    for (const line of ["service add third --type INBOX --address /second", "service change in --address /second"]) {
      expect(await cli.run(line), line).toMatchObject({
        code: 2,
        err: expect.stringContaining("there are two INBOX services under /second"),
      });
    }
    await cli.run("service remove second");
    expect(await cli.run("service change in --accounts --anonymous")).toMatchObject({ code: 2 });
    expect(await cli.run("service remove in")).toMatchObject({ code: 0 });
    expect(await cli.run("service remove in")).toMatchObject({ code: 2 });
  });
});

describe("taxii subscription", () => {
  test("is listed, paused, resumed, taken up again and removed", async () => {
    const id = "urn:uuid:1";
    await cli.use(async (storage) => {
      await storage.putCollection({ name: "a" });
      const push = { protocolBinding: "urn:p", address: "https://inbox.example.com", messageBinding: "urn:m" };
      await storage.subscriptions.subscribe({
        id,
        owner: "alice",
        collection: "a",
        parameters: undefined,
        push,
        version: "1.1",
        fingerprint: "f",
        since: await storage.horizon(),
      });
    });
    expect((await cli.run("subscription list --account alice --collection a")).out).toContain(
      `${id} (active)\n  account:       alice\n  collection:    a\n`,
    );
    expect((await cli.run("subscription list --account bob")).out).toBe("");
    expect((await cli.run(`subscription pause ${id} --json`)).json()).toMatchObject([{ id, status: "PAUSED" }]);
    expect((await cli.run(`subscription resume ${id}`)).out).toBe(`Resumed ${id}.\n`);
    expect(await cli.run(`subscription retry ${id}`)).toMatchObject({ code: 0 });
    expect((await cli.run("subscription list --parked")).out).toBe("");
    expect(await cli.run(`subscription remove ${id}`)).toMatchObject({ code: 0 });
    for (const command of ["pause", "resume", "retry", "remove"])
      expect(await cli.run(`subscription ${command} ${id}`)).toMatchObject({ code: 2 });
  });
});

describe("taxii sync", () => {
  test("takes a file and files of passwords beside it", async () => {
    const file = join(cli.folder, "data.yaml");
    writeFileSync(join(cli.folder, "p.txt"), "hidden\n");
    writeFileSync(
      file,
      "services: [{ id: p, type: poll, address: /p }]\ncollections: [{ name: c, accept_all_content: yes, service_ids: [p] }]\naccounts: [{ username: u, password_file: p.txt }]\n",
    );
    expect((await cli.run(`sync ${file} --dry-run`)).out).toBe("added     collection c\nadded     service p\nadded     account u\n");
    expect(await cli.use((storage) => storage.collections())).toEqual([]);
    expect((await cli.run(`sync ${file} --json`)).json()).toContainEqual({ kind: "account", name: "u", action: "added" });
    expect((await cli.run(`sync ${file}`)).out).toBe("unchanged collection c\nunchanged service p\nunchanged account u\n");
    const broken = await cli.run("sync -", { input: "services: [{ id: p }]" });
    expect(broken).toMatchObject({ code: 2 });
    expect(broken.err).toContain("-:1:");
  });
});
