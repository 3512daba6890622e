import { describe, expect, expectTypeOf, it } from "vitest";
import * as defaultQuery from "../generated/default-query/index.js";
import * as taxii10 from "../generated/taxii10/index.js";
import * as taxii11 from "../generated/taxii11/index.js";
import type {
  Action10,
  Action11,
  CapabilityModule,
  CollectionType,
  KnownContentBinding,
  MatchType,
  MessageType10,
  MessageType11,
  Operator,
  ParameterName,
  ProtocolId,
  QueryStatusType,
  Relationship,
  ResponseType,
  ServicesVersionId,
  ServiceType10,
  ServiceType11,
  StatusDetailName,
  StatusType10,
  StatusType11,
  SubscriptionStatus,
  TimestampRelationship,
} from "../src/constants.js";
import * as constants from "../src/constants.js";

const {
  actions10,
  actions11,
  canonicalContentBinding,
  capabilityModules,
  collectionTypes,
  contentBindingAliases,
  contentBindings,
  draft111,
  matchTypes,
  messageTypes10,
  messageTypes11,
  namespacePrefixes,
  namespaces,
  operators,
  parameterNames,
  protocols,
  queryFormats,
  queryStatusDetails,
  queryStatusTypes,
  relationships,
  responseTypes,
  serviceTypes10,
  serviceTypes11,
  statusDetails,
  statusTypes10,
  statusTypes11,
  subscriptionStatuses,
  textIndent,
  timestampRelationshipAliases,
  versionIds,
} = constants;

describe("version identifiers", () => {
  it("[VER-ID-001] names TAXII 1.0", () => {
    expect(versionIds.services10).toBe("urn:taxii.mitre.org:services:1.0");
    expect(versionIds.xml10).toBe("urn:taxii.mitre.org:message:xml:1.0");
    expect(versionIds.http10).toBe("urn:taxii.mitre.org:protocol:http:1.0");
    expect(versionIds.https10).toBe("urn:taxii.mitre.org:protocol:https:1.0");
    expect(namespaces.taxii10).toBe("http://taxii.mitre.org/messages/taxii_xml_binding-1");
  });

  it("[VER-ID-002] names TAXII 1.1, on the 1.0 protocol bindings", () => {
    expect(versionIds.services11).toBe("urn:taxii.mitre.org:services:1.1");
    expect(versionIds.xml11).toBe("urn:taxii.mitre.org:message:xml:1.1");
    expect(protocols).toEqual({
      http: "urn:taxii.mitre.org:protocol:http:1.0",
      https: "urn:taxii.mitre.org:protocol:https:1.0",
    });
    expect(namespaces.taxii11).toBe("http://taxii.mitre.org/messages/taxii_xml_binding-1.1");
    expect(queryFormats).toEqual({ default10: "urn:taxii.mitre.org:query:default:1.0" });
    expect(namespaces.defaultQuery).toBe("http://taxii.mitre.org/query/taxii_default_query-1");
  });

  it("names one third party's message binding and the signature namespace", () => {
    expect(versionIds.certEuJson10).toBe("urn:cert.europa.eu:message:json:1.0");
    expect(namespaces.xmldsig).toBe("http://www.w3.org/2000/09/xmldsig#");
    expect(Object.keys(versionIds)).toHaveLength(7);
    expect(Object.keys(namespaces)).toHaveLength(4);
  });

  it("[VER-ID-003] names the 1.1.1 draft", () => {
    expect(draft111).toEqual({
      services: "urn:oasis:cti:taxii:services:1.1.1",
      xml: "urn:oasis:cti:taxii:xml:1.1.1",
      http: "urn:oasis:cti:taxii:http:1.1.1",
      https: "urn:oasis:cti:taxii:https:1.1.1",
      queryFormat: "urn:oasis:cti:taxii:query:1.1.1",
      capabilityModules: {
        core: "urn:oasis:cti:taxii:query:capability:core-1",
        regex: "urn:oasis:cti:taxii:query:capability:regex-1",
        timestamp: "urn:oasis:cti:taxii:query:capability:timestamp-1",
      },
      namespaces: {
        taxii: "http://docs.oasis-open.org/cti/ns/taxii/xml/binding-1.1.1",
        defaultQuery: "http://docs.oasis-open.org/cti/ns/taxii/default-query-1.1.1",
      },
      aliases: {
        xml: "urn:oasis:cti:taxii:xml-1.1.1",
        namespace: "http://docs.oasis-open.org/cti/ns/taxii/xml-binding-1.1.1",
      },
    });
  });

  it("[VER-ID-003] keeps the draft apart from everything else", () => {
    const { draft111: draft, ...others } = constants;
    const draftValues = strings(draft);
    expect(draftValues).toHaveLength(12);
    expect(strings(others).filter((value) => draftValues.includes(value))).toEqual([]);
  });
});

