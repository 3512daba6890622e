/** Where content that arrives is to go (SVC-INBOX-008, SVC-INBOX-009). */

import type { InboxMessage } from "../../../generated/taxii11/index.js";
import { StatusError } from "../../message/status-error.js";
import type { Collection, DestinationRule } from "../../storage/index.js";
import { allowedCollections, requireCollection, servedCollections } from "../collections.js";
import type { Context } from "../context.js";

/**
 * The collections a message may go to: those it names, and no others (SVC-INBOX-018), or where it names none all those of the
 * inbox that the sender may write to.
 *
 * @throws StatusError `DESTINATION_COLLECTION_ERROR` when names are missing, or are not wanted; as `requireCollection` says for
 *   each that is named (SVC-INBOX-011); `UNAUTHORIZED` when none is named and all are closed to the sender (SVC-INBOX-007)
 */
export function resolveDestinations(message: InboxMessage, context: Context, rule: DestinationRule): Promise<readonly Collection[]> {
  if (message.destinationCollectionNames.length === 0) return ownDestinations(context, rule);
  // No ACCEPTABLE_DESTINATION: that is how "none" is said (SVC-INBOX-010).
  if (rule === "prohibited")
    throw wrongDestination("This inbox decides itself where content goes; destination collections must not be named.");
  return namedDestinations(message.destinationCollectionNames, context);
}

async function namedDestinations(names: readonly string[], context: Context): Promise<readonly Collection[]> {
  const collections: Collection[] = [];
  for (const name of new Set(names)) collections.push(await requireCollection(name, context, "write"));
  return collections;
}

async function ownDestinations(context: Context, rule: DestinationRule): Promise<readonly Collection[]> {
  const served = await servedCollections(context);
  const writable = await allowedCollections("write", served, context);
  if (served.length > 0 && writable.length === 0)
    throw new StatusError("UNAUTHORIZED", { message: "You may not send content to any collection of this inbox." });
  const open = writable.filter(({ available }) => available);
  if (rule !== "required") return open;
  throw wrongDestination(
    "This inbox needs to be told which collections the content is for.",
    open.map(({ name }) => name),
  );
}

function wrongDestination(message: string, acceptable: readonly string[] = []): StatusError {
  return new StatusError("DESTINATION_COLLECTION_ERROR", { message, details: { ACCEPTABLE_DESTINATION: acceptable } });
}
