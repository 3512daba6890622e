/** Asking before something is gone. */

import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";

/**
 * Goes on when the user says yes, or said so beforehand.
 *
 * @throws UsageError when the answer is no, or there is nobody to ask
 */
export async function confirmed(
  question: string,
  { yes = false }: { readonly yes?: boolean | undefined },
  { ask }: Environment,
): Promise<void> {
  if (yes) return;
  if (ask === undefined) throw new UsageError("there is no terminal to ask; expected --yes");
  const answer = await ask(`${question} [y/N] `, false);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError("nothing was done");
}
