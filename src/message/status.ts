/** Status messages: which types there are, which details go with them, and what the details say. */

import type { StatusMessage as StatusMessage10 } from "../../generated/taxii10/messages.js";
import type { ContentBindingId, StatusMessage as StatusMessage11 } from "../../generated/taxii11/messages.js";
import { boolean, integer, isStrictUri } from "../binding/index.js";
import { hasAuthority } from "../binding/uri.js";
import { collapse } from "../characters.js";
import {
  type QueryStatusDetailName,
  type QueryStatusType,
  queryStatusTypes,
  type StatusDetailName,
  type StatusType11,
  statusTypes10,
  statusTypes11,
} from "../constants.js";
import type { TaxiiVersion } from "./ids.js";
import { detailsOf } from "./status-error.js";

/** What the value of a detail is (XML-STS-007). */
export type DetailType = "integer" | "boolean" | "uri" | "binding" | "scope";

/** A detail that a status type defines. */
export interface DetailDefinition {
  readonly name: StatusDetailName | QueryStatusDetailName;
  readonly type: DetailType;
  /** Whether there has to be one (XML-STS-004). */
  readonly required: boolean;
  /** Whether there may be several, one value each (XML-STS-006). */
  readonly many: boolean;
  /** Whether there should be one though it is not required (XML-STS-005). Where an empty list says something, there need not. */
  readonly recommended: boolean;
}

const required = (name: DetailDefinition["name"], type: DetailType): DetailDefinition => ({
  name,
  type,
  required: true,
  many: false,
  recommended: true,
});
const single = (name: DetailDefinition["name"], type: DetailType): DetailDefinition => ({
  name,
  type,
  required: false,
  many: false,
  recommended: true,
});
const several = (name: DetailDefinition["name"], type: DetailType, recommended = true): DetailDefinition => ({
  name,
  type,
  required: false,
  many: true,
  recommended,
});

/**
 * The details of each status type of TAXII 1.1 and Default Query; types that are not listed define none.
 * Third parties may add details to any type (SVC-STAT-008).
 */
export const detailDefinitions: Readonly<Partial<Record<StatusType11 | QueryStatusType, readonly DetailDefinition[]>>> = {
  // No value: nothing is acceptable, destinations must not be named (XML-STS-003).
  DESTINATION_COLLECTION_ERROR: [several("ACCEPTABLE_DESTINATION", "uri", false)],
  INVALID_RESPONSE_PART: [required("MAX_PART_NUMBER", "integer")],
  NOT_FOUND: [single("ITEM", "uri")],
  PENDING: [required("ESTIMATED_WAIT", "integer"), required("RESULT_ID", "uri"), required("WILL_PUSH", "boolean")],
  RETRY: [single("ESTIMATED_WAIT", "integer")],
  UNSUPPORTED_MESSAGE: [several("SUPPORTED_BINDING", "uri")],
  UNSUPPORTED_CONTENT: [several("SUPPORTED_CONTENT", "binding")],
  UNSUPPORTED_PROTOCOL: [several("SUPPORTED_PROTOCOL", "uri")],
  // No value: queries are not supported at all (XML-STS-003).
  UNSUPPORTED_QUERY: [several("SUPPORTED_QUERY", "uri", false)],
  UNSUPPORTED_CAPABILITY_MODULE: [several("CAPABILITY_MODULE", "uri")],
  UNSUPPORTED_TARGETING_EXPRESSION: [several("PREFERRED_SCOPE", "scope", false), several("ALLOWED_SCOPE", "scope", false)],
  UNSUPPORTED_TARGETING_EXPRESSION_ID: [several("TARGETING_EXPRESSION_ID", "uri")],
};

/** The details that a status type defines; none for unknown types. */
export function detailDefinitionsOf(statusType: string): readonly DetailDefinition[] {
  return Object.hasOwn(detailDefinitions, statusType) ? (detailDefinitions[statusType as keyof typeof detailDefinitions] ?? []) : [];
}

const known: Readonly<Record<TaxiiVersion, ReadonlySet<string>>> = {
  "1.0": new Set(statusTypes10),
  "1.1": new Set([...statusTypes11, ...queryStatusTypes]),
};

/** Whether the specifications define `statusType` in `version`; Default Query's three types are defined in 1.1 (QRY-ERR-006). */
export function isDefinedStatus(statusType: string, version: TaxiiVersion = "1.1"): boolean {
  return known[version].has(statusType);
}

/** Whether `statusType` can be a third party's: a URI with an authority (XML-STS-014, SVC-STAT-006). */
export function isThirdPartyStatus(statusType: string): boolean {
  return isStrictUri(statusType) && hasAuthority(statusType);
}

/** The type to act upon: `statusType` where it is defined, otherwise `FAILURE` (SVC-STAT-005). */
export function effectiveStatus(statusType: string, version: TaxiiVersion = "1.1"): StatusType11 | QueryStatusType {
  return isDefinedStatus(statusType, version) ? (statusType as StatusType11 | QueryStatusType) : "FAILURE";
}

/** What the details of a status message say. Lists are empty when there is nothing to tell. */
export interface StatusDetails {
  /** Seconds until it makes sense to ask again; TAXII 1.1. */
  readonly estimatedWait?: number | undefined;
  /** Date and time (RFC 3339) from which it makes sense to ask again; TAXII 1.0 (XML-STS-009). */
  readonly retryAfter?: string | undefined;
  /** Identifier of the result that is announced. */
  readonly resultId?: string | undefined;
  /** Whether the result will be pushed. */
  readonly willPush?: boolean | undefined;
  /** The highest part number there is. */
  readonly maxPartNumber?: number | undefined;
  /** What was not found. */
  readonly item?: string | undefined;
  readonly acceptableDestinations: readonly string[];
  readonly supportedBindings: readonly string[];
  readonly supportedContents: readonly ContentBindingId[];
  readonly supportedProtocols: readonly string[];
  readonly supportedQueries: readonly string[];
  readonly capabilityModules: readonly string[];
  readonly preferredScopes: readonly string[];
  readonly allowedScopes: readonly string[];
  readonly targetingExpressionIds: readonly string[];
}

