/** A message of every kind, with every part it can have, and without anything to complain about. */

import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import type { Shape } from "../../src/binding/index.js";
import { contentBindings, versionIds } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { queryBody, queryInfoBody } from "../../src/message/query-body.js";

const begin = "2014-12-19T00:00:00.000001Z";
const end = "2014-12-20T00:00:00+01:00";
const extendedHeaders = {
  extendedHeaders: [
    { name: "urn:example:priority", content: { text: "high" } },
    {
      name: "urn:example:trace",
      content: { xml: 'from <t:hop xmlns:t="urn:example:trace">a</t:hop> to <t:hop xmlns:t="urn:example:trace">b</t:hop>' },
    },
  ],
};
const signature = { xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature>' };
const header = { messageId: "42", extendedHeaders, signature };
const answer = { ...header, inResponseTo: "41" };
const message = "For people to read.";

const contact = {
  protocolBinding: versionIds.https10,
  address: "https://taxii.example.com/poll?tenant=7",
  messageBindings: [versionIds.xml11, versionIds.xml10],
};
const inbox = { protocolBinding: versionIds.https10, address: "https://inbox.example.com/", messageBinding: versionIds.xml11 };
const binding = {
  bindingId: contentBindings.stix111,
  subtypes: [{ subtypeId: "urn:example:watchlist" }, { subtypeId: "urn:example:report" }],
};

const query = queryBody({
  targetingExpressionId: contentBindings.stix111,
  criteria: {
    operator: "AND",
    items: [
      {
        criteria: {
          operator: "OR",
          items: [
            {
              criterion: {
                negate: false,
                target: "**/Title",
                test: {
                  capabilityId: "urn:taxii.mitre.org:query:capability:regex-1",
                  relationship: "matches",
                  parameters: [{ name: "value", value: "^a" }],
                },
              },
            },
          ],
        },
      },
      {
        criterion: {
          negate: true,
          target: "STIX_Package/@timestamp",
          test: {
            capabilityId: "urn:taxii.mitre.org:query:capability:timestamp-1",
            relationship: "less_than",
            parameters: [{ name: "value", value: begin }],
          },
        },
      },
    ],
  },
});

const supportedQuery = queryInfoBody({
  targetingExpressionInfos: [
    { targetingExpressionId: contentBindings.stix111, preferredScopes: ["STIX_Package/**"], allowedScopes: ["**"] },
  ],
  capabilityModules: ["urn:taxii.mitre.org:query:capability:core-1"],
});

const content = { xml: 'text <s:Package xmlns:s="urn:example:stix"><!-- note --><s:Id>1</s:Id></s:Package> and more' };
const blocks11 = [
  {
    contentBinding: { bindingId: contentBindings.stix111, subtype: { subtypeId: "urn:example:watchlist" } },
    content,
    timestampLabel: begin,
    message,
    padding: "    ",
    signature,
  },
  { contentBinding: { bindingId: `${contentBindings.xmlEncryption}|${contentBindings.stix12}` }, content: { text: "" } },
];
const blocks10 = [
  { contentBinding: contentBindings.stix10, content, timestampLabel: begin, padding: "    ", signature },
  { contentBinding: `${contentBindings.xmlEncryption}|${contentBindings.stix10}`, content: { text: "" } },
];

const parameters = { responseType: "COUNT_ONLY", contentBindings: [binding], query } as const;

/** A shape with a value of it. */
export interface Example {
  readonly shape: Shape<object>;
  readonly value: object;
}

function example<T extends object, I>(shape: Shape<T, I>, init: I): Example {
  return { shape, value: create(shape, init) };
}

/** All messages of TAXII 1.1, and the two forms of a poll request. */
export const full11 = {
  StatusMessage: example(taxii11.StatusMessage, {
    ...answer,
    statusType: "PENDING",
    statusDetail: {
      details: [
        { name: "ESTIMATED_WAIT", content: { text: "300" } },
        { name: "RESULT_ID", content: { text: "r-1" } },
        { name: "WILL_PUSH", content: { text: "false" } },
        { name: "urn:example:queue", content: { xml: "<position>7</position>" } },
      ],
    },
    message,
  }),
  DiscoveryRequest: example(taxii11.DiscoveryRequest, header),
  DiscoveryResponse: example(taxii11.DiscoveryResponse, {
    ...answer,
    serviceInstances: [
      {
        ...contact,
        serviceType: "POLL",
        serviceVersion: versionIds.services11,
        available: false,
        supportedQueries: [supportedQuery],
        message,
      },
      { ...contact, serviceType: "INBOX", serviceVersion: versionIds.services11, available: true, contentBindings: [binding] },
    ],
  }),
  CollectionInformationRequest: example(taxii11.CollectionInformationRequest, header),
  CollectionInformationResponse: example(taxii11.CollectionInformationResponse, {
    ...answer,
    collections: [
      {
        collectionName: "default",
        collectionType: "DATA_SET",
        available: false,
        description: "All of it",
        collectionVolume: 100,
        contentBindings: [binding],
        pushMethods: [{ protocolBinding: versionIds.https10, messageBindings: [versionIds.xml11] }],
        pollingServices: [contact],
        subscriptionServices: [contact],
        receivingInboxServices: [{ ...contact, contentBindings: [binding] }],
      },
    ],
  }),
  SubscriptionManagementRequest: example(taxii11.SubscriptionManagementRequest, {
    ...header,
    action: "SUBSCRIBE",
    collectionName: "default",
    subscriptionParameters: parameters,
    pushParameters: inbox,
  }),
  SubscriptionManagementResponse: example(taxii11.SubscriptionManagementResponse, {
    ...answer,
    collectionName: "default",
    message,
    subscriptions: [
      { status: "PAUSED", subscriptionId: "s-1", subscriptionParameters: parameters, pushParameters: inbox, pollInstances: [contact] },
    ],
  }),
  PollRequest: example(taxii11.PollRequest, {
    ...header,
    collectionName: "default",
    exclusiveBeginTimestamp: begin,
    inclusiveEndTimestamp: end,
    pollParameters: { ...parameters, allowAsynch: true, deliveryParameters: inbox },
  }),
  SubscribedPollRequest: example(taxii11.PollRequest, { ...header, collectionName: "default", subscriptionId: "s-1" }),
  PollResponse: example(taxii11.PollResponse, {
    ...answer,
    collectionName: "default",
    more: true,
    resultId: "r-1",
    resultPartNumber: 2,
    subscriptionId: "s-1",
    exclusiveBeginTimestamp: begin,
    inclusiveEndTimestamp: end,
    recordCount: { value: 2, partialCount: true },
    message,
    contentBlocks: blocks11,
  }),
  InboxMessage: example(taxii11.InboxMessage, {
    ...header,
    resultId: "r-1",
    destinationCollectionNames: ["default", "other"],
    message,
    sourceSubscription: { collectionName: "default", subscriptionId: "s-1", exclusiveBeginTimestamp: begin, inclusiveEndTimestamp: end },
    recordCount: { value: 2 },
    contentBlocks: blocks11,
  }),
  PollFulfillment: example(taxii11.PollFulfillment, { ...header, collectionName: "default", resultId: "r-1", resultPartNumber: 2 }),
} as const;

const contact10 = { ...contact, messageBindings: [versionIds.xml10] };
const inbox10 = { ...inbox, messageBinding: versionIds.xml10, contentBindings: [contentBindings.stix10] };

/** All messages of TAXII 1.0. */
export const full10 = {
  StatusMessage: example(taxii10.StatusMessage, { ...answer, statusType: "RETRY", statusDetail: "2014-12-19T00:00:00Z", message }),
  DiscoveryRequest: example(taxii10.DiscoveryRequest, header),
  DiscoveryResponse: example(taxii10.DiscoveryResponse, {
    ...answer,
    serviceInstances: [
      {
        ...contact10,
        serviceType: "INBOX",
        serviceVersion: versionIds.services10,
        available: false,
        contentBindings: [contentBindings.stix10],
        message,
      },
    ],
  }),
  FeedInformationRequest: example(taxii10.FeedInformationRequest, header),
  FeedInformationResponse: example(taxii10.FeedInformationResponse, {
    ...answer,
    feeds: [
      {
        feedName: "default",
        available: false,
        description: "All of it",
        contentBindings: [contentBindings.stix10],
        pushMethods: [{ protocolBinding: versionIds.https10, messageBindings: [versionIds.xml10] }],
        pollingServices: [contact10],
        subscriptionServices: [contact10],
      },
    ],
  }),
  SubscriptionManagementRequest: example(taxii10.SubscriptionManagementRequest, {
    ...header,
    action: "SUBSCRIBE",
    feedName: "default",
    pushParameters: inbox10,
  }),
  SubscriptionManagementResponse: example(taxii10.SubscriptionManagementResponse, {
    ...answer,
    feedName: "default",
    message,
    subscriptions: [{ subscriptionId: "s-1", pushParameters: inbox10, pollInstances: [contact10] }],
  }),
  PollRequest: example(taxii10.PollRequest, {
    ...header,
    feedName: "default",
    subscriptionId: "s-1",
    exclusiveBeginTimestamp: begin,
    inclusiveEndTimestamp: end,
    contentBindings: [contentBindings.stix10],
  }),
  PollResponse: example(taxii10.PollResponse, {
    ...answer,
    feedName: "default",
    subscriptionId: "s-1",
    message,
    inclusiveBeginTimestamp: begin,
    inclusiveEndTimestamp: end,
    contentBlocks: blocks10,
  }),
  InboxMessage: example(taxii10.InboxMessage, {
    ...header,
    message,
    sourceSubscription: { feedName: "default", subscriptionId: "s-1", inclusiveBeginTimestamp: begin, inclusiveEndTimestamp: end },
    contentBlocks: blocks10,
  }),
} as const;

/** Both versions, for tables of tests. */
export const allExamples: readonly (readonly [string, Example])[] = [
  ...Object.entries(full10).map(([name, one]) => [`1.0 ${name}`, one] as const),
  ...Object.entries(full11).map(([name, one]) => [`1.1 ${name}`, one] as const),
];
