/** New passwords: out of a file, or asked for twice. */

import { readSecretFile } from "../connection/secrets.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { printableLine } from "../output.js";
import { keepSecret } from "../secrets.js";

/**
 * The password to give to an account.
 *
 * @param file a file with the password on its only line, `-` for standard input; undefined to ask
 * @throws UsageError when there is neither, it is empty, or it was not typed the same twice
 */
export async function newPassword(name: string, file: string | undefined, environment: Environment): Promise<string> {
  const password = file === undefined ? await askTwice(name, environment) : await readSecretFile(file, "password", environment);
  if (password === "") throw new UsageError("the password is empty");
  keepSecret(environment, password);
  return password;
}

async function askTwice(name: string, { ask }: Environment): Promise<string> {
  if (ask === undefined)
    throw new UsageError("there is no terminal to ask for the password; expected --password-file, - for standard input, or --no-password");
  const first = await ask(`New password for ${printableLine(name)}: `, true);
  const second = await ask("Once more: ", true);
  if (first !== second) throw new UsageError("the passwords are not the same");
  return first;
}
