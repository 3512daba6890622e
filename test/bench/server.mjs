// npm run bench:server [-- --rounds N] [-- --check]: the server beside bare node:http. Load comes from processes of their own,
// wrk where it is installed (apt-get install wrk), autocannon otherwise; what is compared takes turns in one run.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DiscoveryRequest, InboxMessage, PollRequest } from "../../dist/generated/taxii11/index.js";
import { create, toXml } from "../../dist/src/index.js";
import { sqliteStorage } from "../../dist/src/storage/sql/sqlite.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "3" },
    only: { type: "string", default: "discovery,inbox,poll,memory" },
    check: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const only = new Set(values.only.split(","));
const at = (name) => fileURLToPath(new URL(`server/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "taxii-bench-server-"));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const failed = [];

console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim()}; median of ${rounds} rounds that take turns\n`);
try {
  const message = (name, shape, init) => {
    const file = join(folder, name);
    writeFileSync(file, toXml(shape, create(shape, init)));
    return file;
  };
  const content = { contentBinding: { bindingId: "urn:example:bench" }, content: { text: "x".repeat(2048) } };
  const files = {
    discovery: message("discovery.xml", DiscoveryRequest, {}),
    inbox: message("inbox.xml", InboxMessage, { destinationCollectionNames: ["feed"], contentBlocks: [content] }),
    poll: message("poll.xml", PollRequest, { collectionName: "feed", pollParameters: {} }),
  };
  if (only.has("discovery")) await discovery(files);
  if (only.has("inbox")) await inbox(files);
  if (only.has("poll")) await poll(files);
  if (only.has("memory")) await memory(files);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed.length > 0 && values.check) process.exitCode = 1;

async function discovery({ discovery: file }) {
  const taxii = await target("taxii", "memory");
  const size = (await answer(`${taxii.url}/discovery`, file)).length;
  const echo = await target("echo", String(size));
  const rates = alternate({
    "bare echo": () => load("requests", echo.url, file, values.seconds, "32").rate,
    discovery: () => load("requests", `${taxii.url}/discovery`, file, values.seconds, "32").rate,
  });
  stop(taxii, echo);
  table(`discovery, 32 connections, answers of ${size} bytes`, "requests/s", rates);
  conclude("discovery / bare echo", ratio(rates.discovery, rates["bare echo"]), 0.35);
}

async function inbox({ inbox: file }) {
  const postgres = await started(spawn(process.execPath, ["--import", "tsx", at("postgres.ts")], { stdio: ["pipe", "pipe", "inherit"] }));
  const sqlite = await target("taxii", join(folder, "inbox.db"));
  const onPostgres = await target("taxii", postgres.url);
  let files = 0;
  const rates = alternate({
    "bare durable commits, SQLite": () => run(at("commits.mjs"), join(folder, `bare-${files++}.db`), "2048", values.seconds).rate,
    "inbox on SQLite, 1 sender": () => load("requests", `${sqlite.url}/inbox`, file, values.seconds, "1").rate,
    "inbox on SQLite, 32 senders": () => load("requests", `${sqlite.url}/inbox`, file, values.seconds, "32").rate,
    "inbox on PostgreSQL, 32 senders": () => load("requests", `${onPostgres.url}/inbox`, file, values.seconds, "32").rate,
  });
  stop(sqlite, onPostgres);
  postgres.child.stdin.end();
  await once(postgres.child, "exit");
  table("inbox, messages of 1 × 2 KB", "messages/s", rates);
  conclude(
    "inbox on SQLite, 32 senders / bare durable commits",
    ratio(rates["inbox on SQLite, 32 senders"], rates["bare durable commits, SQLite"]),
    1,
  );
}

async function poll({ poll: file }) {
  const database = join(folder, "poll.db");
  await fill(database, 10_000);
  const taxii = await target("taxii", database);
  const bytes = await answer(`${taxii.url}/poll`, file);
  const document = join(folder, "answer.xml");
  writeFileSync(document, bytes);
  const fixed = await target("static", document);
  const firsts = [];
  const rate = (url) => {
    const result = load("body", url, file, "1");
    if (result.bytes < bytes.length * 0.99) throw new Error(`the answer has ${result.bytes} bytes instead of ${bytes.length}`);
    if (url !== fixed.url) firsts.push(result.firstByte);
    return result.bytes / 1e6 / result.seconds;
  };
  const rates = alternate({ "static file": () => rate(fixed.url), poll: () => rate(`${taxii.url}/poll`) });
  stop(taxii, fixed);
  table(`poll of 10,000 × 2 KB from SQLite, ${(statSync(document).size / 1e6).toFixed(1)} MB`, "MB/s", rates);
  console.log(`first byte of the poll after ${median(firsts).toFixed(1)} ms\n`);
  conclude("poll / static file", ratio(rates.poll, rates["static file"]), 0.35);
}

async function memory({ poll: file }) {
  const database = join(folder, "memory.db");
  await fill(database, 100_000);
  const taxii = await target("taxii", database);
  const { bytes, seconds } = load("body", `${taxii.url}/poll`, file, "8");
  const status = readFileSync(`/proc/${taxii.child.pid}/status`, "utf8");
  stop(taxii);
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
  console.log(`8 polls of ${(bytes / 8e6).toFixed(0)} MB at the same time: ${(bytes / 1e6 / seconds).toFixed(1)} MB/s together\n`);
  conclude("resident memory at most, MB", peak, undefined, 200);
}

async function fill(database, count) {
  const storage = sqliteStorage(database);
  await storage.putCollection({ name: "feed" });
  const block = { contentBinding: { bindingId: "urn:example:bench" }, content: { text: "x".repeat(2048) } };
  for (let at = 0; at < count; at += 1000) await storage.add(Array.from({ length: 1000 }, () => ({ block, collections: ["feed"] })));
  await storage.close();
}

/** What each measurement gives in each round; they take turns. The first round warms up and does not count. */
function alternate(measurements) {
  const results = Object.fromEntries(Object.keys(measurements).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, measure] of Object.entries(measurements)) {
      const result = measure();
      if (round > 0) results[name].push(result);
    }
  }
  return results;
}

