/** The criteria of a query, decided as soon as what is known of a record allows. */

import type { Criteria, Criterion } from "../../generated/default-query/index.js";

/** A group of criteria, as its parts refer to it. */
interface Group {
  readonly parent: Group | undefined;
  readonly operator: Criteria["operator"];
  readonly number: number;
  readonly size: number;
}

/** A criterion's part in the whole. */
interface Leaf {
  readonly group: Group;
  /** Whether the criterion is false where its condition holds. */
  readonly inverted: boolean;
}

/** How a condition of a criterion is numbered, and whether it is met where the condition is not. */
export interface Condition {
  readonly number: number;
  readonly isAbsence: boolean;
}

/** The criteria of a query over numbered conditions; several criteria may have the same. */
export class Circuit {
  readonly #groups: Group[] = [];
  /** By the number of the condition. */
  readonly #leaves: Leaf[][] = [];

  /** @param conditionOf numbers the condition of a criterion */
  constructor(criteria: Criteria, conditionOf: (criterion: Criterion) => Condition) {
    // No recursion: criteria may be nested more deeply than calls.
    const open: { readonly criteria: Criteria; readonly parent: Group | undefined }[] = [{ criteria, parent: undefined }];
    for (const next of open) {
      const group = this.#add(next.criteria, next.parent, conditionOf);
      for (const item of next.criteria.items) if ("criteria" in item) open.push({ criteria: item.criteria, parent: group });
    }
  }

  /** Begins with a record of which nothing is known. */
  begin(): Verdict {
    return new Verdict(
      this.#groups.map(({ size }) => size),
      this.#leaves,
    );
  }

  #add(criteria: Criteria, parent: Group | undefined, conditionOf: (criterion: Criterion) => Condition): Group {
    const group: Group = { parent, operator: criteria.operator, number: this.#groups.length, size: criteria.items.length };
    this.#groups.push(group);
    for (const item of criteria.items) {
      if ("criteria" in item) continue;
      const { number, isAbsence } = conditionOf(item.criterion);
      const leaves = this.#leaves[number] ?? [];
      leaves.push({ group, inverted: item.criterion.negate !== isAbsence });
      this.#leaves[number] = leaves;
    }
    return group;
  }
}

/** What is known of one record. */
export class Verdict {
  /** Parts of each group that are not decided; 0 when the group is. */
  readonly #open: number[];
  readonly #leaves: readonly (readonly Leaf[])[];
  readonly #met: boolean[] = [];
  #outcome: boolean | undefined;

  constructor(open: number[], leaves: readonly (readonly Leaf[])[]) {
    this.#open = open;
    this.#leaves = leaves;
  }

  /** Whether the record matches; undefined while that is not known. */
  get outcome(): boolean | undefined {
    return this.#outcome;
  }

  /** Whether a condition was met. */
  isMet(condition: number): boolean {
    return this.#met[condition] === true;
  }

  /** Notes that a node meets a condition. */
  meet(condition: number): void {
    if (this.#met[condition] === true) return;
    this.#met[condition] = true;
    for (const { group, inverted } of this.#leaves[condition] ?? []) this.#decide(group, !inverted);
  }

  /** Nothing more is to come: conditions that were not met are not. */
  end(): boolean {
    for (const [condition, leaves] of this.#leaves.entries()) {
      if (this.#outcome !== undefined) break;
      if (this.#met[condition] !== true) for (const { group, inverted } of leaves) this.#decide(group, inverted);
    }
    return this.#outcome ?? false;
  }

  /** A part of a group is decided, and with it perhaps the group, and the groups around it. */
  #decide(group: Group, value: boolean): void {
    let at: Group | undefined = group;
    while (at !== undefined) {
      const open = this.#open[at.number] ?? 0;
      if (open === 0) return;
      const settles = value === (at.operator === "OR");
      this.#open[at.number] = settles ? 0 : open - 1;
      // A part that settles nothing leaves the group open until it was the last: then the group is what that part is.
      if (!settles && open > 1) return;
      if (at.parent === undefined) this.#outcome = value;
      at = at.parent;
    }
  }
}
