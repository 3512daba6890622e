import fc from "fast-check";
import { expect, it } from "vitest";
import { closest } from "../../../src/cli/suggestion.js";

it.each([
  ["prt", ["host", "port"], "port"],
  ["databse", ["database", "databaseFile"], "database"],
  ["TAXII_LISTEN_PROT", ["TAXII_LISTEN_PORT", "TAXII_LISTEN_HOST"], "TAXII_LISTEN_PORT"],
  ["ab", ["ba"], "ba"],
  ["something", ["port", "host"], undefined],
  ["x", [], undefined],
])("%s among %j is %s", (word, candidates, meant) => {
  expect(closest(word, candidates)).toBe(meant);
});

it("a word is most like itself, in whatever case", () => {
  const words = fc.array(fc.string({ minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(words, (candidates) => {
      const [word = ""] = candidates;
      expect(closest(word.toUpperCase(), candidates)?.toLowerCase().length).toBe(closest(word, candidates)?.toLowerCase().length);
      expect(closest(word, candidates)?.toLowerCase()).toBe(word.toLowerCase());
    }),
  );
});
