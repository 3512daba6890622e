import { expect, test } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import {
  CollectionInformationRequest,
  DiscoveryRequest,
  type DiscoveryResponse,
  InboxMessage,
  PollRequest,
  PollResponse,
} from "../../generated/taxii11/index.js";
import { createClient } from "../../src/client/index.js";
import { fromJson, toJson } from "../../src/codec/json.js";
import { fromXml } from "../../src/codec/xml.js";
import { create } from "../../src/message/create.js";
import { StatusError } from "../../src/message/status-error.js";
import { discovery, handle, inbox, isStreamed, poll } from "../../src/server/index.js";
import { StorageError } from "../../src/storage/index.js";
import {
  block,
  createKit,
  headers10,
  inboxMessage,
  type Kit,
  pollRequest,
  readReply,
  readStatus,
  summary,
  textsOf,
  write,
  xml10,
  xml11,
} from "./kit.js";

const json = "urn:cert.europa.eu:message:json:1.0";
const services10 = "urn:taxii.mitre.org:services:1.0";
const jsonHeaders = {
  "Content-Type": "application/json",
  Accept: "application/json",
  "X-TAXII-Content-Type": json,
  "X-TAXII-Accept": json,
};

/** What a status of TAXII 1.0 says. */
async function status10(kit: Kit, path: string, message: taxii10.Message): Promise<taxii10.StatusMessage> {
  const reply = await kit.ask(path, message);
  if (reply.$type !== "taxii10.StatusMessage") throw new Error(write(reply));
  return reply;
}

test("a request of TAXII 1.0 is answered in TAXII 1.0, blocks included [VER-X-001] [VER-X-007]", async () => {
  const kit = await createKit();
  await kit.ask("/inbox", create(taxii10.InboxMessage, { contentBlocks: [{ contentBinding: "urn:stix", content: { text: "old" } }] }));
  const subtype = { bindingId: "urn:stix", subtype: { subtypeId: "urn:sub" } };
  await kit.ask("/inbox", inboxMessage([{ contentBinding: subtype, content: { text: "new" } }], { destinationCollectionNames: ["feed"] }));
  const reply = await kit.ask("/poll", create(taxii10.PollRequest, { feedName: "feed", contentBindings: ["urn:stix"], messageId: "12" }));
  expect(reply).toMatchObject({
    $type: "taxii10.PollResponse",
    inResponseTo: "12",
    contentBlocks: [
      { contentBinding: "urn:stix", content: { text: "old" } },
      { contentBinding: "urn:stix", content: { text: "new" } },
    ],
  });
  const response = await kit.post("/discovery", write(create(taxii10.DiscoveryRequest, {})), headers10);
  expect([response.headers.get("X-TAXII-Content-Type"), response.headers.get("X-TAXII-Services")]).toEqual([xml10, services10]);
  expect(fromXml(taxii10.DiscoveryResponse, await response.text()).serviceInstances.map(({ serviceType }) => serviceType)).toContain(
    "FEED_MANAGEMENT",
  );
});

test("feeds of TAXII 1.0 list the bindings that are present, where the collection lists none [VER-X-003]", async () => {
  const kit = await createKit();
  await kit.ask("/inbox", inboxMessage([block("x", "urn:a"), block("y", "urn:b")], { destinationCollectionNames: ["feed", "set"] }));
  const reply = await kit.ask("/collections", create(taxii10.FeedInformationRequest, {}));
  if (reply.$type !== "taxii10.FeedInformationResponse") throw new Error(write(reply));
  expect(reply.feeds.find(({ feedName }) => feedName === "feed")?.contentBindings).toEqual(["urn:a", "urn:b"]);
  expect(reply.feeds.map(({ feedName }) => feedName)).not.toContain("set");
});

