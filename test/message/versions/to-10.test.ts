import { describe, expect, it } from "vitest";
import * as taxii10 from "../../../generated/taxii10/index.js";
import {
  CollectionInformationResponse,
  type CollectionRecordInit,
  ContentBlock,
  DiscoveryRequest,
  DiscoveryResponse,
  InboxMessage,
  type Message,
  PollFulfillment,
  type PollParametersInit,
  PollRequest,
  PollResponse,
  StatusMessage,
  SubscriptionManagementRequest,
  type SubscriptionManagementRequestInit,
  SubscriptionManagementResponse,
  type SubscriptionRecordInit,
} from "../../../generated/taxii11/index.js";
import { contentBindings, queryStatusTypes, statusTypes10, statusTypes11, versionIds } from "../../../src/constants.js";
import { isTaxiiError } from "../../../src/errors.js";
import { create } from "../../../src/message/create.js";
import { validate } from "../../../src/message/validate.js";
import { contentBlockTo10, NotInVersion10Error, type ToVersion10Options, toVersion10 } from "../../../src/message/versions/index.js";

const now = new Date("2026-01-01T00:00:00Z");
const contact = { protocolBinding: versionIds.https10, address: "https://example.com/", messageBindings: [versionIds.xml10] };
const push = { protocolBinding: versionIds.https10, address: "https://example.com/in", messageBinding: versionIds.xml10 };
const query = { formatId: "urn:example:query", content: { xml: "<q/>" } };
const narrowed = { bindingId: contentBindings.stix111, subtypes: [{ subtypeId: "urn:example:sub" }] };

function refusal(message: Message, options: ToVersion10Options = {}): NotInVersion10Error {
  try {
    toVersion10(message, options);
  } catch (error) {
    if (error instanceof NotInVersion10Error) return error;
    throw error;
  }
  throw new Error(`${message.$type} was translated`);
}

describe("what TAXII 1.0 has no words for", () => {
  const poll = (pollParameters: PollParametersInit): Message => create(PollRequest, { collectionName: "c", pollParameters });
  const subscribe = (init: Omit<SubscriptionManagementRequestInit, "action" | "collectionName">): Message =>
    create(SubscriptionManagementRequest, { action: "SUBSCRIBE", collectionName: "c", ...init });
  const response = (init: object): Message => create(PollResponse, { inResponseTo: "1", collectionName: "c", ...init });
  const end = { inclusiveEndTimestamp: "2014-12-19T00:00:00Z" };

  const cases: readonly (readonly [string, Message])[] = [
    ["", create(PollFulfillment, { collectionName: "c", resultId: "urn:r", resultPartNumber: 2 })],
    ["messageId", create(DiscoveryRequest, { messageId: "urn:uuid:1" })],
    ["inResponseTo", create(DiscoveryResponse, { inResponseTo: "-1" })],
    ["statusType", create(StatusMessage, { inResponseTo: "1", statusType: "PENDING" })],
    ["pollParameters.responseType", poll({ responseType: "COUNT_ONLY" })],
    ["pollParameters.query", poll({ query })],
    ["pollParameters.deliveryParameters", poll({ allowAsynch: true, deliveryParameters: push })],
    ["pollParameters.contentBindings[1].subtypes", poll({ contentBindings: [{ bindingId: "urn:a:b" }, narrowed] })],
    ["more", response({ ...end, more: true, resultId: "urn:r" })],
    ["resultPartNumber", response({ ...end, resultPartNumber: 2 })],
    ["recordCount", response({ ...end, recordCount: { value: 3 } })],
    ["inclusiveEndTimestamp", response({})],
    ["exclusiveBeginTimestamp", response({ ...end, exclusiveBeginTimestamp: "9999-12-31T23:59:59.999999Z" })],
    ["exclusiveBeginTimestamp", response({ ...end, exclusiveBeginTimestamp: "-0044-03-15T00:00:00Z" })],
    ["action", create(SubscriptionManagementRequest, { action: "PAUSE", collectionName: "c", subscriptionId: "s" })],
    ["action", create(SubscriptionManagementRequest, { action: "RESUME", collectionName: "c", subscriptionId: "s" })],
    ["subscriptionId", create(SubscriptionManagementRequest, { action: "STATUS", collectionName: "c", subscriptionId: "s" })],
    ["subscriptionParameters.responseType", subscribe({ subscriptionParameters: { responseType: "COUNT_ONLY" } })],
    ["subscriptionParameters.query", subscribe({ subscriptionParameters: { query } })],
    ["subscriptionParameters.contentBindings", subscribe({ subscriptionParameters: { contentBindings: [{ bindingId: "urn:a:b" }] } })],
    [
      "subscriptionParameters.contentBindings[0].subtypes",
      subscribe({ subscriptionParameters: { contentBindings: [narrowed] }, pushParameters: push }),
    ],
    ["destinationCollectionNames", create(InboxMessage, { destinationCollectionNames: ["c"] })],
    ["resultId", create(InboxMessage, { resultId: "urn:r" })],
    ["recordCount", create(InboxMessage, { recordCount: { value: 1 } })],
    [
      "sourceSubscription.inclusiveEndTimestamp",
      create(InboxMessage, { sourceSubscription: { collectionName: "c", subscriptionId: "s" } }),
    ],
  ];

  it.each(cases)("is refused at %j", (path, message) => {
    const error = refusal(message);
    expect(error.path).toBe(path);
    expect(error.message).toBe(`${path === "" ? "the message" : path} cannot be said in TAXII 1.0: ${error.reason}`);
    expect([error.code, error.name, isTaxiiError(error)]).toEqual(["NOT_IN_1_0", "NotInVersion10Error", true]);
  });

  it("does not repeat long values of a peer", () => {
    expect(refusal(create(DiscoveryRequest, { messageId: `urn:${"x".repeat(100_000)}\u001b[2J` })).message.length).toBeLessThan(200);
  });
});

