/** Messages of TAXII 1.0 that keep to every rule of its specification, and say nothing that a receiver is to disregard. */

import fc from "fast-check";
import * as taxii10 from "../../../generated/taxii10/index.js";
import { actions10, contentBindings, serviceTypes10, statusTypes10, versionIds } from "../../../src/constants.js";
import { create } from "../../../src/message/create.js";
import { fromMicroseconds } from "../../../src/message/instant.js";

const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined });
const some = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(values, { maxLength: 3 });
const ids = fc.oneof(fc.constantFrom("0", "007", "123456789012345678901234567890"), fc.nat().map(String));
const texts = fc.constantFrom("", " two  spaces ", "a & b", "line\nbreak", "]]>", "日本");
const names = fc.constantFrom("default", "urn:example:feed", "http://example.com/feed?a=b");
const bindings = fc.constantFrom<string>(contentBindings.stix111, contentBindings.xmlEncryption, "urn:example:format");
const bindingLists = fc.uniqueArray(bindings, { maxLength: 3 });

const extendedHeaders = optional(
  fc
    .array(
      fc.record({ name: fc.constantFrom("urn:example:a", "urn:example:b"), content: fc.constantFrom({ text: "t" }, { xml: "<a>1</a>" }) }),
      { minLength: 1, maxLength: 3 },
    )
    .map((list) => ({ extendedHeaders: list })),
);
const signature = optional(
  fc.constant({ xml: `<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"><s:SignedInfo/><s:SignatureValue/></s:Signature>` }),
);
const request = { messageId: ids, extendedHeaders, signature };
const response = { ...request, inResponseTo: ids };

const contact = fc.constantFrom<taxii10.ServiceContactInfo>(
  { protocolBinding: versionIds.https10, address: "https://example.com/a", messageBindings: [versionIds.xml10] },
  { protocolBinding: versionIds.http10, address: "http://example.com/b", messageBindings: [versionIds.xml11, versionIds.xml10] },
);
const contacts = some(contact);
const push: fc.Arbitrary<taxii10.PushParameter> = fc
  .tuple(contact, bindingLists)
  .map(([{ messageBindings, ...rest }, contentBindings]) => ({
    ...rest,
    messageBinding: messageBindings[0] ?? versionIds.xml10,
    contentBindings,
  }));

// Labels between the years 1 and 9999 that have a label before them; in UTC or elsewhere.
const instants = fc.bigInt({ min: -62_135_596_799_999_999n, max: 253_402_300_799_999_998n });
const labels = fc.oneof(
  instants.map(fromMicroseconds),
  fc.constantFrom(
    "2014-12-19T00:00:00Z",
    "2016-02-29T23:59:59.5+05:30",
    "0001-01-01T00:00:00.000001-14:00",
    "2014-12-31T23:59:59.999999+01:00",
  ),
);
const ranges = fc.record({ inclusiveBeginTimestamp: optional(labels), inclusiveEndTimestamp: labels });

const blocks: fc.Arbitrary<taxii10.ContentBlock> = fc.record({
  contentBinding: fc.oneof(bindings, fc.constant("http://www.w3.org/2001/04/xmlenc#|urn:stix.mitre.org:xml:1.1.1")),
  content: fc.constantFrom({ text: "" }, { text: "<not markup" }, { xml: '<n:a xmlns:n="urn:n">t</n:a>' }, { xml: "a<b/>c" }),
  timestampLabel: optional(labels),
  padding: optional(texts),
  signature,
});

const prescribed: Readonly<Record<string, fc.Arbitrary<string>>> = {
  RETRY: fc.constantFrom("2014-12-19T00:00:00Z", "2030-01-01t00:00:00.5z", "2016-12-31T23:59:60Z", " 2014-12-19T00:00:00Z "),
  UNSUPPORTED_MESSAGE: fc.constantFrom("urn:a:b", "urn:a:b  urn:c:d", "urn:a:b urn:a:b", "urn:a:b urn:c:d"),
  UNSUPPORTED_CONTENT: fc.constantFrom("urn:a:b", "urn:a:b\turn:c:d", "urn:a:b urn:a:b", "urn:a:b urn:c:d"),
  UNSUPPORTED_PROTOCOL: fc.constantFrom("urn:a:b", "urn:a:b urn:c:d"),
};
const status = fc.constantFrom<string>(...statusTypes10, "http://example.com/own").chain((statusType) =>
  fc.record({
    ...response,
    statusType: fc.constant(statusType),
    statusDetail: optional(prescribed[statusType] ?? texts),
    message: optional(texts),
  }),
);

