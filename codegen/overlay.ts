/**
 * What the schemas cannot say: names, types and layouts of libtaxii's dictionary and text forms where they are not the
 * mechanical ones. Its oddities are kept on purpose: the lines below are what its users know.
 */

import type { FormHints, Layout, TextType } from "../src/binding/shape.js";

const timestamp = (json: string): FormHints => ({ json, form: "timestamp" });
const nullable: FormHints = { absent: "null" };

const polling = "Polling_Service";
const subscribing = "Subscription_Service";
const pollInstance = "Poll_Instance";

/** Three kinds of service have one type, and libtaxii a class of its own for each. */
const contactKeys = (part: string): FormHints => ({
  json: { [polling]: `poll_${part}`, [subscribing]: `subscription_${part}`, [pollInstance]: `poll_${part}` },
});

const headerMap: FormHints = { map: { name: "name", value: "content", otherwise: "markup" } };

/** Details that are no strings, by status type; libtaxii's table, and the two lists of Default Query. */
const detailTypes: Readonly<Record<string, Readonly<Record<string, TextType>>>> = {
  INVALID_RESPONSE_PART: { MAX_PART_NUMBER: "integer" },
  PENDING: { ESTIMATED_WAIT: "integer", WILL_PUSH: "boolean" },
  RETRY: { ESTIMATED_WAIT: "integer" },
  UNSUPPORTED_CONTENT: { SUPPORTED_CONTENT: "binding" },
  UNSUPPORTED_TARGETING_EXPRESSION: { PREFERRED_SCOPE: "texts", ALLOWED_SCOPE: "texts" },
};

const core = "urn:taxii.mitre.org:query:capability:core-1";
const regex = "urn:taxii.mitre.org:query:capability:regex-1";
const timestamps = "urn:taxii.mitre.org:query:capability:timestamp-1";

/** Parameters of tests, by module and relationship; those of other modules are words. */
const parameterTypes: Readonly<Record<string, Readonly<Record<string, TextType>>>> = {
  ...rows(core, ["equals", "not_equals"], { value: "text", match_type: "text" }),
  ...rows(core, ["greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal"], { value: "number" }),
  ...rows(core, ["begins_with", "ends_with", "contains"], { value: "text", case_sensitive: "boolean" }),
  ...rows(regex, ["matches"], { value: "text", case_sensitive: "boolean" }),
  ...rows(timestamps, ["equals", "greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal"], { value: "timestamp" }),
  // The specification's names; libtaxii has those of the core module.
  ...rows(timestamps, ["greater_than_or_equals", "less_than_or_equals"], { value: "timestamp" }),
};

function rows(
  module: string,
  relationships: readonly string[],
  types: Readonly<Record<string, TextType>>,
): Record<string, Readonly<Record<string, TextType>>> {
  return Object.fromEntries(relationships.map((relationship) => [`${module} ${relationship}`, types]));
}

