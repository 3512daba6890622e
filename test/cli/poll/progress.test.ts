import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countText, createProgress, sizeText } from "../../../src/cli/poll/progress.js";
import { testEnvironment } from "../environment.js";

describe("sizeText", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1000, "1.0 kB"],
    [999_949, "999.9 kB"],
    [999_950, "1.0 MB"],
    [4_200_000_000, "4.2 GB"],
    [5e15, "5000.0 TB"],
  ])("%d", (bytes, text) => expect(sizeText(bytes)).toBe(text));

  it("never has more than three digits before the point, up to the last unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_949_999_999_999 }), (bytes) => {
        expect(sizeText(bytes)).toMatch(/^\d{1,3}(\.\d)? /);
      }),
    );
  });
});

it("countText counts", () => expect([1, 0, 12_345].map(countText)).toEqual(["1 block", "0 blocks", "12,345 blocks"]));

describe("createProgress", () => {
  it("writes over one line, not more often than eyes can follow, and keeps notes", () => {
    let time = 0;
    const environment = testEnvironment({ now: () => new Date(time), columns: 200 });
    const progress = createProgress(environment, true);
    for (time = 0; time < 1000; time += 10) progress.show({ blocks: time, bytes: time * 1000, part: 1 });
    progress.note("a\u001b[2J\nb");
    progress.note("c");
    progress.end();
    const drawn = environment.errPieces.filter((text) => text.includes("blocks"));
    expect(drawn).toHaveLength(10);
    expect(drawn.at(-1)).toBe("\r\u001b[K900 blocks, 900.0 kB, part 1, 1.0 MB/s");
    expect(environment.errPieces.slice(-3)).toEqual(["\r\u001b[K", "a\\u001b[2J b\n", "c\n"]);
  });

  it("fits the line of the terminal", () => {
    const environment = testEnvironment({ now: new Date(0), columns: 10 });
    createProgress(environment, true).show({ blocks: 1_000_000, bytes: 1, part: 1 });
    expect(environment.err).toBe("\r\u001b[K1,000,000");
  });

  it("draws nothing where there is no terminal", () => {
    const environment = testEnvironment();
    const progress = createProgress(environment, false);
    progress.show({ blocks: 1, bytes: 1, part: 1 });
    progress.note("kept");
    progress.end();
    expect(environment.err).toBe("kept\n");
  });
});
