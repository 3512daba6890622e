/** From the flags of a command to a client, and to the address its request goes to. */

import type { Client } from "../../client/api.js";
import type { TaxiiVersion } from "../../message/ids.js";
import { type Connection, connect } from "../connection.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addressOf } from "./address.js";
import { type CommonFlags, noProxy } from "./flags.js";
import { headersOf } from "./headers.js";
import { passwordOf } from "./password.js";
import { remarks } from "./print.js";

/** What a command works with. */
export interface Session {
  /** The name of the program, for what it tells. */
  readonly program: string;
  readonly client: Client;
  /** The service that `--path` names; undefined when it is to be looked up. */
  readonly address: string | undefined;
  readonly version: TaxiiVersion;
  readonly asXml: boolean;
  readonly environment: Environment;
  /** Tells something on standard error. */
  readonly note: (text: string) => void;
  /** Tells it when `--verbose` is given. */
  readonly detail: (text: string) => void;
}

/** @throws UsageError when the flags do not go together, or a file they name cannot be read */
export async function openSession(program: string, flags: CommonFlags, environment: Environment): Promise<Session> {
  const note = remarks(program, environment);
  const detail = flags.verbose === true ? note : () => undefined;
  const { connection, address } = await connectionOf(flags, environment, note);
  const verification = connection.insecure === true ? "; its certificate is not checked" : "";
  detail(`${connection.endpoint} at ${withoutQuery(connection.url)}, TAXII ${flags.taxiiVersion}${verification}`);
  if (address !== undefined && address !== connection.url) detail(`service at ${withoutQuery(address)}`);
  return {
    program,
    client: await connect(connection, environment),
    address,
    version: flags.taxiiVersion,
    asXml: flags.asXml === true,
    environment,
    note,
    detail,
  };
}

/**
 * What the flags say of the server, and the address of `--path`. Credentials go where the user said: to the discovery service,
 * to the service named, and to nobody whom these advertise.
 *
 * @param tell is told of flags that have no effect
 * @throws UsageError when the flags do not go together
 */
export async function connectionOf(
  flags: CommonFlags,
  environment: Environment,
  tell: (text: string) => void,
): Promise<{ readonly connection: Connection; readonly address: string | undefined }> {
  const address = flags.path === undefined ? undefined : addressOf("--path", flags.path, flags);
  const discovery = flags.discovery === undefined ? undefined : addressOf("--discovery", flags.discovery, flags);
  const url = discovery ?? address;
  if (url === undefined) throw new UsageError("expected --discovery, where to look up services, or --path, the address of one");
  if (flags.key !== undefined && flags.cert === undefined) throw new UsageError("--key needs --cert as well");
  const connection: Connection = {
    url,
    version: flags.taxiiVersion,
    endpoint: discovery === undefined ? "service" : "discovery",
    authOrigins: address === undefined ? undefined : [new URL(address).origin],
    cleartextAuth: flags.cleartextAuth,
    ...(await loginOf(flags, environment)),
    headers: headersOf("--header", flags.header, environment),
    cert: flags.cert,
    key: flags.key,
    keyPassword: flags.keyPassword,
    ...verificationOf(flags, environment),
    proxy: proxyOf(flags, address ?? url, tell),
    timeout: flags.timeout,
    // As their HTTP library does, but within the same origin only.
    followRedirects: true,
  };
  return { connection, address };
}

async function loginOf(
  { username, password, jwtAuth, ...address }: CommonFlags,
  environment: Environment,
): Promise<Pick<Connection, "username" | "password" | "jwtUrl">> {
  return {
    username,
    password: await passwordOf({ flag: "--password", username, password }, environment),
    jwtUrl: jwtAuth === undefined ? undefined : addressOf("--jwt-auth", jwtAuth, address),
  };
}

/** The flags and variables that say how a server's certificate is checked. */
export interface VerificationFlags {
  readonly verify: string;
  readonly caCert?: string | undefined;
}

/** `--ca-cert` comes before `--verify`; the variables that Python's HTTP library goes by count where neither names a file. */
export function verificationOf({ verify, caCert }: VerificationFlags, { env }: Environment): Pick<Connection, "ca" | "insecure"> {
  if (caCert !== undefined) return { ca: caCert };
  if (/^no$/i.test(verify)) return { insecure: true };
  if (!/^yes$/i.test(verify)) return { ca: verify };
  const bundle = env["REQUESTS_CA_BUNDLE"] || env["CURL_CA_BUNDLE"] || undefined;
  return { ca: bundle };
}

function proxyOf({ proxyUrl, proxyType }: CommonFlags, address: string, tell: (text: string) => void): string | undefined {
  if (proxyUrl === undefined) {
    if (proxyType !== undefined) throw new UsageError("--proxy-type needs --proxy-url as well");
    return undefined;
  }
  if (proxyUrl === noProxy) return "none";
  const { protocol } = new URL(address);
  if (proxyType === undefined || protocol === `${proxyType}:`) return proxyUrl;
  tell(`the proxy is not used: --proxy-type is ${proxyType}, and the service is at ${protocol}//`);
  return undefined;
}

function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}
