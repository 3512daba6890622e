/** Queries over markup: one pass over its tokens, for all criteria together, that ends when the verdict is known. */

import type { Criterion, DefaultQuery } from "../../generated/default-query/index.js";
import { MarkupCursor } from "../xml/cursor.js";
import { DocumentDecoder } from "../xml/decode.js";
import { defaultLimits, overLimit } from "../xml/limits.js";
import { SaxesSource } from "../xml/saxes-source.js";
import type { StartTag, XmlHandler } from "../xml/source.js";
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
  /**
   * Whether an XML document matches that comes in pieces; of it no more is kept than the value at hand. It is read no further than
   * to the verdict.
   *
   * @throws ParseError for what is not well-formed as far as it is read, has a DOCTYPE, breaks off or is over a limit
   */
  matchesStream(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<boolean>;
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
  return {
    matches: (markup) => new Pass(automaton, byNumber, circuit.begin()).run(new MarkupCursor(markup)),
    matchesStream: (bytes) => new StreamPass(automaton, byNumber, circuit.begin()).read(bytes),
  };
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
    return this.outcome;
  }

  /** The verdict, when nothing more is to come. */
  protected get outcome(): boolean {
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

/** A pass over a document that nobody has read before. */
class StreamPass extends Pass implements XmlHandler {
  async read(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<boolean> {
    const source = new SaxesSource(this, { limits: defaultLimits });
    const decoder = new DocumentDecoder((characters) => source.write(characters));
    for await (const piece of bytes) {
      decoder.write(piece);
      if (this.isDone) return this.outcome;
    }
    decoder.end();
    source.close();
    return this.outcome;
  }

  start({ local, attributes }: StartTag): undefined {
    if (this.isDone) return;
    this.enter(local);
    for (const attribute of attributes) if (!this.isDone) this.carry(attribute.local, attribute.value);
  }

  text(text: string): void {
    if (this.isDone || this.say(text) <= defaultLimits.maxTextLength) return;
    throw overLimit("maxTextLength", defaultLimits, "a text that is asked for is too long", { line: 0, column: 0, path: "" });
  }

  captured(): void {}

  end(): void {
    if (!this.isDone) this.leave();
  }
}
