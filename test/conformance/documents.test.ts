/** Documents: roots, namespaces, attributes, white space, values, defaults, characters; and what is refused for safety. */

import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import { parseFragment } from "../../src/codec/fragment.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { namespaces } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { compareTimestamps } from "../../src/message/timestamp.js";
import { validateXml } from "../../src/message/validate-xml.js";
import { allExamples, full10, full11 } from "./full-messages.js";
import { message10, message11, refusal, tree } from "./xml.js";

describe("the root", () => {
  it.each(allExamples)("[XML-GEN-001] of %s is the message in the namespace of its version", (_, { shape, value }) => {
    const root = tree(toXml(shape, value));
    expect(root.local).toBe(shape.element);
    expect(root.namespace).toBe(shape.name.startsWith("taxii10") ? namespaces.taxii10 : namespaces.taxii11);
  });

  it("[XML-GEN-002] is the only message of its document", () => {
    const one = message11("Discovery_Request", 'message_id="1"');
    expect(refusal(taxii11.messages, one + one)).toBe("XML_MALFORMED");
    expect(refusal(taxii11.messages, `<messages>${one}</messages>`)).toBe("UNKNOWN_MESSAGE");
    expect(refusal(taxii11.messages, message11("Poll_Response", 'message_id="2" in_response_to="1" collection_name="c"', one))).toBe(
      "UNEXPECTED_ELEMENT",
    );
    const within = message11(
      "Discovery_Request",
      'message_id="1"',
      `<Extended_Headers><Extended_Header name="urn:example:h">${one}</Extended_Header></Extended_Headers>`,
    );
    expect(fromXml(taxii11.messages, within)).toMatchObject({
      $type: "taxii11.DiscoveryRequest",
      extendedHeaders: { extendedHeaders: [{ content: { xml: one } }] },
    });
  });

  it("[XML-GEN-005] holds nothing but what is defined for it, and so do its parts", () => {
    expect(
      refusal(
        taxii11.PollRequest,
        message11("Poll_Request", 'message_id="1" collection_name="c"', "<Subscription_ID>s</Subscription_ID><Extra/>"),
      ),
    ).toBe("UNEXPECTED_ELEMENT");
    expect(
      refusal(
        taxii11.PollRequest,
        message11("Poll_Request", 'message_id="1" collection_name="c"', "text<Subscription_ID>s</Subscription_ID>"),
      ),
    ).toBe("UNEXPECTED_TEXT");
    expect(
      refusal(
        taxii11.PollRequest,
        message11("Poll_Request", 'message_id="1" collection_name="c"', "<Subscription_ID>s<b/></Subscription_ID>"),
      ),
    ).toBe("UNEXPECTED_ELEMENT");
    expect(
      refusal(
        taxii11.PollRequest,
        message11("Poll_Request", 'message_id="1" collection_name="c"', '<Subscription_ID xmlns="urn:x">s</Subscription_ID>'),
      ),
    ).toBe("UNEXPECTED_ELEMENT");
  });

  it("[XML-GEN-016] has no attributes of anyone else but the hints of XML Schema", () => {
    const request = (attribute: string): string =>
      message11("Discovery_Request", `message_id="1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="urn:x" ${attribute}`);
    expect(
      refusal(
        taxii11.DiscoveryRequest,
        request('xsi:schemaLocation="urn:x http://127.0.0.1:1/x.xsd" xsi:noNamespaceSchemaLocation="x.xsd"'),
      ),
    ).toBeUndefined();
    for (const attribute of ['lang="en"', 'x:lang="en"', 'xml:lang="en"', 'x:message_id="2"'])
      expect(refusal(taxii11.DiscoveryRequest, request(attribute)), attribute).toBe("UNEXPECTED_ATTRIBUTE");
    expect(refusal(taxii11.DiscoveryRequest, request("").replace("message_id", "x:message_id"))).toBe("MISSING_ATTRIBUTE");
  });

  it("[XML-GEN-017] has the type it has, whatever xsi:type says; another type is refused", () => {
    const request = (type: string): string =>
      message11(
        "Discovery_Request",
        `message_id="1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="${namespaces.taxii11}" xsi:type="${type}"`,
      );
    expect(fromXml(taxii11.DiscoveryRequest, request("t:TAXIIDiscoveryRequestType"))).toEqual(
      create(taxii11.DiscoveryRequest, { messageId: "1" }),
    );
    expect(refusal(taxii11.DiscoveryRequest, request("t:TAXIIPollRequestType"))).toBe("BAD_TYPE");
    expect(refusal(taxii11.DiscoveryRequest, request("t:MessageType"))).toBe("BAD_TYPE");
  });
});

