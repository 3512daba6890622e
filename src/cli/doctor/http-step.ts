/** The step of HTTP: how the server answers a Discovery_Request, below what the answer says. */

import { headerNames, protocolOf, readTaxiiHeaders, type TaxiiHeaders, versionBindings } from "../../http/headers.js";
import { isXmlMediaType, parseMediaType } from "../../http/media-type.js";
import { TransportError } from "../../http/transport-error.js";
import { exitCodeOf } from "../failure.js";
import { exitCodes } from "../output.js";
import { type Attempt, isTaxiiAnswer, sentenceOf } from "./examination.js";
import { type Finding, failure, finding, type Note, warning } from "./finding.js";
import type { Exchange } from "./recorder.js";
import { tlsFault } from "./tls-faults.js";

/** Says how the server answered. */
export function examineHttp(attempt: Attempt): Finding {
  const { error, exchange } = attempt;
  if (exchange === undefined) return finding("http", "there is no answer", [noAnswer(error)]);
  const { status, milliseconds } = exchange;
  const summary = `HTTP ${status}${isTaxiiAnswer(attempt) ? " with a TAXII message" : ""}, after ${milliseconds} ms`;
  const notes = isTaxiiAnswer(attempt) ? headerNotes(exchange) : [notTaxii(exchange, error)];
  return finding("http", summary, [...notes, ...paceNotes(milliseconds)]);
}

function noAnswer(error: unknown): Note {
  if (!(error instanceof TransportError)) return failure(sentenceOf(error), exitCodes.network);
  if (error.code === "TLS") return tlsFault(error.cause ?? error);
  if (error.code === "TIMEOUT")
    return failure(error.message, exitCodes.network, "the server may be slow: give it more time with --timeout");
  if (error.code === "LOGIN") return failure(error.message, exitCodeOf(error), "check --jwt-url, --username and the password");
  const proxy = error.status === 407 ? "write the proxy's credentials into its URL: --proxy http://name:password@host:port" : undefined;
  return failure(error.message, exitCodeOf(error), proxy);
}

const slow = 10_000;

function paceNotes(milliseconds: number): Note[] {
  if (milliseconds < slow) return [];
  return [warning(`the answer took ${Math.round(milliseconds / 1000)} s`, "polls may take longer still: see --timeout")];
}

/** What HTTP statuses without a TAXII message mean. */
const statusAdvice: Readonly<Record<number, string>> = {
  400: "the server did not understand the request: the path may belong to another program, or to a TAXII 2.1 server",
  401: "see below, under authentication",
  403: "see below, under authentication",
  404: "the path is wrong: ask the operator for the discovery address; TAXII suggests /taxii-discovery-service",
  405: "nothing at this path takes POST: ask the operator for the discovery address",
  406: "the server offers another media type or version: the path may be one of TAXII 2.1",
  407: "write the proxy's credentials into its URL: --proxy http://name:password@host:port",
  410: "the service was taken away: ask the operator for the new address",
  413: "the request is too large for a server in between",
  415: "the server takes another media type: the path may be one of TAXII 2.1",
  429: "the server wants to be asked less often: wait a while",
  502: "what is in front of the server cannot reach it: try later, or tell the operator",
  503: "the server is out of service for now: try later",
  504: "the server did not answer what is in front of it in time: try later",
};

function notTaxii({ status, headers, url }: Exchange, error: unknown): Note {
  const text = sentenceOf(error);
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null) return failure(text, exitCodes.badData, redirectAdvice(status, location, url));
  const known = statusAdvice[status];
  if (known !== undefined) return failure(text, exitCodeOf(error), known);
  if (status >= 500) return failure(text, exitCodeOf(error), "the server has a fault: try later, or tell the operator");
  const isPage = (headers.get("content-type") ?? "").toLowerCase().includes("html");
  const advice = isPage
    ? "a web page where a service should be: the path is wrong, or something in between asks to log in"
    : "something answers that is no TAXII service, or a very old one: check the path";
  return failure(text, exitCodeOf(error), advice);
}

function redirectAdvice(status: number, location: string, from: URL): string {
  if (!URL.canParse(location, from)) return "where it leads is no address: tell the operator";
  const to = new URL(location, from);
  const target = `${to.origin}${to.pathname}`;
  if (to.origin !== from.origin) return `credentials are not sent elsewhere: if you trust it, use ${target} as the URL`;
  return status === 307 || status === 308 ? `give --follow-redirects, or use ${target} as the URL` : `use ${target} as the URL`;
}

function headerNotes({ url, headers }: Exchange): Note[] {
  const type = parseMediaType(headers.get("content-type") ?? "");
  const notes: Note[] = [];
  if (type === undefined) notes.push(warning("there is no Content-Type; expected application/xml"));
  else if (type.type !== "application/xml")
    notes.push(warning(`Content-Type is ${type.type}${isXmlMediaType(type) ? "" : ", no XML"}; expected application/xml`));
  const taxii = readTaxiiHeaders(headers);
  return [...notes, ...taxiiNotes(taxii, url)];
}

function taxiiNotes({ contentType, protocol, services }: TaxiiHeaders, url: URL): Note[] {
  const known = Object.values(versionBindings);
  const messages = known.map(({ message }) => message);
  const versions = known.map((binding) => binding.services);
  return [
    ...fieldNotes(headerNames.contentType, contentType, messages),
    ...fieldNotes(headerNames.protocol, protocol, [protocolOf(url) ?? ""]),
    ...fieldNotes(headerNames.services, services, versions),
  ];
}

function fieldNotes(name: string, value: string | undefined, expected: readonly string[]): Note[] {
  if (value !== undefined && expected.includes(value)) return [];
  const found = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
  return [warning(`${name} ${found}; expected ${expected.join(" or ")}`, "it is passed over unless --strict is given")];
}