describe("requests", () => {
  it("drop the permission to answer later, which is not needed for an answer at once", () => {
    const request = create(PollRequest, { collectionName: "c", pollParameters: { allowAsynch: true } });
    expect(toVersion10(request)).toEqual(create(taxii10.PollRequest, { messageId: request.messageId, feedName: "c" }));
  });

  it("[XML-PRQ-008] [VER-X-001] name feed, subscription and formats in the words of TAXII 1.0", () => {
    const request = create(PollRequest, {
      messageId: "7",
      collectionName: "c",
      exclusiveBeginTimestamp: "2014-12-19T00:00:00Z",
      pollParameters: { contentBindings: [{ bindingId: "urn:a:b" }] },
    });
    const common = { messageId: "7", feedName: "c" };
    expect(toVersion10(request)).toEqual({
      $type: "taxii10.PollRequest",
      ...common,
      exclusiveBeginTimestamp: "2014-12-19T00:00:00Z",
      contentBindings: ["urn:a:b"],
    });
    const subscribed = create(PollRequest, { messageId: "7", collectionName: "c", subscriptionId: "s" });
    expect(toVersion10(subscribed)).toEqual({ $type: "taxii10.PollRequest", ...common, subscriptionId: "s", contentBindings: [] });
  });

  it("[XML-SUB-010] put the formats of a subscription where they are pushed to", () => {
    const request = create(SubscriptionManagementRequest, {
      action: "SUBSCRIBE",
      collectionName: "c",
      subscriptionId: "ignored",
      subscriptionParameters: { contentBindings: [{ bindingId: "urn:a:b" }] },
      pushParameters: push,
    });
    expect(toVersion10(request)).toMatchObject({
      action: "SUBSCRIBE",
      feedName: "c",
      pushParameters: { ...push, contentBindings: ["urn:a:b"] },
    });
    expect(toVersion10(request)).not.toHaveProperty("subscriptionId");
  });

  it("[XML-SUB-003] name the subscription to end, and leave out what is to be disregarded", () => {
    const request = create(SubscriptionManagementRequest, {
      action: "UNSUBSCRIBE",
      collectionName: "c",
      subscriptionId: "s",
      subscriptionParameters: { responseType: "COUNT_ONLY" },
      pushParameters: push,
    });
    expect(toVersion10(request)).toEqual({
      $type: "taxii10.SubscriptionManagementRequest",
      messageId: request.messageId,
      action: "UNSUBSCRIBE",
      feedName: "c",
      subscriptionId: "s",
    });
  });
});

