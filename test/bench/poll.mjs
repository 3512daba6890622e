// The part of the benchmarks that crosses a socket: a poll of 20,000 × 2 KB, beside a plain fetch of the same bytes.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const server = fileURLToPath(new URL("poll-server.mjs", import.meta.url));
const worker = fileURLToPath(new URL("poll-worker.mjs", import.meta.url));

/** Rows of the table, each `{ name, seconds, bytes, blocks }`, medians of `rounds` processes that take turns. */
export async function measurePolls(file, rounds, median) {
  const servers = await Promise.all(["static", "taxii"].map((kind) => start(kind, file)));
  try {
    const [statically, taxii] = servers.map(({ url }) => url);
    const rows = [
      { name: "plain fetch, static file", task: "fetch", url: statically, results: [] },
      { name: "client.poll, static file", task: "poll", url: statically, results: [] },
      { name: "plain fetch, taxii server", task: "fetch", url: taxii, results: [] },
      { name: "client.poll, taxii server", task: "poll", url: taxii, results: [] },
    ];
    for (let round = 0; round < rounds; round++) {
      for (const { task, url, results } of rows) {
        results.push(JSON.parse(execFileSync(process.execPath, [worker, task, url], { encoding: "utf8" })));
      }
    }
    return rows.map(({ name, results }) => ({ name, seconds: median(results.map(({ seconds }) => seconds)), ...sizes(results) }));
  } finally {
    for (const { process: child } of servers) child.kill();
  }
}

const sizes = ([{ bytes, blocks }]) => ({ bytes, blocks });

async function start(kind, file) {
  const child = spawn(process.execPath, [server, kind, file], { stdio: ["ignore", "pipe", "inherit"] });
  const [url] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`the ${kind} server ended with ${code}`))),
  ]);
  return { process: child, url };
}
