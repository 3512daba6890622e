/** Status Messages as errors: what a handler throws to refuse, and what a client throws when it was refused. */

import { StatusMessage, type StatusType } from "../../generated/taxii11/index.js";
import { isXmlContent } from "../binding/content.js";
import { isXmlText } from "../characters.js";
import { TaxiiError } from "../errors.js";
import { create } from "./create.js";
import type { TaxiiVersion } from "./ids.js";

/** What goes into a Status Message beside its type. */
export interface StatusOptions extends ErrorOptions {
  /** The sentence for people. Characters XML cannot carry are replaced. */
  readonly message?: string | undefined;
  /**
   * Details by name; a list gives one `Detail` per value (XML-STS-006), an empty list none at all (XML-STS-003).
   *
   * ```ts
   * new StatusError("NOT_FOUND", { message: "There is no such collection.", details: { ITEM: name } });
   * ```
   */
  readonly details?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Id of the request. Default: `0`; a server puts in the id of the request it answers. */
  readonly inResponseTo?: string | undefined;
  /** The version in which a peer said it. Default: none, as for one's own. */
  readonly version?: TaxiiVersion | undefined;
}

/**
 * A Status Message that ends a request. Thrown in a handler it becomes that Status Message; a client throws it when a peer
 * answers with one in place of what was asked for. `code` is the status type.
 */
export class StatusError extends TaxiiError {
  /** The message itself. Its texts are the peer's where the peer sent it. */
  readonly status: StatusMessage;
  /** The version in which the peer said it; undefined for one's own. */
  readonly version: TaxiiVersion | undefined;

  /** @param status a status type, to be completed by `options`; or a whole message, as received */
  constructor(status: StatusType | StatusMessage, options: StatusOptions = {}) {
    const message = typeof status === "string" ? statusMessage(status, options) : status;
    super(message.statusType, describe(message), "cause" in options ? { cause: options.cause } : undefined);
    this.status = message;
    this.version = options.version;
  }

  /** The texts of the details called `name`, in order; markup is left out. */
  details(name: string): readonly string[] {
    return detailsOf(this.status, name);
  }
}

/** The texts of the details of `status` called `name`, in order; markup is left out. */
export function detailsOf(status: StatusMessage, name: string): readonly string[] {
  const details = status.statusDetail?.details ?? [];
  return details.flatMap((detail) => (detail.name === name && !isXmlContent(detail.content) ? [detail.content.text.trim()] : []));
}

/** Makes a Status Message; `inResponseTo` is `0` unless given. */
export function statusMessage(statusType: StatusType, { message, details = {}, inResponseTo = "0" }: StatusOptions = {}): StatusMessage {
  const list = Object.entries(details).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((text) => ({ name, content: { text: writable(text) } })),
  );
  return create(StatusMessage, {
    inResponseTo,
    statusType,
    message: message === undefined ? undefined : writable(message),
    statusDetail: list.length === 0 ? undefined : { details: list },
  });
}

/** `text` with a replacement character for each character XML cannot carry (XML-GEN-015). */
function writable(text: string): string {
  return isXmlText(text) ? text : Array.from(text.toWellFormed(), (character) => (isXmlText(character) ? character : "\ufffd")).join("");
}

function describe({ statusType, message }: StatusMessage): string {
  return printable(message === undefined || message === "" ? statusType : `${statusType}: ${message}`);
}

const longest = 500;

/** A peer's text on one line, shortened, without characters that steer a terminal (SEC-ID-005). */
export function printable(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
