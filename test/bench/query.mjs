// npm run bench:query [-- --rounds N] [-- --only 50000] [-- --check]: Default Query beside XPath. All engines select the same
// documents, which is checked first; what is compared takes turns in one process, and ratios are medians of those of each round.
// Our engine and slimdom begin with text, which is what storages give; libxml2 begins with bytes, which is quicker for it.

import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "11" },
    only: { type: "string", default: "5000,50000,500000,5000000" },
    check: { type: "boolean", default: false },
  },
});
const counts = { 5000: 64, 50000: 16, 500000: 4, 5000000: 2 };
const sizes = values.only.split(",").map(Number);
const worker = fileURLToPath(new URL("query/worker.mjs", import.meta.url));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const failed = [];

console.log(
  `Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim()}; medians of rounds that take turns; documents are parsed and asked\n`,
);
console.log(
  "| document | selected | criteria | MB/s | documents/s | fontoxpath on slimdom | libxml2-wasm |\n|---|---|---:|---:|---:|---:|---:|",
);
const results = sizes.map((size) => [size, measure(size)]);
console.log("");
for (const [size, found] of results) conclude(size, found);
if (failed.length > 0 && values.check) process.exitCode = 1;

function measure(size) {
  // One round with large documents takes long by itself.
  const rounds = size > 1_000_000 ? Math.min(3, Number(values.rounds)) : Number(values.rounds);
  // V8 throws away code that was not used for a while, which here is the other engines' turns.
  const args = ["--no-flush-bytecode", "--max-old-space-size=4096", worker, String(size), String(counts[size] ?? 4), String(rounds)];
  const found = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  for (const { engine, number, mix, rates, size: length } of found) {
    if (engine !== "taxii") continue;
    const rate = median(rates);
    const others = ["fontoxpath", "libxml2-wasm"].map((other) => {
      const theirs = find(found, other, number, mix);
      return `${median(theirs).toFixed(1)} MB/s (${ratio(rates, theirs).toFixed(1)} ×)`;
    });
    console.log(
      `| ${(length / 1000).toFixed(1)} KB | ${mix} | ${number} | ${rate.toFixed(0)} | ${Math.round((rate * 1e6) / length)} | ${others.join(" | ")} |`,
    );
  }
  return found;
}

function conclude(size, found) {
  const name = `${size / 1000} KB`;
  for (const mix of ["half", "none"]) {
    const ours = find(found, "taxii", 10, mix);
    const what = `${name}, 10 criteria, ${mix} selected`;
    // Bounds are for 50 KB; the other sizes show that it is no matter of one size.
    judge(`${what}: taxii / (fontoxpath on slimdom)`, ratio(ours, find(found, "fontoxpath", 10, mix)), 5);
    judge(`${what}: taxii / libxml2-wasm`, ratio(ours, find(found, "libxml2-wasm", 10, mix)), 1);
  }
  judge(`${name}: time for 100 criteria / for 1`, ratio(find(found, "taxii", 1, "none"), find(found, "taxii", 100, "none")), undefined, 2);
}

function find(found, engine, number, mix) {
  return found.find((one) => one.engine === engine && one.number === number && one.mix === mix).rates;
}

/** The ratio of two measurements: of each round by itself, as rounds of a busy machine differ more than their ratios do. */
function ratio(above, below) {
  return median(above.map((rate, round) => rate / below[round]));
}

function judge(what, value, least, most) {
  const holds = (least === undefined || value >= least) && (most === undefined || value <= most);
  if (!holds) failed.push(what);
  console.log(
    `${holds ? "holds " : "BROKEN"}  ${what} = ${value.toFixed(2)} (${least === undefined ? `at most ${most}` : `at least ${least}`})`,
  );
}
