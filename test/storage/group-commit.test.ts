import fc from "fast-check";
import { expect, test } from "vitest";
import { StorageError } from "../../src/storage/index.js";
import { GroupCommit, type Outcome } from "../../src/storage/sql/group-commit.js";

interface Job {
  readonly id: number;
  readonly weight: number;
  readonly fails?: "alone" | "all" | undefined;
}

/** Commits into a list of groups; a job that fails `alone` has an outcome of its own, one that fails `all` takes the transaction down. */
function recorder(capacity = 10, failure: Error = new Error("broken")) {
  const groups: number[][] = [];
  const commit = async (jobs: readonly Job[]): Promise<Outcome<number>[]> => {
    await Promise.resolve();
    if (jobs.some(({ fails }) => fails === "all")) throw failure;
    groups.push(jobs.map(({ id }) => id));
    return jobs.map(({ id, fails }) => (fails === "alone" ? { error: new Error(`job ${id}`) } : { result: id }));
  };
  return { groups, group: new GroupCommit<Job, number>({ commit, weigh: ({ weight }) => weight, capacity }) };
}

test("what comes at the same time goes into one transaction, as far as it fits, in order", async () => {
  const { group, groups } = recorder();
  const jobs = [4, 6, 1, 20, 3, 3].map((weight, id) => ({ id, weight }));
  expect(await Promise.all(jobs.map((job) => group.do(job)))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(groups).toEqual([[0, 1], [2], [3], [4, 5]]);
});

test("a failure that took the transaction down is found out, and fails nobody else", async () => {
  const { group, groups } = recorder();
  const answers = await Promise.allSettled(
    ([undefined, "alone", "all", undefined] as const).map((fails, id) => group.do({ id, weight: 1, fails })),
  );
  expect(answers).toMatchObject([{ value: 0 }, { reason: { message: "job 1" } }, { reason: { message: "broken" } }, { value: 3 }]);
  expect(groups).toEqual([[0], [1], [3]]);
});

test("what may have happened is not done again", async () => {
  const { group, groups } = recorder(10, new StorageError("UNAVAILABLE", "lost"));
  const answers = await Promise.allSettled(([undefined, "all"] as const).map((fails, id) => group.do({ id, weight: 1, fails })));
  expect(answers).toMatchObject([{ reason: { code: "UNAVAILABLE" } }, { reason: { code: "UNAVAILABLE" } }]);
  expect(groups).toEqual([]);
  expect(await group.do({ id: 7, weight: 1 })).toBe(7);
});

test("idle waits for what is under way", async () => {
  const { group, groups } = recorder(1);
  await group.idle();
  const done = [group.do({ id: 1, weight: 1 }), group.do({ id: 2, weight: 1 })];
  await group.idle();
  expect(groups).toEqual([[1], [2]]);
  await Promise.all(done);
});

test("property: every job gets its own answer, and is done once when it succeeds", async () => {
  const job = fc.record({
    weight: fc.nat({ max: 12 }),
    fails: fc.constantFrom(undefined, undefined, undefined, "alone" as const, "all" as const),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 20 }), async (all) => {
      const { group, groups } = recorder();
      const answers = await Promise.allSettled(all.map((each, id) => group.do({ ...each, id })));
      for (const [id, answer] of answers.entries()) {
        if (all[id]?.fails === undefined) expect(answer).toEqual({ status: "fulfilled", value: id });
        else expect(answer.status).toBe("rejected");
      }
      const done = groups.flat().filter((id) => all[id]?.fails === undefined);
      expect(done).toEqual([...all.keys()].filter((id) => all[id]?.fails === undefined));
    }),
  );
});
