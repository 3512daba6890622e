/** Content models by derivatives, judged by the regular expressions of the language. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathTo, startOf } from "../../src/binding/automaton.js";
import { alt, any, type Model, many, namesOf, opt, seq, some } from "../../src/binding/content-model.js";

const model: fc.Arbitrary<Model> = fc.letrec<{ model: Model }>((tie) => ({
  model: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Model>("a", "b", "c"),
    fc.array(tie("model"), { minLength: 1, maxLength: 3 }).map((parts) => seq(...parts)),
    fc.array(tie("model"), { minLength: 1, maxLength: 3 }).map((parts) => alt(...parts)),
    tie("model").map((part) => opt(part)),
    tie("model").map((part) => many(part)),
    tie("model").map((part) => some(part)),
  ),
})).model;

function source(of: Model): string {
  if (typeof of === "string") return of;
  if ("parts" in of) return `(?:${of.parts.map(source).join(of.op === "seq" ? "" : "|")})`;
  if ("part" in of) return `(?:${source(of.part)})${{ opt: "?", many: "*", some: "+" }[of.op]}`;
  throw new TypeError("no wildcards here");
}

function accepts(of: Model, word: string): boolean {
  let state = startOf(of);
  for (const letter of word) {
    const next = state.after(letter);
    if (next === undefined) return false;
    state = next;
  }
  return state.complete;
}

describe("a content model", () => {
  it("accepts what the same regular expression accepts", () => {
    fc.assert(
      fc.property(model, fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 7 }), (of, letters) => {
        const word = letters.join("");
        expect(accepts(of, word)).toBe(new RegExp(`^${source(of)}$`).test(word));
      }),
      { numRuns: 2000 },
    );
  });

  it("tells exactly what can come next", () => {
    fc.assert(
      fc.property(model, fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 4 }), (of, letters) => {
        let state = startOf(of);
        for (const letter of letters) state = state.after(letter) ?? state;
        for (const letter of ["a", "b", "c"]) expect(state.next.includes(letter)).toBe(state.after(letter) !== undefined);
      }),
    );
  });

  it("finds what is missing before a symbol", () => {
    const state = startOf(seq("a", opt("b"), some("c"), "d"));
    expect(pathTo(state, "a")).toEqual([]);
    expect(pathTo(state, "d")).toEqual(["a", "c"]);
    expect(pathTo(state.after("a") ?? state, "a")).toBeUndefined();
  });

  it("keeps wildcards apart", () => {
    const state = startOf(seq("a", many(any("##other", "lax"))));
    const [wildcard] = state.after("a")?.next ?? [];
    expect(wildcard).toEqual({ op: "any", namespace: "##other", process: "lax" });
    expect(namesOf(seq("a", alt("b", some("a"))))).toEqual(["a", "b"]);
  });
});
