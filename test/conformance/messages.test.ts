/** The parts of every message: which there are, in which order, how many, and what they are when left out. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import type { Shape } from "../../src/binding/index.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { namespaces } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { validate } from "../../src/message/validate.js";
import { findings } from "./findings.js";
import { allExamples, type Example, full10, full11 } from "./full-messages.js";
import { attributesOf, childrenOf, find, message10, message11, refusal, tree } from "./xml.js";

const written = ({ shape, value }: Example): ReturnType<typeof tree> => tree(toXml(shape, value));
const header = ["Extended_Headers"];
const footer = ["Signature"];
const ids = ["message_id"];
const answerIds = ["message_id", "in_response_to"];

it.each(allExamples)("[XML-GEN-007] %s is valid as it is written, and comes back as it was", (_, { shape, value }) => {
  expect(findings(shape, value)).toEqual([]);
  expect(fromXml(shape, toXml(shape, value))).toEqual(value);
});

describe("the order of children", () => {
  it.each(allExamples.filter(([, { shape, value }]) => new Set(childrenOf(tree(toXml(shape, value)))).size > 1))(
    "[XML-GEN-003] of %s is the only one that is read",
    (_, { shape, value }) => {
      const root = tree(toXml(shape, value));
      const names = [...new Set(childrenOf(root))];
      const xml = toXml(shape, value);
      fc.assert(
        fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
          const shuffled = reorder(xml, order);
          const same = order.every((name, index) => name === names[index]);
          expect(refusal(shape, shuffled)).toBe(same ? undefined : "UNEXPECTED_ELEMENT");
        }),
        { numRuns: 25 },
      );
    },
  );

  it("[XML-GEN-003] is a sequence below messages too", () => {
    const xml = toXml(full11.PollResponse.shape, full11.PollResponse.value);
    const swapped = xml.replace(
      /(<taxii_11:Timestamp_Label>.*?<\/taxii_11:Timestamp_Label>)(<taxii_11:Message>.*?<\/taxii_11:Message>)/,
      "$2$1",
    );
    expect(swapped).not.toBe(xml);
    expect(refusal(taxii11.PollResponse, swapped)).toBe("UNEXPECTED_ELEMENT");
  });
});

/** The document with the children of its root sorted by `order`. */
function reorder(xml: string, order: readonly string[]): string {
  const root = tree(xml);
  const prefix = /<(\w+):/.exec(xml)?.[1] ?? "";
  const start = xml.indexOf(">", xml.indexOf(`<${prefix}:`)) + 1;
  const parts: { name: string; text: string }[] = [];
  let rest = xml.slice(start, xml.lastIndexOf("</"));
  for (const { local } of root.children) {
    const length = endOfElement(rest);
    parts.push({ name: local, text: rest.slice(0, length) });
    rest = rest.slice(length);
  }
  const sorted = order.flatMap((name) => parts.filter((part) => part.name === name).map(({ text }) => text));
  return xml.slice(0, start) + sorted.join("") + xml.slice(xml.lastIndexOf("</"));
}

/** Where the first element of `xml` ends. */
function endOfElement(xml: string): number {
  let depth = 0;
  for (const { 0: tag, index } of xml.matchAll(/<!--.*?-->|<[^>]*>/gs)) {
    if (tag.startsWith("<!--")) continue;
    if (tag.startsWith("</")) depth--;
    else if (!tag.endsWith("/>")) depth++;
    if (depth === 0) return index + tag.length;
  }
  return xml.length;
}

