/** `taxii-poll`. */

import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { fileNameOf } from "../../../src/cli/cabby/blocks.js";
import { fromXml } from "../../../src/codec/xml.js";
import { create } from "../../../src/message/create.js";
import { statusMessage } from "../../../src/message/status-error.js";
import { type Answer, blocks11, origin, producer, run } from "./kit.js";

const args = ["--path", `${origin}/poll`, "-c", "feed"];

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "taxii-poll-"));
  folders.push(made);
  return made;
}

/** Polls with further arguments; gives the request as well. */
async function poll(more: readonly string[], answer?: Answer) {
  const server = producer(answer);
  const result = await run("taxii-poll", [...args, ...more], server);
  const requests = server.received.flatMap(({ message }) => (message.$type === "taxii11.PollRequest" ? [message] : []));
  return { ...result, server, request: requests[0] };
}

/** Answers polls with this. */
const answering =
  (init: Partial<taxii11.PollResponseInit>): Answer =>
  (message) =>
    message.$type === "taxii11.PollRequest"
      ? create(taxii11.PollResponse, {
          inResponseTo: message.messageId,
          collectionName: message.collectionName,
          inclusiveEndTimestamp: "2024-06-01T00:00:00Z",
          ...init,
        })
      : undefined;

/** A response that ends within its second block. */
async function withoutEnd(response: Response): Promise<Response> {
  const text = await response.text();
  return new Response(text.slice(0, text.lastIndexOf("</")).slice(0, -10), { headers: response.headers });
}

describe("taxii-poll", () => {
  it("prints what is in the blocks, and how many there were elsewhere", async () => {
    const { code, out, err, request } = await poll([]);
    expect([code, out, err]).toEqual([0, '<x xmlns="urn:x">1 &lt; 2</x>\nzwölf <\n', "taxii-poll: 2 blocks polled\n"]);
    expect(request).toMatchObject({ collectionName: "feed", pollParameters: { responseType: "FULL", contentBindings: [] } });
  });

  it("finds the service with --discovery", async () => {
    const server = producer();
    const { code } = await run(
      "taxii-poll",
      ["--host", "taxii.test", "--https", "--discovery", "/discovery", "--collection", "feed"],
      server,
    );
    expect(code).toBe(0);
    expect(server.received.at(-1)?.url).toBe(`${origin}/poll`);
  });

  it("keeps steering characters from a terminal, and content as it is from everything else", async () => {
    const server = producer(answering({ contentBlocks: [{ contentBinding: { bindingId: "urn:b" }, content: { text: "a\u009b2Jb" } }] }));
    expect((await run("taxii-poll", args, { ...server, outIsTerminal: true })).out).toBe("a\\u009b2Jb\n");
    expect((await run("taxii-poll", args, server)).out).toBe("a\u009b2Jb\n");
  });

  it("--begin and --end: the range, in UTC unless it says otherwise", async () => {
    const { request, err } = await poll(["--begin", "2024-01-31", "--end", "2024-02-01T12:30:00.000001+02:00"]);
    expect(request?.exclusiveBeginTimestamp).toBe("2024-01-31T00:00:00Z");
    expect(request?.inclusiveEndTimestamp).toBe("2024-02-01T12:30:00.000001+02:00");
    expect(err).toContain("--begin");
    const wrong = await poll(["--begin", "yesterday"]);
    expect([wrong.code, wrong.server.received]).toEqual([2, []]);
    expect(wrong.err).toMatch(/--begin.*"yesterday"/);
  });

  it("--bindings: only these", async () => {
    const { request } = await poll(["-b", "urn:a, urn:b,"]);
    expect(request?.pollParameters?.contentBindings).toEqual([
      { bindingId: "urn:a", subtypes: [] },
      { bindingId: "urn:b", subtypes: [] },
    ]);
  });

  it("--subscription: on its behalf, with its bindings", async () => {
    const { request, err } = await poll(["-s", "sub-1", "-b", "urn:a"]);
    expect(request?.subscriptionId).toBe("sub-1");
    expect(request?.pollParameters).toBeUndefined();
    expect(err).toContain("--bindings has no effect: the bindings of the subscription hold\n");
  });

  it("--limit: stops behind so many; 0 does nothing", async () => {
    expect(await poll(["-l", "1"])).toMatchObject({ code: 0, out: '<x xmlns="urn:x">1 &lt; 2</x>\n', err: "taxii-poll: 1 block polled\n" });
    const nothing = await poll(["--limit=0"]);
    expect([nothing.code, nothing.out, nothing.server.received]).toEqual([0, "", []]);
    expect((await poll(["-l", "-1"])).code).toBe(2);
  });

  it("--raw: whole blocks as text, as XML with -x, in the version", async () => {
    const text = (await poll(["-r"])).out;
    expect(text.match(/=== Content Block ===/g)).toHaveLength(2);
    const xml = (await poll(["-rx"])).out.trimEnd().split("\n");
    expect(xml.map((line) => fromXml(taxii11.ContentBlock, line))).toMatchObject(blocks11);
    const old = producer();
    const { code, out } = await run("taxii-poll", [...args, "-rx", "-t", "1.0"], old);
    expect(code).toBe(0);
    expect(fromXml(taxii10.ContentBlock, out)).toEqual({ contentBinding: "urn:b", content: { text: "ten" } });
    expect((await run("taxii-poll", [...args, "-r", "-t", "1.0"], old)).out).toMatch(/Content Binding: urn:b/);
  });

  it("--count-only: the number alone on standard output", async () => {
    const { code, out, err, request } = await poll(["--count-only"]);
    expect([code, out, err]).toEqual([0, "2\n", ""]);
    expect(request?.pollParameters?.responseType).toBe("COUNT_ONLY");
    const partial = await poll(["--count"], answering({ recordCount: { value: 7, partialCount: true } }));
    expect([partial.code, partial.out, partial.err]).toEqual([0, "7\n", "taxii-poll: the count is partial: there are more\n"]);
    const unknown = await poll(["--count-only"], answering({}));
    expect([unknown.code, unknown.out, unknown.err]).toEqual([1, "", "taxii-poll: the server does not say how many blocks there are\n"]);
    for (const impossible of [
      ["-s", "sub-1"],
      ["-t", "1.0"],
    ])
      expect((await poll(["--count-only", ...impossible])).code).toBe(2);
  });

  it("tells of parts with --verbose", async () => {
    expect((await poll(["-v"])).err).toContain("taxii-poll: part 1\n");
  });

  it("delivers what is whole of a reply that is cut off, and exits with 4", async () => {
    const server = producer(answering({ contentBlocks: blocks11 }));
    const { code, out, err } = await run("taxii-poll", args, { fetch: async (request) => withoutEnd(await server.fetch(request)) });
    expect([code, out]).toEqual([4, '<x xmlns="urn:x">1 &lt; 2</x>\n']);
    expect(err).toMatch(/TRUNCATED.*\n.*1 block polled|1 block polled\n.*TRUNCATED/s);
  });

  it("exits with 1 when the server refuses, with its words and details", async () => {
    const { code, out, err } = await poll([], (message) =>
      statusMessage("NOT_FOUND", { inResponseTo: message.messageId, message: "No such feed.", details: { ITEM: "feed" } }),
    );
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("taxii-poll: NOT_FOUND: No such feed.\n  ITEM: feed\n");
  });
});