test("faults are told in the terms of TAXII 1.0 [XML-STS-009] [XML-STS-010] [VER-X-005]", async () => {
  const now = (): number => Date.parse("2026-01-01T00:00:00Z");
  const throwing = (path: string, error: StatusError) => poll({ path, handlers: [handle(PollRequest, () => Promise.reject(error))] });
  const kit = await createKit({
    server: {
      now,
      services: [
        throwing("/retry", new StatusError("RETRY", { details: { ESTIMATED_WAIT: "30" } })),
        throwing("/query", new StatusError("UNSUPPORTED_QUERY", { message: "No." })),
        throwing("/pending", new StatusError("PENDING", { message: "Later." })),
        throwing("/content", new StatusError("UNSUPPORTED_CONTENT", { details: { SUPPORTED_CONTENT: ["urn:a", "urn:b"] } })),
        poll({ path: "/gone", available: false }),
        poll({ path: "/new", versions: ["1.1"] }),
        poll({
          path: "/part",
          handlers: [
            handle(PollRequest, ({ messageId }) =>
              create(PollResponse, {
                inResponseTo: messageId,
                collectionName: "feed",
                inclusiveEndTimestamp: "2026-01-01T00:00:00Z",
                more: true,
              }),
            ),
          ],
        }),
        poll({
          path: "/set",
          handlers: [handle(PollRequest, ({ messageId }) => create(PollResponse, { inResponseTo: messageId, collectionName: "set" }))],
        }),
      ],
    },
  });
  const request = create(taxii10.PollRequest, { feedName: "feed", messageId: "3" });
  const told = async (path: string): Promise<unknown[]> => {
    const { statusType, statusDetail, inResponseTo } = await status10(kit, path, request);
    return [statusType, statusDetail, inResponseTo];
  };
  expect(await told("/retry")).toEqual(["RETRY", "2026-01-01T00:00:30.000000Z", "3"]);
  expect(await told("/query")).toEqual(["FAILURE", undefined, "3"]);
  expect(await told("/pending")).toEqual(["FAILURE", undefined, "3"]);
  expect(await told("/content")).toEqual(["UNSUPPORTED_CONTENT", "urn:a urn:b", "3"]);
  expect(await told("/gone")).toEqual(["RETRY", "2026-01-01T00:01:00.000000Z", "3"]);
  expect(await told("/new")).toEqual(["UNSUPPORTED_MESSAGE", xml11, "3"]);
  // What has no words in TAXII 1.0 is no success.
  expect(await told("/part")).toEqual(["FAILURE", undefined, "3"]);
  expect(await told("/set")).toEqual(["NOT_FOUND", undefined, "3"]);
});

test("a handler for TAXII 1.0 sees what was sent, and those for TAXII 1.1 its translation", async () => {
  const seen: string[] = [];
  const service = poll({
    path: "/poll",
    handlers: [
      handle(taxii10.PollRequest, async (message, { version, original }, next) => {
        seen.push(message.$type, version, String(original === message));
        const reply = await next(message);
        return isStreamed(reply) ? { ...reply, message: { ...reply.message, message: "seen" } } : { ...reply, message: "seen" };
      }),
      handle(PollRequest, async (message, { version, original }, next) => {
        seen.push(message.$type, version, original.$type);
        return next(message);
      }),
    ],
  });
  const kit = await createKit({ server: { services: [service] } });
  expect(await kit.ask("/poll", create(taxii10.PollRequest, { feedName: "feed" }))).toMatchObject({ message: "seen" });
  expect(seen).toEqual(["taxii10.PollRequest", "1.0", "true", "taxii11.PollRequest", "1.0", "taxii10.PollRequest"]);
});

test("services at one address are told apart by message and version [SVC-GEN-005] [SVC-GEN-006]", async () => {
  const kit = await createKit({
    server: {
      services: [
        discovery({ path: "/all", versions: ["1.0"] }),
        poll({ path: "/all", versions: ["1.1"] }),
        inbox({ path: "/inbox", versions: ["1.0"] }),
      ],
    },
  });
  expect(await kit.ask("/all", create(taxii10.DiscoveryRequest, {}))).toMatchObject({ $type: "taxii10.DiscoveryResponse" });
  expect(await kit.ask("/all", pollRequest())).toMatchObject({ $type: "taxii11.PollResponse" });
  const unspoken = await readStatus(await kit.post("/all", write(create(DiscoveryRequest, {}))));
  expect(summary(unspoken, "SUPPORTED_BINDING")).toEqual(["UNSUPPORTED_MESSAGE", [xml10]]);
  const unspokenHere = await readStatus(await kit.post("/inbox", write(inboxMessage([]))));
  expect(summary(unspokenHere, "SUPPORTED_BINDING")).toEqual(["UNSUPPORTED_MESSAGE", [xml10]]);
  const untaken = await status10(kit, "/inbox", create(taxii10.FeedInformationRequest, {}));
  expect(untaken.message).toBe("This service does not take Feed_Information_Request; it takes Inbox_Message.");
});

