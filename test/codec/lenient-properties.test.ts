/** What holds for lenient readings of all documents: of valid ones nothing changes, of others nothing breaks. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Shape } from "../../src/binding/index.js";
import { compile } from "../../src/codec/compiled.js";
import { type Deviation, fromXml, isTaxiiError, readMessageStream, toXml, ValidationError } from "../../src/index.js";
import { Dice } from "../fuzz/dice.js";
import { taxii10, taxii11 } from "../fuzz/modules.js";
import { mutateCharacters, mutateTree } from "../fuzz/mutations.js";
import { parse, write } from "../fuzz/tree.js";
import { isObjectShape, valuesOf } from "../fuzz/values.js";
import { typeFaults } from "./lenient-reading.js";

const messages: readonly Shape<object>[] = [...taxii11.messages, ...taxii10.messages].filter(isObjectShape);

interface Subject {
  readonly document: string;
  readonly dice: Dice;
  /** For reports of failures, where the document says it all. */
  readonly [fc.toStringMethod]: () => string;
}

const seeds = fc.noBias(fc.noShrink(fc.integer({ min: 0, max: 2 ** 32 - 1 })));
const subjects: fc.Arbitrary<Subject> = fc.oneof(
  ...messages.map((shape) =>
    fc.tuple(valuesOf(shape), seeds).map(([value, seed]) => ({
      document: toXml(shape, value),
      dice: new Dice(seed),
      [fc.toStringMethod]: () => `${shape.name}, dice ${seed}`,
    })),
  ),
);

interface Outcome {
  readonly value: object | undefined;
  readonly error: unknown;
  readonly deviations: readonly Deviation[];
}

function attempt(document: string | Uint8Array, lenient: boolean): Outcome {
  const deviations: Deviation[] = [];
  try {
    const value = fromXml(messages, document, { lenient, onDeviation: (deviation) => deviations.push(deviation) });
    return { value, error: undefined, deviations };
  } catch (error) {
    return { value: undefined, error, deviations };
  }
}

function mutantsOf(document: string, dice: Dice): (string | Uint8Array)[] {
  return Array.from({ length: 12 }, (_, index) =>
    index < 8 ? mutateTree(document, dice, 1 + dice.below(4)) : mutateCharacters(document, dice),
  );
}

describe("documents a strict reading takes", () => {
  it("are read the same, and nothing is told", () => {
    fc.assert(
      fc.property(subjects, ({ document, dice }) => {
        for (const written of [document, write(parse(document), dice)]) {
          const strict = attempt(written, false);
          expect(strict.error).toBeUndefined();
          expect(attempt(written, true)).toEqual(strict);
          expect(attempt(new TextEncoder().encode(written), true)).toEqual(strict);
        }
      }),
      { numRuns: 60, includeErrorInReport: true },
    );
  });
});

describe("documents that were changed", () => {
  const tally = { documents: 0, strict: 0, lenient: 0 };

  it("are read as what their type says, or are an error of this package", () => {
    fc.assert(
      fc.property(subjects, ({ document, dice }) => {
        for (const mutant of mutantsOf(document, dice)) {
          const strict = attempt(mutant, false);
          const lenient = attempt(mutant, true);
          tally.documents++;
          if (strict.value !== undefined) {
            tally.strict++;
            expect(lenient, String(mutant)).toEqual(strict);
          } else if (lenient.value !== undefined) expect(lenient.deviations.length, String(mutant)).toBeGreaterThan(0);
          if (lenient.value === undefined) expect(isTaxiiError(lenient.error), String(lenient.error)).toBe(true);
          else {
            tally.lenient++;
            checkValue(lenient.value, String(mutant));
          }
          for (const { reason, line, column, path } of lenient.deviations) {
            expect(reason).not.toBe("");
            expect(Number.isInteger(line) && line >= 0 && Number.isInteger(column) && column >= 0, `${line}, ${column} of ${path}`).toBe(
              true,
            );
          }
        }
      }),
      { numRuns: 60, includeErrorInReport: true },
    );
    // The changes are worth something only while they make documents of every kind.
    expect(tally.strict).toBeGreaterThan(tally.documents / 10);
    expect(tally.lenient).toBeGreaterThan(tally.strict * 1.5);
    expect(tally.lenient).toBeLessThan(tally.documents);
  });

  it("give the same from a stream, with the same deviations", async () => {
    await fc.assert(
      fc.asyncProperty(subjects, async ({ document, dice }) => {
        for (const mutant of mutantsOf(document, dice)) {
          const whole = attempt(mutant, true);
          if (whole.value === undefined) continue;
          const bytes = typeof mutant === "string" ? new TextEncoder().encode(mutant) : mutant;
          const deviations: Deviation[] = [];
          const stream = await readMessageStream(messages, cut(bytes, dice), {
            lenient: true,
            onDeviation: (deviation) => deviations.push(deviation),
          });
          const blocks: unknown[] = [];
          for await (const block of stream.blocks) blocks.push(block);
          const value = "contentBlocks" in stream.message ? { ...stream.message, contentBlocks: blocks } : stream.message;
          expect(value, String(mutant)).toEqual(whole.value);
          expect(deviations.map(withoutPlace)).toEqual(whole.deviations.map(withoutPlace));
        }
      }),
      { numRuns: 25, includeErrorInReport: true },
    );
  });
});

/** A value has what its type demands. What is valid besides can be written, and read strictly. */
function checkValue(value: object, document: string): void {
  const shape = messages.find(({ name }) => "$type" in value && name === value.$type);
  if (shape === undefined) throw new Error(`${document} became no message`);
  expect(typeFaults(shape.schema, value), document).toEqual([]);
  expect(Object.keys(value).filter((property) => !compile(shape).properties.has(property))).toEqual([]);
  if (!shape.schema.safeParse(value).success) {
    expect(() => toXml(shape, value)).toThrow(ValidationError);
    return;
  }
  const written = toXml(shape, value);
  expect(parse(toXml(shape, fromXml(shape, written))), document).toEqual(parse(written));
}

function cut(bytes: Uint8Array, dice: Dice): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const length = 1 + dice.below(2000);
    pieces.push(bytes.subarray(from, from + length));
    from += length;
  }
  return pieces;
}

// The place of a token whose beginning is gone from memory is that of what is being read.
const withoutPlace = ({ code, reason, path }: Deviation): unknown => ({ code, reason, path });