/** What both versions have in common. */
function shared(module: string): Record<string, FormHints> {
  return {
    [`${module}.ExtendedHeaders.extendedHeaders`]: headerMap,
    [`${module}.ServiceContactInfo.protocolBinding`]: contactKeys("protocol"),
    [`${module}.ServiceContactInfo.address`]: contactKeys("address"),
    [`${module}.ServiceContactInfo.messageBindings`]: contactKeys("message_bindings"),
    [`${module}.ContentBlock.timestampLabel`]: timestamp("timestamp_label"),
    [`${module}.ServiceInstance.serviceVersion`]: { json: "services_version" },
    [`${module}.ServiceInstance.address`]: { json: "service_address" },
    [`${module}.ServiceInstance.contentBindings`]: { json: "inbox_service_accepted_content" },
    [`${module}.ServiceInstance.available`]: nullable,
    [`${module}.ServiceInstance.message`]: nullable,
    [`${module}.PushMethod.protocolBinding`]: { json: "push_protocol" },
    [`${module}.PushMethod.messageBindings`]: { json: "push_message_bindings" },
    [`${module}.PushParameter.protocolBinding`]: { json: "inbox_protocol" },
    [`${module}.PushParameter.address`]: { json: "inbox_address" },
    [`${module}.PushParameter.messageBinding`]: { json: "delivery_message_binding" },
    [`${module}.SubscriptionManagementResponse.subscriptions`]: { json: "subscription_instances" },
    [`${module}.PollRequest.exclusiveBeginTimestamp`]: timestamp("exclusive_begin_timestamp_label"),
    [`${module}.PollRequest.inclusiveEndTimestamp`]: timestamp("inclusive_end_timestamp_label"),
    [`${module}.PollResponse.inclusiveEndTimestamp`]: timestamp("inclusive_end_timestamp_label"),
    [`${module}.InboxMessage.sourceSubscription`]: { json: "subscription_information" },
    [`${module}.SourceSubscription.inclusiveEndTimestamp`]: timestamp("inclusive_end_timestamp_label"),
    ...Object.fromEntries(
      [...requests(module), ...responses(module)].map((message) => [`${module}.${message}.extendedHeaders`, { absent: "empty" }]),
    ),
  };
}

function requests(module: string): string[] {
  const own = module === "taxii10" ? ["FeedInformationRequest"] : ["CollectionInformationRequest", "PollFulfillment"];
  return ["DiscoveryRequest", ...own, "SubscriptionManagementRequest", "PollRequest", "InboxMessage"];
}

function responses(module: string): string[] {
  const own = module === "taxii10" ? "FeedInformationResponse" : "CollectionInformationResponse";
  return ["StatusMessage", "DiscoveryResponse", own, "SubscriptionManagementResponse", "PollResponse"];
}

/** By `module.Type.property`. An entry without such a field stops the generator. */
export const fieldHints: Readonly<Record<string, FormHints>> = {
  ...shared("taxii10"),
  "taxii10.FeedInformationResponse.feeds": { json: "feed_informations" },
  "taxii10.FeedRecord.description": { json: "feed_description" },
  "taxii10.FeedRecord.contentBindings": { json: "supported_contents" },
  "taxii10.FeedRecord.pollingServices": { json: "polling_service_instances" },
  "taxii10.FeedRecord.subscriptionServices": { json: "subscription_methods" },
  "taxii10.SubscriptionManagementRequest.subscriptionId": nullable,
  "taxii10.SubscriptionManagementRequest.pushParameters": { json: "delivery_parameters", absent: "null" },
  "taxii10.SubscriptionRecord.pushParameters": { json: "delivery_parameters", absent: "null" },
  "taxii10.PollResponse.inclusiveBeginTimestamp": timestamp("inclusive_begin_timestamp_label"),
  "taxii10.SourceSubscription.inclusiveBeginTimestamp": timestamp("inclusive_begin_timestamp_label"),

  ...shared("taxii11"),
  "taxii11.ContentBindingId.subtypes": { json: "subtype_ids" },
  "taxii11.ContentInstance.subtype": { json: "subtype_ids", form: "list" },
  "taxii11.RecordCount.value": { json: "record_count" },
  "taxii11.SubscriptionParameters.query": nullable,
  "taxii11.StatusMessage.statusDetail": { absent: "empty" },
  "taxii11.StatusDetail.details": { map: { name: "name", value: "content", types: detailTypes, by: ["statusType"] } },
  "taxii11.ServiceInstance.supportedQueries": { json: "supported_query" },
  "taxii11.CollectionInformationResponse.collections": { json: "collection_informations" },
  "taxii11.CollectionRecord.description": { json: "collection_description" },
  "taxii11.CollectionRecord.contentBindings": { json: "supported_contents" },
  "taxii11.CollectionRecord.pollingServices": { json: "polling_service_instances" },
  "taxii11.CollectionRecord.subscriptionServices": { json: "subscription_methods" },
  "taxii11.InboxServiceBindings.protocolBinding": { json: "inbox_protocol" },
  "taxii11.InboxServiceBindings.address": { json: "inbox_address" },
  "taxii11.InboxServiceBindings.messageBindings": { json: "inbox_message_bindings" },
  "taxii11.InboxServiceBindings.contentBindings": { json: "supported_contents" },
  "taxii11.SubscriptionRecord.status": nullable,
  "taxii11.SubscriptionRecord.subscriptionParameters": nullable,
  "taxii11.SubscriptionRecord.pushParameters": nullable,
  "taxii11.PollRequest.pollParameters": nullable,
  "taxii11.PollParameters.allowAsynch": { form: "word" },
  "taxii11.PollParameters.query": nullable,
  "taxii11.PollParameters.deliveryParameters": nullable,
  "taxii11.PollResponse.more": { absent: "default" },
  "taxii11.PollResponse.resultId": nullable,
  "taxii11.PollResponse.resultPartNumber": nullable,
  "taxii11.PollResponse.exclusiveBeginTimestamp": timestamp("exclusive_begin_timestamp_label"),
  "taxii11.SourceSubscription.exclusiveBeginTimestamp": timestamp("exclusive_begin_timestamp_label"),

  "defaultQuery.DefaultQueryInfo.targetingExpressionInfo": { json: "targeting_expression_infos", form: "list" },
  "defaultQuery.TargetingExpressionInfo.preferredScopes": { json: "preferred_scope" },
  "defaultQuery.TargetingExpressionInfo.allowedScopes": { json: "allowed_scope" },
  "defaultQuery.Criterion.negate": nullable,
  "defaultQuery.Test.parameters": {
    map: { name: "name", value: "value", types: parameterTypes, by: ["capabilityId", "relationship"], otherwise: "word" },
  },
};

