/** Which address a request goes to, from a discovery address and from a service's own. */

import { describe, expect, it, test } from "vitest";
import { DiscoveryResponse, StatusMessage } from "../../generated/taxii11/index.js";
import type { AnyMessage, ClientOptions, ClientWarning } from "../../src/client/index.js";
import { create } from "../../src/message/create.js";
import { askingOnce as createClient, createPeer, isPoll, pollResponse, producer, service, success } from "./peer.js";

const home = "http://taxii.test/discovery";
const xml10 = "urn:taxii.mitre.org:message:xml:1.0";
const xml11 = "urn:taxii.mitre.org:message:xml:1.1";
const poll = service("POLL", "http://taxii.test/poll");
const collections = service("COLLECTION_MANAGEMENT", "http://taxii.test/collections");
const contact = (address: string, messageBindings = [xml11]) => ({ address, protocolBinding: "urn:x", messageBindings });
const record = (name: string, init: object = {}) => ({ collectionName: name, description: "", ...init });

async function polled(client: ReturnType<typeof createClient>): Promise<void> {
  for await (const _ of client.poll("feed"));
}

function pathsOf({ sent }: { readonly sent: readonly { readonly url: string; readonly message: AnyMessage }[] }): string[] {
  return sent.map(({ url, message }) => `${new URL(url).pathname} ${message.$type.slice(8)}`);
}

const answer = ({ message }: { readonly message: AnyMessage }) => (isPoll(message) ? pollResponse(message) : success(message));

