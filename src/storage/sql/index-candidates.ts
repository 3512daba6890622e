/** Finding candidates in the index: which entries lead to them, how many these are about, and whose they are. */

import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { IndexComparison, IndexedContent, IndexRange, NarrowingCondition } from "../content-index.js";
import type { Label } from "../label.js";
import type { IndexPaths } from "./index-paths.js";
import type { Database, Tables } from "./schema.js";
import { indexKinds, specialPaths } from "./schema-index.js";

/** Entries whose blocks are candidates. */
interface Lookup {
  readonly table: "index_texts" | "index_numbers";
  readonly paths: readonly number[];
  readonly value: RawBuilder<SqlBool> | undefined;
}

/** A way to all candidates of a condition. */
interface Access {
  /** How many entries there are on it, of all collections. */
  readonly estimate: number;
  readonly lookups: readonly Lookup[];
}

/** Entries that are taken at most. */
const mostEntries = 50_000;
/** So few that there is no need to look for a way with fewer. */
const fewEntries = 50;
/** Looks at the index to find a way; more criteria than that have no say. */
const mostEstimates = 64;
/** Paths in one look. */
const mostPathsOfTarget = 500;

export class CandidateSearch {
  readonly #db: Database;
  readonly #content: IndexedContent;
  readonly #paths: IndexPaths;
  readonly #bindings: readonly string[];
  #estimates = 0;

  constructor(db: Database, content: IndexedContent, paths: IndexPaths, bindings: readonly string[]) {
    this.#db = db;
    this.#content = content;
    this.#paths = paths;
    this.#bindings = bindings;
  }

  /** The way to the candidates of a condition; undefined where there is none, or none that leads to few. */
  async accessTo(condition: NarrowingCondition): Promise<Access | undefined> {
    const always = await this.#accessOf({ table: "index_texts", paths: [specialPaths.always], value: undefined }, mostEntries);
    const found = always && (await this.#accessTo(condition, mostEntries));
    return found && joined([found, always], mostEntries);
  }

  async #accessTo(condition: NarrowingCondition, most: number): Promise<Access | undefined> {
    if ("all" in condition) return this.#shortest(condition.all, most);
    if ("any" in condition) return this.#together(condition.any, most);
    if (!this.#content.covers(condition.target, this.#bindings)) return undefined;
    const paths = this.#paths.denotedBy(condition.target, this.#content);
    if (paths.length > mostPathsOfTarget) return undefined;
    const { value } = condition;
    if (value !== undefined && isApart(value)) return this.#accessApart(paths, value, most);
    return this.#accessOf(lookupOf([specialPaths.other, ...paths], value), most);
  }

  /** Where there is one node at most, it keeps both bounds; all blocks that may have more are candidates. */
  async #accessApart(paths: readonly number[], { kind, from, to }: IndexRange, most: number): Promise<Access | undefined> {
    const all = [specialPaths.other, ...paths];
    // Of several paths a block may have one node each.
    const lookups =
      paths.length > 1
        ? [lookupOf(all, { kind, from })]
        : [lookupOf(all, { kind, from, to }), lookupOf([specialPaths.other], { kind }), severalOf(all, kind)];
    const found: Access[] = [];
    for (const lookup of lookups) {
      const access = await this.#accessOf(lookup, most);
      if (access === undefined) return undefined;
      found.push(access);
    }
    return joined(found, most);
  }

  /** What meets all conditions meets each of them: the one that fewest blocks meet is asked about. */
  async #shortest(conditions: readonly NarrowingCondition[], most: number): Promise<Access | undefined> {
    let best: Access | undefined;
    for (const condition of conditions) {
      if (best !== undefined && best.estimate <= fewEntries) break;
      best = (await this.#accessTo(condition, best === undefined ? most : best.estimate - 1)) ?? best;
    }
    return best;
  }

