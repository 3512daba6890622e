// Polls everything and drops it: node large-worker.mjs URL → the number of blocks.

import { createClient } from "../../dist/src/client/node/index.js";

let blocks = 0;
for await (const _ of createClient(process.argv[2], { endpoint: "service" }).poll("indicators")) blocks += 1;
console.log(blocks);
