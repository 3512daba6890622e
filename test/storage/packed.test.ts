/** Jobs and outcomes between threads: they arrive as they were. */

import fc from "fast-check";
import { expect, test } from "vitest";
import type { AddJob, Labels } from "../../src/storage/sql/add.js";
import type { Outcome } from "../../src/storage/sql/group-commit.js";
import { packJobs, packOutcomes, unpackJobs, unpackOutcomes } from "../../src/storage/sql/packed.js";

const text = fc.string({ maxLength: 5 });
const maybe = fc.option(text, { nil: undefined });
const size = fc.nat();

const blocks = fc
  .record({
    binding: text,
    subtype: maybe,
    content: fc.oneof(fc.record({ text }), fc.record({ xml: text })),
    timestampLabel: maybe,
    message: maybe,
    padding: maybe,
    signature: fc.option(fc.record({ xml: text }), { nil: undefined }),
  })
  .map(({ binding, subtype, ...rest }) => ({
    contentBinding: subtype === undefined ? { bindingId: binding } : { bindingId: binding, subtype: { subtypeId: subtype } },
    ...rest,
  }));

const entries = fc.record({
  texts: fc.array(fc.record({ path: fc.nat(), value: text }), { maxLength: 3 }),
  numbers: fc.array(fc.record({ path: fc.nat(), kind: fc.nat(1), value: fc.double() }), { maxLength: 3 }),
});

const jobs: fc.Arbitrary<readonly AddJob[]> = fc.array(
  fc.record({
    arrivals: fc.array(
      fc.record({
        block: blocks,
        collections: fc.array(text, { maxLength: 3 }),
        size,
        entries: fc.option(entries, { nil: undefined }),
      }),
      { maxLength: 3 },
    ),
    unlessPresent: fc.boolean(),
    receipt: fc.option(fc.record({ messageId: text, service: text, blockCount: size, raw: fc.uint8Array() }), { nil: undefined }),
    size,
  }),
  { maxLength: 5 },
);

test("jobs arrive as they were", () => {
  fc.assert(
    fc.property(jobs, (sent) => {
      expect(unpackJobs(structuredClone(packJobs(sent)))).toEqual(sent);
    }),
  );
});

test("each job gets its own labels, or its own failure", () => {
  const cases = jobs.chain((sent) =>
    fc.record({
      sent: fc.constant(sent),
      outcomes: fc.tuple(
        ...sent.map(
          ({ arrivals }): fc.Arbitrary<Outcome<Labels>> =>
            fc.oneof(
              fc.record({ error: fc.record({ message: text }) }),
              fc.record({
                result: fc.array(fc.option(size, { nil: undefined }), { minLength: arrivals.length, maxLength: arrivals.length }),
              }),
            ),
        ),
      ),
    }),
  );
  fc.assert(
    fc.property(cases, ({ sent, outcomes }) => {
      const packed = structuredClone(packOutcomes(outcomes, (error) => JSON.stringify(error)));
      const arrived = unpackOutcomes(packed, sent, (failure) => new Error(failure));
      expect(arrived).toEqual(
        outcomes.map((outcome) => ("error" in outcome ? { error: new Error(JSON.stringify(outcome.error)) } : outcome)),
      );
    }),
  );
});
