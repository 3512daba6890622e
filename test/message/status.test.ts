import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { StatusMessage } from "../../generated/taxii11/index.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { namespaces, queryStatusDetails, queryStatusTypes, statusDetails, statusTypes10, statusTypes11 } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import {
  detailDefinitions,
  detailDefinitionsOf,
  effectiveStatus,
  isDefinedStatus,
  isThirdPartyStatus,
  parseSupportedContent,
  parseWillPush,
  readStatusDetails,
  type StatusDetails,
  statusDetail10,
} from "../../src/message/status.js";
import { statusMessage } from "../../src/message/status-error.js";

const read = (statusType: string, details: Record<string, string | string[]>): StatusDetails =>
  readStatusDetails(statusMessage(statusType, { details }));

describe("the tables", () => {
  it("define every detail of the specifications, for types of the specifications", () => {
    const names = Object.values(detailDefinitions).flatMap((definitions) => definitions.map(({ name }) => name));
    expect(new Set(names)).toEqual(new Set([...statusDetails, ...queryStatusDetails]));
    for (const type of Object.keys(detailDefinitions)) expect(isDefinedStatus(type), type).toBe(true);
  });

  it("[XML-STS-004] know which details are required", () => {
    const required = Object.entries(detailDefinitions).flatMap(([type, definitions]) =>
      definitions.filter((one) => one.required).map(({ name }) => `${type} ${name}`),
    );
    expect(required).toEqual(["INVALID_RESPONSE_PART MAX_PART_NUMBER", "PENDING ESTIMATED_WAIT", "PENDING RESULT_ID", "PENDING WILL_PUSH"]);
  });

  it("[XML-STS-006] know which details can be there several times", () => {
    const many = Object.values(detailDefinitions).flatMap((definitions) => definitions.filter((one) => one.many).map(({ name }) => name));
    expect(many.filter((name) => statusDetails.some((known) => known === name)).sort()).toEqual([
      "ACCEPTABLE_DESTINATION",
      "SUPPORTED_BINDING",
      "SUPPORTED_CONTENT",
      "SUPPORTED_PROTOCOL",
      "SUPPORTED_QUERY",
    ]);
  });

  it("know nothing of other types", () => {
    for (const type of ["SUCCESS", "oops", "constructor", ""]) expect(detailDefinitionsOf(type)).toEqual([]);
  });
});

describe("status types", () => {
  it("[XML-STS-014] [QRY-ERR-006] are defined per version", () => {
    expect(isDefinedStatus("PENDING", "1.1")).toBe(true);
    expect(isDefinedStatus("PENDING", "1.0")).toBe(false);
    for (const type of queryStatusTypes) expect([isDefinedStatus(type), isDefinedStatus(type, "1.0")]).toEqual([true, false]);
    expect(isDefinedStatus("oops")).toBe(false);
  });

  it("[SVC-STAT-005] are taken for FAILURE when they are not", () => {
    expect(effectiveStatus("urn:x:weird")).toBe("FAILURE");
    expect(effectiveStatus("oops", "1.0")).toBe("FAILURE");
    expect(effectiveStatus("PENDING", "1.0")).toBe("FAILURE");
    for (const type of [...statusTypes11, ...queryStatusTypes]) expect(effectiveStatus(type)).toBe(type);
    for (const type of statusTypes10) expect(effectiveStatus(type, "1.0")).toBe(type);
  });

  it("[SVC-STAT-006] of third parties are URIs with an authority", () => {
    expect(["urn:example:quota", "urn:example.com:quota", "https://example.com/quota"].every(isThirdPartyStatus)).toBe(true);
    expect(["quota", "", "urn:quota", "urn:example:a b", "mailto:a@example.com"].some(isThirdPartyStatus)).toBe(false);
  });
});

