/** How a script connects: what its flags say, in the words all programs share. */

import { isLocal } from "../../client/address.js";
import type { Client } from "../../client/api.js";
import type { TaxiiVersion } from "../../message/ids.js";
import { connect } from "../connection.js";
import type { Environment } from "../environment.js";
import { fileErrorText, UsageError } from "../failure.js";
import { type CommonFlags, noProxy, systemProxy } from "./flags.js";

/**
 * A client for the one service at `url`, in one version of TAXII. Asks for passwords that are needed and not given.
 *
 * @throws UsageError when flags do not go together, or a file cannot be read
 */
export async function clientFor(url: URL, version: TaxiiVersion, flags: CommonFlags, environment: Environment): Promise<Client> {
  const { cert, key, username, verifyServer, insecure } = flags;
  const password = await passwordFor(url, flags, environment);
  if (url.protocol === "http:") warnOfUseless({ cert, key, "verify-server": verifyServer }, environment);
  return connect(
    {
      url: url.href,
      version,
      endpoint: "service",
      username,
      password,
      cert,
      key,
      keyPassword: await keyPassword(flags, environment),
      ca: verifyServer,
      insecure,
      // There is one address, so the same flag does for the one thing or the other.
      cleartextAuth: insecure,
      proxy: proxyOf(flags.proxy),
      // One request is printed, so one is sent.
      retries: 0,
    },
    environment,
  );
}

/** @throws UsageError for half of a name and a password, and where the password would travel in clear text */
async function passwordFor(url: URL, { username, pass, insecure }: CommonFlags, environment: Environment): Promise<string | undefined> {
  if (username === undefined) {
    if (pass !== undefined) throw new UsageError("--pass needs --username as well");
    return undefined;
  }
  if (url.protocol === "http:" && !isLocal(url) && insecure !== true)
    throw new UsageError(`the password would travel to ${url.host} in clear text; use https, or --insecure to send it all the same`);
  return pass ?? ask(`Password of ${username}: `, "--username needs --pass as well", environment);
}

async function ask(question: string, otherwise: string, { ask: put }: Environment): Promise<string> {
  if (put === undefined) throw new UsageError(otherwise);
  return put(question, true);
}

/** The password of an encrypted key, for which there is no flag. */
async function keyPassword({ cert, key = cert }: CommonFlags, environment: Environment): Promise<string | undefined> {
  if (key === undefined) return undefined;
  let pem: string;
  try {
    pem = new TextDecoder().decode(await environment.readInput(key));
  } catch (error) {
    throw new UsageError(`the key cannot be read: ${fileErrorText(error)}`, { cause: error });
  }
  const isEncrypted = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
  return isEncrypted
    ? ask(`Password of the key ${key}: `, `the key ${key} is encrypted, and there is no terminal to ask for its password`, environment)
    : undefined;
}

function proxyOf(proxy: string): string {
  if (proxy === noProxy) return "none";
  return proxy === systemProxy ? "environment" : proxy;
}

function warnOfUseless(flags: Readonly<Record<string, string | undefined>>, { output }: Environment): void {
  for (const [name, value] of Object.entries(flags)) {
    if (value !== undefined) output.err(`warning: --${name} has no effect on an http address\n`);
  }
}
