/** What is pushed, to whom, and as whom. */

import {
  basic,
  bearer,
  type GuardedPushPolicy,
  type PushTransportOptions,
  pushPolicy,
  type TargetCredentials,
} from "../../delivery/index.js";
import { secretOf } from "../connection/secrets.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import type { PushConfig, PushCredentials } from "./config/push.js";
import { readPem } from "./tls-files.js";

/** @throws UsageError for patterns and networks that cannot be used */
export function policyOf({ allow, allowHttp, allowPrivate, ports }: PushConfig): GuardedPushPolicy {
  try {
    return pushPolicy({ allow, allowHttp, allowPrivate, ports });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new UsageError(`push: ${cause.message}`, { cause });
  }
}

/**
 * Reads the secrets and files that pushing takes.
 *
 * @throws UsageError when one cannot be read
 */
export async function transportOptions(config: PushConfig, environment: Environment): Promise<PushTransportOptions> {
  const { ca, connectTimeout, timeout } = config;
  const trusted = ca === undefined ? undefined : { ca: await readPem(ca, environment) };
  const credentials: TargetCredentials[] = [];
  for (const entry of config.credentials) credentials.push(...(await credentialsOf(entry, trusted, environment)));
  return { credentials, tls: trusted, connectTimeout: connectTimeout * 1000, timeout: timeout * 1000 };
}

async function credentialsOf(
  entry: PushCredentials,
  trusted: { readonly ca: Uint8Array } | undefined,
  environment: Environment,
): Promise<TargetCredentials[]> {
  const password = await secretOf(entry.password, entry.passwordFile, "password", environment);
  const token = await secretOf(entry.token, entry.tokenFile, "token", environment);
  const passphrase = await secretOf(entry.keyPassword, entry.keyPasswordFile, "key password", environment);
  const { username, certificate, key, targets } = entry;
  const auth = username !== undefined ? basic(username, password ?? "") : token === undefined ? undefined : bearer(token);
  const tls =
    certificate === undefined || key === undefined
      ? undefined
      : { ...trusted, cert: await readPem(certificate, environment), key: await readPem(key, environment), passphrase };
  return targets.map((match) => ({ match, auth, tls }));
}
