/** Queries over markup: one pass over its tokens, for all criteria together, that ends when the verdict is known. */

import type { Criterion, DefaultQuery } from "../../generated/default-query/index.js";
import { QuickParser } from "../xml/quick-parser.js";
import { PathAutomaton, type PathState } from "./automaton.js";
import { type CompiledTest, compileTest, type NodeTest, type TestOptions } from "./test-of.js";
import { Circuit, type Verdict } from "./verdict.js";

/** A query made ready. It can be used for any number of records, one after the other. */
export interface CompiledQuery {
  /**
   * Whether markup matches: content as readers and storages of this package give it, well-formed and self-contained, with any
   * number of elements at its top.
   *
   * @throws Error of saxes when it is not well-formed and the verdict was not known before
   */
  matches(markup: string): boolean;
}

/** A condition on the nodes a target denotes, and its number. */
interface TargetTest {
  readonly number: number;
  readonly node: NodeTest;
}

/**
 * Makes a query ready that was checked.
 *
 * @throws PatternProblem for a regular expression that is not taken
 */
export function compileQuery(query: DefaultQuery, options: TestOptions = {}): CompiledQuery {
  /** Numbers of targets. */
  const targets = new Map<string, number>();
  const tests: TargetTest[][] = [];
  const known = new Map<string, { readonly number: number; readonly isAbsence: boolean }>();
  const conditionOf = ({ target, test }: Criterion): { number: number; isAbsence: boolean } => {
    const expression = target.trim();
    const key = JSON.stringify([expression, test.capabilityId, test.relationship, test.parameters]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const compiled: CompiledTest = compileTest(test, options);
    const condition = { number: known.size, isAbsence: compiled.isAbsence };
    known.set(key, condition);
    const at = targets.get(expression) ?? targets.size;
    targets.set(expression, at);
    const there = tests[at] ?? [];
    there.push({ number: condition.number, node: compiled.node });
    tests[at] = there;
    return condition;
  };
  const circuit = new Circuit(query.criteria, conditionOf);
  const automaton = new PathAutomaton([...targets.keys()]);
  return { matches: (markup) => new Pass(automaton, tests, circuit.begin()).run(markup) };
}

/** An open element. */
interface Open {
  readonly state: PathState;
  /** Its own text so far; undefined where nobody asks for it. */
  text: string | undefined;
  hasChildren: boolean;
}

const wrapper = "record";

/** Thrown to end a parse whose verdict is known. */
const decided = new Error("the verdict is known");

class Pass {
  readonly #tests: readonly (readonly TargetTest[])[];
  readonly #verdict: Verdict;
  readonly #start: PathState;
  readonly #stack: Open[] = [];

  constructor(automaton: PathAutomaton, tests: readonly (readonly TargetTest[])[], verdict: Verdict) {
    this.#tests = tests;
    this.#verdict = verdict;
    this.#start = automaton.start;
  }

  run(markup: string): boolean {
    const parser = new QuickParser();
    parser.on("opentagstart", ({ name }) => this.#open(name));
    parser.on("attribute", ({ name, value }) => this.#attribute(name, value));
    parser.on("text", this.#text);
    parser.on("cdata", this.#text);
    parser.on("closetag", () => this.#close());
    try {
      parser.write(`<${wrapper}>`).write(markup).write(`</${wrapper}>`).close();
    } catch (error) {
      if (error !== decided) throw error;
    }
    return this.#verdict.outcome ?? this.#verdict.end();
  }

  #open(name: string): void {
    const parent = this.#stack.at(-1);
    if (parent !== undefined) parent.hasChildren = true;
    // The wrapper stands above the roots, and is no node.
    const state = parent === undefined ? this.#start : parent.state.element(localName(name));
    let asked = false;
    for (const target of parent === undefined ? [] : state.accepted) {
      for (const { number, node } of this.#tests[target] ?? []) {
        if (node.kind === "presence") this.#verdict.meet(number);
        else asked ||= !this.#verdict.isMet(number);
      }
    }
    this.#stack.push({ state, text: asked ? "" : undefined, hasChildren: false });
    this.#stopWhenDecided();
  }

  #attribute(name: string, value: string): void {
    if (name === "xmlns" || name.startsWith("xmlns:")) return;
    const { state } = this.#stack.at(-1) ?? {};
    if (state === undefined || state.isDead) return;
    this.#apply(state.attribute(localName(name)), value, true);
    this.#stopWhenDecided();
  }

  readonly #text = (text: string): void => {
    const top = this.#stack.at(-1);
    if (top?.text !== undefined) top.text += text;
  };

  #close(): void {
    const top = this.#stack.pop();
    // An element with others in it and nothing but white space beside them has no value (QRY-EVAL-008).
    if (top?.text === undefined || (top.hasChildren && /^[\t\n\r ]*$/.test(top.text))) return;
    this.#apply(top.state.accepted, top.text, false);
    this.#stopWhenDecided();
  }

  /** @param isFound whether the node is only found now, so that its presence counts */
  #apply(targets: readonly number[], value: string, isFound: boolean): void {
    for (const target of targets) {
      for (const { number, node } of this.#tests[target] ?? []) {
        if (this.#verdict.isMet(number)) continue;
        if (node.kind === "presence" ? isFound : node.holds(value)) this.#verdict.meet(number);
      }
    }
  }

  #stopWhenDecided(): void {
    if (this.#verdict.outcome !== undefined) throw decided;
  }
}

/** Names count without their prefix (QRY-STX-005). */
function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}
