// A bare loop of durable commits of one row: node commits.mjs FILE BYTES SECONDS → commits a second, as JSON.

import Database from "better-sqlite3";

const [file, bytes, seconds] = process.argv.slice(2);
const database = new Database(file);
for (const pragma of ["journal_mode = WAL", "synchronous = FULL"]) database.pragma(pragma);
database.exec("create table blocks (label integer primary key, content text not null)");
const insert = database.prepare("insert into blocks (content) values (?)");
const content = "x".repeat(Number(bytes));
const end = performance.now() + Number(seconds) * 1000;
const start = performance.now();
let count = 0;
while (performance.now() < end) {
  insert.run(content);
  count++;
}
console.log(JSON.stringify({ rate: count / ((performance.now() - start) / 1000) }));