/** WILL_PUSH: `true`, `false`, `1` or `0`; anything else, `TRUE` for instance, is undefined (XML-STS-007). */
export function parseWillPush(text: string): boolean | undefined {
  return boolean.parse(text);
}

/** ESTIMATED_WAIT and MAX_PART_NUMBER: a whole number within ±(2^53 - 1), or undefined (XML-STS-007). */
export function parseDetailInteger(text: string): number | undefined {
  const value = Number(integer.parse(text) ?? Number.NaN);
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * SUPPORTED_CONTENT: a binding, or what libtaxii makes of a binding with subtypes, `binding>subtype,subtype` (XML-STS-013).
 */
export function parseSupportedContent(text: string): ContentBindingId {
  const [bindingId = "", subtypes = ""] = collapse(text).split(/>(.*)/s);
  const ids = subtypes.split(",").map((id) => id.trim());
  return { bindingId: bindingId.trim(), subtypes: ids.filter((id) => id !== "").map((subtypeId) => ({ subtypeId })) };
}

/**
 * Reads the details of a status message of either version. What cannot be understood is left out, of single details that
 * are repeated the first counts: `validate` tells what is wrong, this makes the best of it.
 */
export function readStatusDetails(message: StatusMessage10 | StatusMessage11): StatusDetails {
  return message.$type === "taxii10.StatusMessage" ? readDetails10(message) : readDetails11(message);
}

function readDetails11(message: StatusMessage11): StatusDetails {
  const ids = (name: DetailDefinition["name"]): string[] => detailsOf(message, name).map(collapse);
  const first = <T>(name: DetailDefinition["name"], parse: (text: string) => T | undefined): T | undefined => {
    const [text] = detailsOf(message, name);
    return text === undefined ? undefined : parse(text);
  };
  return {
    estimatedWait: first("ESTIMATED_WAIT", parseDetailInteger),
    resultId: first("RESULT_ID", collapse),
    willPush: first("WILL_PUSH", parseWillPush),
    maxPartNumber: first("MAX_PART_NUMBER", parseDetailInteger),
    item: first("ITEM", collapse),
    acceptableDestinations: ids("ACCEPTABLE_DESTINATION"),
    supportedBindings: ids("SUPPORTED_BINDING"),
    supportedContents: detailsOf(message, "SUPPORTED_CONTENT").map(parseSupportedContent),
    supportedProtocols: ids("SUPPORTED_PROTOCOL"),
    supportedQueries: ids("SUPPORTED_QUERY"),
    capabilityModules: ids("CAPABILITY_MODULE"),
    preferredScopes: ids("PREFERRED_SCOPE"),
    allowedScopes: ids("ALLOWED_SCOPE"),
    targetingExpressionIds: ids("TARGETING_EXPRESSION_ID"),
  };
}

const nothing: StatusDetails = {
  acceptableDestinations: [],
  supportedBindings: [],
  supportedContents: [],
  supportedProtocols: [],
  supportedQueries: [],
  capabilityModules: [],
  preferredScopes: [],
  allowedScopes: [],
  targetingExpressionIds: [],
};

/** Status types of TAXII 1.0 whose detail has a prescribed form: a date and time, or identifiers (XML-STS-009, XML-STS-010). */
export const prescribedDetail10: Readonly<Record<string, "dateTime" | "identifiers">> = {
  RETRY: "dateTime",
  UNSUPPORTED_MESSAGE: "identifiers",
  UNSUPPORTED_CONTENT: "identifiers",
  UNSUPPORTED_PROTOCOL: "identifiers",
};

function readDetails10({ statusType, statusDetail = "" }: StatusMessage10): StatusDetails {
  const text = collapse(statusDetail);
  const ids = text === "" ? [] : text.split(" ");
  const type: string = statusType;
  switch (type) {
    case "RETRY":
      return text === "" ? nothing : { ...nothing, retryAfter: text };
    case "UNSUPPORTED_MESSAGE":
      return { ...nothing, supportedBindings: ids };
    case "UNSUPPORTED_CONTENT":
      return { ...nothing, supportedContents: ids.map((bindingId) => ({ bindingId, subtypes: [] })) };
    case "UNSUPPORTED_PROTOCOL":
      return { ...nothing, supportedProtocols: ids };
    default:
      return nothing;
  }
}

/**
 * `Status_Detail` of TAXII 1.0 for what there is to tell about `statusType`: a date and time for `RETRY`, identifiers with
 * spaces between them for the three `UNSUPPORTED_…` types (XML-STS-009, XML-STS-010, XML-STS-011).
 *
 * @returns undefined when there is nothing to tell, and for all other types
 */
export function statusDetail10(statusType: string, details: Partial<StatusDetails>): string | undefined {
  const join = (values: readonly string[] = []): string | undefined => (values.length === 0 ? undefined : values.join(" "));
  switch (statusType) {
    case "RETRY":
      return details.retryAfter;
    case "UNSUPPORTED_MESSAGE":
      return join(details.supportedBindings);
    case "UNSUPPORTED_CONTENT":
      return join([...new Set(details.supportedContents?.map(({ bindingId }) => bindingId))]);
    case "UNSUPPORTED_PROTOCOL":
      return join(details.supportedProtocols);
    default:
      return undefined;
  }
}
