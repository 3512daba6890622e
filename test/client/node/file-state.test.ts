import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileState } from "../../../src/client/node/file-state.js";
import { withLock } from "../../../src/client/node/lock-file.js";
import type { PollState } from "../../../src/client/poll/state.js";
import { isTaxiiError } from "../../../src/errors.js";
import { failure } from "./kit.js";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taxii-state-"));
  path = join(folder, "state.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const state: PollState = { after: "2026-01-01T00:00:00.123456Z", result: { id: "r1", part: 2 } };

describe("a state file", () => {
  it("gives what it was given, later and to others", async () => {
    const store = fileState(path);
    expect(await store.load("a")).toBeUndefined();
    expect(existsSync(path)).toBe(false);
    await store.save("a", state);
    await store.save("b", { after: "2026-01-02T00:00:00+01:00" });
    await store.save("a", { ...state, after: undefined });
    await store.save("c", {});
    expect(await fileState(path).load("a")).toEqual({ result: { id: "r1", part: 2 } });
    expect(await fileState(path).load("b")).toEqual({ after: "2026-01-02T00:00:00+01:00" });
    expect(await fileState(path).load("c")).toEqual({});
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
      a: { result: { id: "r1", part: 2 } },
      b: { after: "2026-01-02T00:00:00+01:00" },
      c: {},
    });
  });

  it("takes any key", async () => {
    const keys = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "constructor", "toString", "0"));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, fc.integer({ min: 1 })), async (parts) => {
        rmSync(path, { force: true });
        const store = fileState(path);
        for (const [key, part] of Object.entries(parts)) await store.save(key, { result: { id: key, part } });
        for (const [key, part] of Object.entries(parts)) expect(await store.load(key)).toEqual({ result: { id: key, part } });
        expect(await store.load("another key")).toBeUndefined();
      }),
      { numRuns: 10 },
    );
  });

  it("is for its owner alone, and leaves nothing else behind", async () => {
    writeFileSync(path, "{}", { mode: 0o644 });
    await fileState(path).save("a", state);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  it("may be a link, and stays one", async () => {
    const link = join(folder, "link.json");
    await fileState(path).save("a", state);
    symlinkSync(path, link);
    await fileState(link).save("b", state);
    expect(await fileState(path).load("b")).toEqual(state);
    expect(readdirSync(folder).sort()).toEqual(["link.json", "state.json"]);
  });

  it.each([
    ["", "it holds no JSON object"],
    ["[]", "it holds no JSON object"],
    ["null", "it holds no JSON object"],
    ['{"a":{"after":"2026-01-01T00:00:00Z"}', "JSON"],
    ['{"a":1}', 'the state of "a" is not an object'],
    ['{"a":{"after":"yesterday"}}', '"after" of "a" is not a timestamp'],
    ['{"a":{"after":5}}', '"after" of "a" is not a timestamp'],
    ['{"a":{"result":"r1"}}', '"result" of "a" is not an object'],
    ['{"a":{"result":{"part":1}}}', '"result.id" of "a" is not a text'],
    ['{"a":{"result":{"id":"r1","part":0}}}', '"result.part" of "a" is not a whole number from 1 on'],
    ['{"a":{"result":{"id":"r1","part":1.5}}}', '"result.part" of "a" is not a whole number from 1 on'],
    ['{"a":{"before":"2026-01-01T00:00:00Z"}}', 'the property "before" of "a" is not one that is known here'],
    ['{"\\u001b[2J":1}', 'the state of "[2J" is not an object'],
  ])("that is broken is said to be, and left as it is: %j", async (text, reason) => {
    writeFileSync(path, text);
    const store = fileState(path);
    for (const fault of [await failure(store.load("b")), await failure(store.save("b", state))]) {
      expect(isTaxiiError(fault) && fault.code).toBe("STATE_FILE");
      expect(fault.message).toContain(`the state file ${path} is broken: `);
      expect(fault.message).toContain(reason);
      expect(fault.message).toContain("repair it, or remove it to begin anew");
    }
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readdirSync(folder)).toEqual(["state.json"]);
    // The next save is not stuck behind the one that failed.
    rmSync(path);
    await store.save("b", state);
    expect(await store.load("b")).toEqual(state);
  });

  it("that cannot be read or written is said to be", async () => {
    mkdirSync(path);
    expect((await failure(fileState(path).load("a"))).message).toMatch(/^the state file .*state\.json cannot be read: EISDIR/);
    const missing = join(folder, "missing", "state.json");
    expect(await fileState(missing).load("a")).toBeUndefined();
    expect((await failure(fileState(missing).save("a", state))).message).toMatch(/^the state file .*state\.json cannot be written: ENOENT/);
  });

  it.skipIf(process.getuid?.() === 0)("in a folder that is not to be written is left alone", async () => {
    chmodSync(folder, 0o500);
    expect((await failure(fileState(path).save("a", state))).message).toContain("EACCES");
    chmodSync(folder, 0o700);
  });
});

