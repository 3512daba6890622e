import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { ContentBlock, StatusType } from "../../generated/taxii11/index.js";
import { DiscoveryResponse, PollRequest, PollResponse, StatusMessage } from "../../generated/taxii11/index.js";
import { type AnyMessage, basic, type ClientOptions, StatusError, TransportError } from "../../src/client/index.js";
import { toXml } from "../../src/codec/xml.js";
import { messageHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { askingOnce as createClient, createPeer, isPoll, pollResponse, producer, respond, service, success } from "./peer.js";

const home = "http://taxii.test/discovery";
const poll = service("POLL", "http://taxii.test/poll");
const collections = service("COLLECTION_MANAGEMENT", "http://taxii.test/collections");
const inbox = service("INBOX", "http://taxii.test/inbox");
const contact = (address: string) => ({ address, protocolBinding: "urn:x", messageBindings: ["urn:taxii.mitre.org:message:xml:1.1"] });
const block = (text: string) => ({ contentBinding: { bindingId: "urn:stix" }, content: { text } });

async function all(blocks: AsyncIterable<ContentBlock>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { content } of blocks) texts.push("text" in content ? content.text : content.xml);
  return texts;
}

const answering = (answer: (request: AnyMessage) => Response | AnyMessage, options: ClientOptions = {}) =>
  createClient(home, { ...createPeer(({ message }) => answer(message)), ...options });

test("a request is a POST with the header fields of TAXII, and follows no redirect [HTTP-REQ-001] [HTTP-REQ-003] [HTTP-GEN-007]", async () => {
  const peer = producer([poll], [], () => new Response());
  const services = await createClient(`${home}?tenant=7`, {
    fetch: peer.fetch,
    headers: { "User-Agent": "me", "X-TAXII-Services": "not mine" },
  }).discover();
  expect(services).toMatchObject([{ serviceType: "POLL" }]);
  const [sent] = peer.sent;
  expect([sent?.method, sent?.redirect, sent?.url]).toEqual(["POST", "manual", `${home}?tenant=7`]);
  expect(Object.fromEntries(sent?.headers ?? [])).toMatchObject({
    accept: "application/xml",
    "content-type": "application/xml",
    "user-agent": "me",
    "x-taxii-accept": "urn:taxii.mitre.org:message:xml:1.1",
    "x-taxii-content-type": "urn:taxii.mitre.org:message:xml:1.1",
    "x-taxii-protocol": "urn:taxii.mitre.org:protocol:http:1.0",
    "x-taxii-services": "urn:taxii.mitre.org:services:1.1",
  });
});

test("the collection's own services come first, discovery is asked once", async () => {
  const record = {
    collectionName: "feed",
    description: "",
    pollingServices: [contact("http://taxii.test/own-poll")],
    receivingInboxServices: [contact("/relative-inbox")],
  };
  const peer = producer([collections, poll, inbox], [record], ({ message }) =>
    isPoll(message) ? pollResponse(message) : success(message),
  );
  const client = createClient(home, peer);
  await all(client.poll("feed"));
  await all(client.poll("feed"));
  await client.push([block("x")], { collection: "feed", message: "hello" });
  await client.push([block("y")]);
  await client.send(create(PollRequest, { collectionName: "unlisted", pollParameters: {} }));
  expect(peer.sent.map(({ url, message }) => [new URL(url).pathname, message.$type.slice(8)])).toEqual([
    ["/discovery", "DiscoveryRequest"],
    ["/collections", "CollectionInformationRequest"],
    ["/own-poll", "PollRequest"],
    ["/own-poll", "PollRequest"],
    ["/relative-inbox", "InboxMessage"],
    ["/inbox", "InboxMessage"],
    ["/poll", "PollRequest"],
  ]);
  expect(peer.sent[4]?.message).toMatchObject({ destinationCollectionNames: ["feed"], message: "hello" });
});

test("services that cannot be talked to are passed over; what is left is named when it is ambiguous, or nothing", async () => {
  const unusable = [
    service("POLL", "http://taxii.test/old", { messageBindings: ["urn:x:message:json:1.0"] }),
    service("POLL", "mailto:poll@taxii.test"),
    service("POLL", "http://"),
  ];
  const client = createClient(
    home,
    producer([...unusable, poll], [], ({ message }) => pollResponse(message)),
  );
  expect(await all(client.poll("feed"))).toEqual([]);
  const none = createClient(home, producer(unusable, [], success as never)).poll("feed");
  await expect(all(none)).rejects.toMatchObject({ code: "NO_SERVICE", message: expect.stringContaining("POLL http://taxii.test/old") });
  const two = createClient(
    home,
    producer([poll, service("POLL", "http://taxii.test/poll2")], [], ({ message }) => pollResponse(message)),
  );
  await expect(all(two.poll("feed"))).rejects.toMatchObject({
    code: "AMBIGUOUS_SERVICE",
    message: expect.stringContaining("http://taxii.test/poll2"),
  });
  const request = create(PollRequest, { collectionName: "feed", pollParameters: {} });
  expect(await two.send(request, { address: "http://taxii.test/poll2" })).toMatchObject({ collectionName: "feed" });
  await expect(createClient(home, producer([], [], success as never)).collections()).rejects.toMatchObject({ code: "NO_SERVICE" });
});

