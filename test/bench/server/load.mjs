// Puts load on a server: node load.mjs TASK URL … → what came of it, as JSON.
//   requests URL FILE SECONDS CONNECTIONS   POSTs the file again and again
//   body URL FILE TIMES                     POSTs the file and reads the answer, so many at the same time

import { readFileSync } from "node:fs";
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
    const run = (duration) => autocannon({ url, method: "POST", headers, body, connections, duration, amount: undefined });
    await run(1);
    const result = await run(seconds);
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} errors`);
    return { rate: result["2xx"] / result.duration, p99: result.latency.p99 };
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