describe("status messages", () => {
  it("[XML-STS-001] have these parts in this order", () => {
    for (const example of [full11.StatusMessage, full10.StatusMessage]) {
      expect(attributesOf(written(example))).toEqual([...answerIds, "status_type"]);
      expect(childrenOf(written(example))).toEqual([...header, "Status_Detail", "Message", ...footer]);
    }
  });

  it("[XML-STS-002] have details with names, at least one, with anything in them", () => {
    expect(childrenOf(find(written(full11.StatusMessage), "Status_Detail"))).toEqual(Array(4).fill("Detail"));
    const status = (detail: string): string =>
      message11("Status_Message", 'message_id="2" in_response_to="1" status_type="FAILURE"', detail);
    expect(refusal(taxii11.StatusMessage, status("<Status_Detail/>"))).toBe("MISSING_ELEMENT");
    expect(refusal(taxii11.StatusMessage, status("<Status_Detail><Detail>x</Detail></Status_Detail>"))).toBe("MISSING_ATTRIBUTE");
    const mixed = fromXml(taxii11.StatusMessage, status('<Status_Detail><Detail name="urn:example:d">a<b/>c</Detail></Status_Detail>'));
    expect(mixed.statusDetail?.details).toEqual([{ name: "urn:example:d", content: { xml: `a<b xmlns="${namespaces.taxii11}"/>c` } }]);
  });

  it("[XML-STS-002] are not written with an empty list of details", () => {
    const empty = create(taxii11.StatusMessage, { inResponseTo: "1", statusType: "FAILURE", statusDetail: { details: [] } });
    expect(() => toXml(taxii11.StatusMessage, empty)).toThrow(/Detail is missing/);
  });
});

describe("discovery", () => {
  it("[XML-DSC-001] requests have headers and a signature only", () => {
    for (const example of [full11.DiscoveryRequest, full10.DiscoveryRequest]) {
      expect(attributesOf(written(example))).toEqual(ids);
      expect(childrenOf(written(example))).toEqual([...header, ...footer]);
    }
    expect(refusal(taxii11.DiscoveryRequest, message11("Discovery_Request", 'message_id="1"', "<Message/>"))).toBe("UNEXPECTED_ELEMENT");
  });

  it("[XML-DSC-002] responses have the types of service of their version", () => {
    const service = (type: string): string =>
      `<Service_Instance service_type="${type}" service_version="v"><Protocol_Binding>p</Protocol_Binding><Address>a</Address><Message_Binding>m</Message_Binding></Service_Instance>`;
    const attributes = 'message_id="2" in_response_to="1"';
    const in11 = (type: string): unknown => refusal(taxii11.DiscoveryResponse, message11("Discovery_Response", attributes, service(type)));
    const in10 = (type: string): unknown => refusal(taxii10.DiscoveryResponse, message10("Discovery_Response", attributes, service(type)));
    for (const type of ["DISCOVERY", "INBOX", "POLL"]) expect([in10(type), in11(type)]).toEqual([undefined, undefined]);
    expect([in10("FEED_MANAGEMENT"), in11("FEED_MANAGEMENT")]).toEqual([undefined, "BAD_VALUE"]);
    expect([in10("COLLECTION_MANAGEMENT"), in11("COLLECTION_MANAGEMENT")]).toEqual(["BAD_VALUE", undefined]);
    expect([in10("poll"), in11("poll")]).toEqual(["BAD_VALUE", "BAD_VALUE"]);
  });

  it("[XML-DSC-003] responses list services with these parts in this order, at least one message binding each", () => {
    expect(attributesOf(find(written(full11.DiscoveryResponse), "Service_Instance")).sort()).toEqual([
      "available",
      "service_type",
      "service_version",
    ]);
    expect(childrenOf(find(written(full11.DiscoveryResponse), "Service_Instance"))).toEqual([
      "Protocol_Binding",
      "Address",
      "Message_Binding",
      "Message_Binding",
      "Supported_Query",
      "Message",
    ]);
    expect(childrenOf(find(written(full10.DiscoveryResponse), "Service_Instance"))).toEqual([
      "Protocol_Binding",
      "Address",
      "Message_Binding",
      "Content_Binding",
      "Message",
    ]);
    const none = {
      ...full11.DiscoveryResponse.value,
      serviceInstances: [{ serviceType: "POLL", serviceVersion: "v", protocolBinding: "p", address: "a", messageBindings: [] }],
    };
    expect(validate(taxii11.DiscoveryResponse, none).valid).toBe(false);
    expect(() => toXml(full11.DiscoveryResponse.shape, none)).toThrow(/Message_Binding is missing/);
  });

  it("[VER-ID-007] [VER-ID-008] responses keep the identifiers of third parties like those of TAXII", () => {
    const content = `<Service_Instance service_type="POLL" service_version="urn:taxii.mitre.org:services:1.1"><Protocol_Binding>urn:example:pigeon</Protocol_Binding><Address>third loft</Address><Message_Binding>urn:example:cbor</Message_Binding><Supported_Query format_id="urn:example:sql"/><Content_Binding binding_id="urn:example:format"><Subtype subtype_id="urn:example:kind"/></Content_Binding></Service_Instance>`;
    const message = fromXml(taxii11.DiscoveryResponse, message11("Discovery_Response", 'message_id="2" in_response_to="1"', content));
    expect(message.serviceInstances).toMatchObject([
      {
        protocolBinding: "urn:example:pigeon",
        messageBindings: ["urn:example:cbor"],
        supportedQueries: [{ formatId: "urn:example:sql" }],
        contentBindings: [{ bindingId: "urn:example:format", subtypes: [{ subtypeId: "urn:example:kind" }] }],
      },
    ]);
    expect(fromXml(taxii11.DiscoveryResponse, toXml(taxii11.DiscoveryResponse, message))).toEqual(message);
  });
});

