/** `taxii mirror --dest-dir`. */

import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ContentBlockInit, StatusMessage } from "../../../generated/taxii11/index.js";
import { InterruptedError } from "../../../src/cli/interrupted.js";
import { xmlContent } from "../../../src/codec/fragment.js";
import { create } from "../../../src/message/create.js";
import { isPoll, pollResponse, producer, service } from "../../client/peer.js";
import { block } from "../../server/kit.js";
import type { TestEnvironmentOptions } from "../environment.js";
import { discovery, jsonLines, taxii } from "../run.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taxii-mirror-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;
const labelled = (second: number, text = `block ${second}`): ContentBlockInit => ({ ...block(text), timestampLabel: at(second) });

/** A feed that gives what it holds by label; `fail` can answer in its place. */
function feed(held: ContentBlockInit[], fail: () => boolean = () => false) {
  const asked: (string | undefined)[] = [];
  const peer = producer([service("POLL", "http://taxii.test/poll")], [], ({ message }) => {
    if (!isPoll(message) || message.$type !== "taxii11.PollRequest") throw new Error(message.$type);
    if (fail()) return create(StatusMessage, { inResponseTo: message.messageId, statusType: "FAILURE", message: "no" });
    const { exclusiveBeginTimestamp: after = "" } = message;
    asked.push(message.exclusiveBeginTimestamp);
    const contentBlocks = held.filter(({ timestampLabel = "9" }) => timestampLabel > after);
    const last = held.at(-1)?.timestampLabel ?? after;
    return pollResponse(message, { contentBlocks, inclusiveEndTimestamp: last === "" ? undefined : last });
  });
  return { ...peer, asked };
}

type Feed = ReturnType<typeof feed>;

const mirror = (peer: Pick<Feed, "fetch">, args: readonly string[] = [], options: TestEnvironmentOptions = {}) =>
  taxii(["mirror", discovery, "--collection", "feed", "--dest-dir", folder, "--retries", "0", ...args], { fetch: peer.fetch, ...options });

const index = () => jsonLines(readFileSync(join(folder, "index.ndjson"), "utf8"));
const contents = (): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith(".") && name !== "index.ndjson")
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .sort();

