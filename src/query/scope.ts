/** Whether a target lies within the scopes a service advertises (QRY-INF-004, QRY-INF-006). */

import { PathAutomaton } from "./automaton.js";
import { stepsOf } from "./steps.js";

/**
 * Whether every node that `target` can mean is one that some scope can mean. Both are languages over paths, so this asks
 * whether the one is part of the union of the others: all are walked at the same time, and no path may be found that ends in
 * the target alone.
 *
 * @param unsure what is said where that takes too long to tell. Default: true, as where scopes are a peer's.
 */
export function isWithinScopes(target: string, scopes: readonly string[], unsure = true): boolean {
  const expressions = [target, ...scopes];
  const automaton = new PathAutomaton(expressions);
  const { elements, attributes } = namesIn(expressions);
  // The places of the target come before those of the scopes.
  const last = stepsOf(target).length;
  const seen = new Set([automaton.start]);
  const open = [automaton.start];
  let work = 0;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    work += expressions.length * (elements.length + attributes.length);
    if (work > mostWork) return unsure;
    if (attributes.some((name) => isOutside(automaton.attribute(state, name)))) return false;
    for (const name of elements) {
      const next = automaton.element(state, name);
      const [first = Number.POSITIVE_INFINITY] = next.places;
      if (first > last || seen.has(next)) continue;
      if (isOutside(next.accepted)) return false;
      if (seen.size > most) return unsure;
      seen.add(next);
      open.push(next);
    }
  }
  return true;
}

/** The most combinations of places that are looked at. */
const most = 5000;

/** The most steps that are taken in all expressions: scopes are a peer's, who may have very many of them. */
const mostWork = 500_000;

/** The names in expressions, and one that is in none of them; no name has a space in it. */
function namesIn(expressions: readonly string[]): { readonly elements: readonly string[]; readonly attributes: readonly string[] } {
  const elements = new Set([" "]);
  const attributes = new Set([" "]);
  for (const step of expressions.flatMap(stepsOf)) {
    if (step.kind === "element") elements.add(step.name);
    else if (step.kind === "attribute") attributes.add(step.name);
  }
  return { elements: [...elements], attributes: [...attributes] };
}

/** Whether the target alone, the first of the expressions, denotes a path. */
function isOutside(denoting: readonly number[]): boolean {
  return denoting.length === 1 && denoting[0] === 0;
}