test.each([
  [undefined, xml11],
  [`${xml10} ${xml11}`, xml11],
  [`${xml11},${xml10}`, xml11],
  [`${json} ${xml11}`, xml11],
  [`${xml10} ${json}`, json],
  [json, json],
])(
  "with X-TAXII-Accept %j a request in XML is answered in %s [HTTP-XA-003] [HTTP-XA-004] [HTTP-XA-005] [HTTP-XA-008] [HTTP-XA-010]",
  async (accept, expected) => {
    const { post } = await createKit({ server: { messageBindings: ["xml", "json"] } });
    const response = await post("/discovery", write(create(DiscoveryRequest, {})), { "X-TAXII-Accept": accept, Accept: "*/*" });
    expect([response.status, response.headers.get("X-TAXII-Content-Type")]).toEqual([200, expected]);
    expect(response.headers.get("Content-Type")).toBe(expected === json ? "application/json" : "application/xml");
  },
);

test("a binding that is welcome nowhere is refused, in that of the request [HTTP-XA-009] [HTTP-ACC-006] [HTTP-XCT-001]", async () => {
  const { post } = await createKit({ server: { messageBindings: ["xml", "json"] } });
  const refused = await post("/discovery", write(create(DiscoveryRequest, {})), { "X-TAXII-Accept": json, Accept: "application/xml" });
  expect([refused.status, refused.headers.get("X-TAXII-Content-Type")]).toEqual([406, xml11]);
  expect(summary(await readStatus(refused), "SUPPORTED_BINDING")).toEqual(["UNSUPPORTED_MESSAGE", [xml11, xml10, json]]);
});

test("dictionaries in JSON are read and written, in the version the services are of", async () => {
  const { post } = await createKit({ server: { messageBindings: ["xml", "json"] } });
  const message = inboxMessage([block("one"), block("two")], { destinationCollectionNames: ["feed"] });
  const stored = await post("/inbox", toJson(InboxMessage, message), jsonHeaders);
  expect([stored.status, stored.headers.get("Content-Type"), stored.headers.get("X-TAXII-Content-Type")]).toEqual([
    200,
    "application/json",
    json,
  ]);
  expect(await stored.json()).toMatchObject({ message_type: "Status_Message", status_type: "SUCCESS", in_response_to: message.messageId });
  const polled = await post("/poll", toJson(PollRequest, pollRequest()), jsonHeaders);
  expect(textsOf(fromJson(PollResponse, await polled.text()))).toEqual(["one", "two"]);
  const old = toJson(taxii10.PollRequest, create(taxii10.PollRequest, { feedName: "feed", messageId: "8" }));
  const polled10 = await post("/poll", old, { ...jsonHeaders, "X-TAXII-Services": services10 });
  expect(polled10.headers.get("X-TAXII-Services")).toBe(services10);
  expect(fromJson(taxii10.PollResponse, await polled10.text())).toMatchObject({ feedName: "feed", contentBlocks: [{}, {}] });
});

test("JSON that is no message is a bad message in JSON, for its id [HTTP-ERR-002]", async () => {
  const { post } = await createKit({ server: { messageBindings: ["xml", "json"] } });
  const cases = [
    ['{"message_type":"Discovery_Request","message_id":"42","x":1}', "42"],
    ['{"message_id": "42", ', "42"],
    ['{"message_id": "a b%"}', "0"],
    ["<a/>", "0"],
  ] as const;
  for (const [body, id] of cases) {
    const response = await post("/discovery", body, jsonHeaders);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status_type: "BAD_MESSAGE", in_response_to: id });
  }
  const crossed = await post("/discovery", "{}", { ...jsonHeaders, "Content-Type": "application/xml" });
  expect([crossed.status, crossed.headers.get("Content-Type")]).toEqual([415, "application/json"]);
  const unversioned = await post("/discovery", '{"message_id":"1"}', { ...jsonHeaders, "X-TAXII-Services": "urn:example" });
  expect(await unversioned.json()).toMatchObject({ status_type: "BAD_MESSAGE", message: expect.stringContaining("X-TAXII-Services") });
});

