/** Passwords: from the command line, as cabby has it, or from where others cannot read them. */

import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { printableLine } from "../output.js";

/** What was said on the command line. */
export interface Login {
  /** The name of the flag for the password. */
  readonly flag: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The environment variable that can hold the password. Default: `TAXII_PASSWORD`. */
  readonly variable?: string | undefined;
}

/**
 * The password of a user: that of the command line, which may be empty; that of the environment; or what is answered to a
 * question. Undefined when no user is named.
 *
 * @throws UsageError when there is none, or there is one for nobody
 */
export async function passwordOf(
  { flag, username, password, variable = "TAXII_PASSWORD" }: Login,
  { env, ask }: Environment,
): Promise<string | undefined> {
  const userFlag = flag.replace("password", "username");
  if (username === undefined) {
    if (password !== undefined) throw new UsageError(`${flag} needs ${userFlag} as well`);
    return undefined;
  }
  const given = password ?? env[variable];
  if (given !== undefined) return given;
  if (ask === undefined) throw new UsageError(`${userFlag} needs ${flag} or the variable ${variable} as well; ${flag}= for an empty one`);
  return ask(`Password of ${printableLine(username)}: `, true);
}
