/** What one source says of a connection, and how several sources come together. */

import type { Connection } from "../connection.js";

/** What one source says. Secrets stand there themselves, or as the file they are in. */
export interface Settings extends Omit<Connection, "url"> {
  readonly url?: string | undefined;
  /** What to call it: `the command line`, `profile corp`. */
  readonly source: string;
  readonly passwordFile?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly keyPasswordFile?: string | undefined;
}

/** Several sources, merged. */
export type MergedSettings = Omit<Settings, "source">;

const identityKeys = ["username", "password", "passwordFile", "token", "tokenFile", "jwtUrl"] as const;
const certificateKeys = ["cert", "key", "pfx", "keyPassword", "keyPasswordFile"] as const;

/** What is about this machine and its network, and holds for any server. */
const commonKeys: readonly string[] = ["source", "ca", "systemCa", "proxy", "timeout", "retries", "strict", "userAgent"];

/**
 * Merges sources, the first one having precedence, and keeps together what belongs together:
 *
 * - What a source with a URL of its own says of credentials and trust is for the origin of that URL, and left out when the URL
 *   in the end is of another: a default profile must not send its password to whatever server is named on the command line,
 *   nor have that server's certificate unchecked.
 * - The first source that names a user or a token decides which of both it is; a password for another user is none for this.
 * - The first source that names a certificate decides about certificate, key and password of the key.
 *
 * @param note is told, in a sentence, of settings that were left out
 */
export function mergeSettings(sources: readonly Settings[], note: (text: string) => void): MergedSettings {
  const url = sources.find((source) => source.url !== undefined)?.url;
  const usable = sources.map((source): Settings => {
    if (isForOrigin(source, url)) return source;
    const common = { source: source.source, ...Object.fromEntries(definedEntries(source).filter(([key]) => commonKeys.includes(key))) };
    const others = definedEntries(source).filter(([key]) => key !== "url" && !commonKeys.includes(key));
    if (others.length > 0)
      note(`${source.source} is for ${originOf(source.url)}; its credentials, and what else is only for it, are left out`);
    return common;
  });
  const fromLast = usable.toReversed();
  const merged: MergedSettings = Object.fromEntries(fromLast.flatMap(({ source: _, ...said }) => definedEntries(said)));
  const headers = Object.fromEntries(fromLast.flatMap((source) => Object.entries(source.headers ?? {})));
  return {
    ...without(merged, [...identityKeys, ...certificateKeys]),
    ...identityOf(usable),
    ...certificateOf(usable),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

function isForOrigin(source: Settings, url: string | undefined): boolean {
  if (source.url === undefined || url === undefined) return true;
  const origin = originOf(url);
  return [source.url, ...(source.authOrigins ?? [])].some((own) => originOf(own) === origin);
}

function originOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : "another server";
}

type Identity = Pick<Settings, (typeof identityKeys)[number]>;

/** Who the user is: by the first source that says so, completed by those below it where they mean the same user. */
function identityOf(sources: readonly Settings[]): Identity {
  const first = sources.findIndex((source) => (source.username ?? source.token ?? source.tokenFile) !== undefined);
  const decisive = sources[first];
  if (decisive === undefined) return {};
  const { username, token, tokenFile } = decisive;
  if (username === undefined) return { token, tokenFile };
  // Above it there may be a password without a user, below it one for the same user.
  const fitting = sources.filter((source, index) => index <= first || source.username === undefined || source.username === username);
  const password = fitting.find((source) => (source.password ?? source.passwordFile) !== undefined);
  return {
    username,
    token,
    tokenFile,
    password: password?.password,
    passwordFile: password?.passwordFile,
    jwtUrl: fitting.find((source) => source.jwtUrl !== undefined)?.jwtUrl,
  };
}

type Certificate = Pick<Settings, (typeof certificateKeys)[number]>;

function certificateOf(sources: readonly Settings[]): Certificate {
  const first = sources.findIndex((source) => (source.cert ?? source.pfx ?? source.key) !== undefined);
  const decisive = sources[first];
  if (decisive === undefined) return {};
  const fitting = sources.filter((source, index) => index <= first || (source.cert ?? source.pfx ?? source.key) === undefined);
  const password = fitting.find((source) => (source.keyPassword ?? source.keyPasswordFile) !== undefined);
  const { cert, key, pfx } = decisive;
  return { cert, key, pfx, keyPassword: password?.keyPassword, keyPasswordFile: password?.keyPasswordFile };
}

function without<T extends object>(value: T, keys: readonly (keyof T & string)[]): T {
  const names: readonly string[] = keys;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))) as T;
}

function definedEntries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, given]) => given !== undefined);
}
