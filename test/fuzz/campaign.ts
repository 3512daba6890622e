/** Many documents, from one seed. */

import fc from "fast-check";
import type { Shape } from "../../src/binding/index.js";
import { Judge } from "../support/libxml2.js";
import { Dice } from "./dice.js";
import { defaultQuery, taxii10, taxii11, xmldsig } from "./modules.js";
import { mutateCharacters, mutateTree } from "./mutations.js";
import { checkRoundTrip, checkVerdict } from "./properties.js";
import { isObjectShape, valuesOf } from "./values.js";

/** What became of the documents. */
export interface Tally {
  /** Documents that both engines looked at. */
  documents: number;
  /** Of those that were mutated: how many were still valid, and how many well-formed, for libxml2. */
  readonly mutated: { documents: number; valid: number; wellFormed: number };
  /** Known differences, by id. */
  readonly known: Map<string, number>;
}

const messages: readonly Shape<object>[] = [...taxii11.messages, ...taxii10.messages].filter(isObjectShape);
const others = [xmldsig.Signature, xmldsig.Manifest, defaultQuery.DefaultQuery, defaultQuery.DefaultQueryInfo].filter(isObjectShape);

interface Subject {
  readonly shape: Shape<object>;
  readonly value: object;
  readonly seed: number;
  /** For reports of finds, where the document says it all. */
  readonly [fc.toStringMethod]: () => string;
}

const seeds = fc.noBias(fc.noShrink(fc.integer({ min: 0, max: 2 ** 32 - 1 })));
const of = (shape: Shape<object>): fc.Arbitrary<Subject> =>
  fc
    .tuple(valuesOf(shape), seeds)
    .map(([value, seed]) => ({ shape, value, seed, [fc.toStringMethod]: () => `${shape.name}, dice ${seed}` }));
const subjects = fc.oneof({ weight: 9, arbitrary: fc.oneof(...messages.map(of)) }, { weight: 1, arbitrary: fc.oneof(...others.map(of)) });

/** Documents made of one value, all in all: three that are valid, and for messages mutations of the first. */
const perMessage = 12;
const treeMutations = 6;

/**
 * Makes at least `count` documents and checks them.
 *
 * @throws Error with the seed and the document of the first find, made as small as possible
 */
export function campaign(count: number, seed: number): Tally {
  const tally: Tally = { documents: 0, mutated: { documents: 0, valid: 0, wellFormed: 0 }, known: new Map() };
  using byMessages = new Judge();
  using byAll = new Judge(["taxii10", "taxii11", "defaultQuery"]);
  const property = fc.property(subjects, ({ shape, value, seed: own }) => {
    const dice = new Dice(own);
    const isMessage = messages.includes(shape);
    const plain = checkRoundTrip(shape, value, isMessage ? byMessages : byAll, dice);
    tally.documents += 3;
    if (!isMessage) return;
    for (let made = 3; made < perMessage; made++)
      checkMutant(made < 3 + treeMutations ? mutateTree(plain, dice, 1 + dice.below(2)) : mutateCharacters(plain, dice), byMessages, tally);
  });
  for (let round = 0; tally.documents < count; round++) {
    const runs = Math.ceil(Math.min(count - tally.documents, 10_000) / perMessage);
    fc.assert(property, { seed: seed + round, numRuns: runs, includeErrorInReport: true });
  }
  return tally;
}

function checkMutant(document: string | Uint8Array, judge: Judge, tally: Tally): void {
  const { theirs, reasons } = checkVerdict(document, judge);
  tally.documents++;
  tally.mutated.documents++;
  if (theirs.schemaValid) tally.mutated.valid++;
  if (theirs.wellFormed) tally.mutated.wellFormed++;
  for (const reason of reasons) tally.known.set(reason, (tally.known.get(reason) ?? 0) + 1);
}