describe("collections and feeds", () => {
  const collection = (attributes: string, content = ""): string =>
    message11(
      "Collection_Information_Response",
      'message_id="2" in_response_to="1"',
      `<Collection collection_name="c" ${attributes}><Description>d</Description>${content}</Collection>`,
    );

  it("[XML-COL-001] are data feeds unless stated otherwise, and have a name and a description", () => {
    const typeOf = (attributes: string): unknown =>
      fromXml(taxii11.CollectionInformationResponse, collection(attributes)).collections[0]?.collectionType;
    expect([typeOf(""), typeOf('collection_type="DATA_FEED"'), typeOf('collection_type="DATA_SET"')]).toEqual([
      "DATA_FEED",
      "DATA_FEED",
      "DATA_SET",
    ]);
    expect(refusal(taxii11.CollectionInformationResponse, collection('collection_type="FEED"'))).toBe("BAD_VALUE");
    expect(refusal(taxii11.CollectionInformationResponse, collection("").replace("<Description>d</Description>", ""))).toBe(
      "MISSING_ELEMENT",
    );
    expect(refusal(taxii11.CollectionInformationResponse, collection("").replace('collection_name="c"', ""))).toBe("MISSING_ATTRIBUTE");
  });

  it("[XML-COL-002] of TAXII 1.0 have a content binding, and a push method or a polling service", () => {
    const feed = { feedName: "f", description: "d", contentBindings: ["urn:example:f"] };
    const push = { protocolBinding: "urn:example:p", messageBindings: ["urn:example:m"] };
    const poll = { ...push, address: "a" };
    const valid = (init: object): boolean => {
      const message = create(taxii10.FeedInformationResponse, { inResponseTo: "1", feeds: [{ ...feed, ...init }] });
      const { valid: verdict } = validate(taxii10.FeedInformationResponse, message);
      const write = (): string => toXml(taxii10.FeedInformationResponse, message);
      if (verdict) expect(write).not.toThrow();
      else expect(write).toThrow();
      return verdict;
    };
    expect([{ pushMethods: [push] }, { pollingServices: [poll] }, { pushMethods: [push], pollingServices: [poll] }].map(valid)).toEqual([
      true,
      true,
      true,
    ]);
    expect([{}, { subscriptionServices: [poll] }, { pushMethods: [push], contentBindings: [] }].map(valid)).toEqual([false, false, false]);
    const xml = message10(
      "Feed_Information_Response",
      'message_id="2" in_response_to="1"',
      '<Feed feed_name="f"><Description/><Content_Binding>urn:example:f</Content_Binding></Feed>',
    );
    expect(refusal(taxii10.FeedInformationResponse, xml)).toBe("MISSING_ELEMENT");
  });

  it("[XML-COL-003] have these parts in this order", () => {
    expect(childrenOf(find(written(full11.CollectionInformationResponse), "Collection"))).toEqual([
      "Description",
      "Collection_Volume",
      "Content_Binding",
      "Push_Method",
      "Polling_Service",
      "Subscription_Service",
      "Receiving_Inbox_Service",
    ]);
    expect(childrenOf(find(written(full10.FeedInformationResponse), "Feed"))).toEqual([
      "Description",
      "Content_Binding",
      "Push_Method",
      "Polling_Service",
      "Subscription_Service",
    ]);
  });

  it("[XML-COL-004] have a volume from 0", () => {
    const volume = (text: string): string => collection("", `<Collection_Volume>${text}</Collection_Volume>`);
    expect(fromXml(taxii11.CollectionInformationResponse, volume("0")).collections[0]?.collectionVolume).toBe(0);
    for (const text of ["-1", "1.5", "", "many"]) expect(refusal(taxii11.CollectionInformationResponse, volume(text))).toBe("BAD_VALUE");
  });
});