describe("content bindings", () => {
  it("[CB-ID-001] uses the identifiers of the content binding reference", () => {
    expect(contentBindings).toEqual({
      stix10: "urn:stix.mitre.org:xml:1.0",
      stix101: "urn:stix.mitre.org:xml:1.0.1",
      stix11: "urn:stix.mitre.org:xml:1.1",
      stix111: "urn:stix.mitre.org:xml:1.1.1",
      stix12: "urn:stix.mitre.org:xml:1.2",
      stix121: "urn:oasis:cti:stix:xml:1.2.1",
      cap11: "urn:oasis:names:tc:emergency:cap:1.1",
      cap12: "urn:oasis:names:tc:emergency:cap:1.2",
      xmlEncryption: "http://www.w3.org/2001/04/xmlenc#",
      smime: "application/pkcs7-mime",
    });
  });

  it("[CB-ID-002] takes every spelling of S/MIME for the same binding and sends the reference's", () => {
    expect(Object.keys(contentBindingAliases)).toEqual(["application/x-pkcs7-mime", "application/x-pks7-mime"]);
    for (const spelling of [contentBindings.smime, ...Object.keys(contentBindingAliases)]) {
      expect(canonicalContentBinding(spelling)).toBe("application/pkcs7-mime");
    }
  });

  it.each([
    ...Object.values(contentBindings),
    "urn:example:format:1",
    "APPLICATION/X-PKCS7-MIME",
    "application/x-pkcs7-mime ",
    "",
    "constructor",
    "__proto__",
  ])("[CB-ID-002] leaves %j as it is", (id) => {
    expect(canonicalContentBinding(id)).toBe(id);
  });
});

describe("enumerations of the schemas", () => {
  it("[VER-ID-009] lists the messages", () => {
    expect(messageTypes10).toEqual([
      "Status_Message",
      "Discovery_Request",
      "Discovery_Response",
      "Feed_Information_Request",
      "Feed_Information_Response",
      "Subscription_Management_Request",
      "Subscription_Management_Response",
      "Poll_Request",
      "Poll_Response",
      "Inbox_Message",
    ]);
    expect(messageTypes11).toEqual([
      "Status_Message",
      "Discovery_Request",
      "Discovery_Response",
      "Collection_Information_Request",
      "Collection_Information_Response",
      "Subscription_Management_Request",
      "Subscription_Management_Response",
      "Poll_Request",
      "Poll_Response",
      "Inbox_Message",
      "Poll_Fulfillment",
    ]);
  });

  it("lists the status types", () => {
    expect(statusTypes10).toEqual([
      "BAD_MESSAGE",
      "DENIED",
      "FAILURE",
      "NOT_FOUND",
      "POLLING_UNSUPPORTED",
      "RETRY",
      "SUCCESS",
      "UNAUTHORIZED",
      "UNSUPPORTED_MESSAGE",
      "UNSUPPORTED_CONTENT",
      "UNSUPPORTED_PROTOCOL",
    ]);
    expect(statusTypes11).toEqual([
      "ASYNCHRONOUS_POLL_ERROR",
      "BAD_MESSAGE",
      "DENIED",
      "DESTINATION_COLLECTION_ERROR",
      "FAILURE",
      "INVALID_RESPONSE_PART",
      "NETWORK_ERROR",
      "NOT_FOUND",
      "PENDING",
      "POLLING_UNSUPPORTED",
      "RETRY",
      "SUCCESS",
      "UNAUTHORIZED",
      "UNSUPPORTED_MESSAGE",
      "UNSUPPORTED_CONTENT",
      "UNSUPPORTED_PROTOCOL",
      "UNSUPPORTED_QUERY",
    ]);
  });

  it("[QRY-ERR-006] keeps the query's status types outside the core enumeration", () => {
    expect(queryStatusTypes).toEqual([
      "UNSUPPORTED_CAPABILITY_MODULE",
      "UNSUPPORTED_TARGETING_EXPRESSION",
      "UNSUPPORTED_TARGETING_EXPRESSION_ID",
    ]);
    const core: readonly string[] = statusTypes11;
    expect(queryStatusTypes.filter((type) => core.includes(type))).toEqual([]);
  });

  it("lists the names of status details", () => {
    expect(statusDetails).toEqual([
      "ACCEPTABLE_DESTINATION",
      "MAX_PART_NUMBER",
      "ITEM",
      "ESTIMATED_WAIT",
      "RESULT_ID",
      "WILL_PUSH",
      "SUPPORTED_BINDING",
      "SUPPORTED_CONTENT",
      "SUPPORTED_PROTOCOL",
      "SUPPORTED_QUERY",
    ]);
    expect(queryStatusDetails).toEqual(["CAPABILITY_MODULE", "PREFERRED_SCOPE", "ALLOWED_SCOPE", "TARGETING_EXPRESSION_ID"]);
  });

  it("lists services, actions, collections, subscriptions and responses", () => {
    expect(serviceTypes10).toEqual(["DISCOVERY", "FEED_MANAGEMENT", "INBOX", "POLL"]);
    expect(serviceTypes11).toEqual(["DISCOVERY", "COLLECTION_MANAGEMENT", "INBOX", "POLL"]);
    expect(actions10).toEqual(["SUBSCRIBE", "UNSUBSCRIBE", "STATUS"]);
    expect(actions11).toEqual(["SUBSCRIBE", "UNSUBSCRIBE", "PAUSE", "RESUME", "STATUS"]);
    expect(collectionTypes).toEqual(["DATA_FEED", "DATA_SET"]);
    expect(subscriptionStatuses).toEqual(["ACTIVE", "PAUSED", "UNSUBSCRIBED"]);
    expect(responseTypes).toEqual(["COUNT_ONLY", "FULL"]);
  });
});

