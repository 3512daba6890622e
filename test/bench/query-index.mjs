// npx tsx test/bench/query-index.mjs [--blocks 200000] [--only sqlite|postgres] [--check]: queries over Preferred Scopes, by the index
// and by looking at each block, on the same database; and what the index costs those who store and remove content.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkedXml } from "../../src/binding/content.ts";
import { contentBindings } from "../../src/constants.ts";
import { queryBody } from "../../src/message/query-body.ts";
import { defaultQuery, indexForQueries } from "../../src/server/index.ts";
import { measure } from "../../src/server/results/cut.ts";
import { postgresStorage } from "../../src/storage/sql/postgres.ts";
import { sqliteStorage } from "../../src/storage/sql/sqlite.ts";
import { criteria, criterion, queryOf } from "../query/worked.ts";
import { postgresPrograms, startPostgres } from "../support/postgres.ts";

const { values } = parseArgs({
  options: {
    blocks: { type: "string", default: "200000" },
    only: { type: "string" },
    check: { type: "boolean", default: false },
  },
});
const blocks = Number(values.blocks);
const perAdd = 500;
/** The least that the index has to make of a query with few hits. */
const leastRatio = 100;
const binding = contentBindings.stix111;
const vocabulary = {
  id: binding,
  preferredScopes: [
    "STIX_Package/@id",
    "STIX_Package/@timestamp",
    "STIX_Package/STIX_Header/Title",
    "STIX_Package/Indicators/Indicator/**",
  ],
  allowedScopes: ["**"],
};
const folder = mkdtempSync(join(tmpdir(), "taxii-query-index-"));
const failed = [];

function report(name, figure, condition = true) {
  console.log(`${condition ? " " : "!"} ${name.padEnd(76)} ${figure}`);
  if (!condition) failed.push(name);
}

/** A package of some 2 KB with one indicator. Five packages in all have the same address. */
function packageOf(number) {
  const address = Math.floor(number / 5);
  const time = new Date(Date.UTC(2020, 0, 1) + number * 60_000).toISOString();
  return `<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:stixCommon="http://stix.mitre.org/common-1" xmlns:indicator="http://stix.mitre.org/Indicator-2" xmlns:cybox="http://cybox.mitre.org/cybox-2" xmlns:AddressObj="http://cybox.mitre.org/objects#AddressObject-2" xmlns:stixVocabs="http://stix.mitre.org/default_vocabularies-1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:example="urn:example" id="example:Package-${number}" version="1.1.1" timestamp="${time}">
  <stix:STIX_Header><stix:Title>Report ${number % 997} of the example feed</stix:Title>
    <stix:Package_Intent xsi:type="stixVocabs:PackageIntentVocab-1.0">Indicators - Watchlist</stix:Package_Intent>
    <stix:Description>${"Seen by sensors at the edge of the network. ".repeat(10)}</stix:Description></stix:STIX_Header>
  <stix:Indicators><stix:Indicator xsi:type="indicator:IndicatorType" id="example:Indicator-${number}" timestamp="${time}">
    <indicator:Title>Beacon to host ${address}</indicator:Title>
    <indicator:Type xsi:type="stixVocabs:IndicatorTypeVocab-1.1">IP Watchlist</indicator:Type>
    <indicator:Observable id="example:Observable-${number}"><cybox:Object id="example:Object-${number}">
      <cybox:Properties xsi:type="AddressObj:AddressObjectType" category="ipv4-addr"><AddressObj:Address_Value condition="Equals">10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}</AddressObj:Address_Value></cybox:Properties>
    </cybox:Object></indicator:Observable>
    <indicator:Confidence timestamp="${time}"><stixCommon:Value>${number % 101}</stixCommon:Value></indicator:Confidence>
  </stix:Indicator></stix:Indicators>
</stix:STIX_Package>`;
}

function arrivals(from, count) {
  return Array.from({ length: count }, (_, index) => ({
    block: { contentBinding: { bindingId: binding }, content: checkedXml(packageOf(from + index)) },
    collections: ["feed"],
  }));
}

/** Blocks a second. */
async function fill(storage, count) {
  await storage.putCollection({ name: "feed" });
  let time = 0;
  for (let from = 0; from < count; from += perAdd) {
    const some = arrivals(from, Math.min(perAdd, count - from));
    const begun = performance.now();
    await storage.add(some);
    time += performance.now() - begun;
  }
  return count / (time / 1000);
}

/** Adds of one block a second, as from as many senders at the same time. */
async function addsPerSecond(storage, senders = 32, seconds = 3) {
  await storage.putCollection({ name: "feed" });
  const end = performance.now() + seconds * 1000;
  let count = 0;
  const send = async () => {
    while (performance.now() < end) await storage.add(arrivals(count++, 1));
  };
  await Promise.all(Array.from({ length: senders }, send));
  return count / seconds;
}

