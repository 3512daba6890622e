import { describe, expect, it } from "vitest";
import * as taxii10 from "../../../generated/taxii10/index.js";
import type { StatusMessage, SubscriptionRecord } from "../../../generated/taxii11/index.js";
import { contentBindings, versionIds } from "../../../src/constants.js";
import { create } from "../../../src/message/create.js";
import { contentBlockTo11, type ToVersion11Options, toVersion10, toVersion11 } from "../../../src/message/versions/index.js";

const now = new Date("2026-01-01T00:00:00Z");
const contact = { protocolBinding: versionIds.https10, address: "https://example.com/", messageBindings: [versionIds.xml10] };
const push = { protocolBinding: versionIds.https10, address: "https://example.com/in", messageBinding: versionIds.xml10 };
const signature = { xml: "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>" };

describe("polls", () => {
  it("[VER-X-001] [VER-X-007] ask for all subtypes of the formats they name", () => {
    const request = create(taxii10.PollRequest, { messageId: "007", feedName: "f", contentBindings: ["urn:a:b"], signature });
    expect(toVersion11(request)).toEqual({
      $type: "taxii11.PollRequest",
      messageId: "007",
      collectionName: "f",
      pollParameters: { allowAsynch: false, responseType: "FULL", contentBindings: [{ bindingId: "urn:a:b", subtypes: [] }] },
    });
  });

  it("keep the subscription where they name formats as well", () => {
    const request = create(taxii10.PollRequest, { feedName: "f", subscriptionId: "s", contentBindings: ["urn:a:b"] });
    const translated = toVersion11(request);
    expect([translated.subscriptionId, translated.pollParameters]).toEqual(["s", undefined]);
  });

  it("[VER-X-009] [XML-PRS-011] are answered for a range that begins one microsecond before its first label", () => {
    const respond = (inclusiveBeginTimestamp?: string): string | undefined =>
      toVersion11(
        create(taxii10.PollResponse, {
          inResponseTo: "1",
          feedName: "f",
          inclusiveBeginTimestamp,
          inclusiveEndTimestamp: "2015-01-01T00:00:00Z",
        }),
      ).exclusiveBeginTimestamp;
    expect(respond("2014-12-19T01:00:00.000000+01:00")).toBe("2014-12-18T23:59:59.999999Z");
    expect(respond()).toBeUndefined();
    // Nothing can be labelled before.
    expect(respond("0001-01-01T00:00:00Z")).toBeUndefined();
    expect(respond("-0044-03-15T00:00:00Z")).toBeUndefined();
    expect(respond("0001-01-01T00:00:00.000001Z")).toBe("0001-01-01T00:00:00.000000Z");
    // Later than any label in UTC.
    expect(respond("9999-12-31T23:59:59-14:00")).toBe("9999-12-31T23:59:59.999999Z");
  });
});

describe("content blocks", () => {
  it("keep format, content, label and padding, and lose their signature", () => {
    const content = Object.freeze({ text: " x " });
    const block = create(taxii10.ContentBlock, {
      contentBinding: "http://www.w3.org/2001/04/xmlenc#|urn:a:b",
      content,
      timestampLabel: "2014-12-19T00:00:00Z",
      padding: "p",
      signature,
    });
    const translated = contentBlockTo11(block);
    expect(translated).toEqual({
      contentBinding: { bindingId: "http://www.w3.org/2001/04/xmlenc#|urn:a:b" },
      content,
      timestampLabel: "2014-12-19T00:00:00Z",
      padding: "p",
    });
    expect(translated.content).toBe(content);
    const inbox = toVersion11(create(taxii10.InboxMessage, { contentBlocks: [block], message: "m", signature }));
    expect([inbox.contentBlocks, inbox.message, inbox.signature]).toEqual([[translated], "m", undefined]);
  });

  it("may come from a subscription, which has an id in TAXII 1.1", () => {
    const source = { feedName: "f", inclusiveBeginTimestamp: "2014-12-19T00:00:00Z", inclusiveEndTimestamp: "2014-12-20T00:00:00Z" };
    expect(
      toVersion11(create(taxii10.InboxMessage, { sourceSubscription: { ...source, subscriptionId: "s" } })).sourceSubscription,
    ).toEqual({
      collectionName: "f",
      subscriptionId: "s",
      exclusiveBeginTimestamp: "2014-12-18T23:59:59.999999Z",
      inclusiveEndTimestamp: "2014-12-20T00:00:00Z",
    });
    expect(toVersion11(create(taxii10.InboxMessage, { sourceSubscription: source }))).not.toHaveProperty("sourceSubscription");
  });
});