describe("subscriptions", () => {
  it("[XML-SUB-010] of TAXII 1.0 have their content bindings with the push parameters", () => {
    expect(childrenOf(find(written(full10.SubscriptionManagementRequest), "Push_Parameters"))).toEqual([
      "Protocol_Binding",
      "Address",
      "Message_Binding",
      "Content_Binding",
    ]);
    const xml = message10(
      "Subscription_Management_Request",
      'message_id="1" action="SUBSCRIBE" feed_name="f"',
      "<Content_Binding>urn:example:f</Content_Binding>",
    );
    expect(refusal(taxii10.SubscriptionManagementRequest, xml)).toBe("UNEXPECTED_ELEMENT");
  });

  it("[XML-SUB-011] push in one message binding", () => {
    const push = (bindings: string): string =>
      message11(
        "Subscription_Management_Request",
        'message_id="1" action="SUBSCRIBE" collection_name="c"',
        `<Push_Parameters><Protocol_Binding>p</Protocol_Binding><Address>a</Address>${bindings}</Push_Parameters>`,
      );
    const one = "<Message_Binding>urn:example:m</Message_Binding>";
    expect([push(one), push(""), push(one + one)].map((xml) => refusal(taxii11.SubscriptionManagementRequest, xml))).toEqual([
      undefined,
      "MISSING_ELEMENT",
      "UNEXPECTED_ELEMENT",
    ]);
  });

  it("[XML-SUB-012] know the actions of their version", () => {
    const in11 = (action: string): unknown =>
      refusal(
        taxii11.SubscriptionManagementRequest,
        message11("Subscription_Management_Request", `message_id="1" action="${action}" collection_name="c"`),
      );
    const in10 = (action: string): unknown =>
      refusal(
        taxii10.SubscriptionManagementRequest,
        message10("Subscription_Management_Request", `message_id="1" action="${action}" feed_name="f"`),
      );
    for (const action of ["SUBSCRIBE", "UNSUBSCRIBE", "STATUS"]) expect([in10(action), in11(action)]).toEqual([undefined, undefined]);
    for (const action of ["PAUSE", "RESUME"]) expect([in10(action), in11(action)]).toEqual(["BAD_VALUE", undefined]);
    for (const action of ["subscribe", "DELETE", ""]) expect([in10(action), in11(action)]).toEqual(["BAD_VALUE", "BAD_VALUE"]);
  });

  it("[XML-SUB-014] are active unless stated otherwise", () => {
    const statusOf = (attributes: string): unknown =>
      fromXml(
        taxii11.SubscriptionManagementResponse,
        message11(
          "Subscription_Management_Response",
          'message_id="2" in_response_to="1" collection_name="c"',
          `<Subscription ${attributes}><Subscription_ID>s</Subscription_ID></Subscription>`,
        ),
      ).subscriptions[0]?.status;
    expect([statusOf(""), statusOf('status="PAUSED"'), statusOf('status="UNSUBSCRIBED"')]).toEqual(["ACTIVE", "PAUSED", "UNSUBSCRIBED"]);
    expect(() => statusOf('status="GONE"')).toThrow(/expected one of/);
  });
});