describe("content blocks", () => {
  const content = Object.freeze({ xml: "<a/>" });
  const block = create(ContentBlock, {
    contentBinding: { bindingId: contentBindings.stix111, subtype: { subtypeId: "urn:example:sub" } },
    content,
    timestampLabel: "2014-12-19T00:00:00.000001+01:00",
    message: "remark",
    padding: "  ",
    signature: { xml: "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>" },
  });

  it("[VER-X-007] keep format, content, label and padding, and lose subtype, remark and signature", () => {
    const translated = contentBlockTo10(block);
    expect(translated).toEqual({
      contentBinding: contentBindings.stix111,
      content,
      timestampLabel: "2014-12-19T00:00:00.000001+01:00",
      padding: "  ",
    });
    expect(translated.content).toBe(content);
  });

  it("are as many in a message, with the count that says nothing new left out", () => {
    const message = create(InboxMessage, { contentBlocks: [block, block], recordCount: { value: 2 }, message: "m" });
    const translated = toVersion10(message);
    expect(translated).toEqual(
      create(taxii10.InboxMessage, { messageId: message.messageId, message: "m", contentBlocks: Array(2).fill(contentBlockTo10(block)) }),
    );
  });

  it("may come behind the message, and are not counted then", () => {
    const message = create(PollResponse, {
      inResponseTo: "1",
      collectionName: "c",
      inclusiveEndTimestamp: "2014-12-19T00:00:00Z",
      recordCount: { value: 25 },
    });
    expect(toVersion10(message, { blocksFollow: true }).contentBlocks).toEqual([]);
    expect(refusal(message).message).toContain("this one counts 25 and has 0");
  });
});

describe("ranges", () => {
  const respond = (init: object): taxii10.PollResponse =>
    toVersion10(create(PollResponse, { inResponseTo: "1", collectionName: "c", inclusiveEndTimestamp: "2015-01-01T00:00:00Z", ...init }));

  it("[VER-X-009] begin one microsecond behind the exclusive begin", () => {
    expect(respond({ exclusiveBeginTimestamp: "2014-12-31T23:59:59.999999+01:00" }).inclusiveBeginTimestamp).toBe(
      "2014-12-31T23:00:00.000000Z",
    );
    expect(respond({ exclusiveBeginTimestamp: "9999-12-31T23:59:59.999998Z" }).inclusiveBeginTimestamp).toBe("9999-12-31T23:59:59.999999Z");
  });

  it("[VER-X-009] [XML-PRS-006] have no begin when there was none, and an end always", () => {
    expect(respond({})).not.toHaveProperty("inclusiveBeginTimestamp");
    expect(respond({}).inclusiveEndTimestamp).toBe("2015-01-01T00:00:00Z");
  });
});

