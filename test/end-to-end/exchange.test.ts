import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { type ContentBlock, type ContentBlockInit, InboxMessage } from "../../generated/taxii11/index.js";
import { basic, type Client, createClient } from "../../src/client/index.js";
import { xmlContent } from "../../src/codec/fragment.js";
import { StatusError } from "../../src/message/status-error.js";
import { allowAll, collectionManagement, createServer, discovery, handle, inbox, poll, type Server } from "../../src/server/index.js";
import { listen } from "../../src/server/node/index.js";
import { type Clock, memoryStorage, type Storage } from "../../src/storage/index.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-end-to-end-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const storages: Record<string, (clock?: Clock) => Storage> = {
  memory: (clock) => memoryStorage(clock === undefined ? {} : { clock }),
  SQLite: (clock) => sqliteStorage(join(folder, `${files++}.db`), clock === undefined ? {} : { clock }),
};

async function serverWith(storage: Storage): Promise<Server> {
  await storage.putCollection({ name: "feed" });
  await storage.putCollection({ name: "set", type: "DATA_SET" });
  return createServer({
    storage,
    services: [
      discovery({ path: "/discovery" }),
      collectionManagement({ path: "/collections" }),
      inbox({ path: "/inbox" }),
      poll({ path: "/poll" }),
    ],
  });
}

const transports: Record<string, (server: Server, body: (client: Client) => Promise<void>) => Promise<void>> = {
  async "in memory"(server, body) {
    await body(createClient("http://taxii.test/discovery", { fetch: server.fetch }));
  },
  async "over 127.0.0.1"(server, body) {
    const listening = await listen(server, { grace: 100 });
    try {
      await body(createClient(`${listening.url}/discovery`));
    } finally {
      await listening.close();
    }
  },
};

async function all(blocks: AsyncIterable<ContentBlock>): Promise<ContentBlock[]> {
  const list: ContentBlock[] = [];
  for await (const block of blocks) list.push(block);
  return list;
}

const withoutLabel = ({ timestampLabel: _, ...rest }: ContentBlock): Omit<ContentBlock, "timestampLabel"> => rest;

/** Texts XML can carry. */
const text = fc.string({
  unit: fc.oneof(fc.constantFrom(..."<>&\"'\r\n\t ]é\u{1f600}\u2028"), fc.string({ minLength: 1, maxLength: 1, unit: "grapheme" })),
  maxLength: 40,
});
const markup = fc.oneof(
  text.map((inner) => `<a xmlns:p="urn:p"><p:b c='1'>${inner.replace(/[<>&]/g, "")}</p:b><!-- x --></a>`),
  fc.constantFrom(
    "<a/>",
    "x<a/>y<b xmlns=''/>",
    "<![CDATA[<]]><a/>",
    "<?pi x?>",
    "<a xmlns='urn:default' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='q:t' xmlns:q='urn:q'/>",
  ),
);
const block: fc.Arbitrary<ContentBlockInit> = fc
  .record({
    xml: fc.boolean(),
    text,
    markup,
    bindingId: fc.constantFrom("urn:a", "urn:b|urn:a", "urn:ü"),
    subtypeId: fc.option(fc.constant("urn:s"), { nil: undefined }),
    message: fc.option(text, { nil: undefined }),
  })
  .map(({ xml, text: plain, markup: marked, bindingId, subtypeId, message }) => ({
    contentBinding: subtypeId === undefined || bindingId.includes("|") ? { bindingId } : { bindingId, subtype: { subtypeId } },
    content: xml ? xmlContent(marked) : { text: plain },
    ...(message === undefined ? {} : { message }),
  }));

