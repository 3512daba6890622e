/** Content on its way into the index: what of it is extracted before the transaction, which is to be short. */

import type { ContentIndexer, IndexEntry, IndexedContent } from "../content-index.js";
import type { AddJob, KeptArrival, WriteTask } from "./add.js";
import type { SqlConnection } from "./connection.js";
import { currentIndex } from "./index-definition.js";
import { blockEntries } from "./index-entries.js";
import { IndexPaths } from "./index-paths.js";

/** An index as far as this process knows it. */
interface KnownIndex {
  readonly id: number;
  /** What is in it; undefined when nobody here knows. */
  readonly content: IndexedContent | undefined;
}

/** What a process knows of the index: who knows the content, what was defined when it looked last, the paths. */
export class IndexKnowledge {
  readonly connection: SqlConnection;
  readonly paths: IndexPaths;
  #indexer: ContentIndexer | undefined;
  #read = new Map<string, IndexedContent | undefined>();
  #known: KnownIndex | undefined;

  constructor(connection: SqlConnection, paths = new IndexPaths()) {
    this.connection = connection;
    this.paths = paths;
  }

  use(indexer: ContentIndexer): void {
    this.#indexer = indexer;
    this.#read.clear();
    this.#known = undefined;
  }

  /** What is in the index of a definition; undefined when nobody here knows. */
  contentOf(definition: string): IndexedContent | undefined {
    if (this.#indexer === undefined) return undefined;
    if (!this.#read.has(definition)) {
      // One definition is in use, and perhaps the one before it.
      if (this.#read.size >= 4) this.#read.clear();
      this.#read.set(definition, this.#indexer.read(definition));
    }
    return this.#read.get(definition);
  }

  /** Looks at what there is now. */
  async look(): Promise<void> {
    const current = await this.connection.read(currentIndex);
    this.#known = current && { id: current.id, content: this.contentOf(current.definition) };
  }

  /** Jobs with the entries that the known index is to have of them. */
  async prepare(jobs: readonly AddJob[]): Promise<Pick<WriteTask, "jobs" | "index">> {
    const { id: index = null, content } = this.#known ?? {};
    if (content === undefined) return { jobs, index };
    const found = new Map<KeptArrival, readonly IndexEntry[] | undefined>();
    for (const arrival of jobs.flatMap(({ arrivals }) => arrivals)) found.set(arrival, content.entriesOf(arrival.block));
    await this.paths.learn(this.connection, pathsOf(found.values()));
    const numberOf = (path: string | undefined): number => this.paths.numberOf(path);
    const withEntries = (arrival: KeptArrival): KeptArrival => ({ ...arrival, entries: blockEntries(found.get(arrival), numberOf) });
    return { jobs: jobs.map((job) => ({ ...job, arrivals: job.arrivals.map(withEntries) })), index };
  }
}

/** All paths of some blocks' entries. */
export function* pathsOf(blocks: Iterable<readonly IndexEntry[] | undefined>): Generator<string, void, undefined> {
  for (const entries of blocks) for (const { path } of entries ?? []) if (path !== undefined) yield path;
}
