import { expect, test } from "vitest";
import { DiscoveryRequest, InboxMessage, PollRequest, PollResponse } from "../../generated/taxii11/index.js";
import { create } from "../../src/message/create.js";
import { StatusError } from "../../src/message/status-error.js";
import { collectionManagement, discovery, type HttpRequest, handle, inbox, isStreamed, poll } from "../../src/server/index.js";
import { asPoll, asStatus, block, createKit, inboxMessage, pollRequest, readReply, summary, textsOf, write } from "./kit.js";

test("handlers run outermost first, and may change message and reply", async () => {
  const order: string[] = [];
  const around = (name: string) =>
    handle(InboxMessage, async (message, _context, next) => {
      order.push(`${name} in ${message.contentBlocks.length}`);
      const reply = await next({ ...message, contentBlocks: message.contentBlocks.slice(1) });
      order.push(`${name} out`);
      return { ...reply, message: `${name} ${"message" in reply ? reply.message : ""}` };
    });
  const kit = await createKit({ inbox: { handlers: [around("a"), around("b")] } });
  const status = asStatus(
    await kit.ask("/inbox", inboxMessage([block("1"), block("2"), block("3")], { destinationCollectionNames: ["feed"] })),
  );
  expect(order).toEqual(["a in 3", "b in 2", "b out", "a out"]);
  expect(status).toMatchObject({ statusType: "SUCCESS", message: "a b " });
  expect(textsOf(asPoll(await kit.ask("/poll", pollRequest())))).toEqual(["3"]);
});

test("a handler knows who asks, and its StatusError is the answer", async () => {
  const guarded = inbox({
    path: "/inbox",
    handlers: [
      handle(InboxMessage, async (message, { account, service, baseUrl, request }, next) => {
        expect([service.type, baseUrl, request.headers.get("x-user")]).toEqual(["INBOX", "http://taxii.test", account?.name ?? null]);
        if (account === undefined) throw new StatusError("UNAUTHORIZED");
        if (account.name === "mallory")
          throw new StatusError("http://example.com/status/no", {
            message: "No\u0000.",
            details: { "http://example.com/detail": ["a", "b"] },
          });
        return next(message);
      }),
    ],
  });
  const authenticate = (request: HttpRequest) => {
    const name = request.headers.get("x-user");
    return name === null ? undefined : { name, permissions: { feed: ["write" as const] } };
  };
  const kit = await createKit({ server: { authenticate, services: [guarded] } });
  const message = inboxMessage([block("x")], { messageId: "m1", destinationCollectionNames: ["feed"] });
  const asking = async (headers: Record<string, string>) => {
    const response = await kit.post("/inbox", write(message), headers);
    return { status: response.status, reply: asStatus(await readReply(response)) };
  };
  expect(await asking({})).toMatchObject({ status: 401, reply: { statusType: "UNAUTHORIZED", inResponseTo: "m1" } });
  const mallory = await asking({ "x-user": "mallory" });
  expect(summary(mallory.reply, "http://example.com/detail")).toEqual(["http://example.com/status/no", ["a", "b"]]);
  expect(mallory.reply.message).toBe("No\ufffd.");
  expect((await asking({ "x-user": "alice" })).reply.statusType).toBe("SUCCESS");
});

test("the blocks of a streamed reply can be filtered on their way", async () => {
  const filtering = poll({
    path: "/poll",
    handlers: [
      handle(PollRequest, async (message, _context, next) => {
        const reply = await next(message);
        if (!isStreamed(reply)) return reply;
        const { blocks } = reply;
        return {
          ...reply,
          blocks: (async function* () {
            for await (const one of blocks) if ("text" in one.content && one.content.text !== "secret") yield one;
          })(),
        };
      }),
    ],
  });
  const kit = await createKit({ server: { services: [inbox({ path: "/inbox" }), filtering] } });
  await kit.ask("/inbox", inboxMessage([block("a"), block("secret"), block("b")], { destinationCollectionNames: ["feed"] }));
  expect(textsOf(asPoll(await kit.ask("/poll", pollRequest())))).toEqual(["a", "b"]);
});

test("a poll can be answered without a storage", async () => {
  const own = poll({
    path: "/poll",
    handlers: [
      handle(PollRequest, ({ messageId, collectionName }) =>
        create(PollResponse, { inResponseTo: messageId, collectionName, inclusiveEndTimestamp: "2026-01-01T00:00:00Z" }),
      ),
    ],
  });
  const kit = await createKit({ server: { services: [own] } });
  expect(asPoll(await kit.ask("/poll", pollRequest({ collectionName: "anything" })))).toMatchObject({
    inclusiveEndTimestamp: "2026-01-01T00:00:00Z",
  });
});

test("a service takes what its handlers are for", async () => {
  const kit = await createKit({
    server: {
      services: [
        collectionManagement({
          path: "/c",
          handlers: [
            handle(DiscoveryRequest, () => {
              throw new StatusError("DENIED");
            }),
          ],
        }),
        discovery({ path: "/d" }),
      ],
    },
  });
  expect(asStatus(await kit.ask("/c", create(DiscoveryRequest, {}))).statusType).toBe("DENIED");
  const wrong = asStatus(await kit.ask("/c", pollRequest()));
  expect(wrong.message).toContain("it takes Discovery_Request, Collection_Information_Request");
});

test("a reply or a status that cannot be written is a failure of the server", async () => {
  const kit = await createKit({
    server: {
      services: [
        poll({
          path: "/poll",
          handlers: [handle(PollRequest, () => create(PollResponse, { inResponseTo: "x", collectionName: "\u0000" }))],
        }),
        discovery({
          path: "/d",
          handlers: [
            handle(DiscoveryRequest, () => {
              throw new StatusError("\u0000");
            }),
          ],
        }),
        inbox({
          path: "/inbox",
          handlers: [
            handle(InboxMessage, (message, _context, next) => {
              void message;
              return next({ ...message, contentBlocks: [{ contentBinding: { bindingId: "urn:x" }, content: { xml: "<" } }] });
            }),
          ],
        }),
      ],
    },
  });
  for (const [path, message] of [
    ["/poll", pollRequest()],
    ["/d", create(DiscoveryRequest, {})],
    ["/inbox", inboxMessage([], { destinationCollectionNames: ["feed"] })],
  ] as const) {
    expect(asStatus(await kit.ask(path, message))).toMatchObject({ statusType: "FAILURE", inResponseTo: message.messageId });
  }
  expect(kit.failures).toHaveLength(3);
});
