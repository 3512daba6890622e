// npx tsx test/bench/storage.mjs [--blocks 1000000] [--seconds 3] [--check]: what storages take for the things servers do all day.
// Each figure stands beside what the database does bare, or what a small collection takes, in the same run.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Driver from "better-sqlite3";
import pg from "pg";
import { checkedXml } from "../../src/binding/content.ts";
import { postgresStorage } from "../../src/storage/sql/postgres.ts";
import { sqliteStorage } from "../../src/storage/sql/sqlite.ts";
import { postgresPrograms, startPostgres } from "../support/postgres.ts";

const { values } = parseArgs({
  options: {
    blocks: { type: "string", default: "1000000" },
    seconds: { type: "string", default: "3" },
    check: { type: "boolean", default: false },
  },
});
const manyBlocks = Number(values.blocks);
const seconds = Number(values.seconds);
const folder = mkdtempSync(join(tmpdir(), "taxii-bench-"));
const text = `<a>${"x".repeat(2041)}</a>`;
const arrival = (collection) => ({
  block: { contentBinding: { bindingId: "urn:x" }, content: checkedXml(text) },
  collections: [collection],
});
const failed = [];

function report(name, figure, condition = true) {
  console.log(`${condition ? " " : "!"} ${name.padEnd(70)} ${figure}`);
  if (!condition) failed.push(name);
}

async function addsPerSecond(storage, senders) {
  await storage.putCollection({ name: "adds" });
  const end = performance.now() + seconds * 1000;
  let count = 0;
  const send = async () => {
    for (; performance.now() < end; count++) await storage.add([arrival("adds")]);
  };
  await Promise.all(Array.from({ length: senders }, send));
  return count / seconds;
}

