/** The engine against the evaluator that goes by the letter, on random records and queries. */

import fc from "fast-check";
import { expect, it } from "vitest";
import type { Criteria } from "../../generated/default-query/index.js";
import { compileQuery, isWithinScopes } from "../../src/query/index.js";
import { criteriaOf, mixedElement, name, relationship, target } from "./arbitrary.js";
import { denotes, evaluate, type Node } from "./reference.js";
import { stixCase } from "./stix-arbitrary.js";
import { queryOf } from "./worked.js";

/** Pairs of a query and a record for each property. */
const runs = Number(process.env["TAXII_QUERY_RUNS"] ?? "2000");

/** Whether both verdicts on records, which are the same, were common. */
class Tally {
  #all = 0;
  #matching = 0;

  /** @throws AssertionError when the engine and the evaluator disagree */
  compare(query: Criteria, compiled: ReturnType<typeof compileQuery>, roots: readonly Node[], markup: string): void {
    const expected = evaluate(query, roots);
    expect(compiled.matches(markup)).toBe(expected);
    this.#all++;
    if (expected) this.#matching++;
  }

  close(): void {
    expect(this.#all).toBeGreaterThanOrEqual(runs);
    expect(this.#matching).toBeGreaterThan(this.#all / 5);
    expect(this.#matching).toBeLessThan((this.#all * 4) / 5);
  }
}

// [QRY-EVAL-001] [QRY-EVAL-004]
it("agrees with the obvious evaluator", () => {
  const tally = new Tally();
  const forests = fc.array(fc.array(mixedElement, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(criteriaOf(fc.tuple(target, relationship)), forests, (query, pair) => {
      const compiled = compileQuery(queryOf(query));
      for (const written of pair) {
        const roots = written.map(({ node }) => node);
        tally.compare(query, compiled, roots, written.map(({ markup }) => markup).join(" "));
      }
    }),
    { numRuns: Math.ceil(runs / 2) },
  );
  tally.close();
});

// [QRY-EVAL-004] [QRY-STX-002] [QRY-STX-003]
it("agrees with it on records of STIX that were changed here and there, and queries made from their paths and values", () => {
  const tally = new Tally();
  fc.assert(
    fc.property(stixCase, ({ query, written }) => tally.compare(query, compileQuery(queryOf(query)), [written.node], written.markup)),
    { numRuns: runs },
  );
  tally.close();
});

// [QRY-EVAL-004]
it("says of a document that comes in pieces what it says of it in one", async () => {
  const pieces = fc.infiniteStream(fc.integer({ min: 1, max: 40 }));
  await fc.assert(
    fc.asyncProperty(stixCase, pieces, fc.boolean(), async ({ query, written }, lengths, wide) => {
      const compiled = compileQuery(queryOf(query));
      const bytes = wide ? utf16(written.markup) : new TextEncoder().encode(written.markup);
      expect(await compiled.matchesStream(cut(bytes, lengths))).toBe(compiled.matches(written.markup));
    }),
    { numRuns: Math.min(runs, 300) },
  );
});

function utf16(text: string): Uint8Array {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return Uint8Array.from([0xff, 0xfe, ...units.flatMap((unit) => [unit & 0xff, unit >> 8])]);
}

function* cut(bytes: Uint8Array, lengths: Iterable<number>): Generator<Uint8Array> {
  let from = 0;
  for (const length of lengths) {
    if (from >= bytes.length) return;
    yield bytes.subarray(from, from + length);
    from += length;
  }
}

// [QRY-INF-006]
it("what is within scopes denotes nothing outside of them, and what is not denotes something", () => {
  const path = fc.tuple(
    fc.array(name, { minLength: 1, maxLength: 5 }),
    fc.option(
      name.map((local) => `@${local}`),
      { freq: 2 },
    ),
  );
  fc.assert(
    fc.property(target, fc.array(target, { minLength: 1, maxLength: 3 }), path, (inner, scopes, [elements, attribute]) => {
      const names = [...elements, ...(attribute === null ? [] : [attribute])];
      const denoted = denotes(inner.split("/"), names);
      if (!isWithinScopes(inner, scopes) || !denoted) return;
      expect(scopes.some((scope) => denotes(scope.split("/"), names))).toBe(true);
    }),
    { numRuns: runs },
  );
});
