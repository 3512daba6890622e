/** Queries of polls, evaluated by the producer, on this side, or where it can be done. */

import { describe, expect, it } from "vitest";
import type { DefaultQuery } from "../../generated/default-query/index.js";
import { PollResponse as PollResponse10, StatusMessage as StatusMessage10 } from "../../generated/taxii10/index.js";
import {
  type ContentBlock,
  type PollRequest,
  type ServiceInstanceInit,
  StatusMessage,
  type StatusType,
} from "../../generated/taxii11/index.js";
import { memoryState, type PollOptions } from "../../src/client/index.js";
import { capabilityModules } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { queryBody, queryInfoBody } from "../../src/message/query-body.js";
import { collectionManagement, createServer, defaultQuery, discovery, inbox, poll } from "../../src/server/index.js";
import { memoryStorage } from "../../src/storage/index.js";
import { askingOnce as createClient, createPeer, isPoll, pollResponse, producer, service } from "./peer.js";

const home = "http://taxii.test/discovery";
const bindingId = "urn:stix.mitre.org:xml:1.1.1";

function titled(value: string, relationship = "equals"): DefaultQuery {
  const test = { capabilityId: capabilityModules.core, relationship, parameters: [{ name: "value", value }] };
  const criterion = { target: "STIX_Package/STIX_Header/Title", test, negate: false };
  return { targetingExpressionId: bindingId, criteria: { operator: "AND", items: [{ criterion }] } };
}

const query = titled("yes");

function block(title: string, day?: number) {
  const xml = `<STIX_Package><STIX_Header><Title>${title}</Title></STIX_Header></STIX_Package>`;
  const timestampLabel = day === undefined ? undefined : `2026-01-0${day}T00:00:00Z`;
  return { contentBinding: { bindingId }, content: { xml }, timestampLabel };
}

const contentBlocks = [
  block("yes", 1),
  block("no", 2),
  block("yes", 3),
  { ...block("yes", 4), contentBinding: { bindingId: "urn:other" } },
];
const whole = { contentBlocks, inclusiveEndTimestamp: "2026-01-05T00:00:00Z", recordCount: { value: 4 } };

const supported = queryInfoBody({
  targetingExpressionInfos: [{ targetingExpressionId: bindingId, preferredScopes: [], allowedScopes: ["**"] }],
  capabilityModules: [capabilityModules.core],
});

/** A producer that gives everything whatever is asked, or answers queries with a status. */
function serving(init: Partial<ServiceInstanceInit> = {}, refusal?: StatusType) {
  const queries: boolean[] = [];
  const peer = producer([service("POLL", "/poll", init)], [], ({ message }) => {
    const asked = isPoll(message) && message.$type === "taxii11.PollRequest" && message.pollParameters?.query !== undefined;
    queries.push(asked);
    return asked && refusal !== undefined
      ? create(StatusMessage, { inResponseTo: message.messageId, statusType: refusal })
      : pollResponse(message, whole);
  });
  return { client: createClient(home, peer), peer, queries };
}

async function gathered(blocks: AsyncIterable<ContentBlock>): Promise<ContentBlock[]> {
  const all: ContentBlock[] = [];
  for await (const one of blocks) all.push(one);
  return all;
}

async function labels(client: ReturnType<typeof createClient>, options: PollOptions): Promise<(string | undefined)[]> {
  return (await gathered(client.poll("feed", options))).map(({ timestampLabel }) => timestampLabel?.slice(8, 10));
}

