// npm run bench:large [-- --megabytes 1000] [-- --check]: the memory that a poll of a very large collection takes, through client.poll()
// and through `taxii poll --dest-dir`. Peak resident memory as the kernel counts it, so Linux only.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { megabytes: { type: "string", default: "1000" }, check: { type: "boolean", default: false } },
});
const limit = 150;
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "taxii-large-"));
const server = spawn(process.execPath, [file("large-server.mjs"), String(Number(values.megabytes) * 1e6)], {
  stdio: ["ignore", "pipe", "inherit"],
});

try {
  const [url] = await once(createInterface(server.stdout), "line");
  console.log(`| poll of ${values.megabytes} MB | blocks | seconds | peak memory, MB |\n|---|---:|---:|---:|`);
  await measure("client.poll()", [file("large-worker.mjs"), url], (output) => Number(output));
  const program = file("../../dist/src/cli/bin/taxii.js");
  const flags = ["poll", url, "--endpoint", "service", "--collection", "indicators", "--dest-dir", folder];
  await measure("taxii poll --dest-dir", [program, ...flags], () => readdirSync(folder).length);
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(name, args, count) {
  const from = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output = (output + text).slice(-1000);
  });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 50);
  const [code] = await once(child, "exit");
  clearInterval(look);
  const seconds = (performance.now() - from) / 1000;
  console.log(`| ${name} | ${count(output)} | ${seconds.toFixed(1)} | ${(peak / 1e6).toFixed(0)} |`);
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  if (values.check && peak / 1e6 > limit) process.exitCode = 1;
}

/** The most resident memory a process has had, in bytes; 0 when it is gone. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
