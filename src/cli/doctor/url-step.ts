/** The first step: whether the address makes sense. */

import { exitCodes } from "../output.js";
import { bareHost, kindOfHost } from "./address-kind.js";
import { type Finding, failure, finding, type Note, remark, warning } from "./finding.js";

/** What is known of the address. */
export interface UrlExamination {
  readonly finding: Finding;
  /** Undefined when it is none that can be talked to. */
  readonly url: URL | undefined;
}

/** @param hasCredentials whether credentials will be sent there; @param cleartext whether they may be in clear text */
export function examineUrl(text: string, hasCredentials: boolean, cleartext: boolean): UrlExamination {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fault = url === undefined ? notAUrl(text) : problemOf(url);
  if (url === undefined || fault !== undefined)
    return { finding: finding("url", "the address cannot be used", fault === undefined ? [] : [fault]), url: undefined };
  const notes = [...notesOnScheme(url, hasCredentials, cleartext), ...notesOnHost(url)];
  const cannotSend = notes.some(({ outcome }) => outcome === "failed");
  return {
    finding: finding("url", `${url.origin}${url.pathname}${url.port === "" ? `, port ${portOf(url)}` : ""}`, notes),
    url: cannotSend ? undefined : url,
  };
}

/** The port a URL means. */
export function portOf({ protocol, port }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

function notAUrl(text: string): Note {
  const advice = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? `write the scheme as well: https://${text}` : "write it as https://host/path";
  return failure("it is no URL", exitCodes.usage, advice);
}

function problemOf({ protocol }: URL): Note | undefined {
  if (protocol === "http:" || protocol === "https:") return undefined;
  return failure(`${protocol} is no protocol TAXII 1.x is bound to`, exitCodes.usage, "write it as https://host/path or http://host/path");
}

function notesOnScheme({ protocol, hostname }: URL, hasCredentials: boolean, cleartext: boolean): Note[] {
  if (protocol === "https:") return [];
  const isHere = kindOfHost(hostname) === "this machine";
  if (!hasCredentials || isHere)
    return isHere ? [] : [warning("http is not encrypted: everybody on the way can read and change what is sent")];
  const text = "http is not encrypted, and credentials would be sent";
  if (cleartext) return [warning(text, "use https if the server has it")];
  return [failure(text, exitCodes.usage, "use https, or --cleartext-auth to send them all the same")];
}

function notesOnHost({ hostname, hash }: URL): Note[] {
  const notes: Note[] = [];
  if (kindOfHost(hostname) === "any address") {
    const advice = "use the host name or the address under which the server is reached";
    notes.push(warning(`${bareHost(hostname)} is what a server listens on, not where it is reached`, advice));
  }
  if (hash !== "") notes.push(remark("what stands behind # is not sent"));
  return notes;
}