/** The ratio of two measurements: of each round by itself, as rounds of a busy machine differ more than their ratios do. */
function ratio(above, below) {
  return median(above.map((rate, round) => rate / below[round]));
}

function table(title, unit, rates) {
  const medians = Object.entries(rates).map(([name, list]) => [name, median(list)]);
  const rows = medians.map(([name, rate]) => `| ${name} | ${rate.toFixed(rate < 1000 ? 1 : 0)} |`);
  console.log(`| ${title} | ${unit} |\n|---|---:|\n${rows.join("\n")}\n`);
}

function conclude(what, value, least, most) {
  const holds = (least === undefined || value >= least) && (most === undefined || value <= most);
  if (!holds) failed.push(what);
  console.log(
    `${holds ? "holds " : "BROKEN"}  ${what} = ${value.toFixed(2)} (${least === undefined ? `at most ${most}` : `at least ${least}`})\n`,
  );
}

function load(...args) {
  return run(at("load.mjs"), ...args);
}

function run(...args) {
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

async function answer(url, file) {
  const headers = {
    "Content-Type": "application/xml",
    "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1",
    "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
    "X-TAXII-Services": "urn:taxii.mitre.org:services:1.1",
  };
  const response = await fetch(url, { method: "POST", headers, body: readFileSync(file) });
  return new Uint8Array(await response.arrayBuffer());
}

function target(...args) {
  return started(spawn(process.execPath, [at("targets.mjs"), ...args], { stdio: ["ignore", "pipe", "inherit"] }));
}

async function started(child) {
  const [url] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`${child.spawnargs.join(" ")} ended with ${code}`))),
  ]);
  return { child, url };
}

function stop(...targets) {
  for (const { child } of targets) child.kill();
}
