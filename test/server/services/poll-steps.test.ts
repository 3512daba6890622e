import { expect, test } from "vitest";
import { ContentBlock, PollRequest, PollResponse } from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import { handle, StatusError } from "../../../src/server/index.js";
import { poll } from "../../../src/server/services/poll.js";
import type { Storage } from "../../../src/storage/index.js";
import { asPoll, block, createKit, pollRequest, textsOf } from "../kit.js";
import { pollKit } from "./poll-kit.js";

test("a custom collection: an alias of one that there is", async () => {
  const kit = await pollKit({ steps: { resolveCollection: (name, _, standard) => standard(name === "urn:alias" ? "feed" : name) } });
  await kit.add("feed", "1");
  const response = await kit.poll({ collectionName: "urn:alias" });
  expect([textsOf(response), response.collectionName]).toEqual([["1"], "feed"]);
});

test("custom parameters: whoever is not known gets counts only", async () => {
  const kit = await pollKit({
    steps: {
      resolveParameters: async (input, { account }, standard) => ({
        ...(await standard(input)),
        ...(account === undefined ? { responseType: "COUNT_ONLY" as const } : {}),
      }),
    },
  });
  await kit.add("feed", "1");
  expect([(await kit.poll()).contentBlocks, (await kit.poll()).recordCount?.value]).toEqual([[], 1]);
  expect(textsOf(await kit.poll({}, "ann"))).toEqual(["1"]);
});

test("a custom range: nothing from before a date, and polls say so [SVC-RANGE-001] [SVC-RANGE-004]", async () => {
  const kit = await pollKit({
    steps: {
      resolveRange: (input, _, standard) =>
        standard({ ...input, request: { ...input.request, exclusiveBeginTimestamp: "2025-01-01T00:00:00Z" } }),
    },
  });
  expect((await kit.poll()).exclusiveBeginTimestamp).toBe("2025-01-01T00:00:00Z");
});

test("custom content: what an account may not see is left out, in each part, and nobody is told [SVC-GEN-011] [SVC-POLL-014]", async () => {
  const kit = await pollKit({
    maxBlocks: 2,
    steps: {
      async selectContent(input, { account }, standard) {
        const blocks = await standard(input);
        return (async function* () {
          for await (const candidate of blocks)
            if (account !== undefined || candidate.contentBinding.bindingId !== "urn:secret") yield candidate;
        })();
      },
    },
  });
  await kit.add("feed", "1", block("2", "urn:secret"), block("3", "urn:secret"), "4");
  expect((await kit.parts()).map(textsOf)).toEqual([["1"], ["4"]]);
  expect(textsOf(await kit.poll({}, "ann"))).toEqual(["1", "2"]);
});

test("a custom reply: a word to people in each part; a StatusError is the answer", async () => {
  const kit = await pollKit({
    maxBlocks: 1,
    steps: {
      async buildReply(input, _, standard) {
        if (input.partNumber === 3) throw new StatusError("DENIED", { message: "Two parts are enough." });
        return { ...(await standard(input)), message: `Part ${input.partNumber} of ${input.count.value}` };
      },
    },
  });
  await kit.add("feed", "1", "2", "3");
  const { resultId, message } = await kit.poll();
  expect([message, (await kit.part(resultId, 2)).message]).toEqual(["Part 1 of 3", "Part 2 of 3"]);
  expect(await kit.fulfil(resultId, 3)).toMatchObject({ statusType: "DENIED" });
});

test("a poll source of one's own needs no database: it gives a message and blocks as they come", async () => {
  const touched: PropertyKey[] = [];
  const storage = new Proxy({} as Storage, {
    get: (_, name) => {
      touched.push(name);
      throw new Error(`nothing is stored, but ${String(name)} was asked for`);
    },
  });
  const source = handle(PollRequest, ({ messageId, collectionName }) => ({
    message: create(PollResponse, {
      inResponseTo: messageId,
      collectionName,
      inclusiveEndTimestamp: "2026-05-01T12:00:00Z",
      recordCount: { value: 3 },
    }),
    blocks: (async function* () {
      for (const text of ["one", "two", "three"])
        yield create(ContentBlock, { contentBinding: { bindingId: "urn:text" }, content: { text } });
    })(),
  }));
  const kit = await createKit({ server: { storage, services: [poll({ path: "/poll", handlers: [source] })] } });
  const response = asPoll(await kit.ask("/poll", pollRequest({ collectionName: "urn:mine" })));
  expect([textsOf(response), response.collectionName, response.recordCount?.value]).toEqual([["one", "two", "three"], "urn:mine", 3]);
  expect([touched, kit.failures]).toEqual([[], []]);
});