const feed: fc.Arbitrary<taxii10.FeedRecord> = fc
  .record({
    available: optional(fc.boolean()),
    description: texts,
    contentBindings: fc.uniqueArray(bindings, { minLength: 1, maxLength: 3 }),
    pushMethods: some(contact.map(({ protocolBinding, messageBindings }) => ({ protocolBinding, messageBindings }))),
    pollingServices: contacts,
    subscriptionServices: contacts,
  })
  .filter(({ pushMethods, pollingServices }) => pushMethods.length + pollingServices.length > 0)
  .map((record) => ({ ...record, feedName: "" }));
const feeds = fc
  .array(feed, { maxLength: 3 })
  .map((list) => list.map((record, index) => ({ ...record, feedName: `urn:example:${index}` })));

const subscription: fc.Arbitrary<taxii10.SubscriptionRecord> = fc.oneof(
  fc.record({ subscriptionId: names, pushParameters: push, pollInstances: contacts }),
  fc.record({ subscriptionId: names, pollInstances: fc.array(contact, { minLength: 1, maxLength: 2 }) }),
);

const subscriptionRequest = fc.constantFrom(...actions10).chain((action) =>
  fc.record({
    ...request,
    action: fc.constant(action),
    feedName: names,
    subscriptionId: action === "UNSUBSCRIBE" ? names : fc.constant(undefined),
    pushParameters: action === "SUBSCRIBE" ? optional(push) : fc.constant(undefined),
  }),
);

const service: fc.Arbitrary<taxii10.ServiceInstance> = fc
  .record({
    serviceType: fc.constantFrom(...serviceTypes10),
    available: optional(fc.boolean()),
    serviceVersion: fc.constantFrom(versionIds.services10, versionIds.services11),
    contact,
    contentBindings: bindingLists,
    message: optional(texts),
  })
  .map(({ contact: at, ...rest }) => ({ ...rest, ...at }));

const bounds = fc.constantFrom(
  {},
  { exclusiveBeginTimestamp: "2014-12-19T00:00:00Z" },
  { inclusiveEndTimestamp: "2014-12-19T00:00:00.000001+14:00" },
  { exclusiveBeginTimestamp: "2014-12-19T00:00:00Z", inclusiveEndTimestamp: "2014-12-19T00:00:00.000001Z" },
);
const asked: fc.Arbitrary<{ subscriptionId?: string; contentBindings?: string[] }> = fc.oneof(
  fc.record({ subscriptionId: names }),
  bindingLists.map((contentBindings) => ({ contentBindings })),
);

const source = fc
  .tuple(names, names, ranges)
  .map(([feedName, subscriptionId, range]): taxii10.SourceSubscription => ({ feedName, subscriptionId, ...range }));

/** A message of each type, by name. */
export const messages10 = {
  StatusMessage: status.map((init) => create(taxii10.StatusMessage, init)),
  DiscoveryRequest: fc.record(request).map((init) => create(taxii10.DiscoveryRequest, init)),
  DiscoveryResponse: fc.record({ ...response, serviceInstances: some(service) }).map((init) => create(taxii10.DiscoveryResponse, init)),
  FeedInformationRequest: fc.record(request).map((init) => create(taxii10.FeedInformationRequest, init)),
  FeedInformationResponse: fc.record({ ...response, feeds }).map((init) => create(taxii10.FeedInformationResponse, init)),
  SubscriptionManagementRequest: subscriptionRequest.map((init) => create(taxii10.SubscriptionManagementRequest, init)),
  SubscriptionManagementResponse: fc
    .record({ ...response, feedName: names, message: optional(texts), subscriptions: some(subscription) })
    .map((init) => create(taxii10.SubscriptionManagementResponse, init)),
  PollRequest: fc
    .tuple(fc.record({ ...request, feedName: names }), bounds, asked)
    .map(([init, range, what]) => create(taxii10.PollRequest, { ...init, ...range, ...what })),
  PollResponse: fc
    .tuple(
      fc.record({ ...response, feedName: names, subscriptionId: optional(names), message: optional(texts), contentBlocks: some(blocks) }),
      ranges,
    )
    .map(([init, range]) => create(taxii10.PollResponse, { ...init, ...range })),
  InboxMessage: fc
    .record({ ...request, message: optional(texts), sourceSubscription: optional(source), contentBlocks: some(blocks) })
    .map((init) => create(taxii10.InboxMessage, init)),
};