describe("several at once", () => {
  it("lose nothing within a process", async () => {
    const stores = Array.from({ length: 4 }, () => fileState(path));
    await Promise.all(
      stores.flatMap((store, at) =>
        Array.from({ length: 10 }, (_, part) => store.save(`${at}-${part}`, { result: { id: "r", part: part + 1 } })),
      ),
    );
    expect(Object.keys(JSON.parse(readFileSync(path, "utf8")) as object)).toHaveLength(40);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  it("keep the last of what one store is given", async () => {
    const store = fileState(path);
    await Promise.all(Array.from({ length: 20 }, (_, part) => store.save("a", { result: { id: "r", part: part + 1 } })));
    expect(await store.load("a")).toEqual({ result: { id: "r", part: 20 } });
  });

  it("lose nothing among processes", async () => {
    const script = fileURLToPath(new URL("../../support/state-writer.ts", import.meta.url));
    const children = ["a", "b", "c"].map((name) =>
      spawn(process.execPath, ["--import", "tsx", script, path, name, "15"], { stdio: "inherit" }),
    );
    const codes = await Promise.all(children.map(async (child) => ((await once(child, "exit")) as [number | null])[0]));
    expect(codes).toEqual([0, 0, 0]);
    expect(Object.keys(JSON.parse(readFileSync(path, "utf8")) as object)).toHaveLength(45);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });
});

describe("a lock", () => {
  it("that was left behind is taken away, by one", async () => {
    writeFileSync(`${path}.lock`, "somebody who died");
    await Promise.all(["a", "b", "c", "d"].map((key) => fileState(path, { staleAfter: 500 }).save(key, state)));
    expect(Object.keys(JSON.parse(readFileSync(path, "utf8")) as object).sort()).toEqual(["a", "b", "c", "d"]);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  it("that others take in turns is not taken away", async () => {
    const lock = `${path}.lock`;
    let turns = 0;
    writeFileSync(lock, "turn 0");
    const turning = setInterval(() => writeFileSync(lock, `turn ${++turns}`), 5);
    const saved = fileState(path, { staleAfter: 300 }).save("a", state);
    const first = await Promise.race([saved.then(() => "saved"), sleep(900).then(() => "waiting")]);
    clearInterval(turning);
    expect(first).toBe("waiting");
    rmSync(lock);
    await saved;
  });

  it("that cannot be taken away is an error that says which", async () => {
    writeFileSync(`${path}.lock`, "somebody who died");
    writeFileSync(`${path}.lock.stale`, "somebody else who died");
    const fault = await failure(fileState(path, { staleAfter: 20 }).save("a", state));
    expect(fault.message).toBe(
      `the state file ${path} cannot be written: the lock ${path}.lock does not come free; ` +
        `if no other process is at work, remove it and ${path}.lock.stale`,
    );
    expect(existsSync(path)).toBe(false);
  });

  it("that was lost stops what would follow, and is not given back", async () => {
    const lock = join(folder, "lock");
    const fault = await failure(
      withLock(lock, 1000, async (check) => {
        await check();
        writeFileSync(lock, "somebody else");
        await check();
      }),
    );
    expect(fault.message).toBe(`the lock ${lock} was taken away: this process stood still for too long`);
    expect(readFileSync(lock, "utf8")).toBe("somebody else");
  });

  it("is given back when what it was for fails", async () => {
    const lock = join(folder, "lock");
    const fault = new Error("no");
    expect(await failure(withLock(lock, 1000, () => Promise.reject(fault)))).toBe(fault);
    expect(await withLock(lock, 1000, async () => "yes")).toBe("yes");
    expect(readdirSync(folder)).toEqual([]);
  });
});