describe("attributes and prefixes", () => {
  it("[XML-GEN-004] come in any order", () => {
    const attributes = [
      'message_id="2"',
      'in_response_to="1"',
      'collection_name="c"',
      'more="true"',
      'result_id="r"',
      'result_part_number="2"',
    ];
    const expected = fromXml(taxii11.PollResponse, message11("Poll_Response", attributes.join(" ")));
    fc.assert(
      fc.property(fc.shuffledSubarray(attributes, { minLength: attributes.length }), (order) => {
        expect(fromXml(taxii11.PollResponse, message11("Poll_Response", order.join("\n")))).toEqual(expected);
      }),
    );
  });

  it.each(allExamples)("[XML-GEN-009] do not matter to %s", (_, { shape, value }) => {
    const xml = toXml(shape, value);
    const [, prefix = ""] = /<(taxii(?:_11)?):/.exec(xml) ?? [];
    const other = xml.replaceAll(`${prefix}:`, "x.-1:").replaceAll(`xmlns:${prefix}=`, "xmlns:x.-1=");
    expect(fromXml(shape, other)).toEqual(value);
    // The same as default namespace: what is within open content declares its own.
    const unprefixed = xml.replaceAll(`<${prefix}:`, "<").replaceAll(`</${prefix}:`, "</").replace(`xmlns:${prefix}=`, "xmlns=");
    const read = fromXml(shape, unprefixed);
    expect(tree(toXml(shape, read)).children.map(({ local }) => local)).toEqual(tree(xml).children.map(({ local }) => local));
  });

  it("[XML-GEN-009] can change from element to element", () => {
    const ns = namespaces.taxii11;
    const styles = [
      `<a:Poll_Request xmlns:a="${ns}" message_id="1" collection_name="c"><a:Subscription_ID>s</a:Subscription_ID></a:Poll_Request>`,
      `<a:Poll_Request xmlns:a="${ns}" message_id="1" collection_name="c"><Subscription_ID xmlns="${ns}">s</Subscription_ID></a:Poll_Request>`,
      `<Poll_Request xmlns="${ns}" message_id="1" collection_name="c"><b:Subscription_ID xmlns:b="${ns}">s</b:Subscription_ID></Poll_Request>`,
      `<a:Poll_Request xmlns:a="${ns}" message_id="1" collection_name="c"><a:Subscription_ID xmlns:a="${ns}">s</a:Subscription_ID></a:Poll_Request>`,
    ];
    for (const xml of styles)
      expect(fromXml(taxii11.PollRequest, xml)).toEqual(
        create(taxii11.PollRequest, { messageId: "1", collectionName: "c", subscriptionId: "s" }),
      );
  });
});

