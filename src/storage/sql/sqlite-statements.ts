/** SQLite's statements, kept ready: to prepare one takes longer than to run it. */

import type { SqliteDatabase, SqliteStatement } from "kysely";

// More than there are kinds of queries; lists of many lengths would fill the memory otherwise.
const mostStatements = 300;

/** `database`, with the statements that were prepared last at hand. Their rows must not be taken one by one while others run. */
export function keepingStatements(database: SqliteDatabase): SqliteDatabase {
  const ready = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = ready.get(sql);
      // At the end of the map again: the one that was not used for longest goes first.
      if (known !== undefined) ready.delete(sql);
      else if (ready.size >= mostStatements) ready.delete(oldestOf(ready));
      const statement = known ?? database.prepare(sql);
      ready.set(sql, statement);
      return statement;
    },
  };
}

function oldestOf(statements: ReadonlyMap<string, SqliteStatement>): string {
  const [oldest = ""] = statements.keys();
  return oldest;
}
