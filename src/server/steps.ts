/** Steps: the named parts of a service's own handlers, each of which can be replaced. */

import type { Context } from "./context.js";

/**
 * A step in place of the built-in one. It may go on with the built-in step, `standard`, before or after its own work and with
 * other input, or without it. A StatusError it throws ends the request as that Status Message.
 */
export type Step<I, O> = (input: I, context: Context, standard: (input: I) => Promise<O>) => O | Promise<O>;

/** A step that is ready to run. It throws or rejects. */
export type RunStep<I, O> = (input: I, context: Context) => O | Promise<O>;

/** The built-in step, or what replaces it. */
export function step<I, O>(standard: (input: I, context: Context) => O | Promise<O>, replacement: Step<I, O> | undefined): RunStep<I, O> {
  if (replacement === undefined) return standard;
  return async (input, context) => replacement(input, context, async (changed) => standard(changed, context));
}
