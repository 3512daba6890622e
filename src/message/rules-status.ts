/** Rules about status messages: their types, and the details that go with them. */

import { StatusMessage as StatusMessage10 } from "../../generated/taxii10/messages.js";
import { type StatusDetailDetail, StatusMessage as StatusMessage11 } from "../../generated/taxii11/messages.js";
import { type Content, isXmlContent } from "../binding/content.js";
import { isStrictUri } from "../binding/index.js";
import { hasAuthority } from "../binding/uri.js";
import { collapse } from "../characters.js";
import { quote } from "../codec/frames.js";
import { isRfc3339 } from "./rfc3339.js";
import { type Report, type Rule, rule } from "./rule.js";
import {
  type DetailDefinition,
  detailDefinitionsOf,
  isDefinedStatus,
  isThirdPartyStatus,
  parseDetailInteger,
  parseSupportedContent,
  parseWillPush,
  prescribedDetail10,
} from "./status.js";
import { problemOfSlashes } from "./targeting.js";

const unknownType = (type: string): string => `expected a status type of TAXII or a URI with an authority, found ${quote(type)}`;

/** Rules for `Status_Message` of TAXII 1.0. */
export const statusRules10: readonly Rule[] = [
  rule(StatusMessage10, "taxii10/status-type-is-uri", "XML-STS-014", ({ statusType }, report) => {
    if (!isDefinedStatus(statusType, "1.0") && !isStrictUri(statusType)) report(unknownType(statusType), "statusType");
  }),
  rule(
    StatusMessage10,
    "taxii10/status-type-has-authority",
    ["XML-STS-014", "SVC-STAT-006"],
    ({ statusType }, report) => {
      if (!isDefinedStatus(statusType, "1.0") && isStrictUri(statusType) && !hasAuthority(statusType))
        report(unknownType(statusType), "statusType");
    },
    "warning",
  ),
  rule(
    StatusMessage10,
    "taxii10/detail-has-prescribed-form",
    ["XML-STS-009", "XML-STS-010", "XML-STS-012"],
    ({ statusType, statusDetail }, report) => {
      if (statusDetail !== undefined) reportForm10(statusType, statusDetail, report);
    },
  ),
  rule(
    StatusMessage10,
    "taxii10/status-has-detail",
    "XML-STS-011",
    ({ statusType, statusDetail }, report) => {
      if (statusDetail === undefined && Object.hasOwn(prescribedDetail10, statusType))
        report(`${statusType} should come with a status detail`);
    },
    "warning",
  ),
];

function reportForm10(statusType: string, detail: string, report: Report): void {
  const form = Object.hasOwn(prescribedDetail10, statusType) ? prescribedDetail10[statusType] : undefined;
  if (form === "dateTime" && !isRfc3339(collapse(detail))) {
    report(`expected a date-time of RFC 3339, when to try again, found ${quote(detail)}`, "statusDetail");
  }
  const ids = collapse(detail).split(" ");
  const wrong = form === "identifiers" ? ids.find((id) => !isStrictUri(id)) : undefined;
  if (wrong !== undefined) report(`expected identifiers with spaces between them, found ${quote(wrong)}`, "statusDetail");
}