test("JSON is off unless it is wanted [HTTP-ERR-003]", async () => {
  const { post } = await createKit();
  const response = await post("/discovery", "{}", { ...jsonHeaders, Accept: "*/*", "X-TAXII-Accept": undefined });
  expect(summary(await readStatus(response), "SUPPORTED_BINDING")).toEqual(["UNSUPPORTED_MESSAGE", [xml11, xml10]]);
  const { ask } = await createKit({ server: { messageBindings: ["xml", "json"] } });
  const offered = (await ask("/discovery", create(DiscoveryRequest, {}))) as DiscoveryResponse;
  expect(offered.serviceInstances[0]?.messageBindings).toEqual([xml11, xml10, json]);
});

test("a client that speaks JSON and a server that does understand each other", async () => {
  const { server, ask } = await createKit({ server: { messageBindings: ["xml", "json"] } });
  const blocks = Array.from({ length: 200 }, (_, at) => block(`${at} ${"x".repeat(1000)}`));
  await ask("/inbox", inboxMessage(blocks, { destinationCollectionNames: ["feed"] }));
  const sent: (string | null)[] = [];
  for (const version of ["1.0", "1.1"] as const) {
    const client = createClient("http://taxii.test/poll", {
      binding: "json",
      version,
      endpoint: "service",
      fetch: (request) => {
        sent.push(request.headers.get("content-type"), request.headers.get("x-taxii-services"));
        return server.fetch(request);
      },
    });
    const texts: string[] = [];
    for await (const { content } of client.poll("feed")) texts.push("text" in content ? content.text : "");
    expect(texts).toHaveLength(200);
    expect(texts[199]).toMatch(/^199 x/);
  }
  expect(sent).toEqual(["application/json", services10, "application/json", "urn:taxii.mitre.org:services:1.1"]);
});

test("data that cannot be reached is RETRY for who only reads, and FAILURE for who does not [SVC-STAT-014]", async () => {
  const away = new StorageError("UNAVAILABLE", "password of the database");
  const { server, storage, post, failures } = await createKit();
  server.setServices([
    poll({ path: "/poll", handlers: [handle(PollRequest, () => Promise.reject(away))] }),
    inbox({ path: "/inbox", handlers: [handle(InboxMessage, () => Promise.reject(away))] }),
  ]);
  const polled = await readStatus(await post("/poll", write(pollRequest())));
  expect(summary(polled, "ESTIMATED_WAIT")).toEqual(["RETRY", ["5"]]);
  const pushed = await readStatus(await post("/inbox", write(inboxMessage([block("x")]))));
  expect(pushed.statusType).toBe("FAILURE");
  expect(`${polled.message}${pushed.message}`).not.toContain("password");
  expect(failures.map(({ error }) => error)).toEqual([away, away]);
  await storage.close();
});

test("services that are set later answer later requests; those under way are answered by the former ones", async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow = discovery({
    path: "/d",
    description: "former",
    handlers: [
      handle(DiscoveryRequest, async (message, _context, next) => {
        await held;
        return next(message);
      }),
    ],
  });
  const kit = await createKit({ server: { services: [slow] } });
  const first = kit.ask("/d", create(DiscoveryRequest, {}));
  // Until the handler has it.
  await new Promise((resolve) => setTimeout(resolve, 10));
  kit.server.setServices([discovery({ path: "/d", description: "latter" })]);
  expect(await kit.ask("/d", create(DiscoveryRequest, {}))).toMatchObject({ serviceInstances: [{ message: "latter" }] });
  release();
  expect(await first).toMatchObject({ serviceInstances: [{ message: "former" }] });
  expect(() => kit.server.setServices([poll({ path: "/a" }), poll({ path: "/a" })])).toThrow(TypeError);
  expect(kit.server.services.map(({ path }) => path)).toEqual(["/d"]);
  expect(await readReply(await kit.post("/d", write(create(CollectionInformationRequest, {}))))).toMatchObject({
    statusType: "BAD_MESSAGE",
  });
});
