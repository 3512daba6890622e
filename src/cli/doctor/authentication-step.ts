/** The step of authentication: who the client says it is, and what the server makes of it. */

import { TransportError } from "../../http/transport-error.js";
import { StatusError } from "../../message/status-error.js";
import type { Connection } from "../connection.js";
import { exitCodes } from "../output.js";
import { type Attempt, sentenceOf, statusOf } from "./examination.js";
import { type Finding, failure, finding, remark, skipped, warning } from "./finding.js";

const login = "give --username with --password-file, --token-file, --jwt-url, or a client certificate, as the operator says";

/** Says whether the server takes the credentials. */
export function examineAuthentication(connection: Connection, attempt: Attempt): Finding {
  const { error, exchange } = attempt;
  const sent = credentialsOf(connection);
  const who = sent.length === 0 ? "no credentials" : sent.join(" and ");
  if (error instanceof TransportError && error.code === "LOGIN")
    return finding("authentication", who, [failure(sentenceOf(error), exitCodes.refused, "check --jwt-url, --username and the password")]);
  if (exchange === undefined) return skipped("authentication", "there is no answer to judge by");
  const status = statusOf(attempt) ?? 0;
  const offered = schemesIn(exchange.headers.get("www-authenticate"));
  const offer = offered.length === 0 ? [] : [remark(`the server asks for ${offered.join(" or ")}`)];
  if (status === 407)
    return finding("authentication", who, [
      failure("the proxy asks for credentials", exitCodes.refused, "write them into its URL: --proxy http://name:password@host:port"),
    ]);
  if (status === 401 || isStatus(error, "UNAUTHORIZED")) {
    const text = sent.length === 0 ? "the server wants to know who you are" : "the server does not accept these credentials";
    return finding("authentication", who, [failure(text, exitCodes.refused, adviceFor(connection, offered)), ...offer]);
  }
  if (status === 403 || isStatus(error, "DENIED")) {
    const advice = "the account may lack the right, or the server takes allowed addresses only: ask the operator";
    return finding("authentication", who, [failure("the server knows enough, and refuses", exitCodes.refused, advice)]);
  }
  if (error === undefined && sent.length > 0) return finding("authentication", `${who}: not refused`);
  if (error === undefined) return finding("authentication", "none was given, and none was asked for");
  return finding("authentication", who, [warning("the answer does not tell whether the server accepts them")]);
}

function adviceFor({ username, token, jwtUrl, password }: Connection, offered: readonly string[]): string {
  const known = ["basic", "bearer"];
  const foreign = offered.length > 0 && !offered.some((scheme) => known.includes(scheme.toLowerCase()));
  if (foreign) return `${offered.join(" and ")} is not supported: ask the operator for Basic, a token or a client certificate`;
  if (username === undefined && token === undefined) return login;
  if (token !== undefined) return "check the token; it may have expired";
  if (jwtUrl === undefined && offered.length > 0 && !offered.some((scheme) => scheme.toLowerCase() === "basic"))
    return "the server wants a token: give --token-file, or --jwt-url to log in for one";
  const keys = password === "" ? "" : "; some services take an API key as the user name, and an empty password";
  return `check user name and password${keys}`;
}

/** What the client sends, in words without secrets. */
function credentialsOf({ username, token, jwtUrl, cert, pfx, headers = {} }: Connection): readonly string[] {
  const fields = Object.keys(headers).filter((name) => /auth|key|token|cookie/i.test(name));
  return [
    ...(token === undefined ? [] : ["a bearer token"]),
    ...(username === undefined ? [] : [jwtUrl === undefined ? `Basic for ${username}` : `a token that ${username} logs in for`]),
    ...((cert ?? pfx) === undefined ? [] : ["a client certificate"]),
    ...(fields.length === 0 ? [] : [`the header field ${fields.join(", ")}`]),
  ];
}

/** The schemes that WWW-Authenticate names. */
function schemesIn(field: string | null): readonly string[] {
  // A scheme is a word with no equals sign behind it, at the beginning or behind a comma.
  const found = [...(field ?? "").matchAll(/(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[^=\s]|\s*$|\s*,)/g)];
  return [...new Set(found.flatMap(([, scheme]) => scheme ?? []))].slice(0, 5);
}

function isStatus(error: unknown, type: string): boolean {
  return error instanceof StatusError && error.code === type;
}
