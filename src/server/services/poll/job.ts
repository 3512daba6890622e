/** What the ways of answering a poll have in common. */

import type { PollRequest } from "../../../../generated/taxii11/index.js";
import type { MatchOptions } from "../../../message/content-binding.js";
import type { Collection } from "../../../storage/index.js";
import type { Context } from "../../context.js";
import type { Reply } from "../../handler.js";
import type { QueryPredicate } from "../../query.js";
import type { ContentRange, CutOptions } from "../../results/index.js";
import type { PollSettings } from "./options.js";
import type { ContentToSelect, ReplyToBuild, ResolvedParameters, ResolvedRange, RunPollSteps } from "./steps.js";

/** What a service was set up with. */
export interface PollSetup {
  readonly settings: PollSettings;
  readonly steps: RunPollSteps;
}

/** A poll of which it is known what it asks for. */
export interface PollJob {
  readonly request: PollRequest;
  readonly collection: Collection;
  readonly parameters: ResolvedParameters;
  readonly range: ResolvedRange;
  readonly predicate: QueryPredicate | undefined;
}

/** The content a poll is about. */
export function contentOf({ collection, parameters: { contentBindings }, range: { after, until } }: PollJob): ContentRange {
  return { collection, after, until, contentBindings };
}

/** How the results of a service are cut and counted. */
export function cutOptions({ limits, strictSubtypes }: PollSettings, predicate: QueryPredicate | undefined): CutOptions {
  return { limits, predicate, match: matchOptions({ strictSubtypes }) };
}

/** How a service matches content bindings. */
export function matchOptions({ strictSubtypes }: Pick<PollSettings, "strictSubtypes">): MatchOptions {
  return { strictSubtypes };
}

/** The message and, unless only a count is asked for, the content of it. */
export async function send(
  reply: ReplyToBuild,
  content: ContentToSelect | undefined,
  context: Context,
  steps: RunPollSteps,
): Promise<Reply<PollRequest>> {
  const message = await steps.buildReply(reply, context);
  return content === undefined ? message : { message, blocks: await steps.selectContent(content, context) };
}
