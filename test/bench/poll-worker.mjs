// One measurement of the poll benchmark in a process of its own: node poll-worker.mjs fetch|poll URL → a line of JSON.
// `fetch` reads the bytes of a poll and drops them; `poll` iterates the content blocks of the same poll.

import { PollRequest } from "../../dist/generated/taxii11/index.js";
import { requestFor } from "../../dist/src/client/index.js";
import { createClient } from "../../dist/src/client/node/index.js";
import { create } from "../../dist/src/index.js";

const [task, url] = process.argv.slice(2);
const client = createClient(url, { endpoint: "service" });

async function fetchOnce() {
  const request = create(PollRequest, { collectionName: "indicators", pollParameters: {} });
  const response = await fetch(await requestFor(request, { url }));
  let bytes = 0;
  for await (const chunk of response.body) bytes += chunk.length;
  return { bytes, blocks: 0 };
}

async function pollOnce() {
  let blocks = 0;
  for await (const _ of client.poll("indicators")) blocks += 1;
  return { bytes: 0, blocks };
}

const once = task === "fetch" ? fetchOnce : pollOnce;
await once();
const passes = [];
for (let pass = 0; pass < 3; pass++) {
  const from = performance.now();
  const { bytes, blocks } = await once();
  passes.push({ seconds: (performance.now() - from) / 1000, bytes, blocks });
}
passes.sort((a, b) => a.seconds - b.seconds);
console.log(JSON.stringify(passes[1]));
