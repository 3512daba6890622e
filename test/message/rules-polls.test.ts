import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import {
  InboxMessage,
  PollFulfillment,
  PollParameters,
  PollRequest,
  PollResponse,
  SourceSubscription,
} from "../../generated/taxii11/index.js";
import { versionIds } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { findings, of } from "../conformance/findings.js";

const block = { contentBinding: { bindingId: "urn:example:format" }, content: { text: "" } };

describe("the range of a poll request", () => {
  const found = (begin: string | undefined, end: string | undefined, received = false): string[] =>
    findings(
      PollRequest,
      create(PollRequest, { collectionName: "c", exclusiveBeginTimestamp: begin, inclusiveEndTimestamp: end, subscriptionId: "s" }),
      { received },
    );

  it.each([
    ["2014-12-19T00:00:00Z", "2014-12-19T00:00:00Z"],
    ["2014-12-19T01:00:00+01:00", "2014-12-19T00:00:00Z"],
    ["2014-12-19T00:00:00.000000Z", "2014-12-19T00:00:00Z"],
    ["2014-12-19T00:00:00.000001Z", "2014-12-19T00:00:00Z"],
    ["2014-12-19T00:30:00Z", "2014-12-19T01:00:00+01:00"],
    ["2014-12-20T00:00:00Z", "2014-12-19T00:00:00Z"],
  ])("[XML-PRQ-002] cannot be from %s to %s", (begin, end) => {
    expect(found(begin, end)).toEqual(["error taxii11/range-is-not-empty inclusiveEndTimestamp"]);
    const request = create(taxii10.PollRequest, { feedName: "f", exclusiveBeginTimestamp: begin, inclusiveEndTimestamp: end });
    expect(findings(taxii10.PollRequest, request)).toEqual(["error taxii10/range-is-not-empty inclusiveEndTimestamp"]);
  });

  it.each([
    ["2014-12-19T00:00:00Z", "2014-12-19T00:00:00.000001Z"],
    ["2014-12-19T01:00:00+01:00", "2014-12-19T00:30:00Z"],
    ["2014-12-19T00:00:00Z", undefined],
    [undefined, "2014-12-19T00:00:00Z"],
    [undefined, undefined],
  ])("[XML-PRQ-002] can be from %s to %s", (begin, end) => {
    expect(found(begin, end)).toEqual([]);
  });

  it("[XML-PRQ-002] is judged by instants, whatever the offsets", () => {
    const instant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2030, 0) });
    const offset = fc.integer({ min: -13 * 60, max: 13 * 60 });
    fc.assert(
      fc.property(instant, instant, offset, offset, (begin, end, first, second) => {
        expect(found(written(begin, first), written(end, second)).length).toBe(begin < end ? 0 : 1);
      }),
    );
  });

  it("is for the receiver to judge: a data set has none", () => {
    expect(found("2014-12-20T00:00:00Z", "2014-12-19T00:00:00Z", true)).toEqual([
      "warning taxii11/range-is-not-empty inclusiveEndTimestamp",
    ]);
  });
});

