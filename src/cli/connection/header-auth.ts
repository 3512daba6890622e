/** Header fields of the user's own that carry credentials: they go where credentials go, and nowhere else. */

import type { Auth, AuthScheme } from "../../client/index.js";

/** Header fields, parted by whether they say who one is. */
export interface PartedHeaders {
  readonly secret: Readonly<Record<string, string>>;
  readonly plain: Readonly<Record<string, string>>;
}

/** Parts header fields by their names: `Authorization`, `Cookie`, `X-Api-Key` and the like are credentials. */
export function partHeaders(headers: Readonly<Record<string, string>>): PartedHeaders {
  const isSecret = ([name]: readonly [string, string]): boolean => /auth|cookie|key|token|secret|passw/i.test(name);
  const fields = Object.entries(headers);
  return {
    secret: Object.fromEntries(fields.filter(isSecret)),
    plain: Object.fromEntries(fields.filter((field) => !isSecret(field))),
  };
}

/** `auth` with these header fields beside it; what `auth` sends itself comes first. */
export function withHeaders(auth: Auth | undefined, headers: Readonly<Record<string, string>>): Auth | undefined {
  if (Object.keys(headers).length === 0) return auth;
  if (auth === undefined) return () => headers;
  const scheme: AuthScheme = typeof auth === "function" ? { headers: (url) => auth(url) } : auth;
  return {
    headers: async (url, context) => ({ ...headers, ...(await scheme.headers(url, context)) }),
    renew: async (url, context) => (await scheme.renew?.(url, context)) ?? false,
  };
}
