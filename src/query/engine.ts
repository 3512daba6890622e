/** Queries over markup: one pass over its tokens, for all criteria together, that ends when the verdict is known. */

import type { Criterion, DefaultQuery } from "../../generated/default-query/index.js";
import { MarkupCursor } from "../xml/cursor.js";
import { PathAutomaton } from "./automaton.js";
import { Effort } from "./effort.js";
import { NodeValue } from "./node-value.js";
import { PatternProblem } from "./pattern.js";
import { TargetTests } from "./target-tests.js";
import { compileTest, type TestOptions } from "./test-of.js";
import { Circuit, type Condition, type Verdict } from "./verdict.js";
import { Walk } from "./walk.js";

/** A query made ready. It can be used for any number of records, one after the other. */
export interface CompiledQuery {
  /**
   * Whether markup matches: content as readers and storages of this package give it, well-formed and self-contained, with any
   * number of elements at its top. What nobody knows to be well-formed is given to `xmlContent` before.
   *
   * @throws ParseError when tags do not match, or something has no end, and the verdict was not known before; when the record is
   *   too long for the query's regular expressions
   */
  matches(markup: string): boolean;
}

/** Steps of the automata of all regular expressions of a query: about 500 expressions as they are usual. */
const mostComplex = 10_000;

/**
 * Makes a query ready that was checked.
 *
 * @throws PatternProblem for a regular expression that is not taken, and for many that are too complex together
 */
export function compileQuery(query: DefaultQuery, options: TestOptions = {}): CompiledQuery {
  /** By target, in the order of the targets' numbers. */
  const tests = new Map<string, TargetTests>();
  const known = new Map<string, Condition>();
  let complexity = 0;
  const conditionOf = ({ target, test }: Criterion): Condition => {
    const expression = target.trim();
    const key = JSON.stringify([expression, test.capabilityId, test.relationship, test.parameters]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const { node, isAbsence } = compileTest(test, options);
    const condition = { number: known.size, isAbsence };
    known.set(key, condition);
    const there = tests.get(expression) ?? new TargetTests();
    tests.set(expression, there);
    there.add(condition.number, node);
    if (node.kind === "value") complexity += node.cost ?? 0;
    if (complexity > mostComplex) throw new PatternProblem("the regular expressions of the query are too complex together");
    return condition;
  };
  const circuit = new Circuit(query.criteria, conditionOf);
  const automaton = new PathAutomaton([...tests.keys()]);
  const byNumber = [...tests.values()];
  return { matches: (markup) => new Pass(automaton, byNumber, circuit.begin()).run(new MarkupCursor(markup)) };
}

class Pass extends Walk {
  readonly #tests: readonly TargetTests[];
  readonly #verdict: Verdict;
  readonly #effort = new Effort();

  constructor(automaton: PathAutomaton, tests: readonly TargetTests[], verdict: Verdict) {
    super(automaton);
    this.#tests = tests;
    this.#verdict = verdict;
  }

  run(cursor: MarkupCursor): boolean {
    this.go(cursor);
    return this.#verdict.outcome ?? this.#verdict.end();
  }

  protected get isDone(): boolean {
    return this.#verdict.outcome !== undefined;
  }

  protected find(targets: readonly number[]): boolean {
    let isAsked = false;
    for (const target of targets) {
      const tests = this.#tests[target];
      tests?.meetPresence(this.#verdict);
      if (tests?.asksValue === true) isAsked = true;
    }
    return isAsked;
  }

  protected take(targets: readonly number[], value: string | undefined): void {
    if (value === undefined) return;
    const node = new NodeValue(value);
    for (const target of targets) this.#tests[target]?.meetValue(node, this.#verdict, this.#effort);
  }
}
