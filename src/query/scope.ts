/** Whether a target lies within the scopes a service advertises (QRY-INF-004, QRY-INF-006). */

/**
 * Whether every node that `target` can mean is one that some scope can mean. Both are languages over paths, so this asks
 * whether the one is part of the union of the others: all are walked at the same time, and no path may be found that ends in
 * the target alone.
 *
 * @param unsure what is said where that takes too long to tell. Default: true, as where scopes are a peer's.
 */
export function isWithinScopes(target: string, scopes: readonly string[], unsure = true): boolean {
  const expressions = [target, ...scopes].map((expression) => expression.trim().split("/"));
  const names = new Set(expressions.flat().filter((step) => !isWildcard(step)));
  const symbols = [...names, anyOtherElement, anyOtherAttribute];
  const seen = new Set<string>();
  const open = [expressions.map((steps) => closure(steps, [0]))];
  let work = 0;
  for (let places = open.pop(); places !== undefined; places = open.pop()) {
    for (const symbol of symbols) {
      work += expressions.length;
      if (work > mostWork) return unsure;
      const after = expressions.map((steps, index) => advance(steps, places[index] ?? [], symbol));
      const [inTarget = [], ...inScopes] = after;
      if (inTarget.length === 0) continue;
      if (isEnd(expressions[0], inTarget) && !inScopes.some((states, index) => isEnd(expressions[index + 1], states))) return false;
      const key = JSON.stringify(after);
      // Nothing comes behind an attribute.
      if (symbol.startsWith("@") || seen.has(key)) continue;
      if (seen.size >= most) return unsure;
      seen.add(key);
      open.push(after);
    }
  }
  return true;
}

/** The most combinations of places that are looked at. */
const most = 5000;

/** The most steps that are taken in all expressions: scopes are a peer's, who may have very many of them. */
const mostWork = 500_000;

// No name has a space in it.
const anyOtherElement = " ";
const anyOtherAttribute = "@ ";

function isWildcard(step: string): boolean {
  return step === "*" || step === "**";
}

/** Places in an expression, with those that can be reached from them without a node: `**` before the end may mean none. */
function closure(steps: readonly string[], places: readonly number[]): readonly number[] {
  const all = new Set<number>();
  for (const place of places) {
    let at = place;
    all.add(at);
    while (steps[at] === "**" && at < steps.length - 1) all.add(++at);
  }
  return [...all].sort((one, other) => one - other);
}

/** The places behind one more node. */
function advance(steps: readonly string[], places: readonly number[], symbol: string): readonly number[] {
  const isElement = !symbol.startsWith("@");
  return closure(
    steps,
    places.flatMap((at) => {
      const step = steps[at];
      if (step !== "**") return step === symbol || step === "*" ? [at + 1] : [];
      const isLast = at === steps.length - 1;
      return [...(isElement ? [at] : []), ...(isLast ? [at + 1] : [])];
    }),
  );
}

function isEnd(steps: readonly string[] | undefined, places: readonly number[]): boolean {
  return steps !== undefined && places.includes(steps.length);
}