describe("default query", () => {
  it("[QRY-CORE-001] [QRY-RGX-001] [QRY-TIM-001] names the capability modules", () => {
    expect(capabilityModules).toEqual({
      core: "urn:taxii.mitre.org:query:capability:core-1",
      regex: "urn:taxii.mitre.org:query:capability:regex-1",
      timestamp: "urn:taxii.mitre.org:query:capability:timestamp-1",
    });
    expect(Object.keys(relationships)).toEqual(Object.keys(capabilityModules));
  });

  it("lists the core and regex relationships, parameters and operators", () => {
    expect(relationships.core).toEqual([
      "equals",
      "not_equals",
      "greater_than",
      "greater_than_or_equal",
      "less_than",
      "less_than_or_equal",
      "does_not_exist",
      "exists",
      "begins_with",
      "ends_with",
      "contains",
    ]);
    expect(relationships.regex).toEqual(["matches"]);
    expect(parameterNames).toEqual(["value", "match_type", "case_sensitive"]);
    expect(matchTypes).toEqual(["case_sensitive_string", "case_insensitive_string", "number"]);
    expect(operators).toEqual(["OR", "AND"]);
  });

  it("[QRY-TIM-001] spells the timestamp relationships with a plural", () => {
    expect(relationships.timestamp).toEqual(["equals", "greater_than", "greater_than_or_equals", "less_than", "less_than_or_equals"]);
  });

  it("[QRY-TIM-003] knows the core spelling in the timestamp module", () => {
    expect(timestampRelationshipAliases).toEqual({
      greater_than_or_equal: "greater_than_or_equals",
      less_than_or_equal: "less_than_or_equals",
    });
    const core: readonly string[] = relationships.core;
    const timestamp: readonly string[] = relationships.timestamp;
    for (const [alias, canonical] of Object.entries(timestampRelationshipAliases)) {
      expect(core).toContain(alias);
      expect(timestamp).not.toContain(alias);
      expect(timestamp).toContain(canonical);
    }
  });
});

