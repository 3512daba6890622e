/** create, compare, ids, timestamps. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DefaultQuery } from "../../generated/default-query/index.js";
import { DiscoveryRequest as DiscoveryRequest10, messages as messages10 } from "../../generated/taxii10/index.js";
import { DiscoveryResponse, PollRequest, PollResponse, StatusMessage } from "../../generated/taxii11/index.js";
import { compareTimestamps, create, diff, equals, fromXml, generateMessageId, toXml } from "../../src/index.js";

describe("create", () => {
  it("fills in type, id, lists and defaults at every level", () => {
    expect(create(PollRequest, { collectionName: "c", pollParameters: { query: undefined } })).toEqual({
      $type: "taxii11.PollRequest",
      messageId: expect.stringMatching(/^\d{1,39}$/),
      collectionName: "c",
      pollParameters: { allowAsynch: false, responseType: "FULL", contentBindings: [] },
    });
    const test = { capabilityId: "urn:x", relationship: "exists" };
    expect(
      create(DefaultQuery, {
        targetingExpressionId: "urn:x",
        criteria: { operator: "AND", items: [{ criterion: { target: "**", test } }] },
      }),
    ).toEqual({
      targetingExpressionId: "urn:x",
      criteria: { operator: "AND", items: [{ criterion: { target: "**", negate: false, test: { ...test, parameters: [] } } }] },
    });
  });

  it("keeps what is given, and does not share it", () => {
    const init = { messageId: "7", inResponseTo: "1", collectionName: "c", more: true, contentBlocks: [] };
    const message = create(PollResponse, init);
    expect(message).toMatchObject(init);
    message.contentBlocks.push({ contentBinding: { bindingId: "urn:x" }, content: { text: "" } });
    expect(init.contentBlocks).toEqual([]);
  });
});

describe("message ids", () => {
  it("[XML-ID-001] [XML-ID-002] are legal in both versions and differ", () => {
    const ids = Array.from({ length: 2000 }, () => generateMessageId("1.0"));
    expect(new Set(ids).size).toBe(2000);
    for (const messageId of ids.slice(0, 50)) {
      expect(fromXml(messages10, toXml(DiscoveryRequest10, create(DiscoveryRequest10, { messageId })))).toMatchObject({ messageId });
    }
    expect(ids.every((id) => BigInt(id) < 2n ** 128n)).toBe(true);
  });
});

describe("[XML-TS-006] timestamps", () => {
  it("order by instant", () => {
    expect(compareTimestamps("2014-01-01T10:00:00+02:00", "2014-01-01T09:00:00Z")).toBe(-1);
    expect(compareTimestamps("2014-01-01T00:00:00.1Z", "2014-01-01T00:00:00.100000Z")).toBe(0);
    expect(() => compareTimestamps("noon", "2014-01-01T00:00:00Z")).toThrow(RangeError);
  });
});

describe("equals and diff", () => {
  const block = (text: string) => ({ contentBinding: { bindingId: "urn:x" }, content: { text } });
  const response = create(PollResponse, {
    messageId: "1",
    inResponseTo: "2",
    collectionName: "c",
    inclusiveEndTimestamp: "2014-01-01T01:00:00+01:00",
    contentBlocks: [block("a"), block("b")],
  });

  it("go by meaning", () => {
    expect(equals(PollResponse, response, { ...response, inclusiveEndTimestamp: "2014-01-01T00:00:00.000Z" })).toBe(true);
    const read = fromXml(PollResponse, toXml(PollResponse, response));
    expect(equals(PollResponse, response, read)).toBe(true);
    const xml = (xml: string) => ({ ...response, contentBlocks: [{ contentBinding: { bindingId: "urn:x" }, content: { xml } }] });
    expect(equals(PollResponse, xml('<p:a xmlns:p="urn:p" b="1" c="2">x</p:a>'), xml('<a c=\'2\'\n b="1" xmlns="urn:p">&#120;</a>'))).toBe(
      true,
    );
    expect(equals(PollResponse, xml("<a/>"), xml("<b/>"))).toBe(false);
  });

  it("name each difference by its path", () => {
    const other = { ...response, more: true, message: "m", contentBlocks: [block("a"), { ...block("x"), padding: "p" }, block("c")] };
    expect(diff(PollResponse, response, other)).toEqual([
      { path: "more", a: false, b: true },
      { path: "message", a: undefined, b: "m" },
      { path: "contentBlocks[1].content", a: { text: "b" }, b: { text: "x" } },
      { path: "contentBlocks[1].padding", a: undefined, b: "p" },
      { path: "contentBlocks[2]", a: undefined, b: block("c") },
    ]);
  });

  it("compare lists in any order, content blocks in theirs", () => {
    const service = (address: string) => ({
      serviceType: "POLL" as const,
      serviceVersion: "urn:s",
      protocolBinding: "urn:p",
      address,
      messageBindings: ["urn:a", "urn:b"],
    });
    const discovery = (...addresses: string[]) =>
      create(DiscoveryResponse, { messageId: "1", inResponseTo: "2", serviceInstances: addresses.map(service) });
    expect(diff(DiscoveryResponse, discovery("a", "b"), discovery("b", "a"))).toEqual([]);
    expect(diff(DiscoveryResponse, discovery("a", "b", "b"), discovery("b", "a", "a")).map(({ path }) => path)).toEqual([
      "serviceInstances[2].address",
    ]);
    expect(equals(PollResponse, response, { ...response, contentBlocks: [block("b"), block("a")] })).toBe(false);
  });

  it("count every field: whatever one changes is a difference", () => {
    const detail = { name: "urn:d", content: { text: "v" } };
    const full = create(StatusMessage, {
      messageId: "1",
      inResponseTo: "2",
      statusType: "FAILURE",
      message: "m",
      statusDetail: { details: [detail] },
      extendedHeaders: { extendedHeaders: [{ name: "urn:h", content: { text: "x" } }] },
    });
    const changes = [
      { messageId: "9" },
      { inResponseTo: "9" },
      { statusType: "DENIED" as const },
      { message: "n" },
      { message: undefined },
      { statusDetail: { details: [{ ...detail, name: "urn:e" }] } },
      { statusDetail: { details: [{ ...detail, content: { text: "w" } }] } },
      { statusDetail: { details: [detail, detail] } },
      { extendedHeaders: undefined },
    ];
    for (const change of changes) expect(diff(StatusMessage, full, { ...full, ...change }), JSON.stringify(change)).not.toEqual([]);
    fc.assert(
      fc.property(fc.constantFrom(...changes), fc.constantFrom(...changes), (a, b) => {
        expect(diff(StatusMessage, { ...full, ...a }, { ...full, ...b }).length).toBe(
          diff(StatusMessage, { ...full, ...b }, { ...full, ...a }).length,
        );
      }),
    );
  });
});
