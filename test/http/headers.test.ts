import { expect, test } from "vitest";
import {
  messageHeaders,
  parseIdentifiers,
  protocolOf,
  readTaxiiHeaders,
  requestHeaders,
  versionOfBinding,
} from "../../src/http/headers.js";

test("requests carry the header fields of their version [HTTP-REQ-003] [HTTP-XP-006]", () => {
  expect(requestHeaders("1.1", "urn:taxii.mitre.org:protocol:https:1.0")).toEqual({
    "Content-Type": "application/xml",
    Accept: "application/xml",
    "X-TAXII-Accept": "urn:taxii.mitre.org:message:xml:1.1",
    "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1",
    "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:https:1.0",
    "X-TAXII-Services": "urn:taxii.mitre.org:services:1.1",
  });
  expect(messageHeaders("1.0", "p")).not.toHaveProperty("X-TAXII-Accept");
  expect(messageHeaders("1.0", "p")["X-TAXII-Services"]).toBe("urn:taxii.mitre.org:services:1.0");
});

test("lists are separated by spaces, and by commas where fields were repeated [HTTP-XA-003] [HTTP-XA-008]", () => {
  expect(parseIdentifiers(" urn:a  urn:b,urn:c,\turn:d ")).toEqual(["urn:a", "urn:b", "urn:c", "urn:d"]);
  const headers = new Headers();
  headers.append("x-taxii-ACCEPT", "urn:a");
  headers.append("X-TAXII-Accept", "urn:b");
  expect(readTaxiiHeaders(headers).accept).toEqual(["urn:a", "urn:b"]);
});

test("absent and blank fields are undefined [HTTP-GEN-002] [HTTP-XA-005]", () => {
  expect(readTaxiiHeaders(new Headers({ "X-TAXII-Accept": " ", "x-taxii-content-TYPE": " urn:x ", "X-TAXII-Protocol": "" }))).toEqual({
    contentType: "urn:x",
    protocol: undefined,
    services: undefined,
    accept: undefined,
  });
});

test("protocols and versions have their identifiers", () => {
  expect(protocolOf("HTTPS://h/")).toBe("urn:taxii.mitre.org:protocol:https:1.0");
  expect(protocolOf(new URL("http://h/"))).toBe("urn:taxii.mitre.org:protocol:http:1.0");
  expect(protocolOf("ftp://h/")).toBeUndefined();
  expect(versionOfBinding("urn:taxii.mitre.org:message:xml:1.0")).toBe("1.0");
  expect(versionOfBinding("constructor")).toBeUndefined();
});