describe("the generated modules", () => {
  it.each([
    { name: "statusTypes10", ours: statusTypes10, leaf: taxii10.StatusTypeEnum },
    { name: "statusTypes11", ours: statusTypes11, leaf: taxii11.StatusTypeEnum },
    { name: "serviceTypes10", ours: serviceTypes10, leaf: taxii10.ServiceType },
    { name: "serviceTypes11", ours: serviceTypes11, leaf: taxii11.ServiceType },
    { name: "actions10", ours: actions10, leaf: taxii10.FeedAction },
    { name: "actions11", ours: actions11, leaf: taxii11.CollectionAction },
    { name: "collectionTypes", ours: collectionTypes, leaf: taxii11.CollectionType },
    { name: "subscriptionStatuses", ours: subscriptionStatuses, leaf: taxii11.SubscriptionStatus },
    { name: "responseTypes", ours: responseTypes, leaf: taxii11.ResponseType },
    { name: "operators", ours: operators, leaf: defaultQuery.CriteriaOperator },
  ])("accept every member of $name", ({ ours, leaf }) => {
    expect(ours.filter((value) => !leaf.accepts(value))).toEqual([]);
  });

  it("have no member that is missing here", () => {
    expectTypeOf<StatusType10>().toEqualTypeOf<taxii10.StatusTypeEnum>();
    expectTypeOf<StatusType11>().toEqualTypeOf<taxii11.StatusTypeEnum>();
    expectTypeOf<ServiceType10>().toEqualTypeOf<taxii10.ServiceType>();
    expectTypeOf<ServiceType11>().toEqualTypeOf<taxii11.ServiceType>();
    expectTypeOf<Action10>().toEqualTypeOf<taxii10.FeedAction>();
    expectTypeOf<Action11>().toEqualTypeOf<taxii11.CollectionAction>();
    expectTypeOf<CollectionType>().toEqualTypeOf<taxii11.CollectionType>();
    expectTypeOf<SubscriptionStatus>().toEqualTypeOf<taxii11.SubscriptionStatus>();
    expectTypeOf<ResponseType>().toEqualTypeOf<taxii11.ResponseType>();
    expectTypeOf<Operator>().toEqualTypeOf<defaultQuery.CriteriaOperator>();
  });

  it("have the same messages and namespaces", () => {
    expect(taxii10.messages.map(({ element }) => element)).toEqual(messageTypes10);
    expect(taxii11.messages.map(({ element }) => element)).toEqual(messageTypes11);
    expect(taxii10.globals.namespace).toBe(namespaces.taxii10);
    expect(taxii11.globals.namespace).toBe(namespaces.taxii11);
    expect(defaultQuery.globals.namespace).toBe(namespaces.defaultQuery);
  });
});

