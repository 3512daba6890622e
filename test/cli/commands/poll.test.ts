import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ContentBlock, type ContentBlockInit, PollResponse, StatusMessage } from "../../../generated/taxii11/index.js";
import { InterruptedError } from "../../../src/cli/interrupted.js";
import type { AnyMessage } from "../../../src/client/index.js";
import { xmlContent } from "../../../src/codec/fragment.js";
import { fromXml } from "../../../src/codec/xml.js";
import { create } from "../../../src/message/create.js";
import { isPoll, pollResponse, producer, respond, service } from "../../client/peer.js";
import { block } from "../../server/kit.js";
import type { TestEnvironmentOptions } from "../environment.js";
import { createPeer, discovery, jsonLines, taxii } from "../run.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taxii-poll-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stix = '<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" version="1.2"/>';
const labels = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"] as const;

/** Three blocks, in as many parts as there are lists. */
function blocks(): ContentBlockInit[] {
  return [
    { content: xmlContent(stix), contentBinding: { bindingId: "urn:stix.mitre.org:xml:1.2" }, timestampLabel: labels[0] },
    { ...block('{"a":1}', "urn:json"), timestampLabel: labels[1], message: "two" },
    { ...block("text\u001b[2J".replace("\u001b", "\u009b"), "urn:text"), timestampLabel: labels[2] },
  ];
}

/** A producer of `parts`, which may be answers of their own. */
function feed(parts: readonly (readonly ContentBlockInit[] | ((request: AnyMessage) => Response | AnyMessage))[], resultId = "urn:result") {
  return producer([service("POLL", "http://taxii.test/poll")], [], ({ message }) => {
    if (!isPoll(message)) throw new Error(message.$type);
    const number = message.$type === "taxii11.PollFulfillment" ? (message.resultPartNumber ?? 1) : 1;
    const part = parts[number - 1];
    if (typeof part === "function") return part(message);
    const more = number < parts.length;
    return pollResponse(message, {
      contentBlocks: part ?? [],
      more,
      resultId: more ? resultId : undefined,
      resultPartNumber: number,
      inclusiveEndTimestamp: labels[2],
    });
  });
}

type Feed = ReturnType<typeof feed>;

const poll = (peer: Pick<Feed, "fetch">, args: readonly string[] = [], options: TestEnvironmentOptions = {}) =>
  taxii(["poll", discovery, "--collection", "feed", "--retries", "0", ...args], { fetch: peer.fetch, ...options });

