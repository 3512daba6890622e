/** Storing what arrives, all of it or nothing (SVC-INBOX-003). */

import type { InboxMessage } from "../../../generated/taxii11/index.js";
import { StatusError } from "../../message/status-error.js";
import { type Arrival, type Label, type Receipt, StorageError } from "../../storage/index.js";
import { noCollection } from "../collections.js";
import { type Context, ownerOf } from "../context.js";

/** A message and what of it is kept. */
export interface Saving {
  readonly message: InboxMessage;
  readonly arrivals: readonly Arrival[];
}

/** What is kept of messages beside their content: nothing, what they were, or also the document as it came. */
export type KeepMessages = "none" | "receipt" | "raw";

/** How content is stored. */
export interface StoreRules {
  readonly duplicates: "keep" | "drop";
  readonly keepMessages: KeepMessages;
}

/** Seconds after which a sender may try again. */
const wait = "10";

/**
 * Stores content and receipt in one step.
 *
 * @returns the label of each arrival; undefined for one that was there already
 * @throws StatusError `RETRY` while the storage cannot be reached; as `noCollection` says when a collection that was named has just
 *   been removed
 */
export async function saveBlocks(saving: Saving, context: Context, rules: StoreRules): Promise<readonly (Label | undefined)[]> {
  const { arrivals } = saving;
  const receipt = receiptOf(saving, context, rules.keepMessages);
  if (arrivals.length === 0 && receipt === undefined) return [];
  try {
    return await context.storage.add(arrivals, { unlessPresent: rules.duplicates === "drop", receipt });
  } catch (error) {
    throw (await refusalOf(error, saving, context)) ?? error;
  }
}

function receiptOf({ message }: Saving, context: Context, keep: KeepMessages): Receipt | undefined {
  if (keep === "none") return undefined;
  return {
    messageId: message.messageId,
    account: ownerOf(context) || undefined,
    service: context.service.path ?? context.service.id,
    subscriptionId: message.sourceSubscription?.subscriptionId,
    resultId: message.resultId,
    blockCount: message.contentBlocks.length,
    raw: keep === "raw" ? context.document : undefined,
  };
}

/** What the sender is told when content could not be stored; undefined for what is the server's own fault. */
async function refusalOf(error: unknown, { message }: Saving, context: Context): Promise<StatusError | undefined> {
  if (!(error instanceof StorageError)) return undefined;
  if (error.code === "UNAVAILABLE") return later("The storage cannot be reached at the moment.", error);
  if (error.code !== "UNKNOWN_COLLECTION") return undefined;
  for (const name of message.destinationCollectionNames) {
    if ((await context.storage.collection(name)) === undefined) return noCollection(name, context);
  }
  // The sender named none that is gone; the next time it goes to those that are left.
  return later("The collections of this inbox have just changed.", error);
}

function later(reason: string, cause: StorageError): StatusError {
  return new StatusError("RETRY", { message: `${reason} Send the message again.`, details: { ESTIMATED_WAIT: wait }, cause });
}