describe("libtaxii.constants", () => {
  // Name → value, as libtaxii 1.1.119 has them; a name that another one repeats is left out.
  const libtaxii: Record<string, string> = {
    "NS_MAP['taxii']": "http://taxii.mitre.org/messages/taxii_xml_binding-1",
    "NS_MAP['taxii_11']": "http://taxii.mitre.org/messages/taxii_xml_binding-1.1",
    "NS_MAP['tdq']": "http://taxii.mitre.org/query/taxii_default_query-1",
    MSG_STATUS_MESSAGE: "Status_Message",
    MSG_DISCOVERY_REQUEST: "Discovery_Request",
    MSG_DISCOVERY_RESPONSE: "Discovery_Response",
    MSG_FEED_INFORMATION_REQUEST: "Feed_Information_Request",
    MSG_FEED_INFORMATION_RESPONSE: "Feed_Information_Response",
    MSG_MANAGE_FEED_SUBSCRIPTION_REQUEST: "Subscription_Management_Request",
    MSG_MANAGE_FEED_SUBSCRIPTION_RESPONSE: "Subscription_Management_Response",
    MSG_POLL_REQUEST: "Poll_Request",
    MSG_POLL_RESPONSE: "Poll_Response",
    MSG_INBOX_MESSAGE: "Inbox_Message",
    MSG_POLL_FULFILLMENT_REQUEST: "Poll_Fulfillment",
    MSG_COLLECTION_INFORMATION_REQUEST: "Collection_Information_Request",
    MSG_COLLECTION_INFORMATION_RESPONSE: "Collection_Information_Response",
    ST_BAD_MESSAGE: "BAD_MESSAGE",
    ST_DENIED: "DENIED",
    ST_FAILURE: "FAILURE",
    ST_NOT_FOUND: "NOT_FOUND",
    ST_POLLING_UNSUPPORTED: "POLLING_UNSUPPORTED",
    ST_RETRY: "RETRY",
    ST_SUCCESS: "SUCCESS",
    ST_UNAUTHORIZED: "UNAUTHORIZED",
    ST_UNSUPPORTED_MESSAGE_BINDING: "UNSUPPORTED_MESSAGE",
    ST_UNSUPPORTED_CONTENT_BINDING: "UNSUPPORTED_CONTENT",
    ST_UNSUPPORTED_PROTOCOL: "UNSUPPORTED_PROTOCOL",
    ST_ASYNCHRONOUS_POLL_ERROR: "ASYNCHRONOUS_POLL_ERROR",
    ST_DESTINATION_COLLECTION_ERROR: "DESTINATION_COLLECTION_ERROR",
    ST_INVALID_RESPONSE_PART: "INVALID_RESPONSE_PART",
    ST_NETWORK_ERROR: "NETWORK_ERROR",
    ST_PENDING: "PENDING",
    ST_UNSUPPORTED_QUERY: "UNSUPPORTED_QUERY",
    ST_UNSUPPORTED_CAPABILITY_MODULE: "UNSUPPORTED_CAPABILITY_MODULE",
    ST_UNSUPPORTED_TARGETING_EXPRESSION: "UNSUPPORTED_TARGETING_EXPRESSION",
    ST_UNSUPPORTED_TARGETING_EXPRESSION_ID: "UNSUPPORTED_TARGETING_EXPRESSION_ID",
    ACT_SUBSCRIBE: "SUBSCRIBE",
    ACT_UNSUBSCRIBE: "UNSUBSCRIBE",
    ACT_STATUS: "STATUS",
    ACT_PAUSE: "PAUSE",
    ACT_RESUME: "RESUME",
    SVC_INBOX: "INBOX",
    SVC_POLL: "POLL",
    SVC_FEED_MANAGEMENT: "FEED_MANAGEMENT",
    SVC_DISCOVERY: "DISCOVERY",
    SVC_COLLECTION_MANAGEMENT: "COLLECTION_MANAGEMENT",
    SS_ACTIVE: "ACTIVE",
    SS_PAUSED: "PAUSED",
    SS_UNSUBSCRIBED: "UNSUBSCRIBED",
    RT_FULL: "FULL",
    RT_COUNT_ONLY: "COUNT_ONLY",
    CT_DATA_FEED: "DATA_FEED",
    CT_DATA_SET: "DATA_SET",
    SD_ACCEPTABLE_DESTINATION: "ACCEPTABLE_DESTINATION",
    SD_MAX_PART_NUMBER: "MAX_PART_NUMBER",
    SD_ITEM: "ITEM",
    SD_ESTIMATED_WAIT: "ESTIMATED_WAIT",
    SD_RESULT_ID: "RESULT_ID",
    SD_WILL_PUSH: "WILL_PUSH",
    SD_SUPPORTED_BINDING: "SUPPORTED_BINDING",
    SD_SUPPORTED_CONTENT: "SUPPORTED_CONTENT",
    SD_SUPPORTED_PROTOCOL: "SUPPORTED_PROTOCOL",
    SD_SUPPORTED_QUERY: "SUPPORTED_QUERY",
    SD_CAPABILITY_MODULE: "CAPABILITY_MODULE",
    SD_PREFERRED_SCOPE: "PREFERRED_SCOPE",
    SD_ALLOWED_SCOPE: "ALLOWED_SCOPE",
    SD_TARGETING_EXPRESSION_ID: "TARGETING_EXPRESSION_ID",
    FID_TAXII_DEFAULT_QUERY_10: "urn:taxii.mitre.org:query:default:1.0",
    CM_CORE: "urn:taxii.mitre.org:query:capability:core-1",
    CM_REGEX: "urn:taxii.mitre.org:query:capability:regex-1",
    CM_TIMESTAMP: "urn:taxii.mitre.org:query:capability:timestamp-1",
    OP_OR: "OR",
    OP_AND: "AND",
    P_VALUE: "value",
    P_MATCH_TYPE: "match_type",
    P_CASE_SENSITIVE: "case_sensitive",
    R_EQUALS: "equals",
    R_NOT_EQUALS: "not_equals",
    R_GREATER_THAN: "greater_than",
    R_GREATER_THAN_OR_EQUAL: "greater_than_or_equal",
    R_LESS_THAN: "less_than",
    R_LESS_THAN_OR_EQUAL: "less_than_or_equal",
    R_DOES_NOT_EXIST: "does_not_exist",
    R_EXISTS: "exists",
    R_BEGINS_WITH: "begins_with",
    R_ENDS_WITH: "ends_with",
    R_CONTAINS: "contains",
    R_MATCHES: "matches",
    VID_TAXII_SERVICES_10: "urn:taxii.mitre.org:services:1.0",
    VID_TAXII_SERVICES_11: "urn:taxii.mitre.org:services:1.1",
    VID_TAXII_XML_10: "urn:taxii.mitre.org:message:xml:1.0",
    VID_TAXII_XML_11: "urn:taxii.mitre.org:message:xml:1.1",
    VID_TAXII_HTTP_10: "urn:taxii.mitre.org:protocol:http:1.0",
    VID_TAXII_HTTPS_10: "urn:taxii.mitre.org:protocol:https:1.0",
    VID_CERT_EU_JSON_10: "urn:cert.europa.eu:message:json:1.0",
    CB_STIX_XML_10: "urn:stix.mitre.org:xml:1.0",
    CB_STIX_XML_101: "urn:stix.mitre.org:xml:1.0.1",
    CB_STIX_XML_11: "urn:stix.mitre.org:xml:1.1",
    CB_STIX_XML_111: "urn:stix.mitre.org:xml:1.1.1",
    CB_STIX_XML_12: "urn:stix.mitre.org:xml:1.2",
    CB_CAP_11: "urn:oasis:names:tc:emergency:cap:1.1",
    CB_XENC_122002: "http://www.w3.org/2001/04/xmlenc#",
    STD_INDENT: "  ",
  };
  const ours = new Set(strings(constants));

  it.each(Object.entries(libtaxii))("%s is among ours", (_name, value) => {
    expect(ours).toContain(value);
  });

  it("CB_SMIME is among our aliases", () => {
    expect(Object.keys(contentBindingAliases)).toContain("application/x-pkcs7-mime");
  });

  it("NS_MAP has the same prefixes", () => {
    expect(namespacePrefixes).toEqual({
      taxii: libtaxii["NS_MAP['taxii']"],
      taxii_11: libtaxii["NS_MAP['taxii_11']"],
      tdq: libtaxii["NS_MAP['tdq']"],
    });
    expect(textIndent).toBe("  ");
  });

  it("the tuples have the same members", () => {
    expect(messageTypes10).toHaveLength(10);
    expect(messageTypes11).toHaveLength(11);
    expect(statusTypes10).toHaveLength(11);
    expect(statusTypes11).toHaveLength(17);
    const namedR = Object.entries(libtaxii).flatMap(([name, value]) => (name.startsWith("R_") ? [value] : []));
    expect([...relationships.core, ...relationships.regex]).toEqual(namedR);
  });
});

