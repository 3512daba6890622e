/** Whether the properties of a value are those its content model allows together. */

import { type Symbol as ModelSymbol, pathTo, type State } from "../binding/automaton.js";
import type { Child, Compiled } from "./compiled.js";
import { isDefaulted } from "./defaulted.js";

/** A property that has to be there (or one of several), or one that cannot be where the others are. */
export type ModelProblem =
  | { readonly kind: "missing"; readonly properties: readonly string[] }
  | { readonly kind: "unexpected"; readonly property: string };

/** The first thing that is wrong with the children of `value`, which are in the order of the schema. */
export function modelProblem(compiled: Compiled, value: object): ModelProblem | undefined {
  const { children } = compiled;
  let state = compiled.start;
  for (const { symbol, property } of symbolsOf(compiled, value)) {
    const next = state.after(symbol);
    if (next === undefined) {
      const lacking = pathTo(state, symbol);
      return lacking === undefined ? { kind: "unexpected", property } : missing(children, lacking.slice(0, 1));
    }
    state = next;
  }
  return state.complete ? undefined : missing(children, nextToEnd(state));
}

/** The symbols that bring `state` nearer to its end: not the optional ones that could also come. */
function nextToEnd(state: State): ModelSymbol[] {
  const distances = state.next.map((symbol) => distanceToEnd(state.after(symbol)));
  const least = Math.min(...distances);
  return state.next.filter((_, index) => distances[index] === least);
}

/** How many elements a value lacks, at the least. */
function distanceToEnd(from: State | undefined): number {
  const seen = new Set<State>();
  let frontier = from === undefined ? [] : [from];
  for (let distance = 0; frontier.length > 0; distance++) {
    if (frontier.some(({ complete }) => complete)) return distance;
    for (const state of frontier) seen.add(state);
    const following = frontier.flatMap((state) => state.next.map((symbol) => state.after(symbol))).filter((state) => state !== undefined);
    frontier = [...new Set(following)].filter((state) => !seen.has(state));
  }
  return Number.POSITIVE_INFINITY;
}

function missing(children: readonly Child[], symbols: readonly ModelSymbol[]): ModelProblem {
  const names = symbols.map((symbol) => children.find(({ local }) => local === symbol)?.field.property ?? "any");
  return { kind: "missing", properties: names };
}

interface Occurrence {
  readonly symbol: ModelSymbol;
  readonly property: string;
}

function* symbolsOf({ children, wildcard, start }: Compiled, value: object): Iterable<Occurrence> {
  const itemLists = new Set<string>();
  for (const { field, local, items } of children) {
    if (items === undefined) {
      const { property } = field;
      for (let count = occurrences(value, property); count > 0; count--) yield { symbol: local, property };
    } else if (!itemLists.has(items)) {
      itemLists.add(items);
      yield* itemSymbols(children, items, value);
    }
  }
  const open = start.next.find((symbol) => typeof symbol !== "string");
  if (wildcard === undefined || wildcard.tagged || open === undefined) return;
  for (let count = occurrences(value, wildcard.property); count > 0; count--) yield { symbol: open, property: wildcard.property };
}

function* itemSymbols(children: readonly Child[], items: string, value: object): Iterable<Occurrence> {
  const list: unknown = Reflect.get(value, items);
  for (const item of Array.isArray(list) ? list : []) {
    const child =
      typeof item === "object" && item !== null
        ? children.find(({ field, items: of }) => of === items && field.property in item)
        : undefined;
    if (child !== undefined) yield { symbol: child.local, property: child.field.property };
  }
}

function occurrences(value: object, property: string): number {
  const found: unknown = Reflect.get(value, property);
  if (found === undefined || isDefaulted(value, property)) return 0;
  return Array.isArray(found) ? found.length : 1;
}
