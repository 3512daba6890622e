/** Result sets as rows. */

import type { ContentBindingId } from "../../../generated/taxii11/index.js";
import { readPush, readQuery, writePush, writeQuery } from "../records/json.js";
import type { ResultChange, ResultLimits, ResultPart, ResultSet } from "../results.js";
import { newTask } from "./claim.js";
import type { Database } from "./schema.js";
import type { PartRow, ResultRow } from "./schema-records.js";

/** The row of a new result set. */
export function toRow(result: ResultSet, collection: number): Omit<ResultRow, "seq"> {
  const { stated, contentBindings, query, count, push, lastPart } = result;
  return {
    ...newTask,
    id: result.id,
    owner: result.owner,
    collection,
    subscription_id: result.subscriptionId ?? null,
    version: result.version,
    range_after: result.after ?? null,
    range_until: result.until,
    stated_begin: stated?.begin ?? null,
    stated_end: stated?.end ?? null,
    content_bindings: JSON.stringify(contentBindings),
    query: query === undefined ? null : writeQuery(query),
    response_type: result.responseType,
    limits: result.limits === undefined ? null : JSON.stringify(result.limits),
    state: result.state,
    count_value: count?.value ?? null,
    count_partial: count === undefined ? null : Number(count.partial),
    push: push === undefined ? null : writePush(push),
    expires: result.expires,
    created: result.created,
    parts: lastPart?.number ?? 0,
    complete: Number(lastPart?.last ?? false),
    pushed: 0,
  };
}

export function toPartRow(result: number, { number, after, until, last }: ResultPart): PartRow {
  return { result, number, range_after: after ?? null, range_until: until, last: Number(last) };
}

export function toPart(row: Omit<PartRow, "result">): ResultPart {
  return { number: row.number, after: row.range_after ?? undefined, until: row.range_until, last: row.last === 1 };
}

/** A result set that has not expired, with the name of its collection and its last part. */
export function selectResult(db: Database, id: string, now: number) {
  return db
    .selectFrom("results")
    .innerJoin("collections", "collections.id", "results.collection")
    .leftJoin("result_parts", (join) =>
      join.onRef("result_parts.result", "=", "results.seq").onRef("result_parts.number", "=", "results.parts"),
    )
    .selectAll("results")
    .select([
      "collections.name as collection_name",
      "result_parts.number as part_number",
      "result_parts.range_after as part_after",
      "result_parts.range_until as part_until",
      "result_parts.last as part_last",
    ])
    .where("results.id", "=", id)
    .where("expires", ">", now);
}

interface SelectedRow extends Omit<ResultRow, "seq"> {
  readonly collection_name: string;
  readonly part_number: number | null;
  readonly part_after: number | null;
  readonly part_until: number | null;
  readonly part_last: number | null;
}

export function toResultSet(row: SelectedRow): ResultSet {
  const { part_number, part_after, part_until, part_last, count_value, stated_begin, stated_end } = row;
  return {
    id: row.id,
    owner: row.owner,
    collection: row.collection_name,
    subscriptionId: row.subscription_id ?? undefined,
    version: row.version,
    after: row.range_after ?? undefined,
    until: row.range_until,
    stated: stated_end === null ? undefined : { begin: stated_begin ?? undefined, end: stated_end },
    contentBindings: JSON.parse(row.content_bindings) as ContentBindingId[],
    query: row.query === null ? undefined : readQuery(row.query),
    responseType: row.response_type,
    limits: row.limits === null ? undefined : (JSON.parse(row.limits) as ResultLimits),
    state: row.state,
    count: count_value === null ? undefined : { value: count_value, partial: row.count_partial === 1 },
    push: row.push === null ? undefined : readPush(row.push),
    expires: row.expires,
    created: row.created,
    lastPart:
      part_number === null || part_until === null || part_last === null
        ? undefined
        : toPart({ number: part_number, range_after: part_after, range_until: part_until, last: part_last }),
    pushed: row.pushed,
    attempts: row.attempts,
    notBefore: row.not_before,
    error: row.error ?? undefined,
    parked: row.parked === 1,
  };
}

/** The columns a worker's change changes. */
export function toColumns(change: ResultChange) {
  const { state, count, pushed, attempts, notBefore, parked } = change;
  return {
    ...(state === undefined ? {} : { state }),
    ...("count" in change ? { count_value: count?.value ?? null, count_partial: count === undefined ? null : Number(count.partial) } : {}),
    ...(pushed === undefined ? {} : { pushed }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(notBefore === undefined ? {} : { not_before: notBefore }),
    ...("error" in change ? { error: change.error ?? null } : {}),
    ...(parked === undefined ? {} : { parked: Number(parked) }),
  };
}
