import { afterEach, expect, it, vi } from "vitest";
import { Gate, GateFullError } from "../../src/accounts/gate.js";

afterEach(() => void vi.useRealTimers());

/** A task that ends when it is told to. */
function task() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let started = false;
  return {
    run: async () => {
      started = true;
      await ended;
    },
    end: () => end(),
    get started() {
      return started;
    },
  };
}

it("so many tasks run at once; the next one starts when one has ended, also badly", async () => {
  const gate = new Gate({ slots: 1, waiting: 2, patience: 1000 });
  const [one, two] = [task(), task()];
  const running = gate.run(async () => {
    await one.run();
    throw new Error("bad end");
  });
  const waiting = gate.run(two.run);
  expect([one.started, two.started]).toEqual([true, false]);
  one.end();
  await expect(running).rejects.toThrow("bad end");
  await vi.waitFor(() => expect(two.started).toBe(true));
  two.end();
  await waiting;
  expect(await gate.run(async () => "free again")).toBe("free again");
});

it("who finds no room to wait is turned away at once, who waits too long later; neither takes a slot", async () => {
  vi.useFakeTimers();
  const gate = new Gate({ slots: 1, waiting: 1, patience: 1000 });
  const one = task();
  const running = gate.run(one.run);
  const late = gate.run(async () => "never");
  await expect(gate.run(async () => "never")).rejects.toThrow(GateFullError);
  const turnedAway = expect(late).rejects.toThrow(GateFullError);
  await vi.advanceTimersByTimeAsync(1000);
  await turnedAway;
  one.end();
  await running;
  expect(await gate.run(async () => "free again")).toBe("free again");
});
