import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { StatusMessage } from "../../generated/taxii11/index.js";
import { queryStatusTypes, statusTypes10, statusTypes11 } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { statusMessage } from "../../src/message/status-error.js";
import { errors, findings, of } from "../conformance/findings.js";

type Details = Record<string, string | string[]>;

const status = (statusType: string, details: Details = {}): StatusMessage => statusMessage(statusType, { details, inResponseTo: "1" });
const found = (statusType: string, details: Details = {}): string[] => findings(StatusMessage, status(statusType, details));
const status10 = (statusType: string, statusDetail?: string): taxii10.StatusMessage =>
  create(taxii10.StatusMessage, { inResponseTo: "1", statusType, statusDetail });
const found10 = (statusType: string, statusDetail?: string): string[] =>
  findings(taxii10.StatusMessage, status10(statusType, statusDetail));

const pending = { ESTIMATED_WAIT: "300", RESULT_ID: "r-1", WILL_PUSH: "false" };

describe("status types of TAXII 1.1", () => {
  it("[XML-STS-014] are those of the specification, or URIs with an authority", () => {
    expect(found("oops")).toEqual(["error taxii11/status-type-is-known statusType"]);
    expect(found("success")).toEqual(["error taxii11/status-type-is-known statusType"]);
    expect(found("")).toEqual(["error taxii11/status-type-is-known statusType"]);
    expect(found("not a uri at all")).toEqual(["error taxii11/status-type-is-known statusType"]);
    for (const type of statusTypes11) expect(of("taxii11/status-type-is-known", StatusMessage, status(type)), type).toEqual([]);
  });

  it("[SVC-STAT-006] of third parties are URIs with an authority", () => {
    expect(found("urn:example:quota")).toEqual([]);
    expect(found("http://example.com/status/quota")).toEqual([]);
    expect(found("quota/exceeded")).toEqual(["error taxii11/status-type-is-known statusType"]);
  });

  it("[QRY-ERR-006] include the three of Default Query", () => {
    for (const type of queryStatusTypes) expect(of("taxii11/status-type-is-known", StatusMessage, status(type)), type).toEqual([]);
  });
});

