/** The poll service: content by range, binding, query and subscription, in parts and later (SVC-POLL, SVC-MULTI, SVC-ASYNC). */

import { PollFulfillment, PollRequest } from "../../../generated/taxii11/index.js";
import { requireCollection } from "../collections.js";
import { handle } from "../handler.js";
import { defineService, type Service } from "../service.js";
import { step } from "../steps.js";
import { answerPoll } from "./poll/answer.js";
import { answerFulfillment } from "./poll/fulfillment.js";
import { matchOptions, type PollSetup } from "./poll/job.js";
import { type PollOptions, type PollSettings, settingsOf } from "./poll/options.js";
import { resolveParameters } from "./poll/parameters.js";
import { resolveRange } from "./poll/range.js";
import { buildReply, selectContent } from "./poll/reply.js";
import type { PollSteps, RunPollSteps } from "./poll/steps.js";

export type { Asynchronous, PollOptions } from "./poll/options.js";
export type {
  CollectionPoll,
  ContentToSelect,
  PollSteps,
  ReplyToBuild,
  ResolvedParameters,
  ResolvedRange,
} from "./poll/steps.js";

/**
 * A poll service.
 *
 * ```ts
 * poll({ path: "/poll", maxBlocks: 1000, asynchronous: "never" });
 * ```
 *
 * @throws TypeError when the path is none
 * @throws RangeError for a number that is none of what it counts
 */
export function poll(options: PollOptions): Service {
  const settings = settingsOf(options);
  const setup: PollSetup = { settings, steps: stepsOf(settings, options.steps ?? {}) };
  const handlers = [handle(PollRequest, (request, context) => answerPoll(request, context, setup))];
  if (settings.fulfillment) handlers.push(handle(PollFulfillment, (request, context) => answerFulfillment(request, context, setup)));
  return defineService(options, { type: "POLL", handlers, queries: settings.queries });
}

/** The built-in steps, or what replaces them. */
function stepsOf(settings: PollSettings, own: Partial<PollSteps>): RunPollSteps {
  const match = matchOptions(settings);
  return {
    resolveCollection: step((name, context) => requireCollection(name, context), own.resolveCollection),
    resolveParameters: step((input, context) => resolveParameters(input, context, settings.requiresSubscription), own.resolveParameters),
    resolveRange: step(resolveRange, own.resolveRange),
    selectContent: step((input, context) => selectContent(input, context, match), own.selectContent),
    buildReply: step(buildReply, own.buildReply),
  };
}