describe("services and collections", () => {
  const collections = (list: readonly CollectionRecordInit[], options: ToVersion10Options = {}): taxii10.FeedInformationResponse =>
    toVersion10(create(CollectionInformationResponse, { inResponseTo: "1", collections: list }), options);
  const feed: CollectionRecordInit = {
    collectionName: "feed",
    description: "",
    contentBindings: [{ bindingId: contentBindings.stix111 }],
    pollingServices: [contact],
  };

  it("[XML-DSC-002] have the names of TAXII 1.0", () => {
    const message = create(DiscoveryResponse, {
      inResponseTo: "1",
      serviceInstances: [
        {
          ...contact,
          serviceType: "COLLECTION_MANAGEMENT",
          serviceVersion: versionIds.services11,
          supportedQueries: [query],
          available: true,
        },
        { ...contact, serviceType: "INBOX", serviceVersion: versionIds.services11, contentBindings: [narrowed, narrowed], message: "m" },
      ],
    });
    const { serviceInstances } = toVersion10(message);
    expect(serviceInstances).toEqual([
      { ...contact, serviceType: "FEED_MANAGEMENT", serviceVersion: versionIds.services11, contentBindings: [], available: true },
      { ...contact, serviceType: "INBOX", serviceVersion: versionIds.services11, contentBindings: [contentBindings.stix111], message: "m" },
    ]);
  });

  it("[VER-X-002] are without data sets", () => {
    expect(
      collections([feed, { ...feed, collectionName: "set", collectionType: "DATA_SET" }]).feeds.map(({ feedName }) => feedName),
    ).toEqual(["feed"]);
  });

  it("[VER-X-003] [XML-COL-002] list the formats that occur, or are left out", () => {
    const any = { ...feed, contentBindings: [] };
    expect(collections([any]).feeds).toEqual([]);
    const asked: string[] = [];
    const { feeds } = collections([feed, any, { ...any, collectionName: "empty" }], {
      contentBindingsOf: (name) => {
        asked.push(name);
        return name === "feed" ? ["urn:a:b"] : [];
      },
    });
    expect(feeds.map((record) => record.contentBindings)).toEqual([[contentBindings.stix111], ["urn:a:b"]]);
    expect(asked).toEqual(["feed", "empty"]);
  });

  it("[VER-X-003] [CB-NEST-006] list the layers of nesting expressions that occur, each once", () => {
    const { feeds } = collections([{ ...feed, contentBindings: [] }], { contentBindingsOf: () => ["urn:w|urn:a", "urn:a", "urn:w||"] });
    expect(feeds.map((record) => record.contentBindings)).toEqual([["urn:w", "urn:a"]]);
  });

  it("[VER-X-004] [XML-COL-002] are without what can neither be pushed nor polled", () => {
    const inbox = { ...feed, pollingServices: [], receivingInboxServices: [contact] };
    const pushed = {
      ...inbox,
      collectionName: "pushed",
      pushMethods: [{ protocolBinding: versionIds.https10, messageBindings: [versionIds.xml10] }],
    };
    expect(collections([inbox, pushed]).feeds.map(({ feedName }) => feedName)).toEqual(["pushed"]);
  });

  it("[VER-X-007] list each format once, whatever the subtypes", () => {
    const { feeds } = collections([{ ...feed, contentBindings: [narrowed, { bindingId: contentBindings.stix111 }], collectionVolume: 5 }]);
    expect(feeds[0]).toEqual({
      feedName: "feed",
      description: "",
      contentBindings: [contentBindings.stix111],
      pushMethods: [],
      pollingServices: [contact],
      subscriptionServices: [],
    });
  });
});

describe("subscriptions", () => {
  const listed = (subscription: SubscriptionRecordInit, options: ToVersion10Options = {}): taxii10.SubscriptionRecord[] =>
    toVersion10(create(SubscriptionManagementResponse, { inResponseTo: "1", collectionName: "c", subscriptions: [subscription] }), options)
      .subscriptions;
  const polled: SubscriptionRecordInit = { subscriptionId: "s", subscriptionParameters: {}, pollInstances: [contact] };
  const pushed: SubscriptionRecordInit = {
    subscriptionId: "s",
    subscriptionParameters: { contentBindings: [{ bindingId: "urn:a:b" }] },
    pushParameters: push,
  };

  it("are listed with all that TAXII 1.0 can tell", () => {
    expect(listed(polled)).toEqual([{ subscriptionId: "s", pollInstances: [contact] }]);
    expect(listed(pushed)).toEqual([{ subscriptionId: "s", pushParameters: { ...push, contentBindings: ["urn:a:b"] }, pollInstances: [] }]);
    expect(listed({ subscriptionId: "s", pushParameters: push })).toEqual([
      { subscriptionId: "s", pushParameters: { ...push, contentBindings: [] }, pollInstances: [] },
    ]);
  });

  it.each<[string, SubscriptionRecordInit]>([
    ["paused ones", { ...polled, status: "PAUSED" }],
    ["counting ones", { ...polled, subscriptionParameters: { responseType: "COUNT_ONLY" } }],
    ["queried ones", { ...polled, subscriptionParameters: { query } }],
    ["ones for a subtype", { ...pushed, subscriptionParameters: { contentBindings: [narrowed] } }],
    ["polled ones for a format", { ...polled, subscriptionParameters: { contentBindings: [{ bindingId: "urn:a:b" }] } }],
    ["ones that lead nowhere", { subscriptionId: "s" }],
  ])("[VER-X-006] are not listed when they cannot be described: %s", (_, subscription) => {
    expect(listed(subscription)).toEqual([]);
    expect(listed(subscription, { action: "STATUS" })).toEqual([]);
    // SUBSCRIBE and UNSUBSCRIBE are answered with exactly one.
    expect(listed(subscription, { action: "SUBSCRIBE" })).toHaveLength(1);
    expect(listed(subscription, { action: "UNSUBSCRIBE" })).toEqual([{ subscriptionId: "s", pollInstances: [] }]);
  });

  it("[XML-SUB-018] [XML-SUB-019] tell little more than the id in answer to SUBSCRIBE and UNSUBSCRIBE", () => {
    expect(listed(pushed, { action: "SUBSCRIBE" })).toEqual([{ subscriptionId: "s", pollInstances: [] }]);
    expect(listed(polled, { action: "SUBSCRIBE" })).toEqual([{ subscriptionId: "s", pollInstances: [contact] }]);
    expect(listed({ ...polled, status: "UNSUBSCRIBED" })).toEqual([{ subscriptionId: "s", pollInstances: [] }]);
  });
});

