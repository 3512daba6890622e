/** The paths of entries by number. They stay for ever, so what is known of them stays true. */

import type { IndexedContent } from "../content-index.js";
import { chunks } from "./chunks.js";
import type { SqlConnection } from "./connection.js";
import { lockAllocator } from "./labels.js";
import type { Database } from "./schema.js";
import { specialPaths } from "./schema-index.js";

/** Paths that are kept apart. Content is not ours: whoever sends it could make up new names for ever. */
const mostPaths = 10_000;

// Characters of a path, so that it has room in a database's index.
const longestPath = 600;

/** Targets whose paths are kept in mind. */
const mostTargets = 1000;

interface Resolved {
  /** Paths up to this number were looked at. */
  upTo: number;
  readonly ids: number[];
}

export class IndexPaths {
  readonly #ids = new Map<string, number>();
  readonly #limit: number;
  #last = 0;
  #resolved = new WeakMap<IndexedContent, Map<string, Resolved>>();

  /** @param limit paths that are kept apart */
  constructor(limit = mostPaths) {
    this.#limit = limit;
  }

  /** The number of a path that was learnt, or that of all others. */
  numberOf(path: string | undefined): number {
    return (path === undefined ? undefined : this.#ids.get(path)) ?? specialPaths.other;
  }

  /** Learns paths, which get their numbers when they have none and there is room. */
  async learn(connection: SqlConnection, paths: Iterable<string>): Promise<void> {
    const unknown = this.#unknown(paths);
    if (unknown.length === 0) return;
    await connection.read((db) => this.refresh(db));
    const missing = this.#unknown(unknown);
    if (missing.length === 0) return;
    await connection.write((transaction) => insertPaths(transaction, missing, this.#limit));
    await connection.read((db) => this.refresh(db));
  }

  #unknown(paths: Iterable<string>): string[] {
    if (this.#ids.size >= this.#limit) return [];
    return [...new Set(paths)].filter((path) => path.length <= longestPath && !this.#ids.has(path));
  }

  /** Learns all paths there are. */
  async refresh(db: Database): Promise<void> {
    const rows = await db.selectFrom("index_paths").selectAll().where("id", ">", this.#last).orderBy("id").execute();
    for (const { id, path } of rows) {
      this.#ids.set(path, id);
      this.#last = Math.max(this.#last, id);
    }
  }

  /** The numbers of the known paths that a target denotes. */
  denotedBy(target: string, content: IndexedContent): readonly number[] {
    const targets = this.#resolved.get(content) ?? new Map<string, Resolved>();
    this.#resolved.set(content, targets);
    if (targets.size >= mostTargets) targets.clear();
    const found = targets.get(target) ?? { upTo: 0, ids: [] };
    targets.set(target, found);
    if (found.upTo < this.#last) {
      const denotes = content.denotes(target);
      for (const [path, id] of this.#ids) if (id > found.upTo && denotes(path)) found.ids.push(id);
      found.upTo = this.#last;
    }
    return found.ids;
  }
}

/** With the allocator locked: numbers become visible in their order, so that none below one that was seen can still come. */
async function insertPaths(transaction: Database, paths: readonly string[], limit: number): Promise<void> {
  await lockAllocator(transaction);
  const { count } = await transaction
    .selectFrom("index_paths")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  for (const some of chunks(paths.slice(0, Math.max(0, limit - count)))) {
    const rows = some.map((path) => ({ path }));
    await transaction
      .insertInto("index_paths")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}
