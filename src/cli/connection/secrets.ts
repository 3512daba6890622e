/** Secrets that a connection needs: out of files, or from the user. */

import { readFile } from "node:fs/promises";
import type { Connection } from "../connection.js";
import type { Environment } from "../environment.js";
import { fileErrorText, UsageError } from "../failure.js";
import { printableLine } from "../output.js";
import { keepSecret } from "../secrets.js";
import type { MergedSettings } from "./settings.js";

/**
 * Reads the files of secrets and asks for a password where one is missing.
 *
 * @throws UsageError when a file cannot be read, a password is given twice, or is missing and there is nobody to ask
 */
export async function completeSecrets(settings: MergedSettings & { readonly url: string }, environment: Environment): Promise<Connection> {
  const { passwordFile, tokenFile, keyPasswordFile, ...rest } = settings;
  const files = [passwordFile, tokenFile, keyPasswordFile];
  if (files.filter((file) => file === "-").length > 1) throw new UsageError("only one secret can be read from standard input");
  const connection = {
    ...rest,
    token: await secretOf(rest.token, tokenFile, "token", environment),
    keyPassword: await secretOf(rest.keyPassword, keyPasswordFile, "password of the key", environment),
    password: await secretOf(rest.password, passwordFile, "password", environment),
  };
  const complete = { ...connection, password: await askIfMissing(connection, environment) };
  const locked = await lockedKey(complete);
  if (locked === undefined) return complete;
  const keyPassword = await environment.ask?.(`Password of the key ${printableLine(locked)}: `, true);
  keepSecret(environment, keyPassword);
  return { ...complete, keyPassword };
}

/**
 * A secret that is given itself, or as a file.
 *
 * @throws UsageError when it is given twice, or the file cannot be read
 */
export async function secretOf(
  given: string | undefined,
  file: string | undefined,
  what: string,
  environment: Environment,
): Promise<string | undefined> {
  if (given !== undefined && file !== undefined) throw new UsageError(`the ${what} is given twice: itself, and as a file`);
  const secret = file === undefined ? given : await readSecretFile(file, what, environment);
  keepSecret(environment, secret);
  return secret;
}

/**
 * The secret on the only line of a file; `-` is standard input.
 *
 * @throws UsageError when it cannot be read, is no UTF-8, or has more lines
 */
export async function readSecretFile(file: string, what: string, { readInput }: Pick<Environment, "readInput">): Promise<string> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await readInput(file));
  } catch (error) {
    const reason = error instanceof TypeError ? `${printableLine(file)} is not UTF-8` : fileErrorText(error);
    throw new UsageError(`the ${what} cannot be read: ${reason}`);
  }
  // Editors and echo end files with a newline that is not meant.
  const secret = text.replace(/\r?\n$/, "");
  if (/[\r\n]/.test(secret)) throw new UsageError(`the ${what} cannot be read: ${printableLine(file)} has more than one line`);
  return secret;
}

async function askIfMissing({ username, password, url }: Connection, environment: Environment): Promise<string | undefined> {
  if (username === undefined || password !== undefined) return password;
  const { ask } = environment;
  if (ask === undefined) {
    throw new UsageError(
      `there is no password for ${printableLine(username)}, and no terminal to ask for it; expected --password-file, TAXII_PASSWORD (which may be empty) or a profile`,
    );
  }
  const where = URL.canParse(url) ? ` at ${new URL(url).host}` : "";
  const answer = await ask(`Password for ${printableLine(username)}${where}: `, true);
  keepSecret(environment, answer);
  return answer;
}

/** The file of an encrypted key that no password is given for. Files that cannot be read are for the connection to report. */
async function lockedKey({ cert, key, keyPassword }: Connection): Promise<string | undefined> {
  const file = key ?? cert;
  if (file === undefined || keyPassword !== undefined) return undefined;
  const text = await readFile(file, "latin1").catch(() => "");
  return /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text) ? file : undefined;
}
