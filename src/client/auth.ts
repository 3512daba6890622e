/** Ways to say who one is. */

import { readBody } from "../http/body.js";
import { TransportError } from "../http/transport-error.js";
import { parseJson } from "../message/content/sniff-json.js";
import { describeAddress, isLocal, parseAddress } from "./address.js";
import type { Fetch } from "./options.js";

/** Header fields that carry credentials. */
export type Credentials = Readonly<Record<string, string>>;

/** What an authentication scheme can use. */
export interface AuthContext {
  /** What carries the client's own requests. */
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

/** A way to authenticate that needs more than fixed header fields. Asked only for origins that are trusted with credentials. */
export interface AuthScheme {
  /** The header fields of a request to `url`. */
  headers(url: URL, context: AuthContext): Credentials | Promise<Credentials>;
  /** Is told that the peer refused them; true when others can be had, and the request is to be repeated once. */
  renew?(url: URL, context: AuthContext): Promise<boolean>;
}

/**
 * Header fields that say who sends a request to `url`, or a promise of them, or a whole scheme. Asked for each request anew,
 * and only for origins that are trusted with credentials.
 */
export type Auth = ((url: URL) => Credentials | Promise<Credentials>) | AuthScheme;

/**
 * HTTP Basic authentication, in UTF-8. The password may be empty and may contain colons.
 *
 * @throws TypeError when the user name contains a colon, which HTTP cannot say
 */
export function basic(user: string, password: string): Auth {
  if (user.includes(":")) throw new TypeError("a user name for Basic authentication cannot contain a colon");
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  const credentials = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return () => ({ Authorization: `Basic ${credentials}` });
}

/** A bearer token. @throws TypeError when it has characters a header field cannot carry */
export function bearer(token: string): Auth {
  const checked = checkedToken(token);
  return () => ({ Authorization: `Bearer ${checked}` });
}

/** A header field of one's own, such as an API key. @throws TypeError when name or value cannot stand in a header */
export function header(name: string, value: string): Auth {
  // Headers refuses line breaks and the like; its own message would repeat the value.
  try {
    new Headers([[name, value]]);
  } catch {
    throw new TypeError(`${JSON.stringify(name)} and its value cannot stand in a header`);
  }
  return () => ({ [name]: value });
}

export interface JwtLogin {
  /** Where to log in: takes `{"username": …, "password": …}` as JSON, answers `{"token": …}`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Whether the password may travel over plain HTTP to another machine. Default: false. */
  readonly cleartext?: boolean | undefined;
}

/**
 * A bearer token from a login endpoint, as cabby and OpenTAXII have it: fetched before the first request, kept, and fetched
 * anew when the peer says UNAUTHORIZED.
 *
 * @throws TypeError when the endpoint's address is none, or would have the password travel in clear text
 */
export function jwtLogin({ url, username, password, cleartext = false }: JwtLogin): Auth {
  const endpoint = parseAddress(url);
  if (endpoint.protocol === "http:" && !cleartext && !isLocal(endpoint))
    throw new TypeError(`the password for ${endpoint.origin} would travel in clear text; use https, or set cleartext`);
  let token: Promise<string> | undefined;
  const current = (context: AuthContext): Promise<string> => {
    token ??= logIn(endpoint, { username, password }, context).catch((error: unknown) => {
      token = undefined;
      throw error;
    });
    return token;
  };
  return {
    headers: async (_, context) => ({ Authorization: `Bearer ${await current(context)}` }),
    renew: async (_, context) => {
      token = undefined;
      await current(context);
      return true;
    },
  };
}

// A token is short; whatever is longer is none.
const longestAnswer = 64 * 1024;

async function logIn(endpoint: URL, account: object, { fetch, signal }: AuthContext): Promise<string> {
  const fail = (what: string, options: { status?: number; cause?: unknown } = {}): TransportError =>
    new TransportError("LOGIN", `the login at ${describeAddress(endpoint)} ${what}`, { ...options, statusType: "UNAUTHORIZED" });
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(account), redirect: "manual", signal } as const;
  let response: Response;
  try {
    response = await fetch(new Request(endpoint, init));
  } catch (cause) {
    signal.throwIfAborted();
    throw fail("could not be reached", { cause });
  }
  const { status } = response;
  // fetch has unpacked the body, but not taken away the field that says it was packed.
  const text = new TextDecoder().decode(await readBody({ headers: new Headers(), body: response.body }, longestAnswer));
  if (!response.ok) throw fail(`was refused with HTTP ${status}`, { status });
  const answer = parseJson(text)?.value;
  const token: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "token") : undefined;
  if (typeof token !== "string" || token === "") throw fail('gave no {"token": …}', { status });
  try {
    return checkedToken(token);
  } catch {
    throw fail("gave a token that no header field can carry", { status });
  }
}

function checkedToken(token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError("a bearer token consists of printable ASCII characters without spaces");
  return token;
}
