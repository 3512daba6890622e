import { expect, test } from "vitest";
import { DiscoveryRequest, PollRequest } from "../../generated/taxii11/index.js";
import { create } from "../../src/message/create.js";
import { discovery, handle, type Observer, poll, type RequestAnswered } from "../../src/server/index.js";
import { block, createKit, inboxMessage, pollRequest, write } from "./kit.js";

/** A kit whose answered requests are noted. */
async function observed(more: Observer = {}) {
  const answered: RequestAnswered[] = [];
  const kit = await createKit({ server: { observers: [{ requestAnswered: (event) => void answered.push(event) }, more] } });
  return { ...kit, answered };
}

test("each request is told of once, with what became of it", async () => {
  const { post, server, answered } = await observed();
  await post("/inbox", write(inboxMessage([block("a"), block("b")], { destinationCollectionNames: ["feed"] })));
  const discovered = await post("/discovery?x=1", write(create(DiscoveryRequest, {})));
  await post("/discovery", "<a");
  await post("/nowhere", "");
  await server.fetch(new Request("http://taxii.test/poll"));
  expect(answered).toMatchObject([
    { path: "/inbox", message: "Inbox_Message", version: "1.1", status: "SUCCESS", httpStatus: 200, blocksIn: 2, blocksOut: 0 },
    {
      path: "/discovery",
      message: "Discovery_Request",
      status: undefined,
      broken: false,
      bytes: Number(discovered.headers.get("content-length")),
    },
    { path: "/discovery", message: undefined, status: "BAD_MESSAGE", version: "1.1", httpStatus: 200 },
    { path: "/nowhere", service: undefined, status: undefined, httpStatus: 404 },
    { path: "/poll", method: "GET", httpStatus: 405 },
  ]);
  expect(answered[0]?.service?.type).toBe("INBOX");
  expect(new Set(answered.map(({ requestId }) => requestId)).size).toBe(5);
  expect(answered[1]?.requestId).toBe(discovered.headers.get("x-request-id"));
});

test("a streamed answer is told of at its end, once, however it ends", async () => {
  const { post, ask, answered } = await observed();
  const blocks = Array.from({ length: 300 }, (_, at) => block(`${at}${"x".repeat(1000)}`));
  await ask("/inbox", inboxMessage(blocks, { destinationCollectionNames: ["feed"] }));
  answered.length = 0;
  const whole = await post("/poll", write(pollRequest()));
  expect(answered).toEqual([]);
  const bytes = (await whole.arrayBuffer()).byteLength;
  expect(answered).toMatchObject([{ message: "Poll_Request", status: undefined, blocksOut: 300, bytes, broken: false }]);
  const left = await post("/poll", write(pollRequest()));
  await left.body?.cancel();
  expect(answered).toHaveLength(2);
  expect(answered[1]).toMatchObject({ broken: true, bytes: 0 });
});

test("an answer that breaks off is told of as such, and why is told to the owner", async () => {
  const answered: RequestAnswered[] = [];
  const breaking = poll({
    path: "/poll",
    handlers: [
      handle(PollRequest, async (message, _context, next) => {
        const reply = await next(message);
        if (!("blocks" in reply)) return reply;
        const { blocks } = reply;
        async function* broken() {
          let count = 0;
          for await (const one of blocks) {
            if (count++ === 250) throw new Error("disk");
            yield one;
          }
        }
        return { ...reply, blocks: broken() };
      }),
    ],
  });
  const first = await createKit();
  const blocks = Array.from({ length: 300 }, (_, at) => block(`${at}${"x".repeat(1000)}`));
  await first.ask("/inbox", inboxMessage(blocks, { destinationCollectionNames: ["feed"] }));
  const observers = [{ requestAnswered: (event: RequestAnswered) => void answered.push(event) }];
  const kit = await createKit({ server: { storage: first.storage, services: [breaking], observers } });
  const response = await kit.post("/poll", write(pollRequest()));
  await expect(response.text()).rejects.toThrow();
  expect(answered).toMatchObject([{ broken: true, blocksOut: 250, httpStatus: 200 }]);
  expect(kit.failures).toMatchObject([{ path: "/poll", requestId: answered[0]?.requestId, error: { message: "disk" } }]);
});

test("a message is told of before handlers see it; a fault of an observer breaks nothing", async () => {
  const order: string[] = [];
  const service = discovery({
    path: "/d",
    handlers: [
      handle(DiscoveryRequest, async (message, _context, next) => {
        order.push("handler");
        return next(message);
      }),
    ],
  });
  const observers: Observer[] = [
    {
      messageReceived: ({ message }) => {
        order.push(message.$type);
        throw new Error("observer");
      },
      requestAnswered: () => Promise.reject(new Error("later")),
    },
  ];
  const kit = await createKit({ server: { services: [service], observers } });
  expect(await kit.ask("/d", create(DiscoveryRequest, {}))).toMatchObject({ $type: "taxii11.DiscoveryResponse" });
  expect(order).toEqual(["taxii11.DiscoveryRequest", "handler"]);
  await expect.poll(() => kit.failures.map(({ error }) => String(error))).toEqual(["Error: observer", "Error: later"]);
  expect(kit.failures[0]).toMatchObject({ requestId: undefined, path: undefined });
});
