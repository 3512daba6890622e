/** Who may do what, as configured. */

import { createAuthenticator } from "../../accounts/index.js";
import { type Authenticate, type Authorize, allowAll, byPermissions } from "../../server/access.js";
import { emitter } from "../../server/events.js";
import type { Environment } from "../environment.js";
import type { ServerConfig } from "./config/schema.js";
import type { ProcessParts } from "./process-parts.js";

type AccountsConfig = ServerConfig["accounts"];

/** What decides about collections. */
export function authorizeBy({ authentication, anonymous }: AccountsConfig): Authorize {
  return authentication === "accounts" ? byPermissions(anonymous) : allowAll;
}

/** What tells who sent a request; undefined where nobody has an account. */
export function authenticateBy(
  config: AccountsConfig,
  { storage, observers, log }: Pick<ProcessParts, "storage" | "observers" | "log">,
  environment: Environment,
): Authenticate | undefined {
  if (config.authentication !== "accounts") return undefined;
  const { cacheSeconds, certificates, maxHashing, lockout } = config;
  return createAuthenticator({
    storage,
    emit: emitter(observers, (error) => log.error({ error }, "an observer failed")),
    onFault: (error) => log.error({ error }, "a login could not be checked"),
    cacheSeconds,
    certificates,
    maxHashing,
    lockout: lockout ? {} : false,
    now: () => environment.now().getTime(),
  });
}

/** The WWW-Authenticate of a 401. */
export function challengeOf({ realm }: AccountsConfig): string {
  return `Basic realm="${realm.replace(/["\\]/g, "\\$&")}", charset="UTF-8"`;
}

/** Whether the owner of a subscription or a result, empty for nobody in particular, may read a collection now. */
export function mayReadBy(
  config: AccountsConfig,
  { directory }: ProcessParts["storage"],
): (owner: string, collection: string) => Promise<boolean> {
  const authorize = authorizeBy(config);
  return async (owner, name) => {
    const account = owner === "" ? undefined : await directory.account(owner);
    // Who is gone, or cannot log in, gets nothing; but without accounts nobody is expected to be there.
    if (config.authentication === "accounts" && owner !== "" && (account === undefined || account.disabled)) return false;
    return authorize({ account, right: "read", collection: { name }, service: undefined });
  };
}
