import { expect, it } from "vitest";
import { WorkLoop } from "../../src/server/work-loop.js";
import { eventually } from "../support/eventually.js";

const hour = 3_600_000;

/** A loop over tasks that are given to it; `done` has those that were done. */
function loopOver(tasks: (string | Error)[], interval = hour) {
  const done: string[] = [];
  const faults: unknown[] = [];
  const work = async (): Promise<boolean> => {
    const task = tasks.shift();
    if (task instanceof Error) throw task;
    if (task !== undefined) done.push(task);
    return task !== undefined;
  };
  return { loop: new WorkLoop({ work, interval, report: (error) => faults.push(error) }), done, faults };
}

it("does one task after the other, without break while there are any", async () => {
  const { loop, done } = loopOver(["a", "b", "c"]);
  loop.start();
  loop.start();
  await eventually(() => done).toEqual(["a", "b", "c"]);
  await loop.stop();
});

it("looks again after a break, and at once when it is woken", async () => {
  const tasks: string[] = [];
  const { loop, done } = loopOver(tasks, 5);
  loop.start();
  tasks.push("late");
  await eventually(() => done).toEqual(["late"]);
  await loop.stop();
  const slow: string[] = [];
  const other = loopOver(slow);
  other.loop.start();
  await new Promise((resolve) => setTimeout(resolve, 5));
  slow.push("woken");
  other.loop.wake();
  await eventually(() => other.done).toEqual(["woken"]);
  await other.loop.stop();
});

it("is not woken in vain while it works", async () => {
  const tasks: string[] = [];
  let finish: () => void = () => undefined;
  const done: string[] = [];
  const loop = new WorkLoop({
    interval: hour,
    report: () => undefined,
    work: async () => {
      const found = tasks.splice(0);
      done.push(...found);
      if (done.length === 0) await new Promise<void>((resolve) => (finish = resolve));
      return false;
    },
  });
  loop.start();
  // It has looked already, and found nothing.
  tasks.push("a");
  loop.wake();
  finish();
  await eventually(() => done).toEqual(["a"]);
  await loop.stop();
});

it("reports faults and goes on", async () => {
  const { loop, done, faults } = loopOver([new Error("broken"), "next"], 1);
  loop.start();
  await eventually(() => done).toEqual(["next"]);
  expect(faults).toMatchObject([{ message: "broken" }]);
  await loop.stop();
});

it("stops when the task at hand has ended, tells it to, and can be started again", async () => {
  let ended = 0;
  const loop = new WorkLoop({
    interval: hour,
    report: () => undefined,
    work: async (signal) => {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => setTimeout(resolve, 5)));
      ended++;
      return true;
    },
  });
  await loop.stop();
  for (const times of [1, 2]) {
    loop.start();
    await loop.stop();
    expect(ended).toBe(times);
  }
});