describe("types", () => {
  it("are unions of the values", () => {
    expectTypeOf<MessageType10>().toEqualTypeOf<(typeof messageTypes10)[number]>();
    expectTypeOf<"Poll_Fulfillment">().not.toExtend<MessageType10>();
    expectTypeOf<"Poll_Fulfillment">().toExtend<MessageType11>();
    expectTypeOf<StatusType10>().toExtend<StatusType11>();
    expectTypeOf<QueryStatusType>().not.toExtend<StatusType11>();
    expectTypeOf<Action10>().toExtend<Action11>();
    expectTypeOf<"PAUSE">().not.toExtend<Action10>();
    expectTypeOf<ServiceType10 & ServiceType11>().toEqualTypeOf<"DISCOVERY" | "INBOX" | "POLL">();
    expectTypeOf<CollectionType>().toEqualTypeOf<"DATA_FEED" | "DATA_SET">();
    expectTypeOf<SubscriptionStatus>().toEqualTypeOf<"ACTIVE" | "PAUSED" | "UNSUBSCRIBED">();
    expectTypeOf<ResponseType>().toEqualTypeOf<"COUNT_ONLY" | "FULL">();
    expectTypeOf<Operator>().toEqualTypeOf<"AND" | "OR">();
    expectTypeOf<ParameterName>().toEqualTypeOf<"value" | "match_type" | "case_sensitive">();
    expectTypeOf<MatchType>().toEqualTypeOf<"case_sensitive_string" | "case_insensitive_string" | "number">();
    expectTypeOf<"WILL_PUSH">().toExtend<StatusDetailName>();
    expectTypeOf<"application/pkcs7-mime">().toExtend<KnownContentBinding>();
    expectTypeOf<"urn:taxii.mitre.org:query:capability:core-1">().toExtend<CapabilityModule>();
    expectTypeOf<"urn:taxii.mitre.org:protocol:https:1.0">().toExtend<ProtocolId>();
    expectTypeOf<ServicesVersionId>().toEqualTypeOf<"urn:taxii.mitre.org:services:1.0" | "urn:taxii.mitre.org:services:1.1">();
    expectTypeOf<"greater_than_or_equal">().not.toExtend<TimestampRelationship>();
    expectTypeOf<TimestampRelationship | "matches" | "contains">().toExtend<Relationship>();
  });
});

/** Every string in a value, at any depth. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(strings);
}
