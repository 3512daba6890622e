/** From what the user said of a server to what a contract test is given. */

import { type AuthScheme, type Credentials, type Fetch, nodeFetch } from "../../client/node/index.js";
import { partHeaders, withHeaders } from "../connection/header-auth.js";
import { authOf, type Connection, connect, inOurWords, tlsOptions } from "../connection.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";

/** What carries requests, and who sends them. */
export interface Carrier {
  readonly fetch: Fetch;
  /** Undefined for nobody in particular. */
  readonly auth: Credentials | undefined;
}

/**
 * Makes what carries requests, and logs in where that is the way to say who one is.
 *
 * @throws UsageError for what cannot be used, credentials in clear text among it
 * @throws TransportError when the login fails
 */
export async function carrierOf(connection: Connection, environment: Environment): Promise<Carrier> {
  // The client's own checks: it knows what must not travel in clear text. It remembers the secrets, too.
  await connect(connection, environment);
  const { secret, plain } = partHeaders(connection.headers ?? {});
  const fetch = environment.fetch ?? (await fetchOf(connection));
  const auth = withHeaders(authOf(connection), secret);
  if (auth === undefined) return { fetch: withFields(fetch, plain), auth: undefined };
  const scheme: AuthScheme = typeof auth === "function" ? { headers: auth } : auth;
  const credentials = await scheme.headers(new URL(connection.url), { fetch, signal: environment.signal });
  return { fetch: withFields(fetch, plain), auth: credentials };
}

async function fetchOf(connection: Connection): Promise<Fetch> {
  try {
    return nodeFetch({ proxy: connection.proxy, tls: await tlsOptions(connection) });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new UsageError(inOurWords(error.message), { cause: error });
    throw error;
  }
}

/** `fetch` with header fields of the user's own. */
function withFields(fetch: Fetch, fields: Readonly<Record<string, string>>): Fetch {
  return (request) => {
    for (const [name, value] of Object.entries(fields)) request.headers.set(name, value);
    return fetch(request);
  };
}