function bareCommitsPerSecond() {
  const database = new Driver(join(folder, "bare.db"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("create table blocks (label integer primary key, content text)");
  const insert = database.prepare("insert into blocks (content) values (?)");
  const end = performance.now() + seconds * 1000;
  let count = 0;
  for (; performance.now() < end; count++) insert.run(text);
  database.close();
  return count / seconds;
}

/** Megabytes per second of reading 10,000 blocks; the best of some times, which noise disturbs least. */
async function readingRate(storage) {
  await storage.putCollection({ name: "reads" });
  for (let index = 0; index < 10; index++) await storage.add(Array.from({ length: 1000 }, () => arrival("reads")));
  return await best(async () => {
    let characters = 0;
    for await (const { block } of storage.content({ collection: "reads" })) characters += block.content.xml.length;
    return characters / 1e6;
  });
}

async function best(work) {
  let rate = 0;
  for (let index = 0; index < 7; index++) {
    const from = performance.now();
    const megabytes = await work();
    rate = Math.max(rate, megabytes / ((performance.now() - from) / 1000));
  }
  return rate;
}

/** Median milliseconds of a poll of the newest 100 blocks, as the server asks for it. */
async function newest(storage, collection, last) {
  const times = [];
  for (let index = 0; index < 60; index++) {
    const from = performance.now();
    const until = await storage.horizon();
    await storage.collection(collection);
    const selection = { collection, after: last - 100, until };
    let count = 0;
    for await (const _ of storage.content(selection)) count++;
    if (count !== 100) throw new Error(`expected 100 blocks, found ${count}`);
    times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b)[30];
}

/** Fills two collections behind the storage's back, where a million calls would take too long. */
function filling(series, small) {
  const content = `from (${series}) as numbers`;
  return `
    insert into content_bindings (binding_id, subtype_id) values ('urn:fill', '');
    insert into content_blocks (label, binding, markup, content) select n, (select max(id) from content_bindings), 0, '${"x".repeat(500)}' ${content};
    insert into collection_content (collection, label, binding, size)
      select (select id from collections where name = 'large'), n, 1, 500 ${content} where n > ${small};
    insert into collection_content (collection, label, binding, size)
      select (select id from collections where name = 'small'), n, 1, 500 ${content} where n <= ${small};
    insert into collection_totals (collection, binding, blocks, size)
      select collection, binding, count(*), sum(size) from collection_content group by collection, binding;
    update collections set newest = (select max(label) from collection_content where collection = collections.id);`;
}

async function showPolls(name, storage) {
  const small = 1000;
  // Once for the caches.
  await newest(storage, "small", small);
  const [little, much] = [await newest(storage, "small", small), await newest(storage, "large", small + manyBlocks)];
  const ratio = much / little;
  report(`${name}: poll of the newest 100 of ${small}`, `${little.toFixed(2)} ms`);
  report(`${name}: poll of the newest 100 of ${manyBlocks}`, `${much.toFixed(2)} ms, ${ratio.toFixed(2)} x`, ratio < 2);
  const from = performance.now();
  const { blocks } = await storage.purge({ collection: "large", keepBlocks: manyBlocks / 2 });
  report(`${name}: purge of ${blocks} blocks`, `${((performance.now() - from) / 1000).toFixed(1)} s`);
}

async function sqlite() {
  const storage = sqliteStorage(join(folder, "rates.db"));
  const bare = bareCommitsPerSecond();
  report("SQLite bare: durable commits of one row of 2 KB", `${bare.toFixed(0)} /s`);
  const alone = await addsPerSecond(storage, 1);
  report("SQLite: adds of 1 x 2 KB, one sender", `${alone.toFixed(0)} /s`);
  const adds = await addsPerSecond(storage, 32);
  report("SQLite: adds of 1 x 2 KB, 32 senders", `${adds.toFixed(0)} /s, ${(adds / bare).toFixed(2)} x bare`, adds > bare);
  const rate = await readingRate(storage);
  const database = new Driver(join(folder, "rates.db"));
  const all = database.prepare("select * from content_blocks order by label limit 10000");
  const raw = await best(() => all.all().reduce((sum, row) => sum + row.content.length, 0) / 1e6);
  database.close();
  report("SQLite bare: reading 10,000 x 2 KB", `${raw.toFixed(0)} MB/s`);
  report("SQLite: reading 10,000 x 2 KB", `${rate.toFixed(0)} MB/s, ${(rate / raw).toFixed(2)} x bare`);
  await storage.close();

  const path = join(folder, "large.db");
  const large = sqliteStorage(path);
  for (const name of ["small", "large"]) await large.putCollection({ name });
  const filler = new Driver(path);
  const series = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${manyBlocks + 1000}) select n from numbers`;
  filler.exec(`begin; ${filling(series, 1000)} commit`);
  filler.close();
  await showPolls("SQLite", large);
  await large.close();
}

async function postgres() {
  const server = await startPostgres();
  try {
    const storage = postgresStorage(server.url());
    report("PostgreSQL: adds of 1 x 2 KB, one sender", `${(await addsPerSecond(storage, 1)).toFixed(0)} /s`);
    report("PostgreSQL: adds of 1 x 2 KB, 32 senders", `${(await addsPerSecond(storage, 32)).toFixed(0)} /s`);
    report("PostgreSQL: reading 10,000 x 2 KB", `${(await readingRate(storage)).toFixed(0)} MB/s`);
    await storage.close();

    const url = await server.createDatabase();
    const large = postgresStorage(url);
    for (const name of ["small", "large"]) await large.putCollection({ name });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(filling(`select generate_series(1, ${manyBlocks + 1000}) as n`, 1000));
    await client.query("vacuum analyze");
    await client.end();
    await showPolls("PostgreSQL", large);
    await large.close();
  } finally {
    await server.stop();
  }
}

try {
  await sqlite();
  if (postgresPrograms() === undefined) console.log("  PostgreSQL is not installed");
  else await postgres();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed.length > 0 && values.check) process.exitCode = 1;