describe("reading details of TAXII 1.1", () => {
  it("gives them their types", () => {
    expect(read("PENDING", { ESTIMATED_WAIT: " 300\n", RESULT_ID: "\n r-1 ", WILL_PUSH: "true" })).toMatchObject({
      estimatedWait: 300,
      resultId: "r-1",
      willPush: true,
    });
    expect(read("INVALID_RESPONSE_PART", { MAX_PART_NUMBER: "+03" }).maxPartNumber).toBe(3);
    expect(read("NOT_FOUND", { ITEM: "default" }).item).toBe("default");
    expect(read("RETRY", { ESTIMATED_WAIT: "0" }).estimatedWait).toBe(0);
  });

  it("[XML-STS-006] gives all values of those that can be there several times", () => {
    const ids = ["urn:example:a", "urn:example:b"];
    expect(read("UNSUPPORTED_MESSAGE", { SUPPORTED_BINDING: ids }).supportedBindings).toEqual(ids);
    expect(read("UNSUPPORTED_PROTOCOL", { SUPPORTED_PROTOCOL: ids }).supportedProtocols).toEqual(ids);
    expect(read("UNSUPPORTED_QUERY", { SUPPORTED_QUERY: ids }).supportedQueries).toEqual(ids);
    expect(read("DESTINATION_COLLECTION_ERROR", { ACCEPTABLE_DESTINATION: ids }).acceptableDestinations).toEqual(ids);
    expect(read("UNSUPPORTED_CAPABILITY_MODULE", { CAPABILITY_MODULE: ids }).capabilityModules).toEqual(ids);
    expect(read("UNSUPPORTED_TARGETING_EXPRESSION_ID", { TARGETING_EXPRESSION_ID: ids }).targetingExpressionIds).toEqual(ids);
    expect(read("UNSUPPORTED_TARGETING_EXPRESSION", { PREFERRED_SCOPE: ["a/**"], ALLOWED_SCOPE: ["b/**", "c"] })).toMatchObject({
      preferredScopes: ["a/**"],
      allowedScopes: ["b/**", "c"],
    });
    expect(read("UNSUPPORTED_QUERY", {}).supportedQueries).toEqual([]);
  });

  it("[XML-STS-007] takes true, false, 1 and 0 for WILL_PUSH, and nothing else", () => {
    expect(["true", "1", " true ", "\n1"].map(parseWillPush)).toEqual([true, true, true, true]);
    expect(["false", "0"].map(parseWillPush)).toEqual([false, false]);
    expect(["TRUE", "True", "yes", "", "2"].map(parseWillPush)).toEqual(Array(5).fill(undefined));
    expect(read("PENDING", { WILL_PUSH: "TRUE" }).willPush).toBeUndefined();
  });

  it("[XML-STS-013] takes a content binding alone, and libtaxii's spelling with subtypes", () => {
    expect(parseSupportedContent("urn:example:a")).toEqual({ bindingId: "urn:example:a", subtypes: [] });
    expect(parseSupportedContent("urn:example:a>urn:example:s,urn:example:t")).toEqual({
      bindingId: "urn:example:a",
      subtypes: [{ subtypeId: "urn:example:s" }, { subtypeId: "urn:example:t" }],
    });
    expect(parseSupportedContent(" urn:example:a > s , t ,, ")).toEqual({
      bindingId: "urn:example:a",
      subtypes: [{ subtypeId: "s" }, { subtypeId: "t" }],
    });
    expect(parseSupportedContent("a>b>c")).toEqual({ bindingId: "a", subtypes: [{ subtypeId: "b>c" }] });
    expect(read("UNSUPPORTED_CONTENT", { SUPPORTED_CONTENT: ["a>s", "b"] }).supportedContents).toEqual([
      { bindingId: "a", subtypes: [{ subtypeId: "s" }] },
      { bindingId: "b", subtypes: [] },
    ]);
  });

  it("makes the best of what is wrong", () => {
    const details = read("PENDING", {
      ESTIMATED_WAIT: ["soon", "5"],
      MAX_PART_NUMBER: "9".repeat(20),
      RESULT_ID: ["r-1", "r-2"],
      other: "x",
    });
    expect(details).toMatchObject({ estimatedWait: undefined, maxPartNumber: undefined, resultId: "r-1", willPush: undefined });
    const markup = create(StatusMessage, {
      inResponseTo: "1",
      statusType: "NOT_FOUND",
      statusDetail: { details: [{ name: "ITEM", content: { xml: "<a/>" } }] },
    });
    expect(readStatusDetails(markup).item).toBeUndefined();
  });

  it("[SVC-STAT-008] leaves those of third parties in the message", () => {
    const message = statusMessage("SUCCESS", { details: { "urn:example:receipt": ["17", "18"] } });
    expect(fromXml(StatusMessage, toXml(StatusMessage, message)).statusDetail).toEqual(message.statusDetail);
  });
});

