/** What records have at certain places: their nodes, with the keys of their values. */

import { MarkupCursor } from "../xml/cursor.js";
import { PathAutomaton } from "./automaton.js";
import { instantKey, numberKey, textKey } from "./keys.js";
import { Walk } from "./walk.js";

/** A node, or several with the same path and keys. */
interface ExtractedNode {
  /** Names from the root to the node, joined by `/`, that of an attribute with `@` in front; undefined when that is very long. */
  readonly path: string | undefined;
  /** Empty for an element without value, too. */
  readonly text: string;
  readonly number: number | undefined;
  readonly instant: number | undefined;
}

/** Nodes that are taken of one record. */
const mostNodes = 10_000;
/** Characters of a path. Hostile records are as deep as they may be. */
const longestPath = 500;

/** Extracts the nodes that some expressions denote. Can be used for any number of records. */
export class Extractor {
  readonly #automaton: PathAutomaton;

  /** @param expressions whose form was checked */
  constructor(expressions: readonly string[]) {
    this.#automaton = new PathAutomaton(expressions);
  }

  /**
   * The nodes of a record, without repetitions.
   *
   * @param markup as for CompiledQuery.matches
   * @returns undefined when there are too many
   * @throws ParseError when it is not well-formed
   */
  nodesOf(markup: string): readonly ExtractedNode[] | undefined {
    return new Pass(this.#automaton).run(new MarkupCursor(markup));
  }

  /** Whether a path, as it is in {@link ExtractedNode}, is denoted by some expression. */
  denotes(path: string): boolean {
    const automaton = this.#automaton;
    let state = automaton.start;
    for (const name of path.split("/")) {
      if (name.startsWith("@")) return automaton.attribute(state, name.slice(1)).length > 0;
      state = automaton.element(state, name);
    }
    return state.accepted.length > 0;
  }
}

class Pass extends Walk {
  readonly #found = new Map<string, ExtractedNode>();

  run(cursor: MarkupCursor): readonly ExtractedNode[] | undefined {
    return this.go(cursor) ? [...this.#found.values()] : undefined;
  }

  protected get isDone(): boolean {
    return this.#found.size > mostNodes;
  }

  protected find(): boolean {
    return true;
  }

  protected take(_: readonly number[], value: string | undefined, attribute?: string): void {
    const path = this.path(longestPath, attribute);
    const text = textKey(value ?? "");
    const number = value === undefined ? undefined : numberKey(value);
    const instant = value === undefined ? undefined : instantKey(value);
    this.#found.set(`${path ?? "/"} ${number ?? ""} ${instant ?? ""} ${text}`, { path, text, number, instant });
  }
}