describe("status messages", () => {
  const status = (statusType: string, details: Record<string, string[]> = {}, message?: string): taxii10.StatusMessage => {
    const list = Object.entries(details).flatMap(([name, texts]) => texts.map((text) => ({ name, content: { text } })));
    return toVersion10(
      create(StatusMessage, { inResponseTo: "1", statusType, message, statusDetail: list.length === 0 ? undefined : { details: list } }),
      { now },
    );
  };

  it("[VER-X-005] are of the eleven types of TAXII 1.0", () => {
    for (const type of [...statusTypes11, ...queryStatusTypes]) {
      if (type === "PENDING") continue;
      const kept = statusTypes10.some((known) => known === type);
      expect(status(type).statusType).toBe(kept ? type : "FAILURE");
      expect(validate(taxii10.StatusMessage, status(type)).valid).toBe(true);
    }
    expect(status("http://example.com/own").statusType).toBe("http://example.com/own");
  });

  it("[VER-X-005] tell people which type it was", () => {
    expect(status("UNSUPPORTED_QUERY").message).toBe("UNSUPPORTED_QUERY");
    expect(status("NETWORK_ERROR", {}, "no route").message).toBe("NETWORK_ERROR: no route");
    expect(status("DENIED", {}, "no").message).toBe("no");
  });

  it("[XML-STS-009] [SVC-STAT-020] tell when to try again", () => {
    expect(status("RETRY", { ESTIMATED_WAIT: ["90"] }).statusDetail).toBe("2026-01-01T00:01:30.000000Z");
    expect(status("RETRY", { ESTIMATED_WAIT: [String(Number.MAX_SAFE_INTEGER)] }).statusDetail).toBe("9999-12-31T23:59:59.000000Z");
    expect(status("RETRY", { ESTIMATED_WAIT: ["-5"] }).statusDetail).toBe("2026-01-01T00:00:00.000000Z");
    expect(status("RETRY", { ESTIMATED_WAIT: ["soon"] }).statusDetail).toBeUndefined();
    expect(status("RETRY").statusDetail).toBeUndefined();
  });

  it("[XML-STS-010] [SVC-STAT-022] list what is supported", () => {
    expect(status("UNSUPPORTED_MESSAGE", { SUPPORTED_BINDING: ["urn:a:b", "urn:c:d"] }).statusDetail).toBe("urn:a:b urn:c:d");
    expect(status("UNSUPPORTED_CONTENT", { SUPPORTED_CONTENT: ["urn:a:b>urn:x,urn:y", "urn:a:b"] }).statusDetail).toBe("urn:a:b");
    expect(status("UNSUPPORTED_PROTOCOL", { SUPPORTED_PROTOCOL: ["urn:a:b"] }).statusDetail).toBe("urn:a:b");
  });

  it("[XML-STS-011] have no details with other types", () => {
    expect(status("NOT_FOUND", { ITEM: ["c"] })).not.toHaveProperty("statusDetail");
    expect(status("DENIED", { "urn:example:own": ["text"] })).not.toHaveProperty("statusDetail");
    expect(status("INVALID_RESPONSE_PART", { MAX_PART_NUMBER: ["2"] })).not.toHaveProperty("statusDetail");
  });
});
