/** Storing content. */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import type { Label } from "../label.js";
import { keepBlock, sizeOf } from "../record.js";
import { type AddOptions, type Arrival, type Receipt, unknownCollection } from "../storage.js";
import { Batch } from "./batch.js";
import { collectionKeys } from "./collections.js";
import type { SqlConnection } from "./connection.js";
import { digestAllOf } from "./digests.js";
import type { Outcome } from "./group-commit.js";
import type { BlockEntries } from "./index-entries.js";
import { allocateLabels } from "./labels.js";
import { insertReceipts } from "./receipts.js";
import type { Database } from "./schema.js";

/** One call of `add`, ready to be stored. */
export interface AddJob {
  readonly arrivals: readonly KeptArrival[];
  readonly unlessPresent: boolean;
  readonly receipt: Receipt | undefined;
  /** Characters. */
  readonly size: number;
}

/** A block that can be stored as it is. */
export interface KeptArrival {
  readonly block: ContentBlock;
  readonly collections: readonly string[];
  readonly size: number;
  /** What the index is to have of it; undefined where nobody knows. */
  readonly entries?: BlockEntries | undefined;
}

/** See ContentStore.add. */
export type Labels = readonly (Label | undefined)[];

/** Stores jobs, for whoever collects them. */
export interface ContentWriter {
  /**
   * Does all jobs in one transaction. Rejects when nothing was done, or, as `UNAVAILABLE`, when that is not known.
   *
   * @param index the index that the jobs have entries for; null for none
   * @returns undefined when nothing was done because there is another index now
   */
  commit(jobs: readonly AddJob[], now: number, index: number | null): Promise<readonly Outcome<Labels>[] | undefined>;
  /** To be called when nothing is under way. */
  close(): Promise<void>;
}

/** What a writer is to do. */
export interface WriteTask {
  readonly jobs: readonly AddJob[];
  readonly now: number;
  readonly index: number | null;
}

/** Stores jobs over a connection, which stays open. */
export function writingTo(connection: SqlConnection): ContentWriter {
  return {
    async commit(jobs, now, index) {
      try {
        return await connection.write((transaction) => storeJobs(transaction, { jobs, now, index }));
      } catch (error) {
        if (error === anotherIndex) return undefined;
        throw error;
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Thrown to roll back. */
const anotherIndex = new Error("there is another index");

/** Checks markup before the transaction, which is to be short. */
export function addJob(arrivals: readonly Arrival[], { receipt, unlessPresent }: AddOptions): AddJob {
  const kept = arrivals.map(({ block, collections }) => {
    const copy = keepBlock(block);
    return { block: copy, collections: [...new Set(collections)], size: sizeOf(copy) };
  });
  const size = kept.reduce((total, arrival) => total + arrival.size, receipt?.raw?.length ?? 0);
  return { arrivals: kept, unlessPresent: unlessPresent === true, receipt, size };
}

/** Stores jobs in one transaction. One that names an unknown collection fails by itself. */
async function storeJobs(transaction: Database, { jobs, now, index }: WriteTask): Promise<Outcome<Labels>[]> {
  const arrivals = jobs.reduce((total, job) => total + job.arrivals.length, 0);
  // First of all, for the lock that comes with it.
  const allocation = await allocateLabels(transaction, arrivals, Math.floor(now * 1000));
  if (allocation.index !== index) throw anotherIndex;
  const compared = new Set(jobs.filter(({ unlessPresent }) => unlessPresent).flatMap(namesOf));
  await digestAllOf(transaction, compared);
  const collections = await collectionKeys(transaction, jobs.flatMap(namesOf));
  const missing = jobs.map((job) => namesOf(job).find((name) => !collections.has(name)));
  const fit = jobs.filter((_, index) => missing[index] === undefined);
  const batch = new Batch(allocation, collections, compared);
  await batch.prepare(
    transaction,
    fit.flatMap((job) => job.arrivals),
  );
  const labels = new Map(fit.map((job) => [job, batch.take(job)]));
  await batch.write(transaction);
  await insertReceipts(
    transaction,
    fit.flatMap((job) => (job.receipt === undefined ? [] : [{ ...job.receipt, received: now, labels: present(labels.get(job)) }])),
  );
  return jobs.map((job, index) => {
    const name = missing[index];
    return name === undefined ? { result: labels.get(job) ?? [] } : { error: unknownCollection(name) };
  });
}

function namesOf({ arrivals }: AddJob): string[] {
  return arrivals.flatMap(({ collections }) => collections);
}

function present(labels: Labels = []): Label[] {
  return labels.filter((label) => label !== undefined);
}