describe.each(Object.keys(storages))("%s storage", (storageName) => {
  const open = (clock?: Clock): Storage => (storages[storageName] ?? memoryStorage)(clock);

  test.each(Object.keys(transports))("discovery, collections, push and poll %s", async (transport) => {
    const storage = open();
    const server = await serverWith(storage);
    await transports[transport]?.(server, async (client) => {
      expect((await client.discover()).map(({ serviceType }) => serviceType)).toEqual([
        "DISCOVERY",
        "COLLECTION_MANAGEMENT",
        "INBOX",
        "POLL",
      ]);
      expect((await client.collections()).map(({ collectionName, collectionType }) => [collectionName, collectionType])).toEqual([
        ["feed", "DATA_FEED"],
        ["set", "DATA_SET"],
      ]);
      const folderOfSamples = join(import.meta.dirname, "../../samples/stix");
      const samples = readdirSync(folderOfSamples).map((name) => readFileSync(join(folderOfSamples, name), "utf8"));
      expect(samples).toHaveLength(4);
      const contentBlocks = samples.map((sample) => ({
        contentBinding: { bindingId: "urn:stix.mitre.org:xml:1.1.1" },
        content: xmlContent(sample),
      }));
      await client.push(contentBlocks, { collection: ["feed", "set"] });
      for (const name of ["feed", "set"]) {
        const polled = await all(client.poll(name));
        expect(polled.map(({ content }) => ("xml" in content ? content.xml : ""))).toEqual(samples);
        expect(polled.every(({ timestampLabel }) => (timestampLabel === undefined) === (name === "set"))).toBe(true);
      }
      await expect(all(client.poll("nowhere"))).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(client.push(contentBlocks, { collection: "nowhere" })).rejects.toMatchObject({ cause: { name: "StatusError" } });
    });
    await storage.close();
  });

  test("property: what is pushed is polled back as it was, in order", async () => {
    const storage = open();
    const server = await serverWith(storage);
    const client = createClient("http://taxii.test/discovery", { fetch: server.fetch });
    let after: string | undefined;
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 5 }), async (blocks) => {
        await client.push(blocks, { collection: "feed" });
        const polling = client.poll("feed", { after });
        const polled = await all(polling);
        expect(polled.map(withoutLabel)).toEqual(blocks);
        after = polling.end;
      }),
      { numRuns: 60 },
    );
    await storage.close();
  });

  test("property: polling on from the last end gives every block exactly once, with pushes meanwhile, whatever the clock does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            pushes: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }),
            clock: fc.constantFrom(0, 0, 1, -1000, 60_000),
            future: fc.boolean(),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        async (rounds) => {
          let now = 1_750_000_000_000;
          const storage = open(() => now);
          const server = await serverWith(storage);
          const client = createClient("http://taxii.test/discovery", { fetch: server.fetch });
          let pushed = 0;
          const received: string[] = [];
          let after: string | undefined;
          const pollOn = async (ask: string | undefined): Promise<void> => {
            const polling = client.poll("feed", { after: ask });
            for (const { content } of await all(polling)) received.push("text" in content ? content.text : "");
            after = polling.end;
          };
          for (const { pushes, clock, future } of rounds) {
            now += clock;
            const running = pushes.map((size) =>
              client.push(
                Array.from({ length: size }, () => ({ contentBinding: { bindingId: "urn:a" }, content: { text: String(pushed++) } })),
                { collection: "feed" },
              ),
            );
            // Somebody else asks for things to come; that must not lose us anything.
            const others = future
              ? [
                  all(client.poll("feed", { after: new Date(now + 5000).toISOString() })),
                  all(client.poll("feed", { after: new Date(now).toISOString() })),
                ]
              : [];
            await Promise.all([...running, ...others, pollOn(after)]);
          }
          await pollOn(after);
          expect(received).toHaveLength(pushed);
          expect(new Set(received).size).toBe(pushed);
          await storage.close();
        },
      ),
      { numRuns: storageName === "memory" ? 60 : 15 },
    );
  });

  test("many senders and pollers over 127.0.0.1 lose and repeat nothing", async () => {
    const storage = open();
    const server = await serverWith(storage);
    await transports["over 127.0.0.1"]?.(server, async (client) => {
      const senders = 6;
      const messages = 15;
      let done = false;
      const sending = Promise.all(
        Array.from({ length: senders }, async (_, sender) => {
          for (let index = 0; index < messages; index++) {
            const blocks = [0, 1].map((part) => ({
              contentBinding: { bindingId: "urn:a" },
              content: { text: `${sender}-${index}-${part}` },
            }));
            await client.push(blocks, { collection: "feed" });
          }
        }),
      ).then(() => (done = true));
      const pollOn = async (): Promise<string[]> => {
        const received: string[] = [];
        let after: string | undefined;
        for (let last = false; ; ) {
          const polling = client.poll("feed", { after });
          for await (const { content } of polling) received.push("text" in content ? content.text : "");
          after = polling.end;
          if (last) return received;
          last = done;
        }
      };
      const [first, second] = await Promise.all([pollOn(), pollOn(), sending]);
      expect(first).toHaveLength(senders * messages * 2);
      expect(new Set(first).size).toBe(first.length);
      expect(second).toEqual(first);
      // A message is there whole, in the order of its blocks, with nothing in between.
      for (let at = 0; at < first.length; at += 2) expect(first[at + 1]).toBe(first[at]?.replace(/0$/, "1"));
    });
    await storage.close();
  }, 60_000);

  test("a message is taken whole or not at all", async () => {
    const storage = open();
    const server = await serverWith(storage);
    await storage.putCollection({ name: "stix", contentBindings: [{ bindingId: "urn:stix" }] });
    const client = createClient("http://taxii.test/discovery", { fetch: server.fetch });
    const good = { contentBinding: { bindingId: "urn:stix" }, content: { text: "good" } };
    const bad = { contentBinding: { bindingId: "urn:bad" }, content: { text: "bad" } };
    await expect(client.push([good, bad, good], { collection: "stix" })).rejects.toMatchObject({
      code: "PUSH_REFUSED",
      cause: { code: "UNSUPPORTED_CONTENT" },
    });
    await expect(client.push([good], { collection: ["stix", "nowhere"] })).rejects.toMatchObject({ cause: { code: "NOT_FOUND" } });
    expect(await all(client.poll("stix"))).toEqual([]);
    await storage.close();
  });

  test("a large poll arrives whole", async () => {
    const storage = open();
    const server = await serverWith(storage);
    const client = createClient("http://taxii.test/discovery", { fetch: server.fetch });
    const blocks = 150;
    const size = 100_000;
    for (let index = 0; index < blocks; index += 50) {
      await client.push(
        Array.from({ length: 50 }, () => ({ contentBinding: { bindingId: "urn:a" }, content: { text: "x".repeat(size) } })),
        { collection: "feed" },
      );
    }
    let total = 0;
    for await (const { content } of client.poll("feed")) total += "text" in content ? content.text.length : 0;
    expect(total).toBe(blocks * size);
    await storage.close();
  }, 60_000);
});

