/** The way through a record: one pass over its tokens, past all nodes that some target denotes. */

import { isBlank } from "../characters.js";
import type { MarkupCursor } from "../xml/cursor.js";
import type { PathAutomaton, PathState } from "./automaton.js";

/** An open element. */
interface Open {
  readonly state: PathState;
  /** Undefined where no target goes on. */
  readonly name: string | undefined;
  /** Its own text so far; undefined where nobody asks for it. */
  text: string | undefined;
  hasChildren: boolean;
}

/** What is done on the way is up to those who go it. */
export abstract class Walk {
  readonly #automaton: PathAutomaton;
  readonly #above: Open[] = [];
  #top: Open;

  constructor(automaton: PathAutomaton) {
    this.#automaton = automaton;
    // What stands above the roots is no node.
    this.#top = { state: automaton.start, name: undefined, text: undefined, hasChildren: false };
  }

  /** Whether enough is known. */
  protected abstract get isDone(): boolean;

  /** A node is there that targets denote. Tells whether its value is asked for. */
  protected abstract find(targets: readonly number[]): boolean;

  /**
   * The value of a node that was asked for.
   *
   * @param value undefined for an element with others in it and nothing but white space beside them (QRY-EVAL-008)
   * @param attribute the name of the attribute whose value that is; undefined for an element
   */
  protected abstract take(targets: readonly number[], value: string | undefined, attribute?: string): void;

  /**
   * Goes to the end of a record, or until enough is known.
   *
   * @returns whether that was the end
   * @throws ParseError for markup that is not well-formed
   */
  protected go(cursor: MarkupCursor): boolean {
    while (!this.isDone) {
      const token = cursor.next(this.#top.text !== undefined);
      if (token === "start") this.#start(cursor);
      else if (token === "end") this.leave();
      else if (token === "text") this.say(cursor.text);
      else return true;
    }
    return false;
  }

  /** Names from the root to the node that is being taken, joined by `/`; undefined when they have more characters than `longest`. */
  protected path(longest: number, attribute?: string): string | undefined {
    let path = "";
    for (const { name = "" } of [...this.#above.slice(1), this.#top]) {
      path += path === "" ? name : `/${name}`;
      if (path.length > longest) return undefined;
    }
    if (attribute !== undefined) path += `/@${attribute}`;
    return path.length > longest ? undefined : path;
  }

  #start(cursor: MarkupCursor): void {
    this.enter(this.#top.state.isDead ? undefined : cursor.local);
    if (this.#top.state.takesAttributes) while (!this.isDone && cursor.nextAttribute()) this.#attribute(cursor);
  }

  #attribute(cursor: MarkupCursor): void {
    if (cursor.isDeclaration) return;
    const name = cursor.local;
    const targets = this.#targetsOf(name);
    if (targets.length > 0 && this.find(targets)) this.take(targets, cursor.value, name);
  }

  /**
   * An element begins.
   *
   * @param name its name without prefix; it need not be told where no target goes on
   */
  protected enter(name: string | undefined): void {
    const parent = this.#top;
    parent.hasChildren = true;
    const state = name === undefined ? parent.state : this.#automaton.element(parent.state, name);
    this.#above.push(parent);
    const isAsked = state.accepted.length > 0 && this.find(state.accepted);
    this.#top = { state, name, text: isAsked ? "" : undefined, hasChildren: false };
  }

  /** The element that began last has an attribute; declarations of namespaces are none. */
  protected carry(name: string, value: string): void {
    const targets = this.#targetsOf(name);
    if (targets.length > 0 && this.find(targets)) this.take(targets, value, name);
  }

  /** Characters of the innermost element. Tells how many there are, of those that are asked for. */
  protected say(text: string): number {
    const top = this.#top;
    if (top.text === undefined) return 0;
    top.text += text;
    return top.text.length;
  }

  /** The innermost element ends. */
  protected leave(): void {
    const { state, text, hasChildren } = this.#top;
    if (text !== undefined) this.take(state.accepted, hasChildren && isBlank(text) ? undefined : text);
    this.#top = this.#above.pop() ?? this.#top;
  }

  #targetsOf(attribute: string): readonly number[] {
    const { state } = this.#top;
    return state.takesAttributes ? this.#automaton.attribute(state, attribute) : [];
  }
}
