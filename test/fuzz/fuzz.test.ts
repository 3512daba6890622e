/** A short run of the fuzzer with a seed that stays; `npm run fuzz` is the long one. */

import { afterAll, describe, expect, test } from "vitest";
import { validateXml } from "../../src/message/validate-xml.js";
import { Judge } from "../support/libxml2.js";
import { campaign } from "./campaign.js";
import { explain, known } from "./known.js";

const judge = new Judge();
afterAll(() => judge[Symbol.dispose]());

test("libxml2 and we say the same of generated and mutated documents", () => {
  const { documents, mutated } = campaign(3000, 11);
  expect(documents).toBeGreaterThanOrEqual(3000);
  // The mutations are worth something only while they make documents of every kind.
  expect(mutated.valid).toBeGreaterThan(mutated.documents / 10);
  expect(mutated.documents - mutated.wellFormed).toBeGreaterThan(mutated.documents / 10);
});

describe("known differences to libxml2", () => {
  // As bytes: what characters are encoded as has been found out when they come as such.
  const compare = (document: string): ReturnType<Parameters<typeof explain>[1]> => {
    const bytes = new TextEncoder().encode(document);
    return { ours: validateXml(bytes, { schemaOnly: true }), theirs: judge.judge(bytes) };
  };

  const examples = known.flatMap(({ id, theirs, examples: some }) => some.map((example) => [id, theirs, example] as const));

  test.each(examples)("%s", (id, theirs, example) => {
    const { ours, theirs: found } = compare(example);
    expect(found).toMatchObject(theirs);
    for (const field of ["wellFormed", "schemaValid"] as const) if (theirs[field] !== undefined) expect(ours[field]).toBe(!theirs[field]);
    expect(explain(example, compare)).toEqual([id]);
  });
});