describe("an address that is no discovery service", () => {
  const refusing = (refusal: (message: AnyMessage) => Response | AnyMessage) =>
    createPeer(({ message }) => (message.$type === "taxii11.DiscoveryRequest" ? refusal(message) : answer({ message })));

  it.each<[string, (message: AnyMessage) => Response | AnyMessage]>([
    ["a Status Message", (message) => create(StatusMessage, { inResponseTo: message.messageId, statusType: "FAILURE" })],
    ["BAD_MESSAGE to nobody", () => create(StatusMessage, { inResponseTo: "0", statusType: "BAD_MESSAGE" })],
    ["another reply", (message) => pollResponse(message)],
    ["HTTP 400", () => new Response("no", { status: 400 })],
    ["HTTP 500", () => new Response("no", { status: 500 })],
  ])("says so with %s, and takes every request itself", async (_, refusal) => {
    const peer = refusing(refusal);
    const warnings: ClientWarning[] = [];
    const client = createClient("http://taxii.test/poll", { fetch: peer.fetch, onWarning: (warning) => warnings.push(warning) });
    await polled(client);
    await polled(client);
    await client.subscriptions("feed").catch(() => undefined);
    expect(pathsOf(peer)).toEqual([
      "/poll DiscoveryRequest",
      "/poll PollRequest",
      "/poll PollRequest",
      "/poll SubscriptionManagementRequest",
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(["NO_DISCOVERY"]);
  });

  it.each<[string, (message: AnyMessage) => Response | AnyMessage]>([
    ["UNAUTHORIZED", (message) => create(StatusMessage, { inResponseTo: message.messageId, statusType: "UNAUTHORIZED" })],
    ["DENIED", (message) => create(StatusMessage, { inResponseTo: message.messageId, statusType: "DENIED" })],
    ["HTTP 401", () => new Response("", { status: 401 })],
    ["a login page", () => new Response("<html>Log in</html>")],
  ])("does not say so with %s", async (_, refusal) => {
    const peer = refusing(refusal);
    await expect(polled(createClient(home, peer))).rejects.toThrow();
    expect(peer.sent).toHaveLength(1);
  });

  it("is not asked when the caller knows", async () => {
    const peer = createPeer(answer);
    await polled(createClient("http://taxii.test/poll", { fetch: peer.fetch, endpoint: "service" }));
    expect(pathsOf(peer)).toEqual(["/poll PollRequest"]);
    const strict = refusing((message) => create(StatusMessage, { inResponseTo: message.messageId, statusType: "FAILURE" }));
    await expect(polled(createClient(home, { fetch: strict.fetch, endpoint: "discovery" }))).rejects.toMatchObject({ code: "FAILURE" });
  });
});

test("every request can go to the address of discovery, as some producers have it", async () => {
  const all = (["POLL", "INBOX", "COLLECTION_MANAGEMENT", "DISCOVERY"] as const).map((type) => service(type, home));
  const peer = producer(all, [record("feed")], answer);
  const client = createClient(home, peer);
  await polled(client);
  await client.push([{ contentBinding: { bindingId: "urn:x" }, content: { text: "x" } }], { collection: "feed" });
  expect(new Set(peer.sent.map(({ url }) => url))).toEqual(new Set([home]));
});

test("services that are the same but for their bindings are one; several are named when nothing tells them apart", async () => {
  const twice = [service("POLL", "http://taxii.test/poll", { messageBindings: [xml10] }), poll, service("POLL", "/poll")];
  await polled(createClient(home, producer(twice, [], answer)));
  const client = createClient(home, producer([poll, service("POLL", "http://taxii.test/poll2")], [record("feed")], answer));
  await expect(polled(client)).rejects.toMatchObject({
    code: "AMBIGUOUS_SERVICE",
    message: expect.stringContaining("http://taxii.test/poll (TAXII 1.1), http://taxii.test/poll2 (TAXII 1.1); name one as address"),
  });
});

test("a collection that has its own polling service settles it", async () => {
  const two = [collections, poll, service("POLL", "http://taxii.test/poll2")];
  const own = record("feed", { pollingServices: [contact("http://taxii.test/old", [xml10]), contact("http://taxii.test/poll2")] });
  const peer = producer(two, [own], answer);
  await polled(createClient(home, peer));
  expect(pathsOf(peer).at(-1)).toBe("/poll2 PollRequest");
});

test("who may not list collections may still poll them", async () => {
  const warnings: ClientWarning[] = [];
  const peer = createPeer(({ message }) => {
    if (message.$type === "taxii11.CollectionInformationRequest")
      return create(StatusMessage, { inResponseTo: message.messageId, statusType: "DENIED" });
    return discoveryOr(message, [collections, poll]);
  });
  const client = createClient(home, { fetch: peer.fetch, onWarning: (warning) => warnings.push(warning) });
  await polled(client);
  await polled(client);
  expect(pathsOf(peer)).toEqual([
    "/discovery DiscoveryRequest",
    "/collections CollectionInformationRequest",
    "/poll PollRequest",
    "/poll PollRequest",
  ]);
  expect(warnings).toMatchObject([{ code: "NO_COLLECTIONS", message: expect.stringContaining("DENIED") }]);
});

test("an unavailable service is used when there is no other", async () => {
  const closed = service("POLL", "http://taxii.test/closed", { available: false });
  const peer = producer([closed], [], answer);
  await polled(createClient(home, peer));
  expect(pathsOf(peer).at(-1)).toBe("/closed PollRequest");
});

describe("advertised addresses", () => {
  const wrong = [
    service("COLLECTION_MANAGEMENT", "http://localhost:9000/services/collections?x=1"),
    service("POLL", "http://0.0.0.0/services/poll"),
  ];
  const polledWith = async (options: ClientOptions) => {
    const peer = producer(wrong, [record("feed", { pollingServices: [contact("http://10.0.0.1:8080/own?y=2")] })], answer);
    await polled(createClient("https://taxii.test:8443/discovery", { ...options, fetch: peer.fetch }));
    return peer.sent.slice(1).map(({ url }) => url);
  };

  it("are used as they stand", async () => {
    expect(await polledWith({})).toEqual(["http://localhost:9000/services/collections?x=1", "http://10.0.0.1:8080/own?y=2"]);
  });

  it("are put behind the client's own origin when that was asked for", async () => {
    expect(await polledWith({ rewriteAddress: "origin" })).toEqual([
      "https://taxii.test:8443/services/collections?x=1",
      "https://taxii.test:8443/own?y=2",
    ]);
  });

  it("are changed as the caller says", async () => {
    const rewriteAddress = (address: URL) => `https://gateway.test${address.pathname}`;
    expect(await polledWith({ rewriteAddress })).toEqual(["https://gateway.test/services/collections", "https://gateway.test/own"]);
  });
});

test("what means nothing for services of a type is ignored [XML-DSC-006] [XML-DSC-008]", async () => {
  const contentBindings = [{ bindingId: "urn:x", subtypes: [] }];
  const supportedQueries = [{ formatId: "urn:q", content: { text: "" } }];
  const instances = (["POLL", "INBOX", "DISCOVERY", "COLLECTION_MANAGEMENT"] as const).map((type) =>
    service(type, `http://taxii.test/${type}`, { contentBindings, supportedQueries }),
  );
  const found = await createClient(home, producer(instances, [], answer)).discover();
  expect(
    found.map(({ serviceType, contentBindings: bindings, supportedQueries: queries }) => [serviceType, bindings.length, queries.length]),
  ).toEqual([
    ["POLL", 0, 1],
    ["INBOX", 1, 0],
    ["DISCOVERY", 0, 0],
    ["COLLECTION_MANAGEMENT", 0, 1],
  ]);
});

test("collections are those of all collection management services, and of one that is named", async () => {
  const two = [collections, service("COLLECTION_MANAGEMENT", "http://taxii.test/collections2")];
  const peer = producer(two, [record("feed")], answer);
  const client = createClient(home, peer);
  expect(await client.collections()).toHaveLength(2);
  expect(await client.collections({ address: "http://taxii.test/collections2" })).toHaveLength(1);
  expect(pathsOf(peer).slice(-1)).toEqual(["/collections2 CollectionInformationRequest"]);
});

function discoveryOr(message: AnyMessage, instances: readonly ReturnType<typeof service>[]): Promise<Response | AnyMessage> | AnyMessage {
  if (message.$type !== "taxii11.DiscoveryRequest") return answer({ message });
  return create(DiscoveryResponse, { inResponseTo: message.messageId, serviceInstances: instances });
}