describe("a folder", () => {
  it("gets what is new, run after run", async () => {
    const held = [labelled(1), labelled(2)];
    const peer = feed(held);
    const first = await mirror(peer, ["--json"]);
    expect(first.code).toBe(0);
    expect(first.err).toBe(`2 blocks new of feed in ${folder} (14 bytes received); complete up to ${at(2)}\n`);
    expect(jsonLines(first.out)).toEqual([{ collection: "feed", new: 2, known: 0, bytes: 14, end: at(2), error: null }]);
    held.push(labelled(3));
    expect((await mirror(peer)).err).toContain("1 block new of feed");
    expect((await mirror(peer)).err).toContain("0 blocks new of feed");
    expect([...new Set(peer.asked)]).toEqual([undefined, at(2), at(3)]);
    expect(contents()).toEqual(["block 1", "block 2", "block 3"]);
    expect(index().map(({ label }) => label)).toEqual([at(1), at(2), at(3)]);
  });

  it("keeps everything that comes with a block", async () => {
    const signature = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">…</ds:Signature>';
    const full: ContentBlockInit = {
      signature: { xml: signature },
      content: xmlContent("<a>\r\n</a>"),
      contentBinding: { bindingId: "urn:a", subtype: { subtypeId: "urn:a1" } },
      timestampLabel: "2026-01-01T01:00:00.123456+01:00",
      message: "a remark",
      padding: "xxxx",
    };
    await mirror(feed([full, { ...block("<a/>", "urn:b") }]));
    const [first, second] = index();
    expect(first).toEqual({
      file: expect.stringMatching(/^feed_20260101T010000\.123456\+01_00_[0-9a-f]{12}\.xml$/),
      collection: "feed",
      label: "2026-01-01T01:00:00.123456+01:00",
      binding: "urn:a",
      subtype: "urn:a1",
      kind: "xml",
      message: "a remark",
      padding: "xxxx",
      signature,
      bytes: expect.any(Number),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    // Text that looks like markup is something else than markup.
    expect(second).toMatchObject({ binding: "urn:b", kind: "text" });
    expect(second).not.toHaveProperty("label");
  });

  it("can be read again whatever a remark holds", async () => {
    const message = "one\u2028two\u2029three\nfour\u0085five";
    const peer = feed([{ ...labelled(1), message }]);
    await mirror(peer);
    rmSync(join(folder, ".taxii-mirror.json"));
    expect((await mirror(peer)).err).toContain("1 block known already");
    expect(index()).toMatchObject([{ message }]);
  });

  it("has each block once, also when the state is lost", async () => {
    const peer = feed([labelled(1), labelled(2)]);
    await mirror(peer);
    rmSync(join(folder, ".taxii-mirror.json"));
    expect((await mirror(peer)).err).toContain("0 blocks new of feed");
    expect(index()).toHaveLength(2);
  });

  it("remembers files that were moved away", async () => {
    const peer = feed([labelled(1)]);
    await mirror(peer);
    const [{ file = "" } = {}] = index() as { file?: string }[];
    renameSync(join(folder, file), join(folder, ".elsewhere"));
    rmSync(join(folder, ".taxii-mirror.json"));
    expect((await mirror(peer)).err).toContain("1 block known already");
    expect(contents()).toEqual([]);
  });

  it("knows a block that a server gives once more with an old label, or without any", async () => {
    const held = [labelled(1), { ...block("no label") }, labelled(5)];
    const peer = feed(held);
    await mirror(peer);
    // The server puts it in once more, behind the state.
    const stubborn = producer([service("POLL", "http://taxii.test/poll")], [], ({ message }) =>
      pollResponse(message, { contentBlocks: held, inclusiveEndTimestamp: at(9) }),
    );
    expect((await mirror(stubborn)).err).toContain("0 blocks new of feed in");
    expect(index()).toHaveLength(3);
  });

  it("tells blocks apart that differ in what comes with the content", async () => {
    const held = [
      labelled(1, "same"),
      { ...labelled(1, "same"), message: "another remark" },
      { ...labelled(1, "same"), contentBinding: { bindingId: "urn:other" } },
    ];
    await mirror(feed(held));
    expect(index()).toHaveLength(3);
    expect(new Set(index().map(({ id }) => id)).size).toBe(3);
    expect(contents()).toEqual(["same"]);
  });

  it("saves content once with --dedupe, and a line for each block", async () => {
    const peer = feed([labelled(1, "same"), labelled(2, "same"), labelled(3, "other")]);
    await mirror(peer, ["--dedupe"]);
    expect(contents()).toEqual(["other", "same"]);
    expect(index().map(({ label }) => label)).toEqual([at(1), at(2), at(3)]);
    const [first, second] = index();
    expect(second?.["file"]).toBe(first?.["file"]);
    const again = feed([labelled(1, "same"), labelled(2, "same"), labelled(3, "other"), labelled(4, "same")]);
    await mirror(again, ["--dedupe"]);
    expect(contents()).toEqual(["other", "same"]);
    expect(index()).toHaveLength(4);
  });

  it("begins where it is told, the first time", async () => {
    const peer = feed([labelled(1)]);
    const now = new Date("2026-01-08T00:00:00Z");
    await mirror(peer, ["--since", "7d"], { now });
    await mirror(peer, ["--since", "1d"], { now });
    expect([...new Set(peer.asked)]).toEqual(["2026-01-01T00:00:00.000000Z", at(1)]);
  });
});

describe("a folder after a crash", () => {
  it("loses a line that was not written to its end, and gets it again", async () => {
    const peer = feed([labelled(1), labelled(2)]);
    await mirror(peer);
    rmSync(join(folder, ".taxii-mirror.json"));
    const path = join(folder, "index.ndjson");
    truncateSync(path, readFileSync(path).length - 5);
    await mirror(peer);
    expect(index().map(({ label }) => label)).toEqual([at(1), at(2)]);
    expect(contents()).toHaveLength(2);
  });

  it("finds the files that have no line yet", async () => {
    const peer = feed([labelled(1), labelled(2)]);
    await mirror(peer);
    rmSync(join(folder, ".taxii-mirror.json"));
    const path = join(folder, "index.ndjson");
    writeFileSync(path, `${readFileSync(path, "utf8").split("\n")[0]}\n`);
    await mirror(peer);
    expect(index().map(({ label }) => label)).toEqual([at(1), at(2)]);
    expect(contents()).toHaveLength(2);
  });

  it("is tidied up", async () => {
    const names = [
      ".taxii-0123456789abcdef.part",
      ".taxii-fedcba9876543210.part",
      ".taxii-mirror.json.0123456789abcdef.part",
      ".mine.part",
    ];
    for (const name of names) writeFileSync(join(folder, name), "half");
    const old = Date.now() / 1000 - 3600;
    utimesSync(join(folder, ".taxii-0123456789abcdef.part"), old, old);
    await mirror(feed([labelled(1)]));
    // Another program may be writing the second one.
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([".mine.part", ".taxii-fedcba9876543210.part"]);
  });

  it("never replaces what the user made of a file", async () => {
    const peer = feed([labelled(1)]);
    await mirror(peer);
    const [{ file = "" } = {}] = index() as { file?: string }[];
    writeFileSync(join(folder, file), "my notes");
    for (const name of [".taxii-mirror.json", "index.ndjson"]) rmSync(join(folder, name));
    await mirror(peer);
    expect(contents()).toEqual(["block 1", "my notes"]);
    expect(readFileSync(join(folder, String(index()[0]?.["file"])), "utf8")).toBe("block 1");
  });
});

describe("what goes wrong", () => {
  it("is reported, and what came before is kept", async () => {
    let calls = 0;
    const peer = feed([labelled(1)], () => ++calls > 1);
    await mirror(peer);
    const { code, err, out } = await mirror(peer, ["--json"]);
    expect(code).toBe(1);
    expect(err).toContain("taxii mirror: FAILURE: no\n");
    expect(jsonLines(out)).toMatchObject([{ new: 0, error: "FAILURE: no" }]);
    expect(contents()).toEqual(["block 1"]);
  });

  it.each([
    [".taxii-mirror.json", "{}", "is no state of a mirror"],
    [".taxii-mirror.json", '{"version":1,"states":{"a":{"after":"yesterday"}}}', "states.a.after: expected a date and time"],
    ["index.ndjson", "nonsense\n", "is no index of a mirror: line 1"],
    ["index.ndjson", '{"a":1}\nmy own last line', "is no index of a mirror: its last line"],
  ])("%s: %s", async (name, text, expected) => {
    appendFileSync(join(folder, name), text);
    const { code, err } = await mirror(feed([labelled(1)]));
    expect(code).toBe(2);
    expect(err).toContain(expected);
    expect(readFileSync(join(folder, name), "utf8")).toBe(text);
  });

  it.each([
    [[], "expected --dest-dir or --to"],
    [["--dest-dir", "x", "--to", "http://a.example/"], "cannot be used with"],
    [["--to", "http://a.example/", "--dedupe"], "cannot be used with"],
    [["--dest-dir", "x", "--state", "y"], "cannot be used with"],
    [["--dest-dir", "x", "--watch", "0"], "Expected a number of seconds above 0"],
    [["--dest-dir", "x", "--since", "soon"], "Expected a length of time"],
  ])("%j is wrong usage", async (args, expected) => {
    const { code, err } = await taxii(["mirror", discovery, "--collection", "feed", ...args], { fetch: feed([]).fetch });
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });
});

describe("--watch", () => {
  it("goes on until it is stopped, which is no failure", async () => {
    const held = [labelled(1)];
    const controller = new AbortController();
    let rounds = 0;
    // A line for each round.
    const onOut = (): void => {
      rounds += 1;
      if (rounds === 1) held.push(labelled(2));
      if (rounds === 4) controller.abort(new InterruptedError(15));
    };
    const peer = feed(held, () => rounds === 2);
    const { code, out, err } = await mirror(peer, ["--watch", "0.01", "--json"], { signal: controller.signal, onOut });
    expect(code).toBe(0);
    expect(jsonLines(out).map(({ new: arrived, error }) => [arrived, error])).toEqual([
      [1, null],
      [1, null],
      [0, "FAILURE: no"],
      [0, null],
    ]);
    expect(err.split("\n").filter((line) => line.includes("new of feed"))).toHaveLength(2);
    expect(err).toContain("taxii mirror: FAILURE: no\ntrying again in 1 s\n");
    expect(contents()).toEqual(["block 1", "block 2"]);
  });

  it("ends when trying again is of no use", async () => {
    writeFileSync(join(folder, "index.ndjson"), "nonsense\n");
    const { code } = await mirror(feed([labelled(1)]), ["--watch", "0.01"]);
    expect(code).toBe(2);
  });
});
