/** One process at a time. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lock } from "../../../src/cli/mirror/lock.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taxii-lock-"));
  file = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const quick = { heartbeat: 20, patience: 500 };

it("keeps others out until it is given back", async () => {
  const unlock = await lock(file, quick);
  await expect(lock(file, quick)).rejects.toThrow(`process ${process.pid} on ${hostname()} is at work on the same mirror`);
  await unlock();
  expect(existsSync(file)).toBe(false);
  await (await lock(file, quick))();
});

it("is taken over at once from a process of this machine that has ended", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  writeFileSync(file, JSON.stringify({ id: "old", host: hostname(), pid: child.pid }));
  const unlock = await lock(file, { ...quick, patience: 1e9 });
  expect(readFileSync(file, "utf8")).not.toContain("old");
  await unlock();
});

it.each([
  ["of another machine", JSON.stringify({ id: "old", host: "elsewhere", pid: 1 })],
  ["that has this process's number, as in a new container", JSON.stringify({ id: "old", host: hostname(), pid: process.pid })],
  ["that was not written to its end", '{"id":'],
])("is taken over from one %s when that shows no sign of life", async (_name, content) => {
  writeFileSync(file, content);
  await (await lock(file, { ...quick, patience: 50 }))();
});

it("is taken over by one alone of many that want it", async () => {
  for (let round = 0; round < 10; round++) {
    writeFileSync(file, JSON.stringify({ id: "old", host: "elsewhere", pid: 1 }));
    const taken = await Promise.allSettled(Array.from({ length: 5 }, () => lock(file, { ...quick, patience: 30 })));
    const winners = taken.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(winners).toHaveLength(1);
    for (const unlock of winners) await unlock();
  }
});

it("is left to one of another machine that shows signs of life", async () => {
  writeFileSync(file, JSON.stringify({ id: "other", host: "elsewhere", pid: 1 }));
  let time = Date.now() / 1000;
  const beating = setInterval(() => {
    time += 1;
    utimesSync(file, time, time);
  }, 20);
  try {
    await expect(lock(file, quick)).rejects.toThrow("process 1 on elsewhere");
  } finally {
    clearInterval(beating);
  }
});

it("does not take away what another process has taken over", async () => {
  const unlock = await lock(file, quick);
  writeFileSync(file, JSON.stringify({ id: "other", host: "elsewhere", pid: 1 }));
  await unlock();
  expect(existsSync(file)).toBe(true);
});

it("ends its waiting with the signal", async () => {
  writeFileSync(file, JSON.stringify({ id: "other", host: "elsewhere", pid: 1 }));
  const controller = new AbortController();
  const waiting = lock(file, { patience: 1e6, signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

it("says so when the folder is not there", async () => {
  await expect(lock(join(folder, "none", "lock"), quick)).rejects.toMatchObject({ code: "ENOENT" });
});
