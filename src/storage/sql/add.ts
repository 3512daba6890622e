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
import { Inserts } from "./inserts.js";
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
}

/** See ContentStore.add. */
export type Labels = readonly (Label | undefined)[];

/** Stores jobs, for whoever collects them. */
export interface ContentWriter {
  /** Does all jobs in one transaction. Rejects when nothing was done, or, as `UNAVAILABLE`, when that is not known. */
  commit(jobs: readonly AddJob[], now: number): Promise<readonly Outcome<Labels>[]>;
  /** To be called when nothing is under way. */
  close(): Promise<void>;
}

/** Stores jobs over a connection, which stays open. */
export function writingTo(connection: SqlConnection): ContentWriter {
  const inserts = new Inserts();
  return {
    commit: (jobs, now) => connection.write((transaction) => storeJobs(transaction, jobs, now, inserts)),
    close: () => Promise.resolve(),
  };
}

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
async function storeJobs(transaction: Database, jobs: readonly AddJob[], now: number, inserts: Inserts): Promise<Outcome<Labels>[]> {
  const arrivals = jobs.reduce((total, job) => total + job.arrivals.length, 0);
  // First of all, for the lock that comes with it.
  const first = await allocateLabels(transaction, arrivals, Math.floor(now * 1000));
  const compared = new Set(jobs.filter(({ unlessPresent }) => unlessPresent).flatMap(namesOf));
  await digestAllOf(transaction, compared);
  const collections = await collectionKeys(transaction, jobs.flatMap(namesOf));
  const missing = jobs.map((job) => namesOf(job).find((name) => !collections.has(name)));
  const fit = jobs.filter((_, index) => missing[index] === undefined);
  const batch = new Batch(first, collections, compared);
  await batch.prepare(
    transaction,
    fit.flatMap((job) => job.arrivals),
  );
  const labels = new Map(fit.map((job) => [job, batch.take(job)]));
  await batch.write(transaction, inserts);
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
