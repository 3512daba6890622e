/** Queries held against what services advertise, before anything is sent. */

import { describe, expect, it } from "vitest";
import type { DefaultQuery } from "../../generated/default-query/index.js";
import { StatusMessage as StatusMessage10 } from "../../generated/taxii10/index.js";
import { type QueryInit, type ServiceInstanceInit, StatusMessage, SubscriptionManagementResponse } from "../../generated/taxii11/index.js";
import { type AnyMessage, type ClientOptions, type PollOptions, UnsupportedQueryError } from "../../src/client/index.js";
import { capabilityModules, draft111 } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { queryBody, queryInfoBody } from "../../src/message/query-body.js";
import { askingOnce as createClient, createPeer, isPoll, pollResponse, producer, service } from "./peer.js";

const home = "http://taxii.test/discovery";
const stix111 = "urn:stix.mitre.org:xml:1.1.1";
const stix12 = "urn:stix.mitre.org:xml:1.2";
const { core, regex } = capabilityModules;

function queryFor(target: string, capabilityId: string = core, targetingExpressionId = stix111): QueryInit {
  const test = { capabilityId, relationship: "equals", parameters: [{ name: "value", value: "x" }] };
  const query: DefaultQuery = {
    targetingExpressionId,
    criteria: { operator: "AND", items: [{ criterion: { target, test, negate: false } }] },
  };
  return queryBody(query);
}

const query = queryFor("**/@id");

interface Support {
  readonly vocabulary?: string;
  readonly modules?: readonly string[];
  readonly preferred?: readonly string[];
  readonly allowed?: readonly string[];
}

function supporting({ vocabulary = stix111, modules = [core], preferred = [], allowed = ["**"] }: Support = {}) {
  const region = { targetingExpressionId: vocabulary, preferredScopes: [...preferred], allowedScopes: [...allowed] };
  return queryInfoBody({ targetingExpressionInfos: [region], capabilityModules: [...modules] });
}

function answer({ message }: { readonly message: AnyMessage }): AnyMessage {
  if (isPoll(message)) return pollResponse(message, { recordCount: { value: 3 } });
  const subscriptions = [{ subscriptionId: "s", status: "ACTIVE" as const, pollInstances: [] }];
  return create(SubscriptionManagementResponse, { inResponseTo: message.messageId, collectionName: "feed", subscriptions });
}

/** A producer with one poll and one collection management service, and what it was asked beside discovery and collections. */
function serving(init: Partial<ServiceInstanceInit>, options: ClientOptions = {}) {
  const services = [service("POLL", "/poll", init), service("COLLECTION_MANAGEMENT", "/collections", init)];
  const peer = producer(services, [], answer);
  const asked = (): string[] =>
    peer.sent
      .map(({ message }) => message.$type.slice(8))
      .filter((type) => type === "PollRequest" || type === "SubscriptionManagementRequest");
  return { client: createClient(home, { fetch: peer.fetch, ...options }), peer, asked };
}

async function polled(client: ReturnType<typeof createClient>, options: PollOptions): Promise<void> {
  for await (const _ of client.poll("feed", options));
}