describe("services and feeds", () => {
  it("[VER-X-001] [XML-DSC-002] have the names of TAXII 1.1", () => {
    const service = { ...contact, serviceVersion: versionIds.services10, available: false };
    const discovered = create(taxii10.DiscoveryResponse, {
      inResponseTo: "1",
      serviceInstances: [
        { ...service, serviceType: "FEED_MANAGEMENT" },
        { ...service, serviceType: "INBOX", contentBindings: [contentBindings.stix111], message: "m" },
      ],
    });
    expect(toVersion11(discovered).serviceInstances).toEqual([
      { ...service, serviceType: "COLLECTION_MANAGEMENT", supportedQueries: [], contentBindings: [] },
      {
        ...service,
        serviceType: "INBOX",
        supportedQueries: [],
        contentBindings: [{ bindingId: contentBindings.stix111, subtypes: [] }],
        message: "m",
      },
    ]);
    const feeds = [{ feedName: "f", description: "d", contentBindings: ["urn:a:b"], pollingServices: [contact], available: true }];
    expect(toVersion11(create(taxii10.FeedInformationResponse, { inResponseTo: "1", feeds })).collections).toEqual([
      {
        collectionName: "f",
        collectionType: "DATA_FEED",
        description: "d",
        available: true,
        contentBindings: [{ bindingId: "urn:a:b", subtypes: [] }],
        pushMethods: [],
        pollingServices: [contact],
        subscriptionServices: [],
        receivingInboxServices: [],
      },
    ]);
  });
});

describe("subscriptions", () => {
  it("[XML-SUB-005] [XML-SUB-010] have parameters of their own", () => {
    const request = create(taxii10.SubscriptionManagementRequest, {
      action: "SUBSCRIBE",
      feedName: "f",
      pushParameters: { ...push, contentBindings: ["urn:a:b"] },
    });
    const translated = toVersion11(request);
    expect(translated.subscriptionParameters).toEqual({ responseType: "FULL", contentBindings: [{ bindingId: "urn:a:b", subtypes: [] }] });
    expect(translated.pushParameters).toEqual(push);
  });

  it("[XML-SUB-004] are all listed, also when STATUS names one", () => {
    for (const action of ["STATUS", "SUBSCRIBE"] as const) {
      const request = create(taxii10.SubscriptionManagementRequest, { action, feedName: "f", subscriptionId: "s" });
      expect(toVersion11(request)).not.toHaveProperty("subscriptionId");
    }
  });

  it("[XML-SUB-009] are not pushed anywhere by UNSUBSCRIBE", () => {
    const request = create(taxii10.SubscriptionManagementRequest, {
      action: "UNSUBSCRIBE",
      feedName: "f",
      subscriptionId: "s",
      pushParameters: push,
    });
    const translated = toVersion11(request);
    expect(translated.subscriptionId).toBe("s");
    expect(translated).not.toHaveProperty("pushParameters");
  });

  const told = (count: number, init: object, options: ToVersion11Options = {}): SubscriptionRecord | undefined => {
    const subscriptions = Array(count).fill({ subscriptionId: "s", pollInstances: [contact], ...init });
    return toVersion11(create(taxii10.SubscriptionManagementResponse, { inResponseTo: "1", feedName: "f", subscriptions }), options)
      .subscriptions[0];
  };
  const everything = { responseType: "FULL", contentBindings: [] };

  it("are over in answer to UNSUBSCRIBE, which only the request tells", () => {
    expect(told(1, {}, { action: "UNSUBSCRIBE" })).toEqual({ subscriptionId: "s", status: "UNSUBSCRIBED", pollInstances: [contact] });
    expect(told(1, {})?.status).toBe("ACTIVE");
  });

  it("[XML-SUB-015] [XML-SUB-018] have known formats in answer to STATUS, and where push parameters tell", () => {
    expect(told(1, {})).not.toHaveProperty("subscriptionParameters");
    expect(told(1, {}, { action: "STATUS" })?.subscriptionParameters).toEqual(everything);
    // Only STATUS is answered with several.
    expect(told(2, {})?.subscriptionParameters).toEqual(everything);
    expect(told(1, { pushParameters: { ...push, contentBindings: ["urn:a:b"] } })).toMatchObject({
      subscriptionParameters: { contentBindings: [{ bindingId: "urn:a:b" }] },
      pushParameters: push,
    });
    expect(told(1, { pushParameters: push }, { action: "SUBSCRIBE" })).not.toHaveProperty("pushParameters");
  });
});