describe("values", () => {
  const service = (attribute: string): string =>
    message11(
      "Discovery_Response",
      'message_id="2" in_response_to="1"',
      `<Service_Instance service_type="POLL" service_version="v" ${attribute}><Protocol_Binding>p</Protocol_Binding><Address>a</Address><Message_Binding>m</Message_Binding></Service_Instance>`,
    );
  const available = (attribute: string): unknown => fromXml(taxii11.DiscoveryResponse, service(attribute)).serviceInstances[0]?.available;

  it("[XML-GEN-010] that are true or false have four spellings, with white space around them", () => {
    expect(["true", "1", " true ", "\n1\t"].map((text) => available(`available="${text}"`))).toEqual([true, true, true, true]);
    expect(["false", "0", " 0"].map((text) => available(`available="${text}"`))).toEqual([false, false, false]);
    for (const text of ["True", "TRUE", "yes", "", "2", "t"])
      expect(refusal(taxii11.DiscoveryResponse, service(`available="${text}"`)), text).toBe("BAD_VALUE");
  });

  it("[XML-GEN-013] of `available` are three: true, false, not stated", () => {
    expect([available('available="true"'), available('available="false"'), available("")]).toEqual([true, false, undefined]);
    for (const stated of [true, false, undefined]) {
      const instance = {
        serviceType: "POLL" as const,
        serviceVersion: "v",
        protocolBinding: "p",
        address: "a",
        messageBindings: ["m"],
        available: stated,
      };
      const first = create(taxii10.DiscoveryResponse, { inResponseTo: "1", serviceInstances: [instance] });
      expect(fromXml(taxii10.DiscoveryResponse, toXml(taxii10.DiscoveryResponse, first)).serviceInstances[0]?.available).toBe(stated);
      const second = create(taxii11.DiscoveryResponse, { inResponseTo: "1", serviceInstances: [instance] });
      expect(fromXml(taxii11.DiscoveryResponse, toXml(taxii11.DiscoveryResponse, second)).serviceInstances[0]?.available).toBe(stated);
    }
  });

  it("[XML-GEN-011] that are numbers may have a plus sign and leading zeros", () => {
    const part = (text: string): string =>
      message11("Poll_Fulfillment", `message_id="1" collection_name="c" result_id="r" result_part_number="${text}"`);
    expect(["+02", "2", "0002", " 2\n"].map((text) => fromXml(taxii11.PollFulfillment, part(text)).resultPartNumber)).toEqual([2, 2, 2, 2]);
    for (const text of ["0", "-0", "-2", "2.0", "1e1", "0x2", "", "+"])
      expect(refusal(taxii11.PollFulfillment, part(text)), text).toBe("BAD_VALUE");
    const count = (text: string): string => message11("Inbox_Message", 'message_id="1"', `<Record_Count>${text}</Record_Count>`);
    expect(["-0", "+0", "00"].map((text) => fromXml(taxii11.InboxMessage, count(text)).recordCount?.value)).toEqual([0, 0, 0]);
  });

  it("[XML-GEN-012] lose the white space around them, except texts", () => {
    const request = fromXml(
      taxii11.SubscriptionManagementRequest,
      message11(
        "Subscription_Management_Request",
        'message_id=" 1&#10;" action="PAUSE" collection_name=" c "',
        "<Subscription_ID>\n  s 1 \n</Subscription_ID><Push_Parameters><Protocol_Binding>\tp\n</Protocol_Binding><Address> a\n</Address><Message_Binding> m </Message_Binding></Push_Parameters>",
      ),
    );
    expect(request).toMatchObject({
      messageId: "1",
      collectionName: "c",
      subscriptionId: "s 1",
      pushParameters: { protocolBinding: "p", address: " a\n", messageBinding: "m" },
    });
    const block =
      "<Content_Block><Content_Binding binding_id='b'/><Content/><Timestamp_Label> 2014-12-19T00:00:00Z\n</Timestamp_Label><Message> line\n line </Message><Padding>  \n </Padding></Content_Block>";
    const { contentBlocks } = fromXml(taxii11.InboxMessage, message11("Inbox_Message", 'message_id="1"', block));
    expect(contentBlocks).toMatchObject([{ timestampLabel: "2014-12-19T00:00:00Z", message: " line\n line ", padding: "  \n " }]);
    expect(
      fromXml(taxii11.InboxMessage, toXml(taxii11.InboxMessage, create(taxii11.InboxMessage, { contentBlocks }))).contentBlocks,
    ).toEqual(contentBlocks);
  });

  it("[XML-GEN-014] of Response_Type are FULL when the element is empty or not there", () => {
    const parameters = (content: string): unknown =>
      fromXml(
        taxii11.PollRequest,
        message11("Poll_Request", 'message_id="1" collection_name="c"', `<Poll_Parameters>${content}</Poll_Parameters>`),
      ).pollParameters?.responseType;
    expect(["", "<Response_Type/>", "<Response_Type></Response_Type>", "<Response_Type>FULL</Response_Type>"].map(parameters)).toEqual(
      Array(4).fill("FULL"),
    );
    expect(() => parameters("<Response_Type> FULL </Response_Type>")).toThrow(/expected one of/);
  });

  it("[XML-GEN-015] hold no characters that XML cannot carry", () => {
    const message = (text: string): string =>
      toXml(taxii11.StatusMessage, create(taxii11.StatusMessage, { inResponseTo: "1", statusType: "FAILURE", message: text }));
    for (const text of ["\u0000", "a\u0008", "\u001f", "\ufffe", "\uffff", "\ud800", "\udc00x"])
      expect(() => message(text), JSON.stringify(text)).toThrow(/control characters/);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text));
        expect(fromXml(taxii11.StatusMessage, message(text)).message).toBe(text);
      }),
    );
  });
});

