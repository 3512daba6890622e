/**
 * Requests that want much memory: the server refuses them, or serves them, and takes no more than it says. It has a process of
 * its own, whose peak is measured over all of them together.
 */

import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaces } from "../../src/constants.js";
import { discoveryXml, expectToWork, fieldsOf, messageOf, requestBytes } from "./kit.js";
import { type ServerProcess, startProcess } from "./server-process.js";
import { type Answer, Wire } from "./wire.js";

const mebibyte = 1024 * 1024;

/** Mebibytes. The server itself takes about 120, and a request may have 100, held as bytes, as characters and as values. */
const mostMemory = 1024;

type Pieces = Iterable<string | Uint8Array>;

function* repeat(times: number, piece: string | Uint8Array): Generator<string | Uint8Array> {
  for (let done = 0; done < times; done++) yield piece;
}

/** So many numbered things, in pieces of some size. */
function* numbered(times: number, thing: (number: number) => string): Generator<string> {
  for (let done = 0; done < times; done += 10_000) {
    yield Array.from({ length: Math.min(10_000, times - done) }, (_, index) => thing(done + index)).join("");
  }
}

function* around(before: string, pieces: Pieces, after: string): Generator<string | Uint8Array> {
  yield before;
  yield* pieces;
  yield after;
}

const root = `<Inbox_Message xmlns="${namespaces.taxii11}" message_id="77"`;
const inMessage = (pieces: Pieces): Pieces => around(`${root}>`, pieces, "</Inbox_Message>");
const inContent = (pieces: Pieces): Pieces =>
  inMessage(around('<Content_Block><Content_Binding binding_id="urn:x"/><Content>', pieces, "</Content></Content_Block>"));
const inRoot = (pieces: Pieces): Pieces => around(root, pieces, "/>");

const characters = "x".repeat(mebibyte);
/** A mebibyte of zeros, a thousand times smaller. */
const bomb = gzipSync(Buffer.alloc(mebibyte), { level: 9 });
const gzip = { "Content-Encoding": "gzip" };

/** What it is, what is sent, with which fields, the HTTP status, and what the message says. */
const requests: readonly (readonly [string, () => Pieces, Readonly<Record<string, string>>, number, RegExp])[] = [
  ["200 MB of zeros in gzip", () => [gzipSync(Buffer.alloc(200 * mebibyte))], gzip, 413, /unpacks to more than 200 times its size/],
  ["a gigabyte of zeros in a thousand members of gzip", () => repeat(1024, bomb), gzip, 413, /too large|unpacks to/],
  [
    "a million empty members of gzip",
    () => repeat(1000, Buffer.concat([...repeat(1000, gzipSync(""))].map(Buffer.from))),
    gzip,
    200,
    /root element/,
  ],
  ["gzip in gzip", () => [gzipSync(gzipSync(Buffer.alloc(200 * mebibyte)))], gzip, 200, /line 1, column 1/],
  ["101 MB", () => repeat(101, characters), {}, 413, /the limit is 104857600 bytes/],
  ["an attribute of 99 MB", () => inRoot(around(' a="', repeat(99, characters), '"')), {}, 200, /limit maxTextLength/],
  ["a value of 99 MB", () => inMessage(around("<Message>", repeat(99, characters), "</Message>")), {}, 200, /limit maxTextLength/],
  ["content of 99 MB", () => inContent(repeat(99, characters)), {}, 200, /limit maxTextLength/],
  ["99 MB of elements in each other", () => inContent(repeat(99, "<a>".repeat(mebibyte / 3))), {}, 200, /limit maxDepth/],
  ["64 MB of elements beside each other", () => inContent(repeat(64, "<a/>".repeat(mebibyte / 4))), {}, 200, /limit maxContentLength/],
  ["99 MB of comments", () => inContent(repeat(99, "<!---->".repeat(mebibyte / 7))), {}, 200, /limit max/],
  ["99 MB of references to characters", () => inContent(repeat(99, "&#65;".repeat(mebibyte / 5))), {}, 200, /limit max/],
  ["a million attributes", () => inRoot(numbered(1_000_000, (number) => ` a${number}=""`)), {}, 200, /limit maxAttributes/],
  ["a million namespaces", () => inRoot(numbered(1_000_000, (number) => ` xmlns:a${number}="u"`)), {}, 200, /limit maxAttributes/],
  [
    "a million content blocks",
    () => inMessage(repeat(1000, '<Content_Block><Content_Binding binding_id="u"/><Content/></Content_Block>'.repeat(1000))),
    {},
    200,
    /up to 100000 content blocks/,
  ],
  [
    "a million elements that cannot come here",
    () => inMessage(numbered(1_000_000, (number) => `<X${number}/>`)),
    {},
    200,
    /cannot come here/,
  ],
];

/** Sends a body in chunks, for as long as the server takes it, and gives what it answers. */
async function post(port: number, pieces: Pieces, fields: Readonly<Record<string, string>>): Promise<Answer> {
  const wire = await Wire.open(port);
  await wire.send(requestBytes("", { ...fieldsOf("1.1", fields), "Transfer-Encoding": "chunked" }));
  for (const piece of pieces) {
    if (!wire.isOpen) break;
    const bytes = Buffer.from(piece);
    await wire.send(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]));
  }
  await wire.send("0\r\n\r\n");
  const answer = await wire.answer();
  wire.cut();
  return answer;
}

describe.skipIf(process.platform !== "linux")("memory [SEC-XML-003]", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startProcess(1024);
  });
  afterAll(() => server.stop());

  test.each(requests)("is not had for %s", { timeout: 180_000 }, async (_, body, fields, status, message) => {
    const answer = await post(server.port, body(), fields);
    expect(answer.status).toBe(status);
    expect(messageOf(answer)).toHaveProperty("message", expect.stringMatching(message));
    await expectToWork(server);
    expect(server.peak()).toBeLessThan(mostMemory);
    expect(server.lines).toEqual([]);
  });

  test("is not had for many connections that each send much, and do not come to an end [HTTP-REQ-005]", { timeout: 180_000 }, async () => {
    const wires = await Promise.all(Array.from({ length: 40 }, () => Wire.open(server.port)));
    const begin = requestBytes("", { ...fieldsOf(), "Content-Length": String(90 * mebibyte) });
    await Promise.all(wires.map((wire) => wire.send(begin)));
    for (let sent = 0; sent < 20; sent++) {
      await Promise.all(wires.map((wire) => wire.send(characters)));
      // Others are served, or asked to come back when there is room again.
      const other = await post(server.port, [discoveryXml], {});
      expect([200, 503]).toContain(other.status);
      if (other.status === 503) expect([messageOf(other), other.fields.get("retry-after")]).toMatchObject([{ statusType: "RETRY" }, "5"]);
    }
    const refused = wires.filter(({ received }) => received.length > 0);
    // 800 MB were sent, and 200 may be held.
    expect(refused.length).toBeGreaterThan(20);
    for (const wire of refused) expect((await wire.answer()).status).toBe(503);
    for (const wire of wires) wire.cut();
    await expect.poll(() => post(server.port, [discoveryXml], {}).then(({ status }) => status), { timeout: 10_000 }).toBe(200);
    expect(server.peak()).toBeLessThan(mostMemory);
    expect(server.lines).toEqual([]);
  });
});
