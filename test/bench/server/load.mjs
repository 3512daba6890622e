// Puts load on a server: node load.mjs TASK URL … → what came of it, as JSON.
//   requests URL FILE SECONDS CONNECTIONS   POSTs the file again and again
//   body URL FILE TIMES                     POSTs the file and reads the answer, so many at the same time

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";

const [task, url, file, ...numbers] = process.argv.slice(2);
const body = readFileSync(file);
const headers = {
  "Content-Type": "application/xml",
  Accept: "application/xml",
  "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1",
  "X-TAXII-Accept": "urn:taxii.mitre.org:message:xml:1.1",
  "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
  "X-TAXII-Services": "urn:taxii.mitre.org:services:1.1",
};

const tasks = {
  async requests(seconds, connections) {
    // wrk takes a fraction of the time autocannon takes from the server on a machine of few cores.
    if (spawnSync("wrk", ["--version"]).error === undefined) return { rate: wrk(seconds, connections) };
    const run = (duration) => autocannon({ url, method: "POST", headers, body, connections, duration, amount: undefined });
    await run(1);
    const result = await run(seconds);
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} errors`);
    return { rate: result["2xx"] / result.duration };
  },
  async body(times) {
    const start = performance.now();
    const results = await Promise.all(Array.from({ length: times }, () => fetchOnce(start)));
    const seconds = (performance.now() - start) / 1000;
    return {
      seconds,
      bytes: results.reduce((sum, { bytes }) => sum + bytes, 0),
      firstByte: Math.max(...results.map((one) => one.firstByte)),
    };
  },
};

function wrk(seconds, connections) {
  const script = fileURLToPath(new URL("post.lua", import.meta.url));
  const run = (duration) =>
    execFileSync(
      "wrk",
      ["-t", "1", "-c", String(connections), "-d", `${duration}s`, "-s", script, url, "--", file, JSON.stringify(headers)],
      {
        encoding: "utf8",
      },
    );
  run(1);
  const printed = run(seconds);
  if (/Non-2xx|Socket errors/.test(printed)) throw new Error(printed);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(printed)?.[1]);
}

async function fetchOnce(start) {
  const response = await fetch(url, { method: "POST", headers, body });
  let bytes = 0;
  let firstByte = 0;
  for await (const chunk of response.body) {
    if (bytes === 0) firstByte = performance.now() - start;
    bytes += chunk.length;
  }
  return { bytes, firstByte };
}

console.log(JSON.stringify(await tasks[task](...numbers.map(Number))));