/** Rules for `Status_Message` of TAXII 1.1. */
export const statusRules11: readonly Rule[] = [
  rule(StatusMessage11, "taxii11/status-type-is-known", ["XML-STS-014", "SVC-STAT-006", "QRY-ERR-006"], ({ statusType }, report) => {
    if (!isDefinedStatus(statusType, "1.1") && !isThirdPartyStatus(statusType)) report(unknownType(statusType), "statusType");
  }),
  rule(
    StatusMessage11,
    "taxii11/status-has-required-details",
    ["XML-STS-004", "SVC-ASYNC-002", "SVC-STAT-015"],
    ({ statusType, statusDetail }, report) => {
      for (const { name, required } of detailDefinitionsOf(statusType)) {
        if (required && !statusDetail?.details.some((detail) => detail.name === name))
          report(`${statusType} needs the detail ${name}`, "statusDetail");
      }
    },
  ),
  rule(StatusMessage11, "taxii11/status-names-scope", "QRY-ERR-004", ({ statusType, statusDetail }, report) => {
    const scopes = statusDetail?.details.some(({ name }) => name === "PREFERRED_SCOPE" || name === "ALLOWED_SCOPE") ?? false;
    if (statusType === "UNSUPPORTED_TARGETING_EXPRESSION" && !scopes)
      report(`${statusType} needs a detail PREFERRED_SCOPE or ALLOWED_SCOPE`, "statusDetail");
  }),
  rule(
    StatusMessage11,
    "taxii11/status-has-optional-details",
    ["XML-STS-005", "QRY-ERR-001", "QRY-ERR-002"],
    ({ statusType, statusDetail }, report) => {
      for (const { name, required, recommended } of detailDefinitionsOf(statusType)) {
        if (!required && recommended && !statusDetail?.details.some((detail) => detail.name === name))
          report(`${statusType} should have the detail ${name}`, "statusDetail");
      }
    },
    "warning",
  ),
  rule(StatusMessage11, "taxii11/single-detail-is-not-repeated", "XML-STS-006", (message, report) => {
    const seen = new Set<string>();
    eachDetail(message, (detail, index, definition) => {
      if (definition !== undefined && !definition.many && seen.has(detail.name))
        report(`${detail.name} is there already`, "statusDetail", "details", index);
      seen.add(detail.name);
    });
  }),
  rule(StatusMessage11, "taxii11/detail-has-right-type", ["XML-STS-006", "XML-STS-007", "QRY-INF-003"], (message, report) => {
    eachDetail(message, ({ content }, index, definition) => {
      const text = detailText(content);
      const problem =
        definition && (text === undefined ? `expected ${wanted[definition.type]}, found markup` : problemOfDetail(definition, text));
      if (problem !== undefined) report(problem, "statusDetail", "details", index, "content");
    });
  }),
  rule(StatusMessage11, "taxii11/wait-is-positive", "XML-STS-008", (message, report) => {
    eachDetail(message, ({ content }, index, definition) => {
      const seconds = definition?.name === "ESTIMATED_WAIT" ? parseDetailInteger(detailText(content) ?? "") : undefined;
      if (seconds !== undefined && seconds <= 0)
        report(`expected a positive number of seconds, found ${seconds}`, "statusDetail", "details", index, "content");
    });
  }),
  rule(
    StatusMessage11,
    "taxii11/supported-content-is-binding",
    "XML-STS-013",
    (message, report) => {
      eachDetail(message, ({ content }, index, definition) => {
        const text = detailText(content) ?? "";
        if (definition?.type === "binding" && text.includes(">"))
          report(`expected a content binding alone, found ${quote(text)}`, "statusDetail", "details", index, "content");
      });
    },
    "warning",
  ),
  rule(
    StatusMessage11,
    "taxii11/detail-name-has-authority",
    ["XML-ID-006", "SVC-STAT-008"],
    (message, report) => {
      eachDetail(message, ({ name }, index, definition) => {
        if (definition === undefined && !hasAuthority(name)) {
          report(
            `${message.statusType} defines no detail ${quote(name)}; expected a URI with an authority`,
            "statusDetail",
            "details",
            index,
            "name",
          );
        }
      });
    },
    "warning",
  ),
  rule(
    StatusMessage11,
    "taxii11/detail-name-is-uri",
    ["XML-ID-005", "XML-ID-008"],
    (message, report) => {
      eachDetail(message, ({ name }, index) => {
        if (!isStrictUri(name)) report(`expected a URI (RFC 3986), found ${quote(name)}`, "statusDetail", "details", index, "name");
      });
    },
    "tolerated",
  ),
  rule(
    StatusMessage11,
    "taxii11/preferred-scopes-come-first",
    "QRY-ERR-005",
    (message, report) => {
      let allowed = false;
      eachDetail(message, ({ name }, index, definition) => {
        if (definition?.name === "ALLOWED_SCOPE") allowed = true;
        if (allowed && name === "PREFERRED_SCOPE")
          report("PREFERRED_SCOPE should come before ALLOWED_SCOPE", "statusDetail", "details", index);
      });
    },
    "warning",
  ),
];

type VisitDetail = (detail: StatusDetailDetail, index: number, definition: DetailDefinition | undefined) => void;

/** Calls `visit` for every detail; `definition` is there for those that the status type defines. */
function eachDetail({ statusType, statusDetail }: StatusMessage11, visit: VisitDetail): void {
  const definitions = detailDefinitionsOf(statusType);
  for (const [index, detail] of (statusDetail?.details ?? []).entries()) {
    visit(
      detail,
      index,
      definitions.find(({ name }) => name === detail.name),
    );
  }
}

const wanted: Readonly<Record<DetailDefinition["type"], string>> = {
  integer: "a whole number",
  boolean: "true, false, 1 or 0",
  uri: "a URI",
  binding: "a content binding",
  scope: "a targeting expression",
};

const detailText = (content: Content): string | undefined => (isXmlContent(content) ? undefined : content.text);

function problemOfDetail({ type }: DetailDefinition, text: string): string | undefined {
  return fitsDetail(type, text) ? undefined : `expected ${wanted[type]}, found ${quote(text)}`;
}

function fitsDetail(type: DetailDefinition["type"], text: string): boolean {
  switch (type) {
    case "integer":
      return parseDetailInteger(text) !== undefined;
    case "boolean":
      return parseWillPush(text) !== undefined;
    case "uri":
      return isStrictUri(collapse(text));
    case "binding": {
      const { bindingId, subtypes } = parseSupportedContent(text);
      return [bindingId, ...subtypes.map(({ subtypeId }) => subtypeId)].every(isStrictUri);
    }
    case "scope":
      return problemOfSlashes(text.trim()) === undefined;
  }
}