test("a poll says what it wants, and tells how far it got", async () => {
  const peer = producer([poll], [], ({ message }) =>
    pollResponse(message, {
      exclusiveBeginTimestamp: "2025-01-01T00:00:00+01:00",
      recordCount: { value: 2 },
      contentBlocks: [block("1"), block("2")],
    }),
  );
  const parts: unknown[] = [];
  const run = createClient(home, peer).poll("feed", {
    after: "2025-01-01T00:00:00+01:00",
    before: "2027-01-01T00:00:00Z",
    contentBindings: ["urn:stix", { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:b" }] }],
    onPart: (part) => parts.push(part),
  });
  expect([run.end, run.begin, run.recordCount]).toEqual([undefined, undefined, undefined]);
  for await (const _ of run) expect(run.end).toBeUndefined();
  expect([run.end, run.begin, run.recordCount]).toEqual(["2026-01-01T00:00:00Z", "2025-01-01T00:00:00+01:00", 2]);
  expect(parts).toMatchObject([{ contentBlocks: [] }]);
  expect(peer.sent.at(-1)?.message).toMatchObject({
    exclusiveBeginTimestamp: "2025-01-01T00:00:00+01:00",
    inclusiveEndTimestamp: "2027-01-01T00:00:00Z",
    pollParameters: { contentBindings: [{ bindingId: "urn:stix" }, { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:b" }] }] },
  });
});

test("parts are asked for until there are no more, empty ones included [SVC-GEN-004] [SVC-MULTI-014]", async () => {
  const contents = [["1", "2"], [], ["3"]];
  const peer = producer([poll], [], ({ message }) => {
    const number = message.$type === "taxii11.PollFulfillment" ? (message.resultPartNumber ?? 1) : 1;
    return pollResponse(message, {
      more: number < 3,
      resultId: number === 2 ? undefined : "r",
      resultPartNumber: number,
      exclusiveBeginTimestamp: `2025-01-0${number}T00:00:00Z`,
      inclusiveEndTimestamp: `2025-01-0${number + 1}T00:00:00Z`,
      contentBlocks: (contents[number - 1] ?? []).map(block),
    });
  });
  const run = createClient(home, peer).poll("feed");
  expect(await all(run)).toEqual(["1", "2", "3"]);
  expect([run.begin, run.end]).toEqual(["2025-01-01T00:00:00Z", "2025-01-04T00:00:00Z"]);
  expect(peer.sent.slice(-2).map(({ message }) => message)).toMatchObject([
    { resultId: "r", resultPartNumber: 2, collectionName: "feed" },
    { resultId: "r", resultPartNumber: 3 },
  ]);
});

test("a producer that does not go on as it said is an error [SVC-MULTI-003] [SVC-MULTI-015]", async () => {
  const repeating = createClient(
    home,
    producer([poll], [], ({ message }) => pollResponse(message, { more: true, resultId: "r", resultPartNumber: 1 })),
  );
  await expect(all(repeating.poll("feed"))).rejects.toMatchObject({ code: "MISMATCH" });
});

test.each<[StatusType]>([["FAILURE"], ["NOT_FOUND"], ["urn:x:weird"]])(
  "a Status Message %s in place of content is a StatusError",
  async (statusType) => {
    const peer = producer([poll], [], ({ message }) =>
      create(StatusMessage, {
        inResponseTo: message.messageId,
        statusType,
        message: "why\u0085\u202e",
        statusDetail: {
          details: [
            { name: "ITEM", content: { text: " feed " } },
            { name: "ITEM", content: { xml: "<a/>" } },
          ],
        },
      }),
    );
    const failure = await all(createClient(home, peer).poll("feed")).catch((error: unknown) => error);
    if (!(failure instanceof StatusError)) throw failure;
    expect(failure).toMatchObject({ code: statusType, message: `${statusType}: why`, status: { message: "why\u0085\u202e" } });
    expect(failure.details("ITEM")).toEqual(["feed"]);
  },
);

test("an inbox that takes content says so; any other status is an error", async () => {
  let statusType = "SUCCESS";
  const peer = producer([inbox], [], ({ message }) => create(StatusMessage, { inResponseTo: message.messageId, statusType }));
  const client = createClient(home, peer);
  expect(
    await client.push(
      (async function* () {
        yield block("1");
      })(),
      { collection: ["a", "b"] },
    ),
  ).toMatchObject({ blocks: 1, messages: 1, outcomes: [{ collection: "a" }, { collection: "b" }] });
  expect(peer.sent.at(-1)?.message).toMatchObject({ destinationCollectionNames: ["a", "b"], contentBlocks: [{ content: { text: "1" } }] });
  statusType = "UNSUPPORTED_CONTENT";
  await expect(client.push([block("1")])).rejects.toMatchObject({ code: "PUSH_REFUSED", cause: { code: "UNSUPPORTED_CONTENT" } });
});

test("a reply has to answer the request; 0 is for errors only [SVC-GEN-008]", async () => {
  const wrongId = answering(() => create(DiscoveryResponse, { inResponseTo: "1" }));
  await expect(wrongId.discover()).rejects.toMatchObject({ name: "TransportError", code: "MISMATCH" });
  const wrongType = answering((request) => pollResponse(request));
  await expect(wrongType.discover()).rejects.toMatchObject({ code: "MISMATCH", message: expect.stringContaining("PollResponse") });
  const unnamed = (statusType: StatusType) => answering(() => create(StatusMessage, { inResponseTo: "0", statusType })).discover();
  await expect(unnamed("BAD_MESSAGE")).rejects.toMatchObject({ code: "BAD_MESSAGE" });
  await expect(unnamed("SUCCESS")).rejects.toMatchObject({ code: "MISMATCH" });
});

test("a TAXII message counts whatever the HTTP status [HTTP-RSP-007]", async () => {
  const client = answering((request) =>
    respond(create(StatusMessage, { inResponseTo: request.messageId, statusType: "RETRY" }), { status: 503 }),
  );
  await expect(client.discover()).rejects.toMatchObject({ code: "RETRY" });
});

test.each([
  [401, "UNAUTHORIZED"],
  [403, "UNAUTHORIZED"],
  [404, "FAILURE"],
  [413, "BAD_MESSAGE"],
  [502, "FAILURE"],
  [200, "FAILURE"],
])("HTTP %i without TAXII message is a TransportError of type %s [HTTP-MAP-001] [HTTP-XCT-003]", async (status, statusType) => {
  const client = answering(
    () => new Response(`<html>\u001b[31m  Sign in\n${"x".repeat(1000)}`, { status, headers: { "Content-Type": "text/html" } }),
  );
  const failure = await client.discover().catch((error: unknown) => error);
  if (!(failure instanceof TransportError)) throw failure;
  expect(failure).toMatchObject({ code: "NOT_TAXII", status, statusType, headers: { "content-type": "text/html" } });
  expect(failure.message).toContain('"<html> [31m Sign in xxx');
  expect(failure.message.length).toBeLessThan(400);
  expect(failure.message).not.toContain("\u001b");
});

test("an error page with TAXII header fields, other bindings, redirects and empty bodies are told apart", async () => {
  const headers = messageHeaders("1.1", "p");
  await expect(answering(() => new Response("<html/>", { status: 500, headers })).discover()).rejects.toMatchObject({
    code: "NOT_TAXII",
    status: 500,
    cause: { name: "ParseError" },
  });
  await expect(answering(() => new Response("<html/>", { headers })).discover()).rejects.toMatchObject({
    code: "NOT_TAXII",
    message: expect.stringContaining("it is a web page"),
  });
  await expect(answering(() => new Response("", { headers })).discover()).rejects.toMatchObject({
    code: "NOT_TAXII",
    message: expect.stringContaining("its body is empty"),
  });
  await expect(answering(() => new Response(null, { status: 204 })).discover()).rejects.toMatchObject({
    code: "NOT_TAXII",
    message: expect.not.stringContaining("begins"),
  });
  const json = { ...headers, "X-TAXII-Content-Type": "urn:x:message:json:1.0" };
  for (const lenient of [true, false]) {
    const client = answering(() => new Response("{}", { headers: json }), { lenient });
    await expect(client.discover()).rejects.toMatchObject({ code: "UNSUPPORTED_BINDING" });
  }
  const redirect = answering(() => new Response(null, { status: 302, headers: { Location: "http://elsewhere.test/" } }));
  await expect(redirect.discover()).rejects.toMatchObject({
    code: "NOT_TAXII",
    status: 302,
    message: expect.stringContaining('"http://elsewhere.test/", and redirects there are not followed'),
  });
});

test("a network that fails is a TransportError that names the address, without its query", async () => {
  const client = createClient("http://taxii.test/discovery?key=secret", {
    fetch: () => Promise.reject(new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") })),
  });
  await expect(client.discover()).rejects.toMatchObject({
    code: "NETWORK",
    message: "http://taxii.test/discovery could not be reached: ECONNREFUSED",
    status: undefined,
  });
});

test("a reply that breaks off gives the blocks before the break", async () => {
  const peer = producer([poll], [], async ({ message }) => {
    const text = await respond(pollResponse(message, { contentBlocks: [block("1"), block("2")] })).text();
    return new Response(text.slice(0, text.lastIndexOf("<taxii_11:Content>")), { headers: messageHeaders("1.1", "p") });
  });
  const run = createClient(home, peer).poll("feed");
  const texts: string[] = [];
  const reading = (async () => {
    for await (const { content } of run) texts.push("text" in content ? content.text : "");
  })();
  await expect(reading).rejects.toMatchObject({ name: "ParseError", code: "TRUNCATED" });
  expect(texts).toEqual(["1"]);
  expect(run.end).toBeUndefined();
});

test("a poll that is not wanted any more lets go of the body", async () => {
  const letGo: string[] = [];
  // Gives the first block and half of the second one, and then nothing.
  const stalling = (request: AnyMessage, inResponseTo: string): Response => {
    const text = toXml(
      PollResponse,
      pollResponse(request, { inResponseTo, contentBlocks: [block("x".repeat(2000)), block("y".repeat(2000))] }),
    );
    const bytes = new TextEncoder().encode(text.slice(0, -1000));
    const body = new ReadableStream({ start: (controller) => controller.enqueue(bytes), cancel: () => void letGo.push(inResponseTo) });
    return new Response(body, { headers: messageHeaders("1.1", "p") });
  };
  const client = createClient(
    home,
    producer([poll], [], ({ message }) => stalling(message, message.messageId)),
  );
  for await (const _ of client.poll("feed")) break;
  expect(letGo).toHaveLength(1);
  // A reply that answers something else is not read to its end either.
  const wrong = createClient(
    home,
    producer([poll], [], ({ message }) => stalling(message, "1")),
  );
  await expect(all(wrong.poll("feed"))).rejects.toMatchObject({ code: "MISMATCH" });
  expect(letGo).toHaveLength(2);
});

test("a signal ends a call with its own reason", async () => {
  const stop = new AbortController();
  const stopped = createClient(home, {
    fetch: (request) => new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(request.signal.reason))),
  }).discover({ signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 5);
  await expect(stopped).rejects.toThrow("enough");
});

test("credentials go to their own origin and to those that are named, never in clear text by accident [HTTP-AUTH-003] [SEC-ID-006]", async () => {
  const peer = producer(
    [
      collections,
      service("POLL", "https://poll.test/poll"),
      service("INBOX", "https://other.test/inbox"),
      service("COLLECTION_MANAGEMENT", "http://taxii.test/collections"),
    ],
    [],
    ({ message }) => (isPoll(message) ? pollResponse(message) : success(message)),
  );
  const client = createClient("https://taxii.test/discovery", {
    fetch: peer.fetch,
    auth: basic("üser", ""),
    authOrigins: ["https://poll.test"],
  });
  await all(client.poll("feed"));
  await client.push([block("x")]);
  const expected = `Basic ${Buffer.from("üser:").toString("base64")}`;
  expect(peer.sent.map(({ url, headers }) => [new URL(url).origin, headers.get("authorization")])).toEqual([
    ["https://taxii.test", expected],
    ["http://taxii.test", null],
    ["https://poll.test", expected],
    ["https://other.test", null],
  ]);
  expect(() => createClient(home, { auth: basic("u", "p") })).toThrow("clear text");
  expect(() => createClient("https://taxii.test/", { auth: basic("u", "p"), authOrigins: ["http://x.test"] })).toThrow("clear text");
  for (const local of ["http://127.0.0.1:9000/", "http://[::1]/", "http://localhost/"]) createClient(local, { auth: basic("u", "p") });
  createClient(home, { auth: basic("u", "p"), cleartextAuth: true });
  expect(() => basic("a:b", "c")).toThrow(TypeError);
});

test("no secret is shown", async () => {
  const auth = basic("user", "pass:word");
  const secret = Buffer.from("user:pass:word").toString("base64");
  const echo = createClient("https://taxii.test/", {
    auth,
    fetch: async (request) => new Response(`You sent ${request.headers.get("authorization")} and ${secret}`, { status: 400 }),
  });
  const failure: unknown = await echo.discover().catch((error: unknown) => error);
  for (const shown of [inspect(failure, { depth: 9 }), inspect(echo, { depth: 9, showHidden: true }), inspect(auth)])
    expect(shown).not.toContain(secret);
  expect(String(failure)).toContain("You sent … and …");
  for (const url of ["https://user:secret@taxii.test/", "ftp://user:secret@taxii.test/"]) {
    expect(() => createClient(url)).toThrow(expect.objectContaining({ message: expect.not.stringContaining("secret") }));
  }
  expect(() => createClient("taxii.test")).toThrow("expected an http or https URL");
});