/** The first lines of a message. In 1.0 there is no line break behind a header. */
function heading(module: "taxii10" | "taxii11", kind: "request" | "response"): string[] {
  const reply = kind === "response" ? "[; In Response To: {inResponseTo}]" : "";
  const end = module === "taxii10" ? "\\" : "";
  return ["Message Type: {$element}", `Message ID: {messageId}${reply}`, `Extended Header: {extendedHeaders:pairs}${end}`];
}

const contact = (title: string, address = "Address", protocol = "Protocol Binding"): string[] => [
  `=== ${title} ===`,
  `  ${protocol}: {protocolBinding}`,
  `  ${address}: {address}`,
  "  Message Binding: {messageBindings}",
];

const pushMethod: Layout = {
  text: ["=== Push Method ===", "  Protocol Binding: {protocolBinding}", "  Message Binding: {messageBindings}"],
};

/** What both kinds of 1.1 parameters begin with; the bindings stand at the left, however deep the rest is. */
const parameters = (title: string): string[] => [
  `=== ${title} ===`,
  "^  Content Binding: {contentBindings}",
  "  {query}",
  "  [Response type: {responseType}]",
];

/** By `module.Type`. An entry without such a type stops the generator. */
export const layouts: Readonly<Record<string, Layout>> = {
  "taxii10.ExtendedHeaders": { sole: "extendedHeaders" },
  "taxii10.StatusMessage": {
    text: [
      ...heading("taxii10", "response"),
      "  Status Type: {statusType}",
      "  [Status Detail: {statusDetail}]",
      "  Status Message: {message}",
    ],
  },
  "taxii10.DiscoveryRequest": { text: heading("taxii10", "request") },
  "taxii10.DiscoveryResponse": { text: [...heading("taxii10", "response"), "  {serviceInstances}"] },
  "taxii10.ServiceInstance": {
    text: [
      "=== Service Instance===",
      "  Service Type: {serviceType}",
      "  Services Version: {serviceVersion}",
      "  Protocol Binding: {protocolBinding}",
      "  Address: {address}",
      "  Message Binding: {messageBindings}",
      "  [{contentBindings:none}Inbox Service Accepts: None]",
      "  Inbox Service Accepts: {contentBindings}",
      "  Available: {available}",
      "  Message: {message}",
    ],
  },
  "taxii10.FeedInformationRequest": { text: heading("taxii10", "request") },
  "taxii10.FeedInformationResponse": { text: [...heading("taxii10", "response"), "  {feeds}"] },
  "taxii10.FeedRecord": {
    text: [
      "=== Data Feed ===",
      "  Feed Name: {feedName}",
      "  [Available: {available}]",
      "  Feed Description: {description}",
      "  Supported Content: {contentBindings}",
      "  {pushMethods}",
      "  {pollingServices}",
      "  {subscriptionServices}",
    ],
  },
  "taxii10.PushMethod": pushMethod,
  "taxii10.ServiceContactInfo": {
    text: {
      [polling]: contact("Poll Service Instance"),
      [subscribing]: contact("Subscription Method"),
      [pollInstance]: contact("Poll Instance"),
    },
  },
  "taxii10.SubscriptionManagementRequest": {
    text: [
      ...heading("taxii10", "request"),
      "  Feed Name: {feedName}",
      "  Action: {action}",
      "  Subscription ID: {subscriptionId}",
      "  {pushParameters}",
    ],
  },
  "taxii10.PushParameter": {
    text: [
      "=== Push Parameters ===",
      "  Inbox Protocol: {protocolBinding}",
      "  Address: {address}",
      "  Message Binding: {messageBinding}",
      "  [{contentBindings:some}Content Bindings: Any Content]",
      "  Content Binding: {contentBindings}",
    ],
  },
  "taxii10.SubscriptionManagementResponse": {
    text: [...heading("taxii10", "response"), "  Feed Name: {feedName}", "  Message: {message}", "  {subscriptions}"],
  },
  "taxii10.SubscriptionRecord": {
    text: ["=== Subscription Instance ===", "  Subscription ID: {subscriptionId}", "  {pushParameters}", "  {pollInstances}"],
  },
  "taxii10.PollRequest": {
    text: [
      ...heading("taxii10", "request"),
      "  Feed Name: {feedName}",
      "  [Subscription ID: {subscriptionId}]",
      "  Excl. Begin Timestamp Label: {exclusiveBeginTimestamp}",
      "  Incl. End Timestamp Label: {inclusiveEndTimestamp}",
      "  [{contentBindings:none}Content Binding: Any Content]",
      "  Content Binding: {contentBindings}",
    ],
  },
  "taxii10.PollResponse": {
    text: [
      ...heading("taxii10", "response"),
      "  Feed Name: {feedName}",
      "  [Subscription ID: {subscriptionId}]",
      "  Message: {message}",
      "  Incl. Begin Timestamp Label: {inclusiveBeginTimestamp}",
      "  Incl. End Timestamp Label: {inclusiveEndTimestamp}",
      "  {contentBlocks}",
    ],
  },
  "taxii10.ContentBlock": {
    text: [
      "=== Content Block ===",
      "  Content Binding: {contentBinding}",
      "  Content Length: {content:length}",
      "  (Only content length is shown for brevity)",
      "  [Timestamp Label: {timestampLabel}]",
      "  Padding: {padding}",
    ],
  },
  "taxii10.InboxMessage": {
    text: [
      ...heading("taxii10", "request"),
      "  Message: {message}",
      "  {sourceSubscription}",
      "  Message has {contentBlocks:count} Content Blocks",
      "  {contentBlocks}",
    ],
  },
  "taxii10.SourceSubscription": {
    text: [
      "=== Subscription Information ===",
      "  Feed Name: {feedName}",
      "  Subscription ID: {subscriptionId}",
      "  Incl. Begin TS Label: {inclusiveBeginTimestamp}",
      "  Incl. End TS Label: {inclusiveEndTimestamp}",
    ],
  },

  "taxii11.ExtendedHeaders": { sole: "extendedHeaders" },
  "taxii11.Subtype": { sole: "subtypeId", text: ["{subtypeId}\\"] },
  "taxii11.ContentBindingId": { text: ["{bindingId}[>{subtypes:joined}]\\"] },
  "taxii11.ContentInstance": { text: ["{bindingId}[>{subtype}]\\"] },
  "taxii11.StatusDetail": { sole: "details" },
  "taxii11.StatusMessage": {
    text: [...heading("taxii11", "response"), "Status Type: {statusType}", "Status Detail: {statusDetail:pairs}", "[Message: {message}]"],
  },
  "taxii11.DiscoveryRequest": { text: heading("taxii11", "request") },
  "taxii11.DiscoveryResponse": { text: [...heading("taxii11", "response"), "  {serviceInstances}"] },
  "taxii11.ServiceInstance": {
    text: [
      "=== Service Instance ===",
      "  Service Type: {serviceType}",
      "  Service Version: {serviceVersion}",
      "  Protocol Binding: {protocolBinding}",
      "  Service Address: {address}",
      "  Message Binding: {messageBindings}",
      "  [{serviceType=INBOX}Inbox Service AC: {contentBindings:list}]",
      "  Available: {available}",
      "  Message: {message}",
      "  {supportedQueries}",
    ],
  },
  "taxii11.SupportedQuery": {
    query: "info",
    text: ["=== Supported Query Information ===", "  Query Format: {formatId}", "{content:body}"],
  },
  "taxii11.CollectionInformationRequest": { text: heading("taxii11", "request") },
  "taxii11.CollectionInformationResponse": {
    text: [...heading("taxii11", "response"), "Contains {collections:count} Collection Informations", "  {collections}"],
  },
  "taxii11.CollectionRecord": {
    text: [
      "=== Data Collection Information ===",
      "  Collection Name: {collectionName}",
      "  Collection Type: {collectionType!}",
      "  Available: {available}",
      "  Collection Description: {description}",
      "  [Volume: {collectionVolume}]",
      "  [{contentBindings:none}Supported Content: All]",
      "  Supported Content: {contentBindings:indented}",
      "  {pollingServices}",
      "  {subscriptionServices}",
      "  {receivingInboxServices}",
      "==================================",
      "^",
    ],
  },
  "taxii11.PushMethod": pushMethod,
  "taxii11.ServiceContactInfo": {
    text: {
      [polling]: contact("Polling Service Instance", "Poll Address", "Poll Protocol"),
      [subscribing]: contact("Subscription Service"),
      [pollInstance]: contact("Poll Instance"),
    },
  },
  "taxii11.InboxServiceBindings": {
    text: [
      ...contact("Receiving Inbox Service"),
      "  [{contentBindings:none}Supported Contents: All]",
      "  Supported Content: {contentBindings}",
    ],
  },
  "taxii11.SubscriptionManagementRequest": {
    text: [
      ...heading("taxii11", "request"),
      "  Collection Name: {collectionName}",
      "  Action: {action}",
      "  Subscription ID: {subscriptionId}",
      "  {subscriptionParameters}",
      "  {pushParameters}",
    ],
  },
  "taxii11.SubscriptionParameters": { text: parameters("Subscription_Parameters") },
  "taxii11.PushParameter": {
    text: [
      "=== Push Parameters ===",
      "  Protocol Binding: {protocolBinding}",
      "  Inbox Address: {address}",
      "  Message Binding: {messageBinding}",
    ],
  },
  "taxii11.SubscriptionManagementResponse": {
    text: [...heading("taxii11", "response"), "  Collection Name: {collectionName}", "  Message: {message}", "  {subscriptions}"],
  },
  "taxii11.SubscriptionRecord": {
    text: [
      "=== Subscription Instance ===",
      "  Status: {status}",
      "  Subscription ID: {subscriptionId}",
      "  {subscriptionParameters}",
      "  {pushParameters}",
      "  {pollInstances}",
    ],
  },
  "taxii11.PollRequest": {
    text: [
      ...heading("taxii11", "request"),
      "  Collection Name: {collectionName}",
      "  [Subscription ID: {subscriptionId}]",
      "  Excl. Begin TS Label: {exclusiveBeginTimestamp:spaced}",
      "  Incl. End TS Label: {inclusiveEndTimestamp:spaced}",
      "  {pollParameters}",
    ],
  },
  "taxii11.PollParameters": { text: [...parameters("Poll_Parameters"), "  [Allow Asynch: {allowAsynch}]", "  {deliveryParameters}"] },
  "taxii11.Query": { query: "query", text: ["=== Query ===", "  Query Format: {formatId}", "{content:body}"] },
  "taxii11.PollResponse": {
    text: [
      ...heading("taxii11", "response"),
      "  Collection Name: {collectionName}",
      "  More: {more!}",
      "  Result ID: {resultId}",
      "  [Result Part Num: {resultPartNumber}]",
      "  {recordCount}",
      "  [Subscription ID: {subscriptionId}]",
      "  [Message: {message}]",
      "  [Excl. Begin TS Label: {exclusiveBeginTimestamp}]",
      "  [Incl. End TS Label: {inclusiveEndTimestamp}]",
      "  {contentBlocks}",
    ],
  },
  "taxii11.RecordCount": { text: ["=== Record Count ===", "  Record Count: {value}", "  [Partial Count: {partialCount}]"] },
  "taxii11.ContentBlock": {
    text: [
      "=== Content Block ===",
      "  Content Binding: {contentBinding}",
      "  Content length: {content:length}",
      "  (Content not printed for brevity)",
      "  [Timestamp Label: {timestampLabel:spaced}]",
      "  Message: {message}",
      "  Padding: {padding}",
    ],
  },
  "taxii11.PollFulfillment": {
    text: [
      ...heading("taxii11", "request"),
      "  Collection Name: {collectionName}",
      "  Result ID: {resultId}",
      "  Result Part Number: {resultPartNumber}",
    ],
  },
  "taxii11.InboxMessage": {
    text: [
      ...heading("taxii11", "request"),
      "  [Result ID: {resultId}]",
      "  Destination Collection Name: {destinationCollectionNames}",
      "  Message: {message}",
      "  {sourceSubscription}",
      "  {recordCount}",
      "  Message has {contentBlocks:count} Content Blocks",
      "  {contentBlocks}",
    ],
  },
  "taxii11.SourceSubscription": {
    text: [
      "=== Source Subscription ===",
      "  Collection Name: {collectionName}",
      "  Subscription ID: {subscriptionId}",
      "  Excl. Begin TS Label: {exclusiveBeginTimestamp}",
      "  Incl. End TS Label: {inclusiveEndTimestamp}",
    ],
  },

  "defaultQuery.DefaultQuery": { text: ["  Targeting Expression ID: {targetingExpressionId}", "{criteria}"] },
  "defaultQuery.DefaultQueryInfo": { text: ["  {targetingExpressionInfo}", "  Capability Module: {capabilityModules}"] },
  "defaultQuery.TargetingExpressionInfo": {
    text: [
      "=== Targeting Expression Info ===",
      "  Targeting Expression ID: {targetingExpressionId}",
      "  Preferred Scope: {preferredScopes}",
      "  Allowed Scope: {allowedScopes}",
    ],
  },
  "defaultQuery.Criteria": { text: ["=== Criteria ===", "  Operator: {operator}", "  {criteria}", "  {criterion}"] },
  "defaultQuery.Criterion": { text: ["=== Criterion ===", "  Negate: {negate!}", "  Target: {target}", "  {test}"] },
  "defaultQuery.Test": {
    text: ["=== Test ==", "  Capability ID: {capabilityId}", "  Relationship: {relationship}", "  Parameter: {parameters:pairs}"],
  },
};

const timestampLabel = "a timestamp label such as 2014-12-19T00:00:00.123456Z, with a zone and at most six digits of fraction";

/** What a simple type with patterns expects, in words, by `module.Type`. An entry without such a type stops the generator. */
export const expectations: Readonly<Record<string, string>> = {
  "taxii10.TimestampLabel": timestampLabel,
  "taxii11.TimestampLabel": timestampLabel,
  "taxii10.UnsignedInteger": "digits only",
};
