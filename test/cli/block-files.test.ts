import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBlockFiles } from "../../src/cli/block-files.js";
import { UsageError } from "../../src/cli/failure.js";
import { testEnvironment } from "./environment.js";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "taxii-files-"));
  folder = join(root, "blocks");
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const content = (name: string): string => readFileSync(join(folder, name), "utf8");

describe("createBlockFiles", () => {
  it("writes whole files and nothing beside them", async () => {
    const files = await createBlockFiles(folder, { existing: "keep" }, testEnvironment());
    expect(await files.save("a.xml", "<a/>")).toEqual({ path: join(folder, "a.xml"), outcome: "created" });
    expect(await files.save("b", Uint8Array.of(0, 255))).toMatchObject({ outcome: "created" });
    expect(readdirSync(folder).sort()).toEqual(["a.xml", "b"]);
    expect(readFileSync(join(folder, "b"))).toEqual(Buffer.of(0, 255));
  });

  it("never leaves the folder, whatever the name", async () => {
    const files = await createBlockFiles(folder, { existing: "overwrite" }, testEnvironment());
    const names = fc.string({ unit: fc.constantFrom("/", "\\", "..", ".", "\0", "~", "a", ":", "C:", "\n"), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const { path } = await files.save(name, name);
        expect(dirname(path)).toBe(folder);
        expect(readFileSync(path, "utf8")).toBe(name);
      }),
    );
    expect(readdirSync(root)).toEqual(["blocks"]);
  });

  it("keeps, overwrites, refuses or asks, as it is told", async () => {
    writeFileSync(join(folder, "a"), "old");
    const open = (existing: "keep" | "overwrite" | "ask" | "refuse", answers?: string[]) =>
      createBlockFiles(folder, { existing }, testEnvironment(answers === undefined ? {} : { answers }));
    expect(await (await open("keep")).save("a", "new")).toMatchObject({ outcome: "skipped" });
    expect(await (await open("ask")).save("a", "new")).toMatchObject({ outcome: "skipped" });
    expect(await (await open("ask", ["no"])).save("a", "new")).toMatchObject({ outcome: "skipped" });
    await expect((await open("refuse")).save("a", "new")).rejects.toThrow(/a exists with other content$/);
    expect(content("a")).toBe("old");
    expect(await (await open("ask", ["y"])).save("a", "new")).toMatchObject({ outcome: "overwritten" });
    expect(content("a")).toBe("new");
    expect(await (await open("overwrite")).save("a", "newer")).toMatchObject({ outcome: "overwritten" });
    expect(content("a")).toBe("newer");
    expect(await (await open("refuse")).save("a", "newer")).toMatchObject({ outcome: "unchanged" });
  });

  it("does not follow links", async () => {
    const outside = join(root, "outside");
    writeFileSync(outside, "mine");
    symlinkSync(outside, join(folder, "link"));
    symlinkSync(join(root, "missing"), join(folder, "dangling"));
    const keep = await createBlockFiles(folder, { existing: "keep" }, testEnvironment());
    expect(await keep.save("link", "mine")).toMatchObject({ outcome: "skipped" });
    expect(await keep.save("dangling", "theirs")).toMatchObject({ outcome: "skipped" });
    const overwrite = await createBlockFiles(folder, { existing: "overwrite" }, testEnvironment());
    expect(await overwrite.save("link", "theirs")).toMatchObject({ outcome: "overwritten" });
    expect(readFileSync(outside, "utf8")).toBe("mine");
    expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(false);
    expect(readdirSync(root).sort()).toEqual(["blocks", "outside"]);
  });

  it("leaves nothing half written where it cannot write", async () => {
    mkdirSync(join(folder, "a"));
    const files = await createBlockFiles(folder, { existing: "overwrite" }, testEnvironment());
    await expect(files.save("a", "x")).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("wants a folder, and makes one where it may", async () => {
    const environment = testEnvironment();
    const missing = join(root, "x", "y");
    await expect(createBlockFiles(missing, { existing: "keep" }, environment)).rejects.toThrow(UsageError);
    const file = join(root, "file");
    writeFileSync(file, "");
    await expect(createBlockFiles(file, { existing: "keep" }, environment)).rejects.toThrow(/file is no folder/);
    await (await createBlockFiles(missing, { existing: "keep", create: true }, environment)).save("a", "");
    expect(readdirSync(missing)).toEqual(["a"]);
  });
});
