// npm run bench [-- --rounds N] [-- --check]: the table of benchmarks. Every figure is the median of fresh processes that take turns.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { documents } from "./documents.mjs";
import { measurePolls } from "./poll.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" }, check: { type: "boolean", default: false } } });
const tasks = [
  "saxes",
  "typed read",
  "streamed read",
  "read + validate",
  "write",
  "JSON write",
  "JSON read",
  "fast-xml-parser",
  "libxml2-wasm",
];
const worker = fileURLToPath(new URL("worker.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "taxii-bench-"));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const failed = [];

try {
  console.log(
    `Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim()}; median of ${values.rounds} alternating processes, MB/s (500 bytes: thousand messages/s)\n`,
  );
  console.log(`| document | ${tasks.join(" | ")} |\n|---|${tasks.map(() => "---:|").join("")}`);
  const conclusions = Object.entries(documents).map(([name, make]) => measure(name, make()));
  console.log(`\n${conclusions.flat().join("\n")}`);
  await showPolls(documents["20,000 × 2 KB"]());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log("");
showQueries();
if (failed.length > 0 && values.check) process.exitCode = 1;

/** Queries on documents of 50 KB; npm run bench:query has the other sizes. */
function showQueries() {
  const program = fileURLToPath(new URL("query.mjs", import.meta.url));
  const { status } = spawnSync(process.execPath, [program, "--only", "50000", "--check"], { stdio: "inherit" });
  if (status !== 0) failed.push("queries");
}

async function showPolls(text) {
  const file = join(folder, "poll.xml");
  writeFileSync(file, text);
  const size = Buffer.byteLength(text);
  console.log(`\n| poll over loopback, ${(size / 1e6).toFixed(1)} MB | MB/s | blocks/s | of the plain fetch |\n|---|---:|---:|---:|`);
  let plain = 0;
  for (const { name, seconds, blocks } of await measurePolls(file, Number(values.rounds), median)) {
    const rate = size / 1e6 / seconds;
    if (blocks === 0) plain = rate;
    console.log(`| ${name} | ${rate.toFixed(1)} | ${blocks === 0 ? "" : Math.round(blocks / seconds)} | ${(rate / plain).toFixed(2)} |`);
  }
}

function measure(name, text) {
  const file = join(folder, "document.xml");
  writeFileSync(file, text);
  const length = Buffer.byteLength(text);
  const rates = Object.fromEntries(tasks.map((task) => [task, []]));
  const growths = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const task of tasks) {
      const { rate, growth } = JSON.parse(
        execFileSync(process.execPath, ["--expose-gc", "--max-old-space-size=4096", worker, task, file], { encoding: "utf8" }),
      );
      rates[task].push(rate);
      if (growth !== undefined) growths.push(growth);
    }
  }
  const typical = Object.fromEntries(tasks.map((task) => [task, median(rates[task])]));
  const shown = (rate) => (length < 10_000 ? ((rate * 1000) / length).toFixed(1) : rate.toFixed(1));
  console.log(
    `| ${name} (${length < 10_000 ? `${length} B` : `${(length / 1e6).toFixed(1)} MB`}) | ${tasks.map((task) => shown(typical[task])).join(" | ")} |`,
  );
  if (length < 10_000) return [];
  const growth = median(growths);
  return [
    conclude(`${name}: typed read / saxes`, typical["typed read"] / typical.saxes, 0.8),
    conclude(`${name}: streamed read / saxes`, typical["streamed read"] / typical.saxes, 0.75),
    conclude(`${name}: write / typed read`, typical.write / typical["typed read"], 2),
    conclude(`${name}: typed read / (read + validate)`, typical["typed read"] / typical["read + validate"], undefined, 1.25),
    conclude(`${name}: memory of a streamed read, MB`, growth, undefined, 32),
  ];
}

function conclude(what, value, least, most) {
  const holds = (least === undefined || value >= least) && (most === undefined || value <= most);
  if (!holds) failed.push(what);
  return `${holds ? "holds " : "BROKEN"}  ${what} = ${value.toFixed(2)} (${least === undefined ? `at most ${most}` : `at least ${least}`})`;
}
