/**
 * A content model at work: Brzozowski derivatives, computed on demand and kept, so that a model is a
 * deterministic automaton after its first uses.
 */

import type { Model, Wildcard } from "./content-model.js";

/** A symbol of a model: a child's local name, or a wildcard. */
export type Symbol = string | Wildcard;

/** What may come next, at one point within an element. */
export interface State {
  /** Whether the element may end here. */
  readonly complete: boolean;
  /** The state behind `symbol`, or undefined when it cannot come here. */
  after(symbol: Symbol): State | undefined;
  /** The symbols that can come here, in model order. */
  readonly next: readonly Symbol[];
}

/** The state at the start of an element with this model. */
export function startOf(model: Model): State {
  return new Automaton().state(expression(model));
}

type Expression =
  | { readonly op: "empty" }
  | { readonly op: "symbol"; readonly symbol: Symbol }
  | { readonly op: "seq"; readonly head: Expression; readonly rest: Expression }
  | { readonly op: "alt"; readonly parts: readonly Expression[] }
  | { readonly op: "many"; readonly part: Expression };

const empty: Expression = { op: "empty" };

function expression(model: Model): Expression {
  if (typeof model === "string" || model.op === "any") return { op: "symbol", symbol: model };
  switch (model.op) {
    case "seq":
      return model.parts.map(expression).reduceRight((rest, head) => sequence(head, rest), empty);
    case "alt":
      return choice(model.parts.map(expression));
    case "opt":
      return choice([expression(model.part), empty]);
    case "many":
      return { op: "many", part: expression(model.part) };
    case "some": {
      const part = expression(model.part);
      return sequence(part, { op: "many", part });
    }
  }
}

function sequence(head: Expression, rest: Expression): Expression {
  if (head.op === "empty") return rest;
  if (rest.op === "empty") return head;
  return head.op === "seq" ? { op: "seq", head: head.head, rest: sequence(head.rest, rest) } : { op: "seq", head, rest };
}

function choice(parts: readonly Expression[]): Expression {
  const flat = parts.flatMap((part) => (part.op === "alt" ? part.parts : [part]));
  const distinct = [...new Map(flat.map((part) => [keyOf(part), part])).values()];
  const [only] = distinct;
  return distinct.length === 1 && only !== undefined ? only : { op: "alt", parts: distinct };
}

function nullable(of: Expression): boolean {
  switch (of.op) {
    case "empty":
    case "many":
      return true;
    case "symbol":
      return false;
    case "seq":
      return nullable(of.head) && nullable(of.rest);
    case "alt":
      return of.parts.some(nullable);
  }
}

function firstOf(of: Expression): Symbol[] {
  switch (of.op) {
    case "empty":
      return [];
    case "symbol":
      return [of.symbol];
    case "many":
      return firstOf(of.part);
    case "seq":
      return nullable(of.head) ? [...firstOf(of.head), ...firstOf(of.rest)] : firstOf(of.head);
    case "alt":
      return of.parts.flatMap(firstOf);
  }
}

function derive(of: Expression, by: string): Expression | undefined {
  switch (of.op) {
    case "empty":
      return undefined;
    case "symbol":
      return symbolKey(of.symbol) === by ? empty : undefined;
    case "many": {
      const part = derive(of.part, by);
      return part && sequence(part, of);
    }
    case "seq": {
      const head = derive(of.head, by);
      const through = head && sequence(head, of.rest);
      const past = nullable(of.head) ? derive(of.rest, by) : undefined;
      return through && past ? choice([through, past]) : (through ?? past);
    }
    case "alt": {
      const parts = of.parts.map((part) => derive(part, by)).filter((part) => part !== undefined);
      return parts.length === 0 ? undefined : choice(parts);
    }
  }
}

function keyOf(of: Expression): string {
  switch (of.op) {
    case "empty":
      return "()";
    case "symbol":
      return symbolKey(of.symbol);
    case "many":
      return `(${keyOf(of.part)})*`;
    case "seq":
      return `(${keyOf(of.head)},${keyOf(of.rest)})`;
    case "alt":
      return `(${of.parts.map(keyOf).join("|")})`;
  }
}

const symbolKey = (symbol: Symbol): string => (typeof symbol === "string" ? symbol : `${symbol.namespace} ${symbol.process}`);

class Automaton {
  readonly #states = new Map<string, State>();

  state(of: Expression): State {
    const key = keyOf(of);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const transitions = new Map<string, State | undefined>();
    const state: State = {
      complete: nullable(of),
      next: [...new Map(firstOf(of).map((symbol) => [symbolKey(symbol), symbol])).values()],
      after: (symbol) => {
        const by = symbolKey(symbol);
        if (transitions.has(by)) return transitions.get(by);
        const derived = derive(of, by);
        const next = derived && this.state(derived);
        transitions.set(by, next);
        return next;
      },
    };
    this.#states.set(key, state);
    return state;
  }
}

/**
 * The shortest list of symbols that leads from `state` to one that takes `symbol`: what is missing before it.
 * Undefined when nothing that could still come would make room for it.
 */
export function pathTo(state: State, symbol: Symbol): Symbol[] | undefined {
  const seen = new Set<State>([state]);
  let frontier: { state: State; path: Symbol[] }[] = [{ state, path: [] }];
  while (frontier.length > 0) {
    const following: typeof frontier = [];
    for (const { state: at, path } of frontier) {
      if (at.after(symbol) !== undefined) return path;
      for (const step of at.next) {
        const next = at.after(step);
        if (next === undefined || seen.has(next)) continue;
        seen.add(next);
        following.push({ state: next, path: [...path, step] });
      }
    }
    frontier = following;
  }
  return undefined;
}