function written(instant: number, offset: number): string {
  const local = new Date(instant + offset * 60_000).toISOString().slice(0, -1);
  const pad = (value: number): string => String(Math.abs(value)).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${pad(Math.trunc(offset / 60))}:${pad(offset % 60)}`;
}

describe("a poll request", () => {
  const deliveryParameters = {
    protocolBinding: versionIds.https10,
    address: "https://inbox.example.com/",
    messageBinding: versionIds.xml11,
  };

  it("[XML-PRQ-005] has delivery parameters only if it allows an answer later", () => {
    expect(findings(PollParameters, create(PollParameters, { allowAsynch: true, deliveryParameters }))).toEqual([]);
    expect(findings(PollParameters, create(PollParameters, { deliveryParameters }))).toEqual([
      "error taxii11/delivery-needs-asynch deliveryParameters",
    ]);
    expect(findings(PollParameters, create(PollParameters, { deliveryParameters }), { received: true })).toEqual([
      "warning taxii11/delivery-needs-asynch deliveryParameters",
    ]);
  });
});

describe("a poll response", () => {
  const response = (init: Partial<PollResponse> = {}): PollResponse => ({
    ...create(PollResponse, { inResponseTo: "1", collectionName: "c", recordCount: { value: 3 } }),
    ...init,
  });

  it("[XML-PRS-002] has a result id when there is more", () => {
    expect(findings(PollResponse, response({ more: true }))).toEqual(["error taxii11/more-needs-result-id resultId"]);
    expect(findings(PollResponse, response({ more: true, resultId: "r" }))).toEqual([]);
  });

  it("[XML-PRS-003] has no range that only begins: a data feed states its end, a data set states nothing", () => {
    const exclusiveBeginTimestamp = "2014-12-19T00:00:00Z";
    const inclusiveEndTimestamp = "2014-12-20T00:00:00Z";
    expect(findings(PollResponse, response({ exclusiveBeginTimestamp }))).toEqual(["error taxii11/range-has-end inclusiveEndTimestamp"]);
    for (const range of [{}, { inclusiveEndTimestamp }, { exclusiveBeginTimestamp, inclusiveEndTimestamp }])
      expect(findings(PollResponse, response(range))).toEqual([]);
  });

  it("[XML-PRS-008] counts at least its own blocks, lower limits included", () => {
    const contentBlocks = [block, block, block, block];
    const expected = ["error taxii11/count-covers-blocks recordCount.value"];
    expect(findings(PollResponse, response({ contentBlocks }))).toEqual(expected);
    expect(findings(PollResponse, response({ contentBlocks, recordCount: { value: 3, partialCount: true } }))).toEqual(expected);
    expect(findings(PollResponse, response({ contentBlocks, recordCount: { value: 4, partialCount: false } }))).toEqual([]);
  });

  it("[XML-PRS-009] should have a count", () => {
    const { recordCount: _, ...message } = response();
    expect(findings(PollResponse, message)).toEqual(["warning taxii11/response-has-count recordCount"]);
  });
});

describe("a poll fulfillment", () => {
  it("[XML-FUL-001] names a part; without one a receiver takes the first", () => {
    const request = create(PollFulfillment, { collectionName: "c", resultId: "r" });
    expect(findings(PollFulfillment, request)).toEqual(["error taxii11/fulfillment-names-part resultPartNumber"]);
    expect(findings(PollFulfillment, request, { received: true })).toEqual(["warning taxii11/fulfillment-names-part resultPartNumber"]);
    expect(findings(PollFulfillment, { ...request, resultPartNumber: 2 })).toEqual([]);
    expect(findings(PollFulfillment, { ...request, resultPartNumber: 0 })).toEqual(["error schema resultPartNumber"]);
  });
});

describe("an inbox message", () => {
  it("[XML-INB-002] has no range that only begins", () => {
    const source = { collectionName: "c", subscriptionId: "s", exclusiveBeginTimestamp: "2014-12-19T00:00:00Z" };
    expect(findings(SourceSubscription, source)).toEqual(["error taxii11/source-range-has-end inclusiveEndTimestamp"]);
    expect(findings(SourceSubscription, { ...source, inclusiveEndTimestamp: "2014-12-20T00:00:00Z" })).toEqual([]);
  });

  it("[XML-INB-003] names the subscription in TAXII 1.0, although the schema would do without", () => {
    const inbox = (subscriptionId?: string): taxii10.InboxMessage =>
      create(taxii10.InboxMessage, {
        sourceSubscription: { feedName: "f", subscriptionId, inclusiveEndTimestamp: "2014-12-20T00:00:00Z" },
      });
    expect(findings(taxii10.InboxMessage, inbox())).toEqual(["error taxii10/source-names-subscription sourceSubscription.subscriptionId"]);
    expect(findings(taxii10.InboxMessage, inbox("s"))).toEqual([]);
  });

  it("[XML-INB-005] counts at least its own blocks, if it counts", () => {
    const inbox = (value?: number): InboxMessage =>
      create(InboxMessage, { contentBlocks: [block, block], recordCount: value === undefined ? undefined : { value } });
    expect(of("taxii11/count-covers-blocks", InboxMessage, inbox(1))).toEqual(["error recordCount.value"]);
    expect(findings(InboxMessage, inbox(2))).toEqual([]);
    expect(findings(InboxMessage, inbox())).toEqual([]);
  });
});
