import { expect, test } from "vitest";
import { SharedReads } from "../../../src/storage/sql/shared-reads.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("who asks the same in one turn gets one answer, others get their own", async () => {
  const asked: string[] = [];
  const reads = new SharedReads(async (key: string) => `${key}${asked.push(key)}`);
  expect(await Promise.all(["a", "b", "a"].map((key) => reads.read(key)))).toEqual(["a1", "b2", "a1"]);
  expect(await reads.read("a")).toBe("a3");
});

test("a read that has begun is not shared: what is asked later may have changed since", async () => {
  let value = 1;
  const reads = new SharedReads(async () => {
    const found = value;
    await turn();
    return found;
  });
  const first = reads.read("a");
  await turn();
  value = 2;
  expect(await Promise.all([first, reads.read("a")])).toEqual([1, 2]);
});

test("a failure is everybody's who asked, and is not kept", async () => {
  let fails = true;
  const reads = new SharedReads(async () => {
    if (fails) throw new Error("no");
    return 1;
  });
  const answers = await Promise.allSettled([reads.read("a"), reads.read("a")]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await reads.read("a")).toBe(1);
});
