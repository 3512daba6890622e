/** Doing the same again and again. */

import { expect, it } from "vitest";
import { watch } from "../../../src/cli/mirror/watch.js";

class Done extends Error {}

/** Runs rounds with these outcomes. @returns the pauses in seconds, and the failures that were told */
async function rounds(outcomes: readonly (Error | undefined)[], { seconds = 10, random = 0.5 } = {}) {
  const left = [...outcomes];
  const pauses: number[] = [];
  const failures: unknown[] = [];
  const controller = new AbortController();
  const watching = watch(
    async () => {
      const next = left.shift();
      if (next !== undefined) throw next;
    },
    {
      seconds,
      signal: controller.signal,
      onFailure: (error) => failures.push(error),
      isFatal: (error) => error instanceof TypeError,
      random: () => random,
      wait: async (milliseconds) => {
        pauses.push(milliseconds / 1000);
        if (left.length === 0) controller.abort(new Done());
        controller.signal.throwIfAborted();
      },
    },
  );
  const end = await watching.catch((error: unknown) => error);
  return { pauses, failures, end };
}

const down = new Error("down");

it("pauses between rounds until the signal ends it", async () => {
  const { pauses, end } = await rounds([undefined, undefined, undefined]);
  expect(pauses).toEqual([10, 10, 10]);
  expect(end).toBeInstanceOf(Done);
});

it("waits longer after each failure in a row, up to an hour, and then as usual again", async () => {
  const { pauses, failures } = await rounds([down, down, down, undefined, down], {});
  expect(pauses).toEqual([20, 40, 80, 10, 20]);
  expect(failures).toHaveLength(4);
  expect((await rounds(Array.from({ length: 12 }, () => down))).pauses.slice(-3)).toEqual([3600, 3600, 3600]);
  expect((await rounds([down, down], { seconds: 86_400 })).pauses).toEqual([86_400, 86_400]);
});

it("leaves a tenth to chance", async () => {
  expect((await rounds([undefined], { random: 0 })).pauses).toEqual([9]);
  expect((await rounds([undefined], { random: 1 })).pauses).toEqual([11]);
});

it("ends with what does not go away", async () => {
  const { end, failures } = await rounds([undefined, new TypeError("wrong"), undefined]);
  expect(end).toBeInstanceOf(TypeError);
  expect(failures).toEqual([]);
});

it("ends with the signal also within a round", async () => {
  const controller = new AbortController();
  const watching = watch(
    async () => {
      controller.abort(new Done());
      throw down;
    },
    { seconds: 1, signal: controller.signal, onFailure: () => expect.fail("no failure"), isFatal: () => false },
  );
  await expect(watching).rejects.toBeInstanceOf(Done);
});