describe("a query that the service says it cannot answer is not sent [QRY-INF-004]", () => {
  it.each<[string, Partial<ServiceInstanceInit>, QueryInit, string, string]>([
    ["no queries at all", {}, query, "UNSUPPORTED_QUERY", "the service does not say that it takes queries (http://taxii.test/poll)"],
    [
      "queries in another format",
      { supportedQueries: [{ formatId: "urn:acme:query", content: { text: "" } }] },
      query,
      "UNSUPPORTED_QUERY",
      "does not say that it takes queries in the format urn:taxii.mitre.org:query:default:1.0; its formats are urn:acme:query",
    ],
    [
      "Default Query only",
      { supportedQueries: [supporting()] },
      { formatId: "urn:acme:query", content: { xml: "<q/>" } },
      "UNSUPPORTED_QUERY",
      "in the format urn:acme:query; its formats are urn:taxii.mitre.org:query:default:1.0",
    ],
    [
      "another vocabulary",
      { supportedQueries: [supporting({ vocabulary: stix12 })] },
      query,
      "UNSUPPORTED_TARGETING_EXPRESSION_ID",
      `does not say that it searches ${stix111}; it searches ${stix12}`,
    ],
    [
      "another module",
      { supportedQueries: [supporting({ modules: [core] })] },
      queryFor("**/@id", regex),
      "UNSUPPORTED_CAPABILITY_MODULE",
      `does not say that it has the module ${regex}; it has ${core}`,
    ],
    [
      "other regions",
      { supportedQueries: [supporting({ preferred: ["STIX_Package/STIX_Header/**"], allowed: ["STIX_Package/@*"] })] },
      query,
      "UNSUPPORTED_TARGETING_EXPRESSION",
      "does not say that it searches all of **/@id; it searches STIX_Package/STIX_Header/**, STIX_Package/@*",
    ],
  ])("%s", async (_name, init, asking, code, text) => {
    for (const ask of [
      (client: ReturnType<typeof createClient>) => polled(client, { query: asking }),
      (client: ReturnType<typeof createClient>) => client.count("feed", { query: asking }),
      (client: ReturnType<typeof createClient>) => client.pollPart("feed", { query: asking }),
      (client: ReturnType<typeof createClient>) => client.subscribe("feed", { query: asking }),
    ]) {
      const { client, asked } = serving(init);
      const error: unknown = await Promise.resolve(ask(client)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UnsupportedQueryError);
      expect(error).toMatchObject({ code, address: expect.stringMatching(/^http:\/\/taxii\.test\/(?:poll|collections)$/) });
      const sentence = text.replace("/poll)", `${error instanceof UnsupportedQueryError ? new URL(error.address).pathname : ""})`);
      expect(String(error)).toContain(sentence);
      expect(String(error)).toContain("checkQuery false");
      expect(asked()).toEqual([]);
    }
  });

  it("and everything that is missing is told, the worst first", async () => {
    const scopes = { allowed: ["STIX_Package/STIX_Header/**"] };
    const { client } = serving({ supportedQueries: [supporting({ ...scopes, modules: ["urn:acme:module"] })] });
    const error: unknown = await polled(client, { query }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "UNSUPPORTED_CAPABILITY_MODULE",
      missing: [
        { kind: "module", asked: core, supported: ["urn:acme:module"] },
        { kind: "target", asked: "**/@id", supported: scopes.allowed },
      ],
    });
  });

  it("and what the service calls itself does not steer a terminal, nor does its address give a key away", async () => {
    const support = supporting({ allowed: ["A", "B", "C", "D", "E", "F", "G"], modules: ["urn:x\u202ey"] });
    const peer = producer([service("POLL", "/poll?key=secret", { supportedQueries: [support] })], [], answer);
    const error: unknown = await polled(createClient(home, peer), { query }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "UNSUPPORTED_CAPABILITY_MODULE", address: "http://taxii.test/poll" });
    expect(String(error)).toContain("it has urn:x y;");
    expect(String(error)).toContain("it searches A, B, C, D, E, and 2 more (http://taxii.test/poll)");
    expect(String(error)).not.toMatch(/secret|\u202e/);
  });
});

