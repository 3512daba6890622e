/** Errors behind errors. */

/** What is looked at of an error. */
export interface ErrorFacts {
  /** The code; empty when it has none. */
  readonly code: string;
  readonly message: string;
  readonly error: Error;
}

/** The most errors that are looked at: enough for any real chain. */
const most = 100;

/** An error, the errors it stands for, and their causes, from the outermost on; circles are walked once. */
export function* errorsBehind(error: unknown): Generator<ErrorFacts, void, undefined> {
  const waiting: unknown[] = [error];
  const seen = new Set<unknown>();
  for (let next = waiting.shift(); next instanceof Error && seen.size < most; next = waiting.shift()) {
    if (!seen.has(next)) {
      seen.add(next);
      const code: unknown = Reflect.get(next, "code");
      yield { code: typeof code === "string" ? code : "", message: next.message, error: next };
      const errors: unknown = Reflect.get(next, "errors");
      const inside = Array.isArray(errors) ? (errors as unknown[]).slice(0, most) : [];
      waiting.push(...[...inside, next.cause].filter((one) => one instanceof Error));
    }
  }
}
