/** Where the query of a poll is evaluated: by the producer, or on this side. */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { queryStatusTypes } from "../../constants.js";
import { StatusError } from "../../message/status-error.js";
import { NotInVersion10Error } from "../../message/versions/index.js";
import { UnsupportedQueryError } from "../query-check.js";
import type { PollOptions } from "./options.js";

/** See `PollOptions.queryAt`. */
export type QueryPlace = "server" | "client" | "either";

type Blocks = AsyncGenerator<ContentBlock, void, undefined>;

const refusals: ReadonlySet<string> = new Set(["UNSUPPORTED_QUERY", ...queryStatusTypes]);

/** Whether an error says that the producer does not evaluate the query, rather than that the poll came to nothing. */
export function isQueryRefusal(error: unknown): boolean {
  if (error instanceof UnsupportedQueryError) return true;
  if (error instanceof NotInVersion10Error) return error.path.endsWith("query");
  return error instanceof StatusError && refusals.has(error.code);
}

/** The options of a poll whose query the producer does not see. */
export function withoutQuery<T extends Pick<PollOptions, "query">>(options: T): T {
  return { ...options, query: undefined };
}

/** The blocks that match the query of a poll. @throws TypeError for a query that cannot be evaluated here */
export async function* matching(blocks: AsyncIterable<ContentBlock>, { query, matching: how }: PollOptions): Blocks {
  if (query === undefined) {
    yield* blocks;
    return;
  }
  const { filterFor } = await import("./filter.js");
  const matches = filterFor(query, how);
  for await (const block of blocks) if (matches(block)) yield block;
}

/**
 * The blocks of a poll with a query, evaluated where its options say.
 *
 * @param poll makes the poll, with the query or without
 */
export async function* polledAt(options: PollOptions, poll: (options: PollOptions) => Blocks): Blocks {
  const { query, queryAt = "server" } = options;
  if (query === undefined || queryAt === "server") return yield* poll(options);
  if (queryAt === "either" && (yield* untilRefused(poll(options)))) return;
  yield* matching(poll(withoutQuery(options)), options);
}

/** Hands blocks on. @returns false when the producer refused the query instead of sending any */
async function* untilRefused(blocks: Blocks): AsyncGenerator<ContentBlock, boolean, undefined> {
  let begun = false;
  try {
    for await (const block of blocks) {
      begun = true;
      yield block;
    }
  } catch (error) {
    if (begun || !isQueryRefusal(error)) throw error;
    return false;
  }
  return true;
}

/** What `ask` gives with the query, or without it where the producer refuses it and that is to be asked as well. */
export async function askedAt<T>(options: PollOptions, withQuery: () => Promise<T>, without: () => Promise<T>): Promise<T> {
  const { query, queryAt = "server" } = options;
  if (query === undefined || queryAt === "server") return withQuery();
  if (queryAt === "client") return without();
  return withQuery().catch((error: unknown) => {
    if (!isQueryRefusal(error)) throw error;
    return without();
  });
}