describe("a query is sent", () => {
  it.each<[string, Partial<ServiceInstanceInit>, QueryInit]>([
    ["where all of it is supported", { supportedQueries: [supporting()] }, query],
    ["where one of several bodies has it all", { supportedQueries: [supporting({ vocabulary: stix12 }), supporting()] }, query],
    ["where the scopes together are wide enough", { supportedQueries: [supporting({ preferred: ["**/@id"], allowed: ["a/**"] })] }, query],
    [
      "where a module has its name of the 1.1.1 draft",
      { supportedQueries: [supporting({ modules: [draft111.capabilityModules.core] })] },
      query,
    ],
    [
      "where what is advertised cannot be read",
      { supportedQueries: [{ formatId: "urn:taxii.mitre.org:query:default:1.0", content: { text: "yes" } }] },
      query,
    ],
    [
      "in a format of which nothing is known but that the service has it [QRY-GEN-005]",
      { supportedQueries: [{ formatId: "urn:acme:query", content: { text: "" } }] },
      { formatId: "urn:acme:query", content: { xml: "<q/>" } },
    ],
  ])("%s", async (_name, init, asking) => {
    const { client, asked, peer } = serving(init);
    await polled(client, { query: asking });
    expect(await client.count("feed", { query: asking })).toMatchObject({ value: 3 });
    await client.subscribe("feed", { query: asking });
    expect(asked()).toEqual(["PollRequest", "PollRequest", "SubscriptionManagementRequest"]);
    // The check takes no request of its own.
    expect(peer.sent.filter(({ message }) => message.$type === "taxii11.DiscoveryRequest")).toHaveLength(1);
  });

  it("unchecked, where the caller wants it so", async () => {
    const { client, asked } = serving({});
    await polled(client, { query, checkQuery: false });
    await client.subscribe("feed", { query, checkQuery: false });
    expect(asked()).toEqual(["PollRequest", "SubscriptionManagementRequest"]);
  });

  it("where nothing is known of the service, unless the check is strict", async () => {
    const peer = createPeer(answer);
    const direct = createClient("http://taxii.test/poll", { fetch: peer.fetch, endpoint: "service" });
    await polled(direct, { query });
    await expect(polled(direct, { query, checkQuery: "strict" })).rejects.toMatchObject({ code: "UNSUPPORTED_QUERY" });
    const { client, asked } = serving({});
    await polled(client, { query, address: "http://taxii.test/other" });
    expect(asked()).toEqual(["PollRequest"]);
    expect(peer.sent).toHaveLength(1);
  });

  it("on the word of the service at the very address, where there are several", async () => {
    const services = [service("POLL", "/poll", { supportedQueries: [supporting()] }), service("POLL", "/plain")];
    const peer = producer(services, [], answer);
    const client = createClient(home, { fetch: peer.fetch });
    await client.discover();
    await polled(client, { query, address: "http://taxii.test/poll" });
    await expect(polled(client, { query, address: "http://taxii.test/plain" })).rejects.toThrow(UnsupportedQueryError);
  });
});

describe("TAXII 1.0 has no queries", () => {
  const bindings10 = { messageBindings: ["urn:taxii.mitre.org:message:xml:1.0"] };

  it("and a feed that is advertised so is not asked", async () => {
    const { client, asked } = serving(bindings10);
    await expect(polled(client, { query })).rejects.toMatchObject({ code: "UNSUPPORTED_QUERY", missing: [{ kind: "version" }] });
    await expect(polled(client, { query })).rejects.toThrow("speaks TAXII 1.0, and queries came with TAXII 1.1");
    expect(asked()).toEqual([]);
  });

  it("nor one that says so when it is asked", async () => {
    const peer = createPeer(({ message }) =>
      create(StatusMessage10, { inResponseTo: message.messageId, statusType: "UNSUPPORTED_MESSAGE" }),
    );
    const client = createClient("http://taxii.test/poll", { fetch: peer.fetch, endpoint: "service" });
    await expect(polled(client, { query })).rejects.toMatchObject({ code: "UNSUPPORTED_QUERY", cause: { code: "UNSUPPORTED_MESSAGE" } });
    expect(peer.sent).toHaveLength(1);
  });

  it("which is not said of a service of 1.1 that has no use for polls", async () => {
    const peer = createPeer(({ message }) => create(StatusMessage, { inResponseTo: message.messageId, statusType: "UNSUPPORTED_MESSAGE" }));
    const client = createClient("http://taxii.test/inbox", { fetch: peer.fetch, endpoint: "service" });
    await expect(polled(client, { query })).rejects.toMatchObject({ code: "UNSUPPORTED_MESSAGE" });
  });
});

it("a query that is none is told before anything is sent [QRY-STR-001]", async () => {
  const { client, asked } = serving({ supportedQueries: [supporting()] });
  const none = { formatId: "urn:taxii.mitre.org:query:default:1.0", content: { text: "x" } };
  await expect(polled(client, { query: none })).rejects.toThrow(/^query: expected one <Default_Query>/);
  expect(asked()).toEqual([]);
});

it("scopes without end are not compared for ever", async () => {
  const allowed = Array.from({ length: 3000 }, (_, index) => `**/A${index}/**/B${index}`);
  const { client, asked } = serving({ supportedQueries: [supporting({ allowed })] });
  await polled(client, { query: queryFor("**/A1/**/B2/**/C") });
  expect(asked()).toEqual(["PollRequest"]);
});