  /** Each condition has to have a way of its own. */
  async #together(conditions: readonly NarrowingCondition[], most: number): Promise<Access | undefined> {
    const all: Access[] = [];
    let left = most;
    for (const condition of conditions) {
      const access = await this.#accessTo(condition, left);
      if (access === undefined) return undefined;
      left -= access.estimate;
      all.push(access);
    }
    return joined(all, most);
  }

  async #accessOf(lookup: Lookup, most: number): Promise<Access | undefined> {
    if (++this.#estimates > mostEstimates) return undefined;
    const { count } = await this.#db
      .selectFrom(
        this.#entries(lookup)
          .select("label")
          .limit(most + 1)
          .as("entries"),
      )
      .select(sql<number>`count(*)`.as("count"))
      .executeTakeFirstOrThrow();
    return count > most ? undefined : { estimate: count, lookups: [lookup] };
  }

  /** The labels of the candidates, in their order. */
  async labels({ lookups }: Access, { after, until }: { readonly after: Label; readonly until: Label }): Promise<readonly Label[]> {
    const labels = new Set<Label>();
    for (const lookup of lookups) {
      const rows = await this.#entries(lookup)
        .select("label")
        // The sign keeps databases from walking through the labels instead of the values.
        .where(sql<SqlBool>`+label > ${after}`)
        .where(sql<SqlBool>`+label <= ${until}`)
        .execute();
      for (const { label } of rows) labels.add(label);
    }
    return [...labels].sort((a, b) => a - b);
  }

  #entries({ table, paths, value }: Lookup): SelectQueryBuilder<Tables, "index_texts" | "index_numbers", object> {
    // Numbers of our own as literals: lists of many lengths would each be a statement with as many parameters.
    const query = this.#db.selectFrom(table).where(sql<SqlBool>`path in (${sql.join(paths.map((path) => sql.lit(path)))})`);
    return value === undefined ? query : query.where(value);
  }
}

function joined(all: readonly Access[], most: number): Access | undefined {
  const estimate = all.reduce((sum, access) => sum + access.estimate, 0);
  return estimate > most ? undefined : { estimate, lookups: all.flatMap(({ lookups }) => lookups) };
}

function isApart(value: IndexComparison): value is IndexRange {
  return "apart" in value && value.apart === true;
}

/** Blocks that have several numbers, or instants, at one of these paths. */
function severalOf(paths: readonly number[], kind: IndexRange["kind"]): Lookup {
  const several = kind === "number" ? indexKinds.severalNumbers : indexKinds.severalInstants;
  return { table: "index_numbers", paths, value: inRange(several, undefined, undefined) };
}

function lookupOf(paths: readonly number[], value: IndexComparison | undefined): Lookup {
  if (value === undefined) return { table: "index_texts", paths, value };
  switch (value.kind) {
    case "equal":
      return { table: "index_texts", paths, value: sql<SqlBool>`value in (${sql.join(value.texts)})` };
    case "prefix":
      return { table: "index_texts", paths, value: beginningWith(value.text) };
    default:
      return { table: "index_numbers", paths, value: inRange(indexKinds[value.kind], value.from, value.to) };
  }
}

function beginningWith(text: string): RawBuilder<SqlBool> | undefined {
  if (text === "") return undefined;
  const end = endOfPrefix(text);
  return end === undefined ? sql<SqlBool>`value >= ${text}` : sql<SqlBool>`(value >= ${text} and value < ${end})`;
}

/** The least text, code point by code point, that is greater than all texts with a beginning; undefined when there is none. */
function endOfPrefix(text: string): string | undefined {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // No character stands for a surrogate.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

function inRange(kind: number, from: number | undefined, to: number | undefined): RawBuilder<SqlBool> {
  // PostgreSQL takes a parameter for the type it is compared with; whole numbers of ours would be integers otherwise.
  const bounds = [
    ...(from === undefined ? [] : [sql<SqlBool>`value >= cast(${from} as double precision)`]),
    ...(to === undefined ? [] : [sql<SqlBool>`value <= cast(${to} as double precision)`]),
  ];
  return sql<SqlBool>`(${sql.join([sql<SqlBool>`kind = ${sql.lit(kind)}`, ...bounds], sql` and `)})`;
}
