/** `npm run fuzz -- --count 100000 --seed 1`: hunts for documents about which libxml2 and we differ. */

import { parseArgs } from "node:util";
import { campaign } from "./campaign.js";

const { values } = parseArgs({
  options: { count: { type: "string", default: "100000" }, seed: { type: "string", default: String(Date.now() % 1_000_000) } },
});
const count = Number(values.count);
const seed = Number(values.seed);

console.log(`${count} documents, seed ${seed}`);
const started = Date.now();
const { documents, mutated, known } = campaign(count, seed);
console.log(`${documents} documents in ${Math.round((Date.now() - started) / 1000)} s`);
console.log(
  `${mutated.documents} of them mutated: ${mutated.valid} still valid, ${mutated.documents - mutated.wellFormed} not well-formed`,
);
for (const [id, times] of [...known].sort(([, a], [, b]) => b - a)) console.log(`known difference ${id}: ${times}`);
