/** From what the user said of a server to a client of it. */

import { readFile } from "node:fs/promises";
import type { Client } from "../client/api.js";
import { type Auth, basic, bearer, jwtLogin } from "../client/auth.js";
import { createClient, type TlsOptions } from "../client/node/index.js";
import type { ClientWarning, OnWarning } from "../client/options.js";
import type { TaxiiVersion } from "../message/ids.js";
import { partHeaders, withHeaders } from "./connection/header-auth.js";
import type { Environment } from "./environment.js";
import { fileErrorText, UsageError } from "./failure.js";
import { clearLine, printableLine } from "./output.js";
import { keepSecret, withoutSecrets } from "./secrets.js";

/** What the user says of a server. */
export interface Connection {
  readonly url: string;
  /** Default: `auto`. */
  readonly version?: TaxiiVersion | "auto" | undefined;
  /** What is at the URL. Default: `auto`. */
  readonly endpoint?: "auto" | "discovery" | "service" | undefined;
  /** With it there is Basic authentication, or with `jwtUrl` a login. */
  readonly username?: string | undefined;
  /** May be empty. */
  readonly password?: string | undefined;
  /** Bearer token. */
  readonly token?: string | undefined;
  /** Where user name and password are exchanged for a token. */
  readonly jwtUrl?: string | undefined;
  /** Further header fields of each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** PEM files of the client's certificate and its key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** PKCS#12 file with both. */
  readonly pfx?: string | undefined;
  /** Opens `key` or `pfx`. */
  readonly keyPassword?: string | undefined;
  /** PEM file of authorities to trust. Default: those that come with Node. */
  readonly ca?: string | undefined;
  /** Whether the authorities of the system are trusted as well. */
  readonly systemCa?: boolean | undefined;
  /** Whether the server's certificate goes unchecked. */
  readonly insecure?: boolean | undefined;
  readonly minTlsVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3" | undefined;
  /** URL of an HTTP proxy, `environment` for what HTTPS_PROXY and the like say, or `none`. Default: `environment`. */
  readonly proxy?: string | undefined;
  /** Seconds for the beginning of an answer, and between two pieces of it. Default: those of the client. */
  readonly timeout?: number | undefined;
  /** How often a request that failed is sent again, where that is safe. Default: as the client has it. */
  readonly retries?: number | undefined;
  /** Whether replies must be as the specification says. Default: false. */
  readonly strict?: boolean | undefined;
  /** Whether scheme, host and port of advertised addresses are replaced by those of `url`. */
  readonly rewriteOrigin?: boolean | undefined;
  readonly followRedirects?: boolean | undefined;
  /** Whether credentials may travel over plain HTTP. */
  readonly cleartextAuth?: boolean | undefined;
  /** Further origins that get the credentials. */
  readonly authOrigins?: readonly string[] | undefined;
  readonly userAgent?: string | undefined;
}

/**
 * Reads the files named and makes the client.
 *
 * @param onWarning is told of deviations of the server that were passed over. Default: standard error, each kind once
 * @throws UsageError when a file cannot be read, or what was said does not go together
 */
export async function connect(
  connection: Connection,
  environment: Environment,
  onWarning: OnWarning = warnOnce(environment),
): Promise<Client> {
  const { url, timeout, headers = {}, userAgent, proxy, version, endpoint, authOrigins, cleartextAuth, followRedirects } = connection;
  const { secret, plain } = partHeaders(headers);
  keepSecret(environment, connection.password, connection.token, connection.keyPassword, ...Object.values(secret));
  const tls = await tlsOptions(connection);
  const milliseconds = timeout === undefined ? undefined : timeout * 1000;
  try {
    return createClient(url, {
      version,
      endpoint,
      auth: withHeaders(authOf(connection), secret),
      authOrigins,
      cleartextAuth,
      followRedirects,
      headers: userAgent === undefined ? plain : { ...plain, "User-Agent": userAgent },
      rewriteAddress: connection.rewriteOrigin === true ? "origin" : undefined,
      lenient: connection.strict !== true,
      timeouts: milliseconds === undefined ? undefined : { headers: milliseconds, idle: milliseconds },
      retry: connection.retries === undefined ? undefined : { attempts: connection.retries + 1 },
      onWarning,
      ...(environment.fetch === undefined ? { proxy, tls } : { fetch: environment.fetch }),
    });
  } catch (error) {
    // The client's own checks of its options.
    if (error instanceof TypeError || error instanceof RangeError) throw new UsageError(inOurWords(error.message), { cause: error });
    throw error;
  }
}

/** The way to say who one is; undefined for none. @throws UsageError when several are given */
export function authOf({ username, password = "", token, jwtUrl, cleartextAuth }: Connection): Auth | undefined {
  if (token !== undefined && username !== undefined) throw new UsageError("both a token and a user name are given; expected one of them");
  if (token !== undefined) return bearer(token);
  if (username === undefined) {
    if (jwtUrl !== undefined) throw new UsageError("a login needs a user name and a password, and none is given");
    return undefined;
  }
  return jwtUrl === undefined ? basic(username, password) : jwtLogin({ url: jwtUrl, username, password, cleartext: cleartextAuth });
}

/** What the client calls its options, and what they are for people. */
const words: readonly (readonly [RegExp, string])[] = [
  [/\btls\.cert\b/g, "the certificate file"],
  [/\btls\.key\b/g, "the key file"],
  [/\btls\.pfx\b/g, "the PKCS#12 file"],
  [/\btls\.ca\b/g, "the file of authorities"],
  [/\btls\.passphrase\b/g, "the password of the key"],
  [/\bgive them as auth: basic\(user, password\)/g, "give them apart from it"],
  [/\bor set cleartext(Auth)?\b/g, "or allow credentials in clear text"],
];

/** A sentence of the client about its options, in words for people. */
export function inOurWords(message: string): string {
  return words.reduce((text, [theirs, ours]) => text.replace(theirs, ours), message);
}

/** How to speak TLS. @throws UsageError as {@link connect} */
export async function tlsOptions(connection: Connection): Promise<TlsOptions> {
  const { cert, key, pfx, ca, keyPassword, systemCa, insecure, minTlsVersion } = connection;
  if (pfx !== undefined && (cert ?? key) !== undefined)
    throw new UsageError("both a PKCS#12 file and PEM files are given for the client's certificate; expected one of them");
  if (key !== undefined && cert === undefined) throw new UsageError(`the key ${printableLine(key)} is given without its certificate`);
  return {
    cert: await contentOf(cert, "certificate"),
    key: await contentOf(key, "key"),
    pfx: await contentOf(pfx, "PKCS#12 file"),
    ca: await contentOf(ca, "file of authorities"),
    passphrase: keyPassword,
    systemCa,
    insecure,
    minVersion: minTlsVersion,
  };
}

async function contentOf(file: string | undefined, what: string): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`the ${what} cannot be read: ${fileErrorText(error)}`, { cause: error });
  }
}

function warnOnce(environment: Environment): OnWarning {
  const seen = new Set<string>();
  // There may be a line that shows progress.
  const begin = environment.output.errIsTerminal ? clearLine : "";
  return ({ code, message, address, line }: ClientWarning) => {
    if (seen.has(code)) return;
    seen.add(code);
    const places = [address, line === undefined || line === 0 ? undefined : `line ${line}`].filter((place) => place !== undefined);
    const where = places.length === 0 ? "" : ` (${printableLine(places.join(", "))})`;
    environment.output.err(`${begin}warning: ${withoutSecrets(environment, `${printableLine(message)}${where}`)}\n`);
  };
}