describe("polls", () => {
  const request = (content: string): string => message11("Poll_Request", 'message_id="1" collection_name="c"', content);

  it("[XML-PRQ-001] are for a subscription or with parameters, never both, never neither", () => {
    const cases = [
      "<Subscription_ID>s</Subscription_ID>",
      "<Poll_Parameters/>",
      "",
      "<Subscription_ID>s</Subscription_ID><Poll_Parameters/>",
      "<Poll_Parameters/><Subscription_ID>s</Subscription_ID>",
    ];
    expect(cases.map((content) => refusal(taxii11.PollRequest, request(content)))).toEqual([
      undefined,
      undefined,
      "MISSING_ELEMENT",
      "UNEXPECTED_ELEMENT",
      "UNEXPECTED_ELEMENT",
    ]);
    const both = { ...full11.SubscribedPollRequest.value, pollParameters: create(taxii11.PollParameters, {}) };
    expect(() => toXml(full11.PollRequest.shape, both)).toThrow(/Poll_Parameters cannot come here/);
    expect(validate(taxii11.PollRequest, both).valid).toBe(false);
  });

  it("[XML-PRQ-004] are answered at once and in full unless they state otherwise", () => {
    const { pollParameters } = fromXml(taxii11.PollRequest, request("<Poll_Parameters/>"));
    expect(pollParameters).toMatchObject({ allowAsynch: false, responseType: "FULL" });
    expect(create(taxii11.PollParameters, {})).toMatchObject({ allowAsynch: false, responseType: "FULL" });
    const asked = fromXml(
      taxii11.PollRequest,
      request('<Poll_Parameters allow_asynch="1"><Response_Type>COUNT_ONLY</Response_Type></Poll_Parameters>'),
    );
    expect(asked.pollParameters).toMatchObject({ allowAsynch: true, responseType: "COUNT_ONLY" });
  });

  it("[XML-PRQ-008] of TAXII 1.0 have a feed, a subscription and bindings, all at once if need be", () => {
    expect(attributesOf(written(full10.PollRequest))).toEqual([...ids, "feed_name", "subscription_id"]);
    expect(childrenOf(written(full10.PollRequest))).toEqual([
      ...header,
      "Exclusive_Begin_Timestamp",
      "Inclusive_End_Timestamp",
      "Content_Binding",
      ...footer,
    ]);
    expect(refusal(taxii10.PollRequest, message10("Poll_Request", 'message_id="1" feed_name="f"'))).toBeUndefined();
  });

  it("[XML-PRS-001] are answered with these attributes, and these defaults", () => {
    expect(attributesOf(written(full11.PollResponse))).toEqual([
      ...answerIds,
      "collection_name",
      "more",
      "result_id",
      "result_part_number",
    ]);
    const response = fromXml(taxii11.PollResponse, message11("Poll_Response", 'message_id="2" in_response_to="1" collection_name="c"'));
    expect(response).toMatchObject({ more: false, resultPartNumber: 1 });
    expect(response).not.toHaveProperty("resultId");
    for (const part of ["0", "-1", "one"]) {
      expect(
        refusal(
          taxii11.PollResponse,
          message11("Poll_Response", `message_id="2" in_response_to="1" collection_name="c" result_part_number="${part}"`),
        ),
      ).toBe("BAD_VALUE");
    }
  });

  it("[XML-PRS-005] [XML-PRS-010] [SVC-INBOX-017] of TAXII 1.1 have an exclusive begin and no inclusive one", () => {
    const inclusive = "<Inclusive_Begin_Timestamp>2014-12-19T00:00:00Z</Inclusive_Begin_Timestamp>";
    const response = (content: string): string =>
      message11("Poll_Response", 'message_id="2" in_response_to="1" collection_name="c"', content);
    expect(refusal(taxii11.PollResponse, response(inclusive))).toBe("UNEXPECTED_ELEMENT");
    expect(refusal(taxii11.PollResponse, response(`${inclusive.replaceAll("Inclusive", "Exclusive")}${inclusive}`))).toBe(
      "UNEXPECTED_ELEMENT",
    );
    const source = `<Source_Subscription collection_name="c"><Subscription_ID>s</Subscription_ID>${inclusive}</Source_Subscription>`;
    expect(refusal(taxii11.InboxMessage, message11("Inbox_Message", 'message_id="1"', source))).toBe("UNEXPECTED_ELEMENT");
    const both = { ...full11.PollResponse.value, inclusiveBeginTimestamp: "2014-12-19T00:00:00Z" };
    expect(() => toXml(full11.PollResponse.shape, both)).toThrow(/no such property/);
    expect(findings(taxii11.PollResponse, both)).toContain("error schema inclusiveBeginTimestamp");
  });

  it("[XML-PRS-006] of TAXII 1.0 are answered with an inclusive begin, if any, and an end", () => {
    const response = (content: string): string => message10("Poll_Response", 'message_id="2" in_response_to="1" feed_name="f"', content);
    const at = (name: string): string => `<${name}>2014-12-19T00:00:00Z</${name}>`;
    expect(refusal(taxii10.PollResponse, response(at("Inclusive_End_Timestamp")))).toBeUndefined();
    expect(refusal(taxii10.PollResponse, response(at("Inclusive_Begin_Timestamp") + at("Inclusive_End_Timestamp")))).toBeUndefined();
    expect(refusal(taxii10.PollResponse, response(at("Inclusive_Begin_Timestamp")))).toBe("MISSING_ELEMENT");
    expect(refusal(taxii10.PollResponse, response(at("Exclusive_Begin_Timestamp") + at("Inclusive_End_Timestamp")))).toBe(
      "UNEXPECTED_ELEMENT",
    );
  });

  it("[XML-PRS-007] are answered in the order of their version", () => {
    expect(childrenOf(written(full10.PollResponse))).toEqual([
      ...header,
      "Message",
      "Inclusive_Begin_Timestamp",
      "Inclusive_End_Timestamp",
      "Content_Block",
      "Content_Block",
      ...footer,
    ]);
    expect(childrenOf(written(full11.PollResponse))).toEqual([
      ...header,
      "Subscription_ID",
      "Exclusive_Begin_Timestamp",
      "Inclusive_End_Timestamp",
      "Record_Count",
      "Message",
      "Content_Block",
      "Content_Block",
      ...footer,
    ]);
  });

  it("[XML-PRS-008] count records from 0, and completely unless stated otherwise", () => {
    const response = (count: string): string => message11("Poll_Response", 'message_id="2" in_response_to="1" collection_name="c"', count);
    expect(fromXml(taxii11.PollResponse, response("<Record_Count>7</Record_Count>")).recordCount).toEqual({
      value: 7,
      partialCount: false,
    });
    expect(refusal(taxii11.PollResponse, response("<Record_Count>-1</Record_Count>"))).toBe("BAD_VALUE");
  });

  it("[XML-FUL-001] are fulfilled by collection, result and part", () => {
    expect(attributesOf(written(full11.PollFulfillment))).toEqual([...ids, "collection_name", "result_id", "result_part_number"]);
    const fulfillment = (attributes: string): string => message11("Poll_Fulfillment", `message_id="1" collection_name="c" ${attributes}`);
    expect(refusal(taxii11.PollFulfillment, fulfillment('result_part_number="1"'))).toBe("MISSING_ATTRIBUTE");
    expect(refusal(taxii11.PollFulfillment, fulfillment('result_id="r" result_part_number="0"'))).toBe("BAD_VALUE");
  });
});

