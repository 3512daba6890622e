import { expect, test } from "vitest";
import type { IndexedContent } from "../../../src/storage/index.js";
import { SqlConnection } from "../../../src/storage/sql/connection.js";
import { IndexPaths } from "../../../src/storage/sql/index-paths.js";
import { connectionTo } from "../../../src/storage/sql/sqlite-open.js";

const content: IndexedContent = {
  entriesOf: () => [],
  covers: () => true,
  denotes: (target) => (path) => path.endsWith(target),
};

test("paths are numbered once, by whomever, and above a limit they share a number", async () => {
  const connection = new SqlConnection({ ...connectionTo(":memory:", 0), clock: Date.now });
  const [one, other] = [new IndexPaths(4), new IndexPaths(4)];
  await one.learn(connection, ["a/x", "a/y"]);
  await other.learn(connection, ["a/y", "b/x"]);
  const numbers = ["a/x", "a/y", "b/x"].map((path) => other.numberOf(path));
  expect(new Set(numbers).size).toBe(3);
  expect(numbers.every((number) => number > 0)).toBe(true);
  // A generator is gone through once.
  await one.learn(connection, new Set(["b/x", "c/x", "d/x", "x".repeat(1000)]).values());
  expect(["a/x", "a/y", "b/x"].map((path) => one.numberOf(path))).toEqual(numbers);
  expect(one.numberOf("c/x")).toBeGreaterThan(0);
  expect(["d/x", "x".repeat(1000), undefined].map((path) => one.numberOf(path))).toEqual([0, 0, 0]);
  // What a target denotes grows with the paths that are known.
  expect(other.denotedBy("x", content)).toEqual([numbers[0], numbers[2]]);
  await connection.read((db) => other.refresh(db));
  expect(other.denotedBy("x", content)).toHaveLength(3);
  await connection.close();
});