describe("a query evaluated here", () => {
  it("is not sent, and what matches of all that comes is given", async () => {
    const { client, queries } = serving();
    for (const form of [query, queryBody(query)]) expect(await labels(client, { query: form, queryAt: "client" })).toEqual(["01", "03"]);
    expect(await client.count("feed", { query, queryAt: "client" })).toEqual({ value: 2, partialCount: false });
    const part = await client.pollPart("feed", { query, queryAt: "client" });
    expect(await gathered(part.blocks)).toHaveLength(2);
    expect(queries).toEqual([false, false, false, false]);
  });

  it("moves the state on over what does not match [SVC-POLL-018]", async () => {
    const state = memoryState();
    const ends: (string | undefined)[] = [];
    const peer = producer([service("POLL", "/poll")], [], ({ message }) => {
      ends.push((message as PollRequest).exclusiveBeginTimestamp);
      return pollResponse(message, whole);
    });
    const client = createClient(home, peer);
    expect(await labels(client, { query: titled("nobody"), queryAt: "client", state })).toEqual([]);
    const run = client.poll("feed", { query: titled("nobody"), queryAt: "client", state });
    for await (const _ of run);
    expect(ends).toEqual([undefined, whole.inclusiveEndTimestamp]);
    expect([run.end, run.recordCount]).toEqual([whole.inclusiveEndTimestamp, 4]);
  });

  it("works with TAXII 1.0", async () => {
    const peer = createPeer(({ message }) =>
      message.$type === "taxii10.PollRequest"
        ? create(PollResponse10, {
            inResponseTo: message.messageId,
            feedName: "feed",
            inclusiveEndTimestamp: "2026-01-05T00:00:00Z",
            contentBlocks: contentBlocks.map(({ content, timestampLabel }) => ({ contentBinding: bindingId, content, timestampLabel })),
          })
        : create(StatusMessage10, { inResponseTo: message.messageId, statusType: "UNSUPPORTED_MESSAGE" }),
    );
    const client = createClient("http://taxii.test/poll", { fetch: peer.fetch, endpoint: "service" });
    expect(await labels(client, { query, queryAt: "client" })).toEqual(["01", "03", "04"]);
    expect(await labels(client, { query, queryAt: "either" })).toEqual(["01", "03", "04"]);
  });

  it.each<[string, PollOptions["query"], RegExp]>([
    ["of another format", { formatId: "urn:acme:query", content: { xml: "<q/>" } }, /^query: only Default Query .* "urn:acme:query"$/],
    ["that is none", { formatId: "urn:taxii.mitre.org:query:default:1.0", content: { text: "x" } }, /^query: expected one <Default_Query>/],
    ["with a relationship that is none", titled("x", "resembles"), /^query: BAD_MESSAGE: .*"resembles"/],
  ])("%s is told as a mistake, and nothing is polled", async (_name, wrong, text) => {
    const { client } = serving();
    await expect(labels(client, { query: wrong, queryAt: "client" })).rejects.toThrow(text);
    await expect(labels(client, { query: wrong, queryAt: "client" })).rejects.toThrow(TypeError);
  });
});

describe("a query evaluated where it can be", () => {
  it("is left to a producer that takes it", async () => {
    const { client, queries } = serving({ supportedQueries: [supported] });
    expect(await labels(client, { query, queryAt: "either" })).toEqual(["01", "02", "03", "04"]);
    expect(await client.count("feed", { query, queryAt: "either" })).toMatchObject({ value: 4 });
    expect(queries).toEqual([true, true]);
  });

  it("is evaluated here for one that says it takes none, without asking", async () => {
    const { client, queries } = serving();
    expect(await labels(client, { query, queryAt: "either" })).toEqual(["01", "03"]);
    expect(await client.count("feed", { query, queryAt: "either" })).toEqual({ value: 2, partialCount: false });
    expect(queries).toEqual([false, false]);
  });

  it.each<StatusType>(["UNSUPPORTED_QUERY", "UNSUPPORTED_CAPABILITY_MODULE", "UNSUPPORTED_TARGETING_EXPRESSION"])(
    "is evaluated here for one that answers %s",
    async (refusal) => {
      const { client, queries } = serving({ supportedQueries: [supported] }, refusal);
      expect(await labels(client, { query, queryAt: "either" })).toEqual(["01", "03"]);
      const part = await client.pollPart("feed", { query, queryAt: "either" });
      expect(await gathered(part.blocks)).toHaveLength(2);
      expect(queries).toEqual([true, false, true, false]);
    },
  );

  it("is not evaluated here where the poll fails for other reasons", async () => {
    const { client, queries } = serving({ supportedQueries: [supported] }, "DENIED");
    await expect(labels(client, { query, queryAt: "either" })).rejects.toMatchObject({ code: "DENIED" });
    expect(queries).toEqual([true]);
  });
});

it("both places give the same", async () => {
  const storage = memoryStorage();
  await storage.putCollection({ name: "feed" });
  const queries = [defaultQuery()];
  const services = [
    discovery({ path: "/discovery" }),
    collectionManagement({ path: "/collections", queries }),
    inbox({ path: "/inbox" }),
    poll({ path: "/poll", queries, maxBlocks: 2 }),
  ];
  const { fetch } = createServer({ storage, services });
  const client = createClient(home, { fetch });
  await client.push(
    Array.from({ length: 20 }, (_, index) => block(`${index % 3}`)),
    { collection: "feed" },
  );
  const texts = async (queryAt: PollOptions["queryAt"]) =>
    (await gathered(client.poll("feed", { query: titled("1"), queryAt }))).map(({ timestampLabel, content }) => [timestampLabel, content]);
  const there = await texts("server");
  expect(there).toHaveLength(7);
  expect(await texts("client")).toEqual(there);
  expect(await client.count("feed", { query: titled("1"), queryAt: "client" })).toMatchObject({ value: 7 });
  expect(await client.count("feed", { query: titled("1") })).toMatchObject({ value: 7 });
});