describe("inbox messages", () => {
  it("[XML-INB-001] have these parts in this order", () => {
    expect(attributesOf(written(full11.InboxMessage))).toEqual([...ids, "result_id"]);
    expect(childrenOf(written(full11.InboxMessage))).toEqual([
      ...header,
      "Destination_Collection_Name",
      "Destination_Collection_Name",
      "Message",
      "Source_Subscription",
      "Record_Count",
      "Content_Block",
      "Content_Block",
      ...footer,
    ]);
  });

  it("[XML-INB-004] of TAXII 1.0 may have a range from the start", () => {
    const source =
      '<Source_Subscription feed_name="f" subscription_id="s"><Inclusive_End_Timestamp>2014-12-19T00:00:00Z</Inclusive_End_Timestamp></Source_Subscription>';
    const message = fromXml(taxii10.InboxMessage, message10("Inbox_Message", 'message_id="1"', source));
    expect(message.sourceSubscription).not.toHaveProperty("inclusiveBeginTimestamp");
    expect(findings(taxii10.InboxMessage, message)).toEqual([]);
  });
});

describe("content blocks", () => {
  it("[XML-CBK-001] [SIG-MSG-002] have these parts in this order, the signature last", () => {
    expect(childrenOf(find(written(full11.PollResponse), "Content_Block"))).toEqual([
      "Content_Binding",
      "Content",
      "Timestamp_Label",
      "Message",
      "Padding",
      "Signature",
    ]);
    expect(childrenOf(find(written(full10.PollResponse), "Content_Block"))).toEqual([
      "Content_Binding",
      "Content",
      "Timestamp_Label",
      "Padding",
      "Signature",
    ]);
  });

  it("[XML-CBK-002] have one binding, with one subtype at most", () => {
    const block = (subtypes: string): string =>
      message11(
        "Inbox_Message",
        'message_id="1"',
        `<Content_Block><Content_Binding binding_id="a|b">${subtypes}</Content_Binding><Content/></Content_Block>`,
      );
    const one = '<Subtype subtype_id="s"/>';
    expect([block(""), block(one), block(one + one)].map((xml) => refusal(taxii11.InboxMessage, xml))).toEqual([
      undefined,
      undefined,
      "UNEXPECTED_ELEMENT",
    ]);
    expect(
      written(full10.PollResponse)
        .children.filter(({ local }) => local === "Content_Block")
        .map((one10) => find(one10, "Content_Binding")?.text),
    ).toEqual(["urn:stix.mitre.org:xml:1.0", "http://www.w3.org/2001/04/xmlenc#|urn:stix.mitre.org:xml:1.0"]);
  });

  it("[XML-CBK-006] may have a label", () => {
    const labels = written(full11.PollResponse)
      .children.filter(({ local }) => local === "Content_Block")
      .map((block) => find(block, "Timestamp_Label")?.text);
    expect(labels).toEqual(["2014-12-19T00:00:00.000001Z", undefined]);
  });
});

