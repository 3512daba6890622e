/** Secrets are kept out of what is printed, also where a peer repeats them. */

import type { Environment } from "./environment.js";

const known = new WeakMap<Environment, Set<string>>();

/** Shorter ones would be found in any text, and taking them out would tell them. */
const shortest = 4;

/** Makes {@link withoutSecrets} take these values out of all texts from now on. */
export function keepSecret(environment: Environment, ...values: readonly (string | undefined)[]): void {
  const secrets = known.get(environment) ?? new Set();
  known.set(environment, secrets);
  for (const value of values) if (value !== undefined && value.length >= shortest) secrets.add(value);
}

/** `text` with an ellipsis in the place of each secret, also where it is written as in a URL or in base64. */
export function withoutSecrets(environment: Environment, text: string): string {
  const secrets = [...(known.get(environment) ?? [])].sort((one, other) => other.length - one.length);
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])
    .reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
}