describe("details of TAXII 1.1", () => {
  it("[XML-STS-004] are there where they are required", () => {
    expect(found("PENDING", pending)).toEqual([]);
    expect(found("PENDING")).toEqual(Array(3).fill("error taxii11/status-has-required-details statusDetail"));
    const { WILL_PUSH: _, ...rest } = pending;
    expect(found("PENDING", rest)).toEqual(["error taxii11/status-has-required-details statusDetail"]);
    expect(found("INVALID_RESPONSE_PART")).toEqual(["error taxii11/status-has-required-details statusDetail"]);
    expect(found("INVALID_RESPONSE_PART", { MAX_PART_NUMBER: "3" })).toEqual([]);
  });

  it.each(["NOT_FOUND", "RETRY", "UNSUPPORTED_MESSAGE", "UNSUPPORTED_CONTENT", "UNSUPPORTED_PROTOCOL"])(
    "[XML-STS-005] should be there for %s",
    (type) => {
      expect(found(type)).toEqual(["warning taxii11/status-has-optional-details statusDetail"]);
    },
  );

  it("[XML-STS-003] are left out where an empty list is meant", () => {
    expect(found("DESTINATION_COLLECTION_ERROR", { ACCEPTABLE_DESTINATION: [] })).toEqual([]);
    expect(found("UNSUPPORTED_QUERY", { SUPPORTED_QUERY: [] })).toEqual([]);
    expect(status("UNSUPPORTED_QUERY", { SUPPORTED_QUERY: [] }).statusDetail).toBeUndefined();
  });

  it("[XML-STS-006] have one value each", () => {
    expect(found("UNSUPPORTED_MESSAGE", { SUPPORTED_BINDING: ["urn:example:a", "urn:example:b", "urn:example:c"] })).toEqual([]);
    expect(found("UNSUPPORTED_MESSAGE", { SUPPORTED_BINDING: "urn:example:a urn:example:b" })).toEqual([
      "error taxii11/detail-has-right-type statusDetail.details[0].content",
    ]);
    expect(found("PENDING", { ...pending, RESULT_ID: ["r-1", "r-2"] })).toEqual([
      "error taxii11/single-detail-is-not-repeated statusDetail.details[2]",
    ]);
  });

  it.each<[string, Details]>([
    ["INVALID_RESPONSE_PART", { MAX_PART_NUMBER: "three" }],
    ["INVALID_RESPONSE_PART", { MAX_PART_NUMBER: "3.5" }],
    ["INVALID_RESPONSE_PART", { MAX_PART_NUMBER: "" }],
    ["RETRY", { ESTIMATED_WAIT: "PT5M" }],
    ["PENDING", { WILL_PUSH: "TRUE", ESTIMATED_WAIT: "1", RESULT_ID: "r" }],
    ["PENDING", { WILL_PUSH: "yes", ESTIMATED_WAIT: "1", RESULT_ID: "r" }],
    ["PENDING", { RESULT_ID: "result 1", ESTIMATED_WAIT: "1", WILL_PUSH: "1" }],
    ["NOT_FOUND", { ITEM: "no such thing" }],
    ["UNSUPPORTED_CONTENT", { SUPPORTED_CONTENT: "any text" }],
    ["UNSUPPORTED_TARGETING_EXPRESSION", { PREFERRED_SCOPE: "a//b" }],
  ])("[XML-STS-007] have values of the right type: %s %j", (type, details) => {
    expect(found(type, details)).toEqual(["error taxii11/detail-has-right-type statusDetail.details[0].content"]);
  });

  it("[XML-STS-007] have values of the right type, with white space around them", () => {
    expect(found("PENDING", { ESTIMATED_WAIT: " +0300 ", RESULT_ID: "\nr-1\n", WILL_PUSH: " 0 " })).toEqual([]);
  });

  it("[XML-STS-007] have a text as value", () => {
    const message = create(StatusMessage, {
      inResponseTo: "1",
      statusType: "NOT_FOUND",
      statusDetail: { details: [{ name: "ITEM", content: { xml: "<a/>" } }] },
    });
    expect(findings(StatusMessage, message)).toEqual(["error taxii11/detail-has-right-type statusDetail.details[0].content"]);
  });

  it.each(["0", "-5"])("[XML-STS-008] do not tell to wait for %s seconds", (seconds) => {
    expect(found("RETRY", { ESTIMATED_WAIT: seconds })).toEqual(["error taxii11/wait-is-positive statusDetail.details[0].content"]);
    expect(found("PENDING", { ...pending, ESTIMATED_WAIT: seconds })).toEqual([
      "error taxii11/wait-is-positive statusDetail.details[0].content",
    ]);
  });

  it("[XML-STS-013] name a content binding alone; libtaxii's subtypes are understood", () => {
    expect(found("UNSUPPORTED_CONTENT", { SUPPORTED_CONTENT: "urn:stix.mitre.org:xml:1.2" })).toEqual([]);
    expect(found("UNSUPPORTED_CONTENT", { SUPPORTED_CONTENT: "urn:stix.mitre.org:xml:1.2>urn:example:a,urn:example:b" })).toEqual([
      "warning taxii11/supported-content-is-binding statusDetail.details[0].content",
    ]);
  });

  it("[SVC-STAT-008] [XML-ID-006] of third parties may be added to any type, under names that say whose they are", () => {
    expect(found("SUCCESS", { "urn:example:receipt": "17" })).toEqual([]);
    expect(found("PENDING", { ...pending, "http://example.com/position": "any text" })).toEqual([]);
    expect(found("SUCCESS", { receipt: "17" })).toEqual(["warning taxii11/detail-name-has-authority statusDetail.details[0].name"]);
    expect(found("SUCCESS", { "the receipt": "17" })).toEqual([
      "warning taxii11/detail-name-has-authority statusDetail.details[0].name",
      "error taxii11/detail-name-is-uri statusDetail.details[0].name",
    ]);
  });

  it("of Default Query should be there", () => {
    expect(found("UNSUPPORTED_TARGETING_EXPRESSION_ID")).toEqual(["warning taxii11/status-has-optional-details statusDetail"]);
    expect(found("UNSUPPORTED_CAPABILITY_MODULE")).toEqual(["warning taxii11/status-has-optional-details statusDetail"]);
    expect(found("UNSUPPORTED_CAPABILITY_MODULE", { CAPABILITY_MODULE: "urn:taxii.mitre.org:query:capability:core-1" })).toEqual([]);
  });

  it("[QRY-ERR-004] [QRY-ERR-005] name a scope, preferred ones first", () => {
    const type = "UNSUPPORTED_TARGETING_EXPRESSION";
    expect(found(type)).toEqual(["error taxii11/status-names-scope statusDetail"]);
    expect(found(type, { ALLOWED_SCOPE: "**" })).toEqual([]);
    expect(found(type, { PREFERRED_SCOPE: ["a/**", "b/**"], ALLOWED_SCOPE: "**" })).toEqual([]);
    expect(found(type, { ALLOWED_SCOPE: "**", PREFERRED_SCOPE: "a/**" })).toEqual([
      "warning taxii11/preferred-scopes-come-first statusDetail.details[1]",
    ]);
  });
});