describe("timestamp labels", () => {
  it("[XML-TS-005] keep every digit and their offset", () => {
    const label = "2014-12-19T00:00:00.000001+05:30";
    const message = create(taxii11.PollRequest, { collectionName: "c", exclusiveBeginTimestamp: label, subscriptionId: "s" });
    expect(fromXml(taxii11.PollRequest, toXml(taxii11.PollRequest, message)).exclusiveBeginTimestamp).toBe(label);
    expect(compareTimestamps("2014-12-19T00:00:00.000001Z", "2014-12-19T00:00:00.000002Z")).toBeLessThan(0);
  });

  it("[XML-TS-004] are compared to any number of digits", () => {
    expect(compareTimestamps("2014-12-19T00:00:00.1234567Z", "2014-12-19T00:00:00.1234568Z")).toBeLessThan(0);
    expect(compareTimestamps("2014-12-19T00:00:00.12345600000Z", "2014-12-19T00:00:00.123456Z")).toBe(0);
  });

  it("[XML-TS-006] are compared by instant", () => {
    expect(compareTimestamps("2014-12-19T10:00:00+02:00", "2014-12-19T09:00:00Z")).toBeLessThan(0);
    expect(compareTimestamps("2014-12-19T10:00:00+02:00", "2014-12-19T08:00:00Z")).toBe(0);
    expect(compareTimestamps("2014-12-19T23:00:00-01:00", "2014-12-19T23:59:59Z")).toBeGreaterThan(0);
  });
});