describe("the detail of TAXII 1.0", () => {
  const message = (statusType: string, statusDetail?: string): taxii10.StatusMessage =>
    create(taxii10.StatusMessage, { inResponseTo: "1", statusType, statusDetail });

  it("[XML-STS-009] of RETRY is a date-time", () => {
    const retryAfter = "2014-12-19T00:00:00Z";
    expect(readStatusDetails(message("RETRY", ` ${retryAfter} `)).retryAfter).toBe(retryAfter);
    expect(statusDetail10("RETRY", { retryAfter, estimatedWait: 300 })).toBe(retryAfter);
    expect(readStatusDetails(message("RETRY")).retryAfter).toBeUndefined();
  });

  it("[XML-STS-010] [XML-STS-012] of UNSUPPORTED_… is identifiers with spaces between them", () => {
    const ids = ["urn:example:a", "urn:example:b", "urn:example:c"];
    const contents = ids.map((bindingId) => ({ bindingId, subtypes: [] }));
    const text = "urn:example:a urn:example:b urn:example:c";
    expect(statusDetail10("UNSUPPORTED_MESSAGE", { supportedBindings: ids })).toBe(text);
    expect(statusDetail10("UNSUPPORTED_PROTOCOL", { supportedProtocols: ids })).toBe(text);
    expect(statusDetail10("UNSUPPORTED_CONTENT", { supportedContents: [...contents, ...contents] })).toBe(text);
    expect(readStatusDetails(message("UNSUPPORTED_MESSAGE", `\n${text}  `)).supportedBindings).toEqual(ids);
    expect(readStatusDetails(message("UNSUPPORTED_PROTOCOL", text)).supportedProtocols).toEqual(ids);
    expect(readStatusDetails(message("UNSUPPORTED_CONTENT", text)).supportedContents).toEqual(contents);
  });

  it("[XML-STS-011] is there for these types only", () => {
    const details = { item: "default", supportedBindings: ["urn:example:a"], retryAfter: "2014-12-19T00:00:00Z" };
    for (const type of ["NOT_FOUND", "DENIED", "FAILURE", "urn:example:quota"]) expect(statusDetail10(type, details)).toBeUndefined();
    expect(statusDetail10("UNSUPPORTED_MESSAGE", {})).toBeUndefined();
    expect(readStatusDetails(message("DENIED", "urn:example:a")).supportedBindings).toEqual([]);
  });

  it("[XML-STS-001] comes before the message", () => {
    const xml = toXml(taxii10.StatusMessage, { ...message("RETRY", "2014-12-19T00:00:00Z"), messageId: "2", message: "Later." });
    expect(xml).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<taxii:Status_Message xmlns:taxii="${namespaces.taxii10}" message_id="2" in_response_to="1" status_type="RETRY"><taxii:Status_Detail>2014-12-19T00:00:00Z</taxii:Status_Detail><taxii:Message>Later.</taxii:Message></taxii:Status_Message>`,
    );
  });
});
