/** Two flags that are the two answers to one question, such as `--available` and `--unavailable`. */

import { UsageError } from "../failure.js";

/**
 * True by the one flag, false by the other, undefined by none.
 *
 * @throws UsageError when both are given
 */
export function either<F extends string>(flags: { readonly [K in F]?: boolean | undefined }, yes: F, no: F): boolean | undefined {
  if (flags[yes] === true && flags[no] === true) throw new UsageError(`--${yes} and --${no} exclude each other`);
  if (flags[yes] === true) return true;
  return flags[no] === true ? false : undefined;
}