const address = "STIX_Package/Indicators/Indicator/Observable/Object/Properties/Address_Value";
const some = blocks >> 1;
const host = Math.floor(some / 5);
const ip = (number) => `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
const sensitive = (value) => ({ value, match_type: "case_sensitive_string" });
const time = new Date(Date.UTC(2020, 0, 1) + some * 60_000).toISOString();
const later = new Date(Date.UTC(2020, 0, 1) + (some + 5) * 60_000).toISOString();

const queries = {
  "an address": criterion(address, "equals", sensitive(ip(host))),
  "an id": criterion("STIX_Package/@id", "equals", sensitive(`example:Package-${some}`)),
  "an id anywhere in an indicator": criterion("STIX_Package/Indicators/Indicator/**/@id", "equals", sensitive(`example:Object-${some}`)),
  "the beginning of a title, in any case": criterion("STIX_Package/Indicators/Indicator/Title", "begins_with", {
    value: `BEACON TO HOST ${host}`,
    case_sensitive: "false",
  }),
  "five minutes": criteria(
    "AND",
    criterion("STIX_Package/@timestamp", "timestamp:greater_than_or_equals", { value: time }),
    criterion("STIX_Package/@timestamp", "timestamp:less_than", { value: later }),
  ),
  "a word in what has one of two addresses, not of low confidence": criteria(
    "AND",
    criterion("STIX_Package/STIX_Header/Description", "contains", { value: "sensors", case_sensitive: "true" }),
    criteria("OR", criterion(address, "equals", sensitive(ip(host))), criterion(address, "equals", sensitive(ip(host + 7)))),
    criterion("STIX_Package/Indicators/Indicator/Confidence/Value", "less_than", { value: "1" }, true),
  ),
};

async function compare(name, storage) {
  const collection = await storage.collection("feed");
  const range = { collection, after: undefined, until: await storage.horizon(), contentBindings: [] };
  const handler = defaultQuery({ vocabularies: [vocabulary], names: "any" });
  for (const [title, part] of Object.entries(queries)) {
    const predicate = await handler.prepare(queryBody(queryOf(part, binding)), collection);
    const scanned = await timed(() => measure(storage, range, { predicate: (block) => predicate(block) }));
    const times = [];
    let found;
    for (let round = 0; round < 21; round++) {
      found = await timed(() => measure(storage, range, { predicate }));
      times.push(found.time);
    }
    const median = times.sort((a, b) => a - b)[10];
    const [hits, expected] = [found.result.blocks, scanned.result.blocks];
    const ratio = scanned.time / median;
    report(
      `${name}: ${title} (${hits})`,
      `scan ${scanned.time.toFixed(0)} ms, index ${median.toFixed(2)} ms: ${ratio.toFixed(0)} x`,
      hits === expected && ratio >= leastRatio,
    );
  }
}

async function timed(work) {
  const begun = performance.now();
  const result = await work();
  return { result, time: performance.now() - begun };
}

/** @param open opens an empty database of a name */
async function measureAll(name, open) {
  const bare = await open("bare");
  const [bareRate, bareAdds] = [await fill(bare, Math.min(blocks, 20_000)), await addsPerSecond(bare)];
  report(`${name}: stored without scopes`, `${bareRate.toFixed(0)} blocks/s; ${bareAdds.toFixed(0)} /s one by one from 32 senders`);
  await bare.close();
  const storage = await open("indexed");
  await indexForQueries(storage, [vocabulary]);
  const adds = await addsPerSecond(storage);
  await storage.purge({ collection: "feed" });
  const rate = await fill(storage, blocks);
  const cost = (bareRate / rate).toFixed(2);
  report(
    `${name}: stored with ${vocabulary.preferredScopes.length} scopes, some 20 nodes of a block`,
    `${rate.toFixed(0)} blocks/s (${cost} x the time); ${adds.toFixed(0)} /s one by one`,
  );
  await compare(name, storage);
  await indexForQueries(storage, [{ ...vocabulary, preferredScopes: vocabulary.preferredScopes.slice(0, 2) }]);
  const again = await timed(async () => {
    for (let count = 0; ; ) {
      const step = await storage.index.index();
      count += step.blocks;
      if (step.done || count >= 20_000) return count;
    }
  });
  report(`${name}: indexed afterwards, with two scopes instead`, `${(again.result / (again.time / 1000)).toFixed(0)} blocks/s`);
  const purged = await timed(() => storage.purge({ collection: "feed", keepBlocks: Math.max(0, blocks - 20_000) }));
  report(`${name}: removed with their entries`, `${(purged.result.blocks / (purged.time / 1000)).toFixed(0)} blocks/s`);
  await storage.close();
}

try {
  console.log(`${blocks} blocks of ${packageOf(1).length} characters`);
  if (values.only !== "postgres") await measureAll("SQLite", async (name) => sqliteStorage(join(folder, `${name}.db`)));
  if (values.only !== "sqlite" && postgresPrograms() !== undefined) {
    const postgres = await startPostgres();
    try {
      await measureAll("PostgreSQL", async () => postgresStorage(await postgres.createDatabase()));
    } finally {
      await postgres.stop();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed.length > 0) {
  console.log(`not as it should be: ${failed.join("; ")}`);
  if (values.check) process.exitCode = 1;
}
