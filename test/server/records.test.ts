/** Records of collections: what happens to them, and what does not. */

import { expect, test } from "vitest";
import { PollRequest, type PollResponse } from "../../generated/taxii11/index.js";
import { charactersOf } from "../../src/binding/content.js";
import { create } from "../../src/message/create.js";
import { poll } from "../../src/server/index.js";
import { memoryStorage } from "../../src/storage/index.js";
import { createPeers, type Peers } from "./services/peers.js";

const block = (text: string) => ({ contentBinding: { bindingId: "urn:example:a" }, content: { text } });

async function texts({ ask }: Peers, collectionName: string): Promise<string[]> {
  const reply = (await ask("/", create(PollRequest, { collectionName, pollParameters: {} }))) as PollResponse;
  return reply.contentBlocks.map(({ content }) => charactersOf(content));
}

test("a producer has one collection of a name: a second one takes its place [SVC-GEN-010]", async () => {
  const storage = memoryStorage();
  await storage.putCollection({ name: "feed", description: "first" });
  await storage.putCollection({ name: "feed", description: "second" });
  expect((await storage.collections()).map(({ name, description }) => [name, description])).toEqual([["feed", "second"]]);
});

test("a record stays as it was: what comes later is a new one, in feeds and in sets [SVC-TS-006] [SVC-SUBF-002] [SVC-TS-008]", async () => {
  const peers = await createPeers({ services: [poll({ path: "/" })], collections: [{ name: "feed" }, { name: "set", type: "DATA_SET" }] });
  const given = block("old");
  const [first] = await peers.storage.add([{ block: given, collections: ["feed", "set"] }]);
  given.content.text = "changed behind its back";
  // A correction is a record behind the one it corrects, so that whoever has read up to there sees it.
  const [second] = await peers.storage.add([{ block: block("new"), collections: ["feed", "set"] }]);
  expect(second).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
  for (const name of ["feed", "set"]) expect(await texts(peers, name)).toEqual(["old", "new"]);
});

test("records can be taken out of feeds and sets, each by itself [SVC-TS-007] [SVC-TS-008]", async () => {
  const peers = await createPeers({ services: [poll({ path: "/" })], collections: [{ name: "feed" }, { name: "set", type: "DATA_SET" }] });
  const [first] = await peers.storage.add(["a", "b"].map((text) => ({ block: block(text), collections: ["feed", "set"] })));
  await peers.storage.purge({ collection: "feed", until: first });
  expect(await texts(peers, "feed")).toEqual(["b"]);
  expect(await texts(peers, "set")).toEqual(["a", "b"]);
  await peers.storage.purge({ collection: "set", after: first });
  expect(await texts(peers, "set")).toEqual(["a"]);
});