describe("taxii-poll --dest-dir", () => {
  it("writes a file for each block, named after collection and block", async () => {
    const directory = folder();
    const { code, out } = await poll(["--dest-dir", directory]);
    expect([code, out]).toEqual([0, ""]);
    const files = readdirSync(directory).sort();
    expect(files).toHaveLength(2);
    for (const file of files) expect(file).toMatch(/^feed_[0-9a-f]{32}$/);
    expect(files.map((file) => readFileSync(join(directory, file), "utf8")).sort()).toEqual(['<x xmlns="urn:x">1 &lt; 2</x>', "zwölf <"]);
  });

  it("writes whole blocks with --raw, whose MD5 is in the name", async () => {
    const directory = folder();
    expect((await poll(["--dest-dir", directory, "-r"])).code).toBe(0);
    const files = readdirSync(directory);
    const contents = files.map((file) => readFileSync(join(directory, file), "utf8"));
    expect(contents.map((content) => fromXml(taxii11.ContentBlock, content).content)).toHaveLength(2);
    expect(files).toEqual(contents.map((content) => `feed_${createHash("md5").update(content).digest("hex")}`));
  });

  it("writes a block that is there already once", async () => {
    const directory = folder();
    await poll(["--dest-dir", directory]);
    const { err } = await poll(["--dest-dir", directory, "-v"]);
    expect(readdirSync(directory)).toHaveLength(2);
    expect(err.match(/taxii-poll: unchanged /g)).toHaveLength(2);
  });

  it("does not leave the folder, whatever the collection is called", async () => {
    const directory = folder();
    const { code } = await run("taxii-poll", ["--path", `${origin}/poll`, "-c", "../../etc/x y", "--dest-dir", directory], producer());
    expect(code).toBe(0);
    for (const file of readdirSync(directory)) expect(file).toMatch(/^-etc-x-y_[0-9a-f]{32}$/);
  });

  it("names a folder that is not there, and makes none", async () => {
    const missing = join(folder(), "missing");
    const { code, err } = await poll(["--dest-dir", missing]);
    expect([code, existsSync(missing)]).toEqual([2, false]);
    expect(err).toContain(missing);
    writeFileSync(missing, "");
    expect((await poll(["--dest-dir", missing])).code).toBe(2);
  });
});

describe("a file name", () => {
  it.each([
    ["feed", "feed"],
    ["urn:x:feed 1", "urn-x-feed-1"],
    ["grüße_дом", "grüße_дом"],
    ["..", "-"],
  ])("of %j begins with %j", (collection, expected) =>
    expect(fileNameOf(collection, "x")).toBe(`${expected}_9dd4e461268c8034f5c8564e155c67a6`),
  );
});
