/** The index of a database, as its users see it. */

import type { ContentIndexer, ContentIndexStore, IndexState } from "../content-index.js";
import { currentIndex, defineIndex } from "./index-definition.js";
import { extendIndex, forgetEntries, type IndexStep } from "./index-steps.js";
import type { IndexKnowledge } from "./index-writer.js";

/** See {@link ContentIndexStore} for what each method does. */
export class SqlIndex implements ContentIndexStore {
  readonly #knowledge: IndexKnowledge;

  constructor(knowledge: IndexKnowledge) {
    this.#knowledge = knowledge;
  }

  use(indexer: ContentIndexer): void {
    this.#knowledge.use(indexer);
  }

  async define(definition: string | undefined): Promise<boolean> {
    const { connection } = this.#knowledge;
    // Nearly always it is what it was, and then nobody has to wait.
    if ((await connection.read(currentIndex))?.definition === definition) return false;
    return await connection.write((transaction) => defineIndex(transaction, definition));
  }

  async state(): Promise<IndexState> {
    return await this.#knowledge.connection.read(async (db) => {
      const index = await currentIndex(db);
      if (index === undefined) return { definition: undefined, missing: 0 };
      const { count } = await db
        .selectFrom("content_blocks")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .where("label", "<=", index.since)
        .executeTakeFirstOrThrow();
      return { definition: index.definition, missing: count };
    });
  }

  async index(): Promise<IndexStep> {
    const index = await this.#knowledge.connection.read(currentIndex);
    return await (index === undefined ? forgetEntries(this.#knowledge) : extendIndex(this.#knowledge, index));
  }
}
