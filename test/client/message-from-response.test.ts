/** For those who bring their own HTTP: requests that are ready to send, and messages from whatever comes back. */

import { describe, expect, it, test } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { DiscoveryRequest, DiscoveryResponse, messages, StatusMessage } from "../../generated/taxii11/index.js";
import {
  type AnyMessage,
  type ClientWarning,
  isSynthetic,
  messageFromError,
  messageFromResponse,
  requestFor,
  TransportError,
} from "../../src/client/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { create } from "../../src/message/create.js";
import { respond } from "./peer.js";

const url = "https://taxii.test/discovery?tenant=7";

function statusOf(message: AnyMessage): { readonly statusType: string; readonly message: string; readonly inResponseTo: string } {
  if (message.$type !== "taxii11.StatusMessage" && message.$type !== "taxii10.StatusMessage") throw new Error(message.$type);
  return { statusType: message.statusType, message: message.message ?? "", inResponseTo: message.inResponseTo };
}

describe("a request", () => {
  it("is a POST with the message and its header fields [HTTP-REQ-001] [HTTP-REQ-002] [HTTP-XCT-001] [HTTP-XP-004]", async () => {
    const message = create(DiscoveryRequest, {});
    const request = await requestFor(message, { url, headers: { "User-Agent": "me", "X-TAXII-Protocol": "not mine" } });
    expect([request.method, request.url, request.redirect]).toEqual(["POST", url, "manual"]);
    expect(Object.fromEntries(request.headers)).toMatchObject({
      accept: "application/xml",
      "content-type": "application/xml",
      "user-agent": "me",
      "x-taxii-accept": "urn:taxii.mitre.org:message:xml:1.1",
      "x-taxii-content-type": "urn:taxii.mitre.org:message:xml:1.1",
      "x-taxii-protocol": "urn:taxii.mitre.org:protocol:https:1.0",
      "x-taxii-services": "urn:taxii.mitre.org:services:1.1",
    });
    expect(fromXml(messages, await request.text())).toEqual(message);
  });

  it("of TAXII 1.0 says so", async () => {
    const request = await requestFor(create(taxii10.DiscoveryRequest, {}), { url: "http://taxii.test/" });
    expect(Object.fromEntries(request.headers)).toMatchObject({
      "x-taxii-content-type": "urn:taxii.mitre.org:message:xml:1.0",
      "x-taxii-services": "urn:taxii.mitre.org:services:1.0",
      "x-taxii-protocol": "urn:taxii.mitre.org:protocol:http:1.0",
    });
  });

  it("is refused for addresses and messages that are none", async () => {
    const message = create(DiscoveryRequest, {});
    await expect(requestFor(message, { url: "ftp://taxii.test/" })).rejects.toThrow(TypeError);
    await expect(requestFor(message, { url: "https://a:secret@taxii.test/" })).rejects.toThrow(expect.not.stringContaining("secret"));
    await expect(requestFor({ ...message, messageId: "a\u0000b" }, { url })).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
  });
});

test.each([200, 401, 500])("a message is what it is under HTTP %i [HTTP-RSP-007]", async (status) => {
  const reply = create(DiscoveryResponse, { inResponseTo: "1" });
  const message = await messageFromResponse(respond(reply, { status }), "1");
  expect([message, isSynthetic(message)]).toEqual([reply, false]);
});

test("a message of either version, with or without header fields, is read", async () => {
  const warnings: ClientWarning[] = [];
  const bare = new Response(await respond(create(taxii10.DiscoveryResponse, { inResponseTo: "1" })).text());
  const message = await messageFromResponse(bare, "1", { onWarning: (warning) => warnings.push(warning) });
  expect([message.$type, warnings.map(({ code }) => code)]).toEqual(["taxii10.DiscoveryResponse", ["MISSING_HEADER"]]);
  const strict = new Response(await respond(create(DiscoveryResponse, { inResponseTo: "1" })).text());
  expect(statusOf(await messageFromResponse(strict, "1", { lenient: false }))).toMatchObject({ statusType: "FAILURE" });
});

