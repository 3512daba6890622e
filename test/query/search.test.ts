import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { containing } from "../../src/query/search.js";

describe("a value in a text", () => {
  // Few different characters, so that values repeat themselves.
  const pieces = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom("a", "ab", "aab", "aaaaaaaa", "abababab", "b"), { minLength, maxLength }).map((parts) => parts.join(""));

  it("is found where includes finds it, however long it is", () => {
    let found = 0;
    let long = 0;
    fc.assert(
      fc.property(fc.oneof(pieces(0, 5), pieces(15, 30)), pieces(0, 60), fc.nat(), fc.boolean(), (value, text, at, isPlanted) => {
        const searched = isPlanted ? text.slice(0, at % (text.length + 1)) + value + text.slice(at % (text.length + 1)) : text;
        const expected = searched.includes(value);
        expect(containing(value)(searched)).toBe(expected);
        if (expected) found++;
        if (value.length > 32) long++;
      }),
      { numRuns: 3000 },
    );
    expect(found).toBeGreaterThan(1000);
    expect(long).toBeGreaterThan(1000);
  });

  it("takes a few steps for each character, also where beginnings of it are everywhere", () => {
    const half = "a".repeat(50_000);
    const contains = containing(`${half}b${half}`);
    const text = "a".repeat(200_000);
    const looks = vi.spyOn(String.prototype, "charCodeAt");
    try {
      expect(contains(text)).toBe(false);
      expect(looks.mock.calls.length).toBeLessThan(5 * text.length);
    } finally {
      looks.mockRestore();
    }
    expect(contains(`${text}b${text}`)).toBe(true);
  });
});