describe("taxii poll", () => {
  it("writes the content as it is, and sums up on standard error", async () => {
    const { code, out, err } = await poll(feed([blocks()]));
    expect(code).toBe(0);
    expect(out).toBe(`${stix}\n{"a":1}\ntext\u009b[2J\n`);
    expect(err).toBe("3 blocks (92 bytes) of feed, complete up to 2026-01-03T00:00:00Z\n");
    expect((await poll(feed([blocks()]), ["--quiet"])).err).toBe("");
  });

  it("is safe and says more on a terminal", async () => {
    const { out, err } = await poll(feed([blocks()]), [], { outIsTerminal: true, errIsTerminal: true });
    expect(out).toContain("text\\u009b[2J\n");
    expect(err.split("\n").slice(0, 3)).toEqual([
      "--- 2026-01-01T00:00:00Z  urn:stix.mitre.org:xml:1.2",
      "--- 2026-01-02T00:00:00Z  urn:json  two",
      "--- 2026-01-03T00:00:00Z  urn:text",
    ]);
  });

  it("gives a line of JSON for each block", async () => {
    const { out } = await poll(feed([blocks().slice(0, 2), blocks().slice(2)]), ["--json"]);
    expect(jsonLines(out)).toMatchObject([
      { collection_name: "feed", content_kind: "xml", stix_version: "1.2", content: stix, content_is_xml: true },
      { collection_name: "feed", content_kind: "json", stix_version: null, content: '{"a":1}', content_is_xml: false, message: "two" },
      { timestamp_label: "2026-01-03T00:00:00+00:00" },
    ]);
  });

  it("gives one well-formed document with all parts", async () => {
    const { out } = await poll(feed([blocks().slice(0, 2), blocks().slice(2)]), ["--xml"]);
    const message = fromXml(PollResponse, out);
    expect(message).toMatchObject({ collectionName: "feed", more: false, resultPartNumber: 1, inclusiveEndTimestamp: labels[2] });
    expect(message.contentBlocks.map(({ timestampLabel }) => timestampLabel)).toEqual(labels);
    expect(fromXml(PollResponse, (await poll(feed([[]]), ["--xml"])).out).contentBlocks).toEqual([]);
  });

  it("keeps what is whole when the producer breaks off, in a document that is whole as well", async () => {
    const broken = (request: AnyMessage): Response => {
      const whole = respond(pollResponse(request, { contentBlocks: blocks() }));
      const cut = new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(new Uint8Array(await whole.arrayBuffer()).subarray(0, -180));
          controller.close();
        },
      });
      return new Response(cut, whole);
    };
    const { code, out, err } = await poll(feed([broken]), ["--xml"]);
    expect(code).toBe(4);
    expect(fromXml(PollResponse, out).contentBlocks).toHaveLength(2);
    expect(err).toMatch(/^2 blocks .*\ntaxii poll: TRUNCATED: /);
  });

  it("stops at the limit", async () => {
    const peer = feed([blocks().slice(0, 2), blocks().slice(2)]);
    const { code, out, err } = await poll(peer, ["--limit", "2", "--json"]);
    expect([code, jsonLines(out).length]).toEqual([0, 2]);
    expect(err).toContain("stopped at the limit\n");
    expect(peer.sent.filter(({ message }) => isPoll(message))).toHaveLength(1);
  });

  it("counts", async () => {
    const peer = feed([
      (request) => pollResponse(request, { recordCount: { value: 12, partialCount: true }, inclusiveEndTimestamp: labels[2] }),
    ]);
    expect((await poll(peer, ["--count"])).out).toBe("at least 12\n");
    expect(jsonLines((await poll(peer, ["--count", "--json"])).out)).toEqual([
      { collection_name: "feed", record_count: 12, partial_count: true },
    ]);
    expect((await poll(feed([[]]), ["--count"])).err).toBe("The server does not say how many there are.\n");
    expect((await poll(peer, ["--count", "--xml"])).code).toBe(2);
  });

  it("asks for what it is told", async () => {
    const peer = feed([[]]);
    const args = ["--after", "2026-01-01", "--before", "2026-02-01T00:00:00+01:00", "--binding", "urn:a,urn:a1", "--binding", "urn:b"];
    expect((await poll(peer, args)).code).toBe(0);
    expect(peer.sent.at(-1)?.message).toMatchObject({
      collectionName: "feed",
      exclusiveBeginTimestamp: "2026-01-01T00:00:00Z",
      inclusiveEndTimestamp: "2026-02-01T00:00:00+01:00",
      pollParameters: {
        contentBindings: [
          { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:a1" }] },
          { bindingId: "urn:b", subtypes: [] },
        ],
      },
    });
    expect((await poll(peer, ["--since", "7d", "--window", "1d"])).code).toBe(0);
    expect(peer.sent.filter(({ message }) => isPoll(message)).length).toBeGreaterThanOrEqual(8);
    await poll(peer, ["--subscription", "urn:s"]);
    expect(peer.sent.at(-1)?.message).toMatchObject({ subscriptionId: "urn:s" });
  });

  it.each([
    [["--after", "yesterday"], "Expected a date"],
    [["--after", "2026-02-30"], "Expected a date"],
    [["--since", "7"], "Expected a length of time"],
    [["--since", "7d", "--after", "2026-01-01"], "cannot be used with"],
    [["--binding", "urn:a,"], "expected a binding, or BINDING,SUBTYPE"],
    [["--limit", "0"], "at least 1"],
    [["--overwrite"], "--overwrite is given without --dest-dir"],
  ])("refuses %j", async (args, message) => {
    const peer = feed([[]]);
    const { code, err } = await poll(peer, args);
    expect([code, peer.sent.length]).toEqual([2, 0]);
    expect(err).toContain(message);
  });

  it("says what the producer says when it refuses", async () => {
    const status = (request: AnyMessage): StatusMessage =>
      create(StatusMessage, { inResponseTo: request.messageId, statusType: "NOT_FOUND", message: "no such feed" });
    const { code, out, err } = await poll(feed([status]));
    expect([code, out]).toEqual([1, ""]);
    expect(err).toBe("taxii poll: NOT_FOUND: no such feed\n");
  });
});