describe("status messages", () => {
  const status = (statusType: string, statusDetail?: string): StatusMessage =>
    toVersion11(create(taxii10.StatusMessage, { inResponseTo: "1", statusType, statusDetail, message: "m" }), { now });
  const details = (statusType: string, statusDetail?: string): [string, unknown][] =>
    (status(statusType, statusDetail).statusDetail?.details ?? []).map(({ name, content }) => [name, content]);

  it("have no details where there was no text", () => {
    expect(status("DENIED")).toEqual({
      $type: "taxii11.StatusMessage",
      messageId: expect.stringMatching(/^\d+$/),
      inResponseTo: "1",
      statusType: "DENIED",
      message: "m",
    });
  });

  it("[SVC-STAT-020] [XML-STS-008] tell how long to wait, from now and at least a second", () => {
    expect(details("RETRY", "2026-01-01T01:00:00.000001+01:00")[0]).toEqual(["ESTIMATED_WAIT", { text: "1" }]);
    expect(details("RETRY", "2026-01-01T00:01:30.5Z")[0]).toEqual(["ESTIMATED_WAIT", { text: "91" }]);
    expect(details("RETRY", "2025-01-01T00:00:00Z")[0]).toEqual(["ESTIMATED_WAIT", { text: "1" }]);
    expect(details("RETRY", "2026-01-01t00:01:00z")[0]).toEqual(["ESTIMATED_WAIT", { text: "60" }]);
    expect(details("RETRY", "60")).toEqual([[versionIds.xml10, { text: "60" }]]);
  });

  it("[SVC-STAT-022] list what is supported, one detail each", () => {
    expect(details("UNSUPPORTED_MESSAGE", "urn:a:b urn:c:d")).toEqual([
      ["SUPPORTED_BINDING", { text: "urn:a:b" }],
      ["SUPPORTED_BINDING", { text: "urn:c:d" }],
    ]);
    expect(details("UNSUPPORTED_CONTENT", "urn:a:b")).toEqual([["SUPPORTED_CONTENT", { text: "urn:a:b" }]]);
    expect(details("UNSUPPORTED_PROTOCOL", "urn:a:b")).toEqual([["SUPPORTED_PROTOCOL", { text: "urn:a:b" }]]);
  });

  it.each([
    ["NOT_FOUND", "third-party text"],
    ["UNSUPPORTED_MESSAGE", " urn:a:b\n urn:a:b "],
    ["RETRY", "2026-01-01T00:01:30.123+05:30"],
    ["http://example.com/own", ""],
  ])("%s keeps a text that named details do not say, %j", (type, text) => {
    expect(details(type, text)).toContainEqual([versionIds.xml10, { text }]);
    expect(toVersion10(status(type, text), { now: new Date("2030-01-01T00:00:00Z") }).statusDetail).toBe(text);
  });
});