describe("status messages of TAXII 1.0", () => {
  it("[XML-STS-014] [SVC-STAT-006] have a type of the specification, or a URI that should have an authority", () => {
    for (const type of statusTypes10) expect(errors(taxii10.StatusMessage, status10(type)), type).toEqual([]);
    expect(found10("urn:example:quota")).toEqual([]);
    expect(found10("oops")).toEqual(["warning taxii10/status-type-has-authority statusType"]);
    expect(found10("PENDING")).toEqual(["warning taxii10/status-type-has-authority statusType"]);
    expect(found10("not a uri")).toEqual(["error taxii10/status-type-is-uri statusType"]);
  });

  it("[XML-STS-009] [XML-STS-012] tell with RETRY when to try again, and nothing else", () => {
    expect(found10("RETRY", "2014-12-19T00:00:00Z")).toEqual([]);
    for (const detail of ["300", "in five minutes", "2014-12-19T00:00:00Z or later", "2014-12-19T24:00:00Z", "2014-12-19"]) {
      expect(found10("RETRY", detail), detail).toEqual(["error taxii10/detail-has-prescribed-form statusDetail"]);
    }
  });

  it.each(["UNSUPPORTED_MESSAGE", "UNSUPPORTED_CONTENT", "UNSUPPORTED_PROTOCOL"])(
    "[XML-STS-010] [XML-STS-012] list identifiers with %s",
    (type) => {
      expect(found10(type, "urn:example:a urn:example:b urn:example:c")).toEqual([]);
      expect(found10(type, "{'SUPPORTED_BINDING': ['urn:example:a']}")).toEqual(["error taxii10/detail-has-prescribed-form statusDetail"]);
    },
  );

  it("[XML-STS-011] should have a detail with these types; others may have any text", () => {
    for (const type of ["RETRY", "UNSUPPORTED_MESSAGE", "UNSUPPORTED_CONTENT", "UNSUPPORTED_PROTOCOL"]) {
      expect(found10(type), type).toEqual(["warning taxii10/status-has-detail"]);
    }
    expect(found10("NOT_FOUND")).toEqual([]);
    expect(found10("DENIED", "The quota is used up.")).toEqual([]);
    expect(found10("urn:example:quota", "17 of 17")).toEqual([]);
  });
});