describe("signatures", () => {
  it.each(allExamples)("[SIG-MSG-001] are the last child of %s", (_, example) => {
    expect(childrenOf(written(example)).at(-1)).toBe("Signature");
    expect(childrenOf(written(example)).filter((name) => name === "Signature")).toHaveLength(1);
  });
});

describe("identifiers of messages", () => {
  it("[XML-ID-001] are ASCII digits in TAXII 1.0, taken as text", () => {
    const request = (id: string): string => message10("Discovery_Request", `message_id="${id}"`);
    expect(fromXml(taxii10.DiscoveryRequest, request("007")).messageId).toBe("007");
    for (const id of [" 7", "7 ", "-7", "+7", "7.0", "", "x", "٧", "urn:x"])
      expect(refusal(taxii10.DiscoveryRequest, request(id)), id).toBe("BAD_VALUE");
    const response = fromXml(
      taxii10.StatusMessage,
      message10("Status_Message", 'message_id="1" in_response_to="007" status_type="SUCCESS"'),
    );
    expect(toXml(taxii10.StatusMessage, response)).toContain('in_response_to="007"');
  });

  it("[XML-ID-002] are URIs in TAXII 1.1, and come back as they were", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uuid(), fc.webUrl(), fc.bigInt({ min: 0n }).map(String), fc.constantFrom("urn:example:A%2f%2Fb", "x", "URN:Example:a")),
        (messageId) => {
          const message = create(taxii11.DiscoveryRequest, { messageId });
          expect(fromXml(taxii11.DiscoveryRequest, toXml(taxii11.DiscoveryRequest, message)).messageId).toBe(messageId);
        },
      ),
    );
  });

  it.each(allExamples)("[XML-ID-004] answer a request where %s does, and only there", (_, { shape, value }) => {
    const answers = /Response$|StatusMessage$/.test(shape.name);
    expect(attributesOf(tree(toXml(shape, value))).includes("in_response_to")).toBe(answers);
    const xml = toXml(shape, value);
    if (answers) expect(refusal(shape, xml.replace(/ in_response_to="[^"]*"/, ""))).toBe("MISSING_ATTRIBUTE");
    else expect(refusal(shape, xml.replace(/ message_id=/, ' in_response_to="1" message_id='))).toBe("UNEXPECTED_ATTRIBUTE");
  });
});

it("[VER-ID-009] there are no other messages", () => {
  const all: readonly Shape[] = [...taxii10.messages, ...taxii11.messages];
  expect(refusal(all, message11("Feed_Information_Request", 'message_id="1"'))).toBe("UNKNOWN_MESSAGE");
  expect(refusal(all, message11("TAXII_Message", 'message_id="1"'))).toBe("UNKNOWN_MESSAGE");
  expect(refusal(all, message10("Poll_Fulfillment", 'message_id="1" collection_name="c" result_id="r"'))).toBe("UNKNOWN_MESSAGE");
  expect(refusal(all, '<Discovery_Request xmlns="urn:example:taxii" message_id="1"/>')).toBe("UNKNOWN_MESSAGE");
  expect(refusal(all, '<Discovery_Request message_id="1"/>')).toBe("UNKNOWN_MESSAGE");
});
