/** The files that content blocks are written to. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { ContentBlockInit } from "../../../generated/taxii11/index.js";
import { nameOf, UniqueNames } from "../../../src/cli/libtaxii/block-names.js";
import { contentBindings } from "../../../src/constants.js";
import type { TestEnvironmentOptions } from "../environment.js";
import { block, peer, pollResponse, pollResponse10, type Run, run, url } from "./kit.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let destination = folder;
beforeEach(() => {
  destination = mkdtempSync(join(folder, "dest-"));
});

const label = "2015-01-02T03:04:05.000678Z";
const labelled = (text: string, init: Partial<ContentBlockInit> = {}): ContentBlockInit => block(text, { timestampLabel: label, ...init });
const name = "feed_STIX111_t2015_01_02T03_04_05_000678_00_00";

interface Reply {
  readonly blocks: readonly ContentBlockInit[];
  readonly collection?: string;
  readonly part?: number;
}

function poll(
  { blocks, collection = "feed", part = 1 }: Reply,
  args: readonly string[] = [],
  options: TestEnvironmentOptions = {},
): Promise<Run> {
  const answering = peer((message) => pollResponse(message, { collectionName: collection, resultPartNumber: part, contentBlocks: blocks }));
  return run("poll_client", ["-u", url, "--dest-dir", destination, ...args], { fetch: answering.fetch, ...options });
}

const written = (): Record<string, string> =>
  Object.fromEntries(readdirSync(destination).map((file) => [file, readFileSync(join(destination, file), "utf8")]));
const told = ({ out }: Run): string[] =>
  out
    .split("\n")
    .filter((line) => line.startsWith("File "))
    .map((line) => line.replace(`${destination}/`, ""));

describe("names", () => {
  const now = new Date("2026-11-21T22:18:32.123Z");
  const named = (contentBinding: string, timestampLabel?: string, collection = "c", part = 1): string =>
    nameOf({ collection, part }, { contentBinding, timestampLabel }, now).join("|");

  it.each([
    [contentBindings.stix10, "c_STIX10_t2015_01_02T03_04_05_000678_00_00|.xml"],
    [contentBindings.stix101, "c_STIX101_t2015_01_02T03_04_05_000678_00_00|.xml"],
    [contentBindings.stix11, "c_STIX11_t2015_01_02T03_04_05_000678_00_00|.xml"],
    [contentBindings.stix111, "c_STIX111_t2015_01_02T03_04_05_000678_00_00|.xml"],
    [contentBindings.stix12, "c_STIX12_t2015_01_02T03_04_05_000678_00_00|.xml"],
    ["urn:other", "ct2015_01_02T03_04_05_000678_00_00|"],
    ["toString", "ct2015_01_02T03_04_05_000678_00_00|"],
  ])("of %s are libtaxii's", (binding, expected) => expect(named(binding, label)).toBe(expected));

  it("have the time it is where there is no label", () => expect(named("urn:other")).toBe("cs2026_11_21T22_18_32_123000_00_00|"));

  it("have neither dots at the beginning nor what file systems refuse", () =>
    expect(named("urn:other", label, '../..\\a:b*?"<>|')).toBe("...abt2015_01_02T03_04_05_000678_00_00|".replace(/^\.+/, "")));

  it("have the part from the second on: its files stay beside those of the parts before", () =>
    expect(named("urn:other", label, "c", 2)).toBe("ct2015_01_02T03_04_05_000678_00_00_part2|"));

  it("are made unique, whatever the names", () => {
    const names = fc.array(fc.tuple(fc.constantFrom("a", "a_2", "a_2_2", "b"), fc.constantFrom("", ".xml")), { maxLength: 40 });
    fc.assert(
      fc.property(names, (list) => {
        const unique = new UniqueNames();
        const taken = list.map(([first, extension]) => unique.take(first, extension));
        expect(new Set(taken).size).toBe(list.length);
        expect(taken[0]).toBe(list[0]?.join(""));
      }),
    );
  });
});

describe("blocks", () => {
  it("are written as they were sent", async () => {
    const xml = `<?keep me?><a:b xmlns:a="urn:a"  c='d'><![CDATA[<]]></a:b>`;
    const found = await poll({ blocks: [labelled("a < b & \u{1f600}\n"), { ...labelled(""), content: { xml } }] });
    expect(written()).toEqual({ [`${name}.xml`]: "a < b & \u{1f600}\n", [`${name}_2.xml`]: xml });
    expect(told(found)).toEqual([`File created: ${name}.xml`, `File created: ${name}_2.xml`]);
    expect(found.code).toBe(0);
  });

  it("are written from TAXII 1.0 as well", async () => {
    const contentBlocks = [{ contentBinding: contentBindings.stix111, content: { text: "x" }, timestampLabel: label }];
    const answering = peer((message) => pollResponse10(message, { contentBlocks }));
    await run("poll_client_10", ["-u", url, "--dest-dir", destination], { fetch: answering.fetch });
    expect(written()).toEqual({ [`${name}.xml`]: "x" });
  });

  it("do not overwrite each other, in one part or in several", async () => {
    await poll({ blocks: [labelled("a"), labelled("b"), labelled("c")] });
    await poll({ blocks: [labelled("d"), labelled("e")], part: 2 });
    expect(written()).toEqual({
      [`${name}.xml`]: "a",
      [`${name}_2.xml`]: "b",
      [`${name}_3.xml`]: "c",
      [`${name}_part2.xml`]: "d",
      [`${name}_part2_2.xml`]: "e",
    });
  });

  it.each(["../../../outside", "/etc/passwd", "..", "a/../../b", "..\\..\\c", "con", "x\u0000y".replace("\u0000", "%00"), "ä".repeat(500)])(
    "of a collection %j stay in the folder",
    async (collection) => {
      const found = await poll({ blocks: [labelled("x")], collection });
      expect([found.code, Object.values(written())]).toEqual([0, ["x"]]);
      expect(Object.keys(written())[0]).toMatch(/t2015_01_02T03_04_05_000678_00_00\.xml$|-[0-9a-f]{16}\.xml$/);
    },
  );

  it("do not go where a symbolic link leads", async () => {
    const outside = join(mkdtempSync(join(folder, "outside-")), "file");
    writeFileSync(outside, "mine");
    symlinkSync(outside, join(destination, `${name}.xml`));
    await poll({ blocks: [labelled("x")] });
    expect(readFileSync(outside, "utf8")).toBe("mine");
    expect(written()).toEqual({ [`${name}.xml`]: "x" });
  });
});

describe("--write", () => {
  beforeEach(() => writeFileSync(join(destination, `${name}.xml`), "old"));
  const blocks = [labelled("new"), labelled("other")];
  const [first, second] = [`${name}.xml`, `${name}_2.xml`];

  it("clobber overwrites", async () => {
    expect(told(await poll({ blocks }))).toEqual([`File overwritten: ${first}`, `File created: ${second}`]);
    expect(written()).toEqual({ [first]: "new", [second]: "other" });
    expect(told(await poll({ blocks }))).toEqual([`File overwritten: ${first}`, `File overwritten: ${second}`]);
  });

  it("skip keeps what is there, and writes what is not", async () => {
    expect(told(await poll({ blocks }, ["--write", "skip"]))).toEqual([`File write skipped: ${first}`, `File created: ${second}`]);
    expect(written()).toEqual({ [first]: "old", [second]: "other" });
    expect(told(await poll({ blocks }, ["--write", "skip"]))).toEqual([`File write skipped: ${first}`, `File write skipped: ${second}`]);
  });

  it.each([
    ["y", "File overwritten", "new"],
    ["n", "File write skipped", "old"],
  ])("prompt asks, and does what is answered: %s", async (reply, words, content) => {
    const found = await poll({ blocks }, ["--write", "prompt"], { answers: [reply] });
    expect(found.environment.questions).toHaveLength(1);
    expect(found.environment.questions[0]?.question).toContain(first);
    expect(told(found)).toEqual([`${words}: ${first}`, `File created: ${second}`]);
    expect(written()).toEqual({ [first]: content, [second]: "other" });
  });

  it("prompt keeps what is there when there is nobody to ask", async () => {
    expect(told(await poll({ blocks }, ["--write", "prompt"]))).toEqual([`File write skipped: ${first}`, `File created: ${second}`]);
    expect(written()[first]).toBe("old");
  });

  it("none writes nothing, and needs no folder", async () => {
    const found = await poll({ blocks }, ["--write", "none", "--dest-dir", "/nonexistent"]);
    expect([found.code, told(found), written()]).toEqual([0, [], { [first]: "old" }]);
  });
});

it("a folder that is not there is noticed before anything is sent", async () => {
  const sent = peer();
  const { code, err, out } = await run("poll_client", ["-u", url, "--dest-dir", join(folder, "missing")], { fetch: sent.fetch });
  expect([code, out, sent.requests.length]).toEqual([2, "", 0]);
  expect(err).toMatch(/^poll_client: .*missing: there is no such file or folder\n$/);
});