test("who may send is a matter of a handler and of the client's credentials", async () => {
  const storage = memoryStorage();
  await storage.putCollection({ name: "feed" });
  const guarded = handle(InboxMessage, (message, { account }, next) => {
    if (account === undefined) throw new StatusError("UNAUTHORIZED", { message: "Say who you are." });
    return next(message);
  });
  const server = createServer({
    storage,
    services: [discovery({ path: "/discovery" }), inbox({ path: "/inbox", handlers: [guarded] }), poll({ path: "/poll" })],
    authenticate: (request) => (request.headers.get("authorization") === `Basic ${btoa("alice:secret")}` ? { name: "alice" } : undefined),
    // Rights are the handler's matter here.
    authorize: allowAll,
  });
  const clientOf = (password: string): Client =>
    createClient("http://taxii.test/discovery", { fetch: server.fetch, auth: basic("alice", password), cleartextAuth: true });
  const block = { contentBinding: { bindingId: "urn:a" }, content: { text: "x" } };
  await expect(clientOf("wrong").push([block])).rejects.toMatchObject({
    cause: { code: "UNAUTHORIZED", message: "UNAUTHORIZED: Say who you are." },
  });
  expect(await clientOf("secret").push([block])).toMatchObject({ blocks: 1, outcomes: [{ error: undefined }] });
  expect(await all(clientOf("wrong").poll("feed"))).toHaveLength(1);
});
