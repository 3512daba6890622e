/** Replies: what a server sent, read; and what a check may expect of it. */

import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import { type Content, type DocumentIssue, fromXml, toVersion11, validateXml } from "../index.js";
import { Ending, holds } from "./check.js";
import { quoted, shown } from "./texts.js";
import type { TaxiiVersion } from "./version.js";
import type { Answer } from "./wire.js";

/** The messages of both versions, in the form they have in TAXII 1.1. */
export type Message = taxii11.Message;

/** A message as it was sent. */
export type SentMessage = taxii10.Message | taxii11.Message;

/** What came back, read. */
export interface Reply extends Answer {
  /** The message as it was sent; undefined when it cannot be read. */
  readonly sent: SentMessage | undefined;
  /** The same in the form of TAXII 1.1. */
  readonly message: Message | undefined;
  readonly version: TaxiiVersion | undefined;
  /** Why it cannot be read; empty when it can. */
  readonly fault: string;
}

/**
 * Reads what came back, for what it means: a service that deviates from the schema can still be asked about all the rest. That
 * it deviates is what {@link expectValid} finds.
 */
export function readReply(answer: Answer): Reply {
  const unread = { ...answer, sent: undefined, message: undefined, version: undefined };
  if (answer.body.length === 0) return { ...unread, fault: "it is empty" };
  try {
    const sent = fromXml([...taxii11.messages, ...taxii10.messages], answer.body, { lenient: true });
    return { ...answer, sent, ...versionsOf(sent), fault: "" };
  } catch (error) {
    return { ...unread, fault: shown(error instanceof Error ? error.message : String(error)) };
  }
}

function versionsOf(sent: SentMessage): Pick<Reply, "message" | "version"> {
  return isVersion10(sent) ? { message: toVersion11(sent), version: "1.0" } : { message: sent, version: "1.1" };
}

function isVersion10(message: SentMessage): message is taxii10.Message {
  return message.$type.startsWith("taxii10.");
}

/** A reply in a few words. */
export function describe({ status, message, fault }: Reply): string {
  if (message === undefined) return `HTTP ${status} without a TAXII message that can be read (${fault})`;
  const name = message.$type.replace(/^taxii11\./, "").replace(/(?<=[a-z])(?=[A-Z])/g, "_");
  if (message.$type !== "taxii11.StatusMessage") return `HTTP ${status} with a ${name}`;
  const text = message.message === undefined ? "" : `, ${quoted(message.message)}`;
  return `HTTP ${status} with a Status_Message ${shown(message.statusType)}${text}`;
}

/**
 * The message of a reply that has to be of type `type`, such as `PollResponse`.
 *
 * @throws Ending as broken for another; as not applicable where credentials are wanted; as not reachable for "not now"
 */
export function expectMessage<T extends Message["$type"] extends `taxii11.${infer N}` ? N : never>(
  reply: Reply,
  type: T,
): Extract<Message, { $type: `taxii11.${T}` }> {
  const { message } = reply;
  if (isA(message, `taxii11.${type}`)) return message;
  throwOtherwise(reply);
  throw new Ending("broken", `expected a ${type.replace(/(?<=[a-z])(?=[A-Z])/g, "_")}, found ${describe(reply)}`);
}

function isA<T extends Message["$type"]>(message: Message | undefined, type: T): message is Extract<Message, { $type: T }> {
  return message?.$type === type;
}

/** Ends the check where the reply says that nothing can be found out now, or not without other rights. */
function throwOtherwise(reply: Reply): void {
  const type = statusTypeOf(reply);
  if (type === "UNAUTHORIZED" || reply.status === 401 || reply.status === 403)
    throw new Ending("not applicable", `it takes other credentials: ${describe(reply)}`);
  if (type === "RETRY" || reply.status === 429 || reply.status === 503) throw new Ending("not reachable", `not now: ${describe(reply)}`);
}

/** The status type of a reply; undefined when it is no Status_Message. */
export function statusTypeOf({ message }: Reply): string | undefined {
  return message?.$type === "taxii11.StatusMessage" ? message.statusType : undefined;
}

/**
 * The Status_Message of a reply that has to be one of `types`; of any error when none is named.
 *
 * @throws Ending as {@link expectMessage}
 */
export function expectStatus(reply: Reply, ...types: readonly string[]): taxii11.StatusMessage {
  const { message } = reply;
  const wanted = types.length === 0 ? "an error" : types.join(" or ");
  if (message?.$type === "taxii11.StatusMessage") {
    const { statusType } = message;
    if (types.includes(statusType)) return message;
    if (types.length === 0 && statusType !== "SUCCESS" && statusType !== "PENDING") return message;
  }
  throwOtherwise(reply);
  throw new Ending("broken", `expected a Status_Message with ${wanted}, found ${describe(reply)}`);
}

/** The values of a detail. */
export function detailsOf(status: taxii11.StatusMessage, name: string): string[] {
  return (status.statusDetail?.details ?? []).filter((detail) => detail.name === name).map(({ content }) => textOf(content).trim());
}

/** The text of open content, or its markup. */
export function textOf(content: Content): string {
  return "text" in content ? content.text : content.xml;
}

/** Holds when the document is what schema and rules say: errors only, as warnings are recommendations. */
export function expectValid(reply: Reply): void {
  const { issues } = validateXml(reply.body);
  const errors = issues.filter(({ severity }) => severity === "error");
  holds(errors.length === 0, errors.slice(0, 3).map(issueText).join("; "));
}

function issueText({ message, path, line }: DocumentIssue): string {
  return shown(`line ${line}, ${path}: ${message}`);
}