describe("what is written", () => {
  it("[XML-GEN-019] is UTF-8 with a declaration, without a byte order mark", () => {
    const message = create(taxii11.StatusMessage, { messageId: "2", inResponseTo: "1", statusType: "FAILURE", message: "Zürich 日本 🙂" });
    const xml = toXml(taxii11.StatusMessage, message);
    expect(xml).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<taxii_11:Status_Message xmlns:taxii_11="${namespaces.taxii11}" message_id="2" in_response_to="1" status_type="FAILURE"><taxii_11:Message>Zürich 日本 🙂</taxii_11:Message></taxii_11:Status_Message>`,
    );
    expect(fromXml(taxii11.StatusMessage, new TextEncoder().encode(xml))).toEqual(message);
  });

  it.each([["1.0", full10.InboxMessage] as const, ["1.1", full11.InboxMessage] as const])(
    "[XML-GEN-019] has content as it was, also when it is indented: %s",
    (_, { shape, value }) => {
      const pretty = toXml(shape, value, { pretty: true });
      expect(pretty).toContain("\n  <");
      expect(fromXml(shape, pretty)).toEqual(value);
    },
  );
});

describe("safety", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const secret = '<!DOCTYPE Discovery_Request [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
  const bomb = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>';

  it.each([secret, bomb, "<!DOCTYPE Discovery_Request>", '<!DOCTYPE d SYSTEM "http://127.0.0.1/d.dtd">'])(
    "[SEC-XML-001] refuses %s",
    (doctype) => {
      const request = message11("Discovery_Request", 'message_id="1"');
      expect(refusal(taxii11.DiscoveryRequest, `${doctype}${request}`)).toBe("XML_FORBIDDEN");
      expect(() => parseFragment(`${doctype}<a/>`)).toThrow();
      expect(validateXml(`${doctype}${request}`).ok).toBe(false);
    },
  );

  it("[SEC-XML-001] knows the five entities of XML and no others", () => {
    const status = (text: string): string =>
      message11("Status_Message", 'message_id="2" in_response_to="1" status_type="FAILURE"', `<Message>${text}</Message>`);
    expect(fromXml(taxii11.StatusMessage, status("&lt;&gt;&amp;&quot;&apos;&#65;&#x1F642;")).message).toBe(`<>&"'A🙂`);
    expect(refusal(taxii11.StatusMessage, status("&nbsp;"))).toBe("XML_MALFORMED");
  });

  it("[SEC-XML-002] follows no references", () => {
    const fetching = vi.fn();
    vi.stubGlobal("fetch", fetching);
    const location = "http://127.0.0.1:1/x";
    const content = `<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="${location}"/><?xml-stylesheet href="${location}"?>`;
    const signature = `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><Reference URI="${location}"/></SignedInfo></Signature>`;
    const xml = message11(
      "Inbox_Message",
      `message_id="1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x ${location}"`,
      `<Content_Block><Content_Binding binding_id="b"/><Content>${content}</Content></Content_Block>${signature}`,
    );
    const [block] = fromXml(taxii11.InboxMessage, xml).contentBlocks;
    expect(JSON.stringify(block?.content)).toContain("<x:include ");
    validateXml(xml);
    expect(fetching).not.toHaveBeenCalled();
  });

  it("[SEC-XML-003] limits depth, attributes, texts, lists and the whole", () => {
    const deep = (depth: number): string =>
      message11(
        "Inbox_Message",
        'message_id="1"',
        `<Content_Block><Content_Binding binding_id="b"/><Content>${"<a>".repeat(depth)}${"</a>".repeat(depth)}</Content></Content_Block>`,
      );
    expect(refusal(taxii11.InboxMessage, deep(100))).toBeUndefined();
    expect(refusal(taxii11.InboxMessage, deep(1000))).toBe("LIMIT_EXCEEDED");
    const wide = message11("Discovery_Request", `message_id="1" ${Array.from({ length: 1000 }, (_, index) => `a${index}=""`).join(" ")}`);
    expect(refusal(taxii11.DiscoveryRequest, wide)).toBe("LIMIT_EXCEEDED");
    const names = message11("Inbox_Message", 'message_id="1"', "<Destination_Collection_Name>c</Destination_Collection_Name>".repeat(10));
    for (const limits of [{ maxItems: 9 }, { maxBytes: 100 }, { maxDepth: 1 }, { maxTextLength: 0 }]) {
      expect(() => fromXml(taxii11.InboxMessage, names, { limits }), JSON.stringify(limits)).toThrow(
        new RegExp(`the limit ${Object.keys(limits)[0]}`),
      );
    }
  });
});

describe("a draft", () => {
  it("[VER-ID-003] is not read as one of the versions", () => {
    for (const ns of [
      "http://docs.oasis-open.org/cti/ns/taxii/xml/binding-1.1.1",
      "http://docs.oasis-open.org/cti/ns/taxii/xml-binding-1.1.1",
    ]) {
      expect(refusal([...taxii11.messages], `<Discovery_Request xmlns="${ns}" message_id="1"/>`)).toBe("UNKNOWN_MESSAGE");
    }
    expect(refusal([...taxii10.messages], message11("Discovery_Request", 'message_id="1"'))).toBe("UNKNOWN_MESSAGE");
    expect(refusal([...taxii11.messages], message10("Discovery_Request", 'message_id="1"'))).toBe("UNKNOWN_MESSAGE");
  });
});
