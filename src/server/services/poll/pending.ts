/** Polls that are answered later (SVC-ASYNC, SVC-PUSH). */

import type { PushParameter, StatusMessage } from "../../../../generated/taxii11/index.js";
import { versionIds } from "../../../constants.js";
import { StatusError, statusMessage } from "../../../message/status-error.js";
import type { ResultSet } from "../../../storage/index.js";
import type { Context } from "../../context.js";
import { selectionOf } from "../../results/index.js";
import { contentOf, matchOptions, type PollJob } from "./job.js";
import type { PollSettings } from "./options.js";
import { createResult } from "./result.js";

/** Whether a poll is answered later: the request allows it (SVC-ASYNC-001), and there is much to go through. */
export async function isForLater(job: PollJob, { storage }: Context, settings: PollSettings): Promise<boolean> {
  const { asynchronous, fulfillment } = settings;
  if (!job.parameters.allowAsynch || !fulfillment || asynchronous === "never") return false;
  if (asynchronous === "always") return true;
  if (job.collection.blockCount <= asynchronous.above) return false;
  const blocks = await storage.count(selectionOf(contentOf(job), matchOptions(settings)), asynchronous.above + 1);
  return blocks > asynchronous.above;
}

/** Keeps the poll as a result to be made, and promises it. */
export async function announce(job: PollJob, context: Context, settings: PollSettings): Promise<StatusMessage> {
  const push = await pushTarget(job.parameters.deliveryParameters, context);
  const result = await createResult(job, { state: "PENDING", count: undefined, push }, [], context, settings);
  return pending(result, job.request.messageId, context);
}

/** The promise of a result, with all its details (SVC-ASYNC-002, SVC-ASYNC-005). */
export function pending({ id, push, created }: ResultSet, inResponseTo: string, { now }: Context): StatusMessage {
  return statusMessage("PENDING", {
    inResponseTo,
    message: push === undefined ? "The result is being made, and can be fetched then." : "The result is being made, and will be pushed.",
    details: { ESTIMATED_WAIT: String(estimatedWait(now() - created)), RESULT_ID: id, WILL_PUSH: String(push !== undefined) },
  });
}

const longestWait = 300;

/** Seconds to wait, after so many milliseconds: as long again, so that who waits asks seldom and is not much too late. */
function estimatedWait(waited: number): number {
  return Math.min(longestWait, Math.max(1, Math.ceil(waited / 1000)));
}

/**
 * Where the result will be pushed: when it is asked for, the server is willing, and it is able to use the bindings and the
 * address (SVC-PUSH-003). Otherwise the result can be fetched only; that is no reason to refuse the poll (SVC-PUSH-004).
 */
async function pushTarget(target: PushParameter | undefined, { push, account }: Context): Promise<PushParameter | undefined> {
  if (target === undefined || push === undefined) return undefined;
  const { protocolBinding, messageBinding } = target;
  // TAXII 1.0 has no place for the id of a result (SVC-PUSH-005).
  if (messageBinding === versionIds.xml10) return undefined;
  if (!push.protocolBindings.includes(protocolBinding) || !push.messageBindings.includes(messageBinding)) return undefined;
  try {
    await push.check(target, account);
    return target;
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}
