// A PostgreSQL of its own: its address on a line, until standard input ends.

import { startPostgres } from "../../support/postgres.js";

const postgres = await startPostgres();
console.log(postgres.url());
process.stdin.resume().on("end", () => void postgres.stop().then(() => process.exit()));
