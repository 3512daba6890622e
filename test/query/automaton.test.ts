import fc from "fast-check";
import { expect, it } from "vitest";
import { PathAutomaton } from "../../src/query/automaton.js";
import { name, target } from "./arbitrary.js";
import { denotes } from "./reference.js";

/** Numbers of the targets that denote a path. */
function denoting(automaton: PathAutomaton, path: readonly string[]): readonly number[] {
  let state = automaton.start;
  for (const step of path) {
    if (step.startsWith("@")) return automaton.attribute(state, step.slice(1));
    state = automaton.element(state, step);
  }
  return state.accepted;
}

const path = fc
  .tuple(fc.array(name, { minLength: 1, maxLength: 6 }), fc.option(name.map((local) => `@${local}`)))
  .map(([elements, attribute]) => [...elements, ...(attribute === null ? [] : [attribute])]);

// [QRY-TE-002] [QRY-TE-003] [QRY-TE-004]
it("leads to the targets that denote a path, also when it forgets all the time", () => {
  const targets = fc.array(target, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(targets, fc.array(path, { minLength: 1, maxLength: 8 }), fc.constantFrom(0, 1, 10, 100_000), (expressions, paths, most) => {
      const automaton = new PathAutomaton(expressions, most);
      for (const names of paths) {
        const expected = expressions.flatMap((expression, number) => (denotes(expression.split("/"), names) ? [number] : []));
        expect([...denoting(automaton, names)].sort()).toEqual(expected);
      }
    }),
    { numRuns: 3000 },
  );
});

it("knows where nothing more can be denoted, and where no attribute can", () => {
  fc.assert(
    fc.property(target, fc.array(name, { maxLength: 4 }), path, (expression, above, below) => {
      const automaton = new PathAutomaton([expression]);
      let state = automaton.start;
      for (const step of above) state = automaton.element(state, step);
      const names = [...above, ...below];
      if (!denotes(expression.split("/"), names)) return;
      expect(state.isDead).toBe(false);
      if (below.length === 1 && below[0]?.startsWith("@") === true) expect(state.takesAttributes).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

// [QRY-STR-009]
it("remembers no more than it may, however many paths there are and however many states they lead to", () => {
  // Each step of the targets may or may not have been reached: 2^16 states and more.
  const targets = Array.from({ length: 8 }, (_, index) => `**/a/**/b${index}/**/c/**/b${7 - index}/**/@d`);
  const most = 5000;
  const automaton = new PathAutomaton(targets, most);
  const names = ["a", "c", ...targets.map((_, index) => `b${index}`)];
  let seed = 1;
  let highest = 0;
  for (let round = 0; round < 2000; round++) {
    let state = automaton.start;
    for (let depth = 0; depth < 20; depth++) {
      seed = (seed * 48_271) % 2_147_483_647;
      state = automaton.element(state, names[seed % names.length] ?? "");
      highest = Math.max(highest, automaton.remembered);
    }
    automaton.attribute(state, `d${round}`);
  }
  expect(highest).toBeGreaterThan(most / 2);
  expect(highest).toBeLessThanOrEqual(most);
});

it("names that no target has lead to one state together", () => {
  const automaton = new PathAutomaton(["a/**/b"]);
  const state = automaton.element(automaton.start, "a");
  expect(automaton.element(state, "x")).toBe(automaton.element(state, "y"));
  const before = automaton.remembered;
  for (let index = 0; index < 10_000; index++) automaton.element(state, `name-${index}`);
  expect(automaton.remembered).toBe(before);
});
