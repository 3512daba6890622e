/** From one server to another: the inbox of our own server takes what is delivered. */

import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { ContentBlock } from "../../generated/taxii11/index.js";
import { versionIds } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { createServer, inbox } from "../../src/server/index.js";
import { listen } from "../../src/server/node/index.js";
import { memoryStorage, type Storage } from "../../src/storage/index.js";
import { addBlocks, createStorage, startWorker, stopping, subscribe, targetOf, until } from "./kit.js";

/** A server whose inbox takes everything into the collection `received`. */
async function startServer(): Promise<{ readonly storage: Storage; readonly url: string }> {
  const storage = memoryStorage();
  await storage.putCollection({ name: "received" });
  const server = createServer({ storage, services: [inbox({ path: "/inbox", collections: ["received"], destination: "optional" })] });
  const { url, close } = await listen(server);
  stopping({ stop: close });
  return { storage, url: `${url}/inbox` };
}

async function contentOf(storage: Storage, collection: string) {
  const contents: unknown[] = [];
  for await (const { block } of storage.content({ collection })) contents.push(block.content);
  return contents;
}

describe("delivery to our own inbox", () => {
  it.each([versionIds.xml11, versionIds.xml10])("arrives whole, in order and byte by byte, in %s", async (binding) => {
    const [storage, receiver] = [await createStorage(), await startServer()];
    await subscribe(storage, targetOf(receiver, binding));
    const xml = "<s:a xmlns:s=\"urn:stix\" x='1'><![CDATA[<&>]]>ü</s:a>";
    const block = create(ContentBlock, { contentBinding: { bindingId: "urn:stix" }, content: { xml } });
    await storage.add([{ block, collections: ["feed"] }]);
    await addBlocks(
      storage,
      Array.from({ length: 25 }, (_, index) => `block ${index}`),
    );
    const worker = startWorker(storage, { maxBlocks: 10 });
    await until(async () => (await contentOf(receiver.storage, "received")).length === 26);
    expect(await contentOf(receiver.storage, "received")).toEqual(await contentOf(storage, "feed"));
    await until(() => worker.told.delivered.length === 3);
    expect(worker.told).toMatchObject({ failed: [], faults: [] });
    expect(worker.told.delivered.map(({ blocks }) => blocks)).toEqual([10, 10, 6]);
  });
});

/** An inbox that takes nothing of a body until it is told to. */
async function startReluctantInbox() {
  const waiting: (() => void)[] = [];
  const server = createHttpServer((request, response) => {
    waiting.push(() => void request.resume().on("end", () => response.writeHead(500).end()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stopping({
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, waiting };
}

describe("a large delivery", () => {
  it("is fetched from the storage as the inbox takes it, not before", async () => {
    const [storage, reluctant] = [await createStorage(), await startReluctantInbox()];
    const content = storage.content.bind(storage);
    let fetched = 0;
    storage.content = async function* (selection) {
      for await (const stored of content(selection)) {
        fetched += 1;
        yield stored;
      }
    };
    const size = 512 * 1024;
    await subscribe(storage, targetOf(reluctant));
    await addBlocks(
      storage,
      Array.from({ length: 100 }, () => "x".repeat(size)),
    );
    startWorker(storage, { maxSize: 200 * size, retry: { attempts: 1 } });
    await until(() => reluctant.waiting.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    // What fits into the buffers of two sockets and of two streams: far from the 50 MB of the message.
    expect(fetched).toBeLessThan(50);
    reluctant.waiting[0]?.();
    await until(() => fetched === 100);
  });
});