describe("taxii poll --dest-dir", () => {
  const names = [
    expect.stringMatching(/^feed_20260101T000000Z_[0-9a-f]{12}\.xml$/),
    expect.stringMatching(/^feed_20260102T000000Z_[0-9a-f]{12}\.json$/),
    expect.stringMatching(/^feed_20260103T000000Z_[0-9a-f]{12}\.txt$/),
  ];

  it("writes a file for each block, the same ones each time", async () => {
    const first = await poll(feed([blocks()]), ["--dest-dir", folder]);
    const files = readdirSync(folder).sort();
    expect(files).toEqual(names);
    expect(files.map((file) => readFileSync(join(folder, file), "utf8"))).toEqual([stix, '{"a":1}', "text\u009b[2J"]);
    expect(first.out).toBe(files.map((file) => `${join(folder, file)}\n`).join(""));
    expect(first.err).toContain(`3 saved in ${folder}, 0 were there already\n`);
    const second = await poll(feed([blocks()]), ["--dest-dir", folder]);
    expect(second.err).toContain(`0 saved in ${folder}, 3 were there already\n`);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it("stays in the folder, whatever the producer says", async () => {
    const evil = { ...block("x"), timestampLabel: "2026-01-01T00:00:00Z" };
    const peer = producer([service("POLL", "http://taxii.test/poll")], [], ({ message }) =>
      pollResponse(message, { contentBlocks: [evil], collectionName: "../../evil", inclusiveEndTimestamp: labels[2] }),
    );
    const inner = join(folder, "inner");
    const { code } = await taxii(["poll", discovery, "--collection", "../../evil", "--dest-dir", inner], { fetch: peer.fetch });
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual(["inner"]);
    expect(readdirSync(inner)).toHaveLength(1);
  });

  it("does not replace what exists with other content unless it is told to", async () => {
    await poll(feed([blocks()]), ["--dest-dir", folder]);
    const [first = ""] = readdirSync(folder).sort();
    writeFileSync(join(folder, first), "mine");
    const refused = await poll(feed([blocks()]), ["--dest-dir", folder]);
    expect([refused.code, readFileSync(join(folder, first), "utf8")]).toEqual([2, "mine"]);
    expect(refused.err).toMatch(/exists with other content/);
    expect((await poll(feed([blocks()]), ["--dest-dir", folder, "--overwrite"])).code).toBe(0);
    expect(readFileSync(join(folder, first), "utf8")).toBe(stix);
  });

  it("has whole blocks in XML, and lines about them in JSON", async () => {
    await poll(feed([blocks()]), ["--dest-dir", folder, "--xml"]);
    const [, second = ""] = readdirSync(folder).sort();
    expect(fromXml(ContentBlock, readFileSync(join(folder, second)))).toMatchObject({ message: "two", timestampLabel: labels[1] });
    const { out } = await poll(feed([blocks()]), ["--dest-dir", folder, "--json"]);
    const [line] = jsonLines(out);
    expect(line).toMatchObject({ outcome: "created", bytes: stix.length, collection_name: "feed" });
    expect(line).not.toHaveProperty("content");
    expect(readFileSync(String(line?.["file"]), "utf8")).toBe(stix);
  });

  it("shows how far it is on a terminal, on one line", async () => {
    let time = 0;
    const peer = feed([blocks().slice(0, 2), blocks().slice(2)]);
    const { environment } = await poll(peer, ["--dest-dir", folder], {
      errIsTerminal: true,
      outIsTerminal: true,
      columns: 60,
      now: () => {
        time += 500;
        return new Date(time);
      },
    });
    const lines = environment.errPieces.filter((text) => text.startsWith("\r\u001b[K"));
    expect(lines.some((text) => /^\r\u001b\[K2 blocks, 83 bytes, part 2, [\d.]+ (bytes|kB)\/s$/.test(text))).toBe(true);
    expect(lines.every((text) => text.length < 60 + 4)).toBe(true);
    // The line is gone before the summary.
    expect(environment.errPieces.at(-2)).toBe("\r\u001b[K");
    expect(environment.out).toBe("");
  });
});

describe("taxii poll --state", () => {
  it("goes on where the last one ended", async () => {
    const peer = await createPeer();
    const state = join(folder, "state");
    const push = (input: string) => peer.taxii(["push", "-c", "feed", "-b", "urn:text", "-"], { input });
    const run = () => peer.taxii(["poll", "-c", "feed", "--state", state]);
    await push("one");
    expect((await run()).out).toBe("one\n");
    expect((await run()).out).toBe("");
    await push("two");
    expect((await run()).out).toBe("two\n");
  });

  it("is saved up to the last whole part on Ctrl-C, and the next run has the rest", async () => {
    const state = join(folder, "state");
    const controller = new AbortController();
    const peer = feed([blocks().slice(0, 2), blocks().slice(2)]);
    let seen = 0;
    const interrupted = await poll(peer, ["--state", state, "--json"], {
      signal: controller.signal,
      onOut: () => {
        seen += 1;
        if (seen === 3) controller.abort(new InterruptedError());
      },
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.err).toMatch(/taxii poll: interrupted\n$/);
    expect(interrupted.err).not.toContain("taxii fulfil");
    const rest = await poll(peer, ["--state", state, "--json"]);
    expect(rest.code).toBe(0);
    const all = [...jsonLines(interrupted.out), ...jsonLines(rest.out)].map((line) => String(line["timestamp_label"]).slice(0, 10));
    expect(new Set(all)).toEqual(new Set(labels.map((label) => label.slice(0, 10))));
  });

  it("says what is wrong with the file", async () => {
    const state = join(folder, "state");
    writeFileSync(state, "no state");
    const { code, err } = await poll(feed([blocks()]), ["--state", state]);
    expect(code).toBe(4);
    expect(err).toContain(state);
  });
});

describe("taxii fulfil", () => {
  const fulfil = (peer: Feed, ...args: string[]) =>
    taxii(["fulfil", discovery, "--collection", "feed", "--result", "urn:result", ...args], { fetch: peer.fetch });

  it("fetches the rest of a result", async () => {
    const peer = feed([[], blocks().slice(0, 2), blocks().slice(2)]);
    const { code, out } = await fulfil(peer, "--part", "2", "--json");
    expect([code, jsonLines(out).length]).toEqual([0, 3]);
    expect(peer.sent.filter(({ message }) => isPoll(message)).map(({ message }) => message)).toMatchObject([
      { resultId: "urn:result", resultPartNumber: 2, collectionName: "feed" },
      { resultPartNumber: 3 },
    ]);
  });

  it("is what a poll that broke off points to", async () => {
    const gone = (): Response => new Response("gone", { status: 503, headers: { "Retry-After": "1" } });
    const { code, err } = await poll(feed([blocks().slice(0, 2), gone]));
    expect(code).toBe(1);
    expect(err).toContain("the result goes on: taxii fulfil --collection feed --result urn:result --part 2\n");
  });

  it("is quoted, because a producer may choose an id that a shell would act on", async () => {
    const { err } = await poll(feed([blocks(), () => new Response("gone", { status: 410 })], "urn:x;rm -rf ~'"));
    expect(err).toContain(`taxii fulfil --collection feed --result 'urn:x;rm -rf ~'\\''' --part 2\n`);
  });
});
