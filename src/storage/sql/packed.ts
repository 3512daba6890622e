/**
 * Jobs and what came of them, on their way between threads: copying objects within objects takes several times as long as
 * copying lists of plain values, and longer than it takes to store a small block.
 */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { charactersOf, isXmlContent } from "../../binding/content.js";
import type { Receipt } from "../storage.js";
import type { AddJob, KeptArrival, Labels } from "./add.js";
import type { Outcome } from "./group-commit.js";
import type { BlockEntries } from "./index-entries.js";

/** Jobs, a list for each property: of the jobs, of all their blocks one after the other, of all the collections of these. */
export interface PackedJobs {
  readonly unlessPresent: boolean[];
  readonly receipts: (Receipt | undefined)[];
  readonly jobSizes: number[];
  /** How many blocks each job has. */
  readonly arrivals: number[];
  readonly bindings: string[];
  readonly subtypes: (string | undefined)[];
  /** Whether the content of a block is markup. */
  readonly markup: boolean[];
  readonly characters: string[];
  readonly timestampLabels: (string | undefined)[];
  readonly messages: (string | undefined)[];
  readonly paddings: (string | undefined)[];
  readonly signatures: (string | undefined)[];
  readonly sizes: number[];
  readonly entries: (BlockEntries | undefined)[];
  /** How many collections each block joins. */
  readonly joins: number[];
  readonly collections: string[];
}

/** Jobs whose blocks are known to be fit to be stored. */
export function packJobs(jobs: readonly AddJob[]): PackedJobs {
  const arrivals = jobs.flatMap((job) => job.arrivals);
  const blocks = arrivals.map(({ block }) => block);
  return {
    unlessPresent: jobs.map((job) => job.unlessPresent),
    receipts: jobs.map((job) => job.receipt),
    jobSizes: jobs.map((job) => job.size),
    arrivals: jobs.map((job) => job.arrivals.length),
    bindings: blocks.map(({ contentBinding }) => contentBinding.bindingId),
    subtypes: blocks.map(({ contentBinding }) => contentBinding.subtype?.subtypeId),
    markup: blocks.map(({ content }) => isXmlContent(content)),
    characters: blocks.map(({ content }) => charactersOf(content)),
    timestampLabels: blocks.map(({ timestampLabel }) => timestampLabel),
    messages: blocks.map(({ message }) => message),
    paddings: blocks.map(({ padding }) => padding),
    signatures: blocks.map(({ signature }) => signature?.xml),
    sizes: arrivals.map(({ size }) => size),
    entries: arrivals.map(({ entries }) => entries),
    joins: arrivals.map(({ collections }) => collections.length),
    collections: arrivals.flatMap(({ collections }) => collections),
  };
}

export function unpackJobs(packed: PackedJobs): AddJob[] {
  let arrival = 0;
  let collection = 0;
  const nextArrival = (): KeptArrival => {
    const index = arrival++;
    const from = collection;
    collection += packed.joins[index] ?? 0;
    return {
      block: blockAt(packed, index),
      collections: packed.collections.slice(from, collection),
      size: packed.sizes[index] ?? 0,
      entries: packed.entries[index],
    };
  };
  return packed.arrivals.map((count, index) => ({
    arrivals: Array.from({ length: count }, nextArrival),
    unlessPresent: packed.unlessPresent[index] ?? false,
    receipt: packed.receipts[index],
    size: packed.jobSizes[index] ?? 0,
  }));
}

function blockAt(packed: PackedJobs, index: number): ContentBlock {
  const bindingId = packed.bindings[index] ?? "";
  const subtypeId = packed.subtypes[index];
  const characters = packed.characters[index] ?? "";
  const signature = packed.signatures[index];
  return {
    contentBinding: subtypeId === undefined ? { bindingId } : { bindingId, subtype: { subtypeId } },
    content: packed.markup[index] === true ? { xml: characters } : { text: characters },
    timestampLabel: packed.timestampLabels[index],
    message: packed.messages[index],
    padding: packed.paddings[index],
    signature: signature === undefined ? undefined : { xml: signature },
  };
}

/** What came of jobs: the labels of all their blocks one after the other, and which jobs failed instead. */
export interface PackedOutcomes<Failure> {
  readonly labels: Labels;
  readonly failures: readonly { readonly job: number; readonly error: Failure }[];
}

export function packOutcomes<Failure>(outcomes: readonly Outcome<Labels>[], errorOf: (error: unknown) => Failure): PackedOutcomes<Failure> {
  return {
    labels: outcomes.flatMap((outcome) => ("result" in outcome ? outcome.result : [])),
    failures: outcomes.flatMap((outcome, job) => ("error" in outcome ? [{ job, error: errorOf(outcome.error) }] : [])),
  };
}

/** @param jobs those that were packed */
export function unpackOutcomes<Failure>(
  { labels, failures }: PackedOutcomes<Failure>,
  jobs: readonly AddJob[],
  toError: (failure: Failure) => Error,
): Outcome<Labels>[] {
  const failed = new Map(failures.map(({ job, error }) => [job, error]));
  let from = 0;
  return jobs.map(({ arrivals }, job) => {
    const failure = failed.get(job);
    if (failure !== undefined) return { error: toError(failure) };
    from += arrivals.length;
    return { result: labels.slice(from - arrivals.length, from) };
  });
}
