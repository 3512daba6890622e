import { afterEach, expect, it, vi } from "vitest";
import { DirectoryWatch } from "../../../src/cli/server/watch.js";

afterEach(() => void vi.useRealTimers());

it("tells of changes, tries again what failed, and ends", async () => {
  vi.useFakeTimers();
  let revision = 1;
  const onChange = vi.fn(async () => undefined);
  const failures: unknown[] = [];
  const directory = { revision: vi.fn(async () => revision) };
  const watch = new DirectoryWatch({ directory, interval: 2000, onChange, onFailure: (error) => failures.push(error) }, 1);
  await vi.advanceTimersByTimeAsync(4000);
  expect([directory.revision.mock.calls.length, onChange.mock.calls.length]).toEqual([2, 0]);
  revision = 2;
  onChange.mockRejectedValueOnce(new Error("not yet"));
  await vi.advanceTimersByTimeAsync(2000);
  expect(failures).toMatchObject([{ message: "not yet" }]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(onChange).toHaveBeenCalledTimes(2);
  directory.revision.mockRejectedValueOnce(new Error("gone"));
  await vi.advanceTimersByTimeAsync(4000);
  expect([failures.length, onChange.mock.calls.length]).toEqual([2, 2]);
  await watch.reload();
  expect(onChange).toHaveBeenCalledTimes(3);
  await watch.stop();
  revision = 3;
  await vi.advanceTimersByTimeAsync(10_000);
  await watch.reload();
  expect(onChange).toHaveBeenCalledTimes(3);
  expect(vi.getTimerCount()).toBe(0);
});
