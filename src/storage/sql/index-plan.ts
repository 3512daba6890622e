/**
 * How blocks are found that may match: by the index, where it has what is asked for and leads to few of them, otherwise one by
 * one. Either way all are found that a look at each block would find.
 */

import type { Narrowing } from "../content-index.js";
import type { Label } from "../label.js";
import { CandidateSearch } from "./index-candidates.js";
import { currentIndex, isCurrent } from "./index-definition.js";
import type { IndexKnowledge } from "./index-writer.js";
import type { Database } from "./schema.js";
import { countOf, type Run } from "./select.js";

/** What the index says of a run. */
interface Candidates {
  /** Blocks labelled later than this, */
  readonly after: Label;
  /** and up to this, are among the labels if they match. */
  readonly until: Label;
  /** In their order; they need not be in the run. */
  readonly labels: readonly Label[];
}

// Of so few blocks each is looked at: the plan would cost as much.
const fewBlocks = 64;
// With more candidates than one block in so many, reading the run from end to end is as quick.
const blocksPerCandidate = 4;

/** The candidates of a run; undefined where all of it is to be looked through. */
export async function candidatesOf(
  db: Database,
  run: Run,
  narrowing: Narrowing,
  knowledge: IndexKnowledge,
): Promise<Candidates | undefined> {
  if ((await countOf(db, run, fewBlocks)) < fewBlocks) return undefined;
  // Before the paths: whatever blocks up to `last` have in the index, its paths can be seen then.
  const index = await currentIndex(db);
  const content = index && knowledge.contentOf(index.definition);
  if (index === undefined || content === undefined) return undefined;
  await knowledge.paths.refresh(db);
  const range = { after: Math.max(index.since, run.after ?? index.since), until: Math.min(index.last, run.until ?? index.last) };
  if (range.after >= range.until) return undefined;
  const search = new CandidateSearch(db, content, knowledge.paths, narrowing.bindings);
  const access = await search.accessTo(narrowing.condition);
  if (access === undefined) return undefined;
  const enough = access.estimate * blocksPerCandidate + fewBlocks;
  if ((await countOf(db, { ...run, ...range }, enough)) < enough) return undefined;
  const labels = await search.labels(access, range);
  // Entries may have gone when another index was defined meanwhile.
  return (await isCurrent(db, index)) ? { ...range, labels } : undefined;
}
