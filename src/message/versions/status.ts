/**
 * Status messages. TAXII 1.0 has one text of details, with a form that is prescribed for four status types; TAXII 1.1 has
 * named details. Those of the four types mean the same in both versions and are translated. Any other text of TAXII 1.0 goes
 * into a detail of its own, so that it comes back as it was. Any other detail of TAXII 1.1 is left out: TAXII 1.0 wants no text
 * with other types (XML-STS-011), and a program that reads one there expects a third party's form.
 */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { isDateTime } from "../../binding/datetime.js";
import { isXmlContent } from "../../binding/index.js";
import { versionIds } from "../../constants.js";
import { create } from "../create.js";
import { fromMicroseconds, toMicroseconds } from "../instant.js";
import { isDefinedStatus, readStatusDetails, type StatusDetails, statusDetail10 } from "../status.js";
import type { Timestamp } from "../timestamp.js";
import { response10, response11 } from "./envelope.js";
import { NotInVersion10Error } from "./not-in-version-10.js";

/**
 * Name of the detail that holds the text of a TAXII 1.0 Status_Detail where the named details do not say all of it: the
 * identifier of the message binding the text comes from. Third parties may add details to any type (SVC-STAT-008).
 */
const detailOf10 = versionIds.xml10;

/** A status message of TAXII 1.0 in TAXII 1.1. */
export function status11(message: taxii10.StatusMessage, now: Date): taxii11.StatusMessage {
  const { statusType } = message;
  const details = details11(message, now);
  return create(taxii11.StatusMessage, {
    ...response11(message),
    statusType,
    statusDetail: details.length === 0 ? undefined : { details },
    message: message.message,
  });
}

function details11(message: taxii10.StatusMessage, now: Date): taxii11.StatusDetailDetail[] {
  const { statusType, statusDetail } = message;
  if (statusDetail === undefined) return [];
  const read = readStatusDetails(message);
  const wait = read.retryAfter === undefined ? undefined : secondsUntil(read.retryAfter, now);
  const named = [
    ...named11("ESTIMATED_WAIT", wait === undefined ? [] : [String(wait)]),
    ...named11("SUPPORTED_BINDING", read.supportedBindings),
    ...named11(
      "SUPPORTED_CONTENT",
      read.supportedContents.map(({ bindingId }) => bindingId),
    ),
    ...named11("SUPPORTED_PROTOCOL", read.supportedProtocols),
  ];
  // Seconds from now are not the instant itself.
  const complete = wait === undefined && statusDetail10(statusType, read) === statusDetail;
  return complete && named.length > 0 ? named : [...named, ...named11(detailOf10, [statusDetail])];
}

const named11 = (name: string, texts: readonly string[]): taxii11.StatusDetailDetail[] =>
  texts.map((text) => ({ name, content: { text } }));

/** Whole seconds, at least one (XML-STS-008); undefined when `label` is no date and time. */
function secondsUntil(label: string, now: Date): number | undefined {
  const at = label.toUpperCase();
  if (!isDateTime(at)) return undefined;
  const seconds = (toMicroseconds(at) - microseconds(now) + 999_999n) / 1_000_000n;
  return seconds < 1n ? 1 : Number(seconds);
}

const microseconds = (date: Date): bigint => BigInt(date.getTime()) * 1000n;

/** A status message of TAXII 1.1 in TAXII 1.0, which knows eleven types: others become FAILURE (VER-X-005). */
export function status10(message: taxii11.StatusMessage, now: Date): taxii10.StatusMessage {
  const { statusType } = message;
  if (statusType === "PENDING") {
    throw new NotInVersion10Error(["statusType"], "a status message always ends the request there, so a result cannot be announced");
  }
  const common = response10(message);
  if (isDefinedStatus(statusType, "1.1") && !isDefinedStatus(statusType, "1.0")) {
    // What really happened is for people only.
    const text = message.message === undefined ? statusType : `${statusType}: ${message.message}`;
    return create(taxii10.StatusMessage, { ...common, statusType: "FAILURE", message: text });
  }
  return create(taxii10.StatusMessage, { ...common, statusType, statusDetail: detail10(message, now), message: message.message });
}

function detail10(message: taxii11.StatusMessage, now: Date): string | undefined {
  const original = message.statusDetail?.details.find(({ name }) => name === detailOf10);
  if (original !== undefined && !isXmlContent(original.content)) return original.content.text;
  const read: StatusDetails = readStatusDetails(message);
  const retryAfter = read.estimatedWait === undefined ? undefined : later(read.estimatedWait, now);
  return statusDetail10(message.statusType, { ...read, retryAfter });
}

const latest = toMicroseconds("9999-12-31T23:59:59Z");

/** The date and time `seconds` from now, which a peer may have made any number. */
function later(seconds: number, now: Date): Timestamp {
  const at = microseconds(now) + BigInt(Math.max(seconds, 0)) * 1_000_000n;
  return fromMicroseconds(at < latest ? at : latest);
}
