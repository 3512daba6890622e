/** Keeping the result of a poll. */

import { StatusError } from "../../../message/status-error.js";
import { type ResultPart, type ResultSet, type ResultSetInit, StorageError } from "../../../storage/index.js";
import { type Context, ownerOf } from "../../context.js";
import type { PollJob } from "./job.js";
import type { PollSettings } from "./options.js";

/**
 * Keeps a result for its requester, with the parts that are known.
 *
 * @throws StatusError `RETRY` with ESTIMATED_WAIT when the requester has as many as are kept for one (SVC-POLL-016)
 */
export async function createResult(
  job: PollJob,
  init: Pick<ResultSetInit, "state" | "count" | "push">,
  parts: readonly ResultPart[],
  context: Context,
  settings: PollSettings,
): Promise<ResultSet> {
  const { contentBindings, query, responseType, subscription } = job.parameters;
  const { after, until, stated } = job.range;
  const whole: ResultSetInit = {
    ...init,
    id: `urn:uuid:${crypto.randomUUID()}`,
    owner: ownerOf(context),
    collection: job.collection.name,
    subscriptionId: subscription?.id,
    version: context.version,
    after,
    until,
    stated,
    contentBindings,
    query,
    responseType,
    limits: settings.limits,
    expires: context.now() + settings.resultLifetime * 1000,
  };
  try {
    const result = await context.storage.results.create(whole, parts, settings.maxResults);
    context.emit("resultMade", result);
    return result;
  } catch (error) {
    throw error instanceof StorageError && error.code === "QUOTA_EXCEEDED" ? await tooMany(error, context) : error;
  }
}

async function tooMany(cause: StorageError, context: Context): Promise<StatusError> {
  const now = context.now();
  const expiry = (await context.storage.results.firstExpiry(ownerOf(context))) ?? now;
  return new StatusError("RETRY", {
    message: "As many results are kept for you as may be. There is room again when the first of them expires.",
    details: { ESTIMATED_WAIT: String(Math.max(1, Math.ceil((expiry - now) / 1000))) },
    cause,
  });
}