test("header and message that contradict each other are a fault for who is strict [HTTP-XCT-004]", async () => {
  const crossed = () => {
    const response = respond(create(StatusMessage, { inResponseTo: "1", statusType: "DENIED" }));
    response.headers.set("X-TAXII-Content-Type", "urn:taxii.mitre.org:message:xml:1.0");
    return response;
  };
  const warnings: ClientWarning[] = [];
  await messageFromResponse(crossed(), "1", { onWarning: (warning) => warnings.push(warning) });
  expect(warnings).toMatchObject([{ code: "WRONG_HEADER" }]);
  const strict = await messageFromResponse(crossed(), "1", { lenient: false });
  expect(isSynthetic(strict)).toBe(true);
});

describe("a response without message", () => {
  it.each([
    ["[HTTP-MAP-003]", 400, "BAD_MESSAGE"],
    ["[HTTP-MAP-004]", 401, "UNAUTHORIZED"],
    ["[HTTP-MAP-005]", 403, "UNAUTHORIZED"],
    ["[HTTP-MAP-006]", 406, "UNSUPPORTED_MESSAGE"],
    ["[HTTP-MAP-007]", 407, "UNAUTHORIZED"],
    ["[HTTP-MAP-008]", 413, "BAD_MESSAGE"],
    ["[HTTP-MAP-009]", 415, "UNSUPPORTED_MESSAGE"],
    ["[HTTP-MAP-010]", 200, "FAILURE"],
    ["[HTTP-MAP-010]", 204, "FAILURE"],
    ["[HTTP-MAP-010]", 302, "FAILURE"],
    ["[HTTP-MAP-010]", 404, "FAILURE"],
    ["[HTTP-MAP-010]", 503, "FAILURE"],
  ])("%s of HTTP %i is a Status Message %s", async (_, status, statusType) => {
    const body = status === 204 ? null : "<html>Sorry</html>";
    const response = new Response(body, { status, statusText: "Text", headers: { "X-Custom": "here", "Set-Cookie": "session=secret" } });
    const message = await messageFromResponse(response, "request-1");
    expect(isSynthetic(message)).toBe(true);
    const made = statusOf(message);
    expect(made).toMatchObject({ statusType, inResponseTo: "request-1" });
    expect(made.message).toContain(`HTTP ${status} Text`);
    expect(made.message).toContain("x-custom: here");
    expect(made.message).not.toContain("secret");
    if (body !== null) expect(made.message.endsWith(body)).toBe(true);
  });

  it("is told with status line, header and body [HTTP-MAP-001] [HTTP-MAP-002]", async () => {
    const response = new Response("<html>\u0000 500", { status: 500, statusText: "Oops", headers: { "Content-Type": "text/html" } });
    expect(statusOf(await messageFromResponse(response, "1")).message).toBe("HTTP 500 Oops\ncontent-type: text/html\n\n<html>\ufffd 500");
  });

  it("is a Status Message of the request's version [HTTP-MAP-011]", async () => {
    const message = await messageFromResponse(new Response("", { status: 401 }), "17", { version: "1.0" });
    expect(message).toMatchObject({ $type: "taxii10.StatusMessage", inResponseTo: "17", statusType: "UNAUTHORIZED" });
    expect(isSynthetic(message)).toBe(true);
  });

  it("is not read to its end when it has none", async () => {
    let pulled = 0;
    let letGo = false;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(16_384).fill(0x61));
      },
      cancel: () => {
        letGo = true;
      },
    });
    const message = await messageFromResponse(new Response(body, { status: 500 }), "1");
    expect(statusOf(message).message.length).toBeLessThan(70_000);
    expect([pulled < 20, letGo]).toEqual([true, true]);
  });
});

test("a message that cannot be read is an error, not a status", async () => {
  const xml = await respond(create(DiscoveryResponse, { inResponseTo: "1" })).text();
  const broken = new Response(xml.slice(0, -5), { headers: { "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1" } });
  await expect(messageFromResponse(broken, "1")).rejects.toMatchObject({ name: "ParseError", code: "TRUNCATED" });
});

test("an error of the transport has its Status Message; a TLS alert stands in it [HTTP-TLS-003]", () => {
  const alert = new TransportError("TLS", "no", { statusType: "UNAUTHORIZED", alert: "0230" });
  expect(statusOf(messageFromError(alert, "1"))).toEqual({ statusType: "UNAUTHORIZED", message: "0230", inResponseTo: "1" });
  expect(statusOf(messageFromError(new TransportError("NETWORK", "gone"), "1", "1.0"))).toEqual({
    statusType: "FAILURE",
    message: "gone",
    inResponseTo: "1",
  });
});
