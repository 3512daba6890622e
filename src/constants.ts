/**
 * The identifiers and fixed words of TAXII 1.0, TAXII 1.1 and Default Query 1.0, each written once.
 *
 * Identifiers that have a name are properties of small objects; words that the schemas enumerate are tuples, in the
 * order of the schema, each with a union type of its members. Names in brackets, such as [VER-ID-001], are rows of the
 * conformance table.
 *
 * Identifiers are open: a peer may use its own message binding, protocol, content binding or query format, so a
 * property that carries one is a `string`, and these objects list what the specifications define.
 */

/**
 * Version identifiers: of the services, of the message bindings (`xml…`), and of the protocol bindings (`http…`).
 * TAXII 1.1 goes on using the 1.0 protocol bindings. `certEuJson10` is a third party's message binding: libtaxii's
 * dictionaries in JSON, of either version of the services. [VER-ID-001] [VER-ID-002]
 */
export const versionIds = {
  services10: "urn:taxii.mitre.org:services:1.0",
  services11: "urn:taxii.mitre.org:services:1.1",
  xml10: "urn:taxii.mitre.org:message:xml:1.0",
  xml11: "urn:taxii.mitre.org:message:xml:1.1",
  http10: "urn:taxii.mitre.org:protocol:http:1.0",
  https10: "urn:taxii.mitre.org:protocol:https:1.0",
  certEuJson10: "urn:cert.europa.eu:message:json:1.0",
} as const;
/** Any of {@link versionIds}. */
export type VersionId = (typeof versionIds)[keyof typeof versionIds];
/** Either of the services versions, as `X-TAXII-Services` and `Service_Instance` name it. */
export type ServicesVersionId = typeof versionIds.services10 | typeof versionIds.services11;

/** The protocol binding of each URL scheme, as `X-TAXII-Protocol` names it. [VER-ID-001] [VER-ID-002] */
export const protocols = {
  http: versionIds.http10,
  https: versionIds.https10,
} as const;
/** Any of {@link protocols}. */
export type ProtocolId = (typeof protocols)[keyof typeof protocols];

/** XML namespaces, by the module that is generated from each schema. [VER-ID-001] [VER-ID-002] */
export const namespaces = {
  taxii10: "http://taxii.mitre.org/messages/taxii_xml_binding-1",
  taxii11: "http://taxii.mitre.org/messages/taxii_xml_binding-1.1",
  defaultQuery: "http://taxii.mitre.org/query/taxii_default_query-1",
  xmldsig: "http://www.w3.org/2000/09/xmldsig#",
} as const;
/** Any of {@link namespaces}. */
export type Namespace = (typeof namespaces)[keyof typeof namespaces];

/** The prefixes libtaxii writes, and their namespaces. Readers never depend on a prefix. [VER-ID-001] [VER-ID-002] */
export const namespacePrefixes = {
  taxii: namespaces.taxii10,
  taxii_11: namespaces.taxii11,
  tdq: namespaces.defaultQuery,
} as const;

/**
 * Content bindings of the formats TAXII users meet. Any other string is a content binding too.
 * A content block may be labelled with one of the other spellings in {@link contentBindingAliases}. [CB-ID-001]
 */
export const contentBindings = {
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
} as const;
/** Any of {@link contentBindings}. */
export type KnownContentBinding = (typeof contentBindings)[keyof typeof contentBindings];

/**
 * Other spellings of S/MIME that peers send, and the one to send: libtaxii has `x-pkcs7-mime`; cabby, java-taxii and
 * early libtaxii have `x-pks7-mime`. [CB-ID-002]
 */
export const contentBindingAliases = {
  "application/x-pkcs7-mime": contentBindings.smime,
  "application/x-pks7-mime": contentBindings.smime,
} as const;

/**
 * The identifier to compare and to send for a content binding: the reference's spelling where `id` is one of
 * {@link contentBindingAliases}, otherwise `id` itself, unchanged. [CB-ID-002]
 */
export function canonicalContentBinding(id: string): string {
  return isContentBindingAlias(id) ? contentBindingAliases[id] : id;
}

function isContentBindingAlias(id: string): id is keyof typeof contentBindingAliases {
  return Object.hasOwn(contentBindingAliases, id);
}

/** The messages of TAXII 1.0, by the name of their root element. [VER-ID-009] */
export const messageTypes10 = [
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
] as const;
/** A member of {@link messageTypes10}. */
export type MessageType10 = (typeof messageTypes10)[number];

/** The messages of TAXII 1.1, by the name of their root element. [VER-ID-009] */
export const messageTypes11 = [
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
] as const;
/** A member of {@link messageTypes11}. */
export type MessageType11 = (typeof messageTypes11)[number];

/**
 * The status types of TAXII 1.0. A peer may also send a URI of its own, and the schema accepts any text.
 * [XML-STS-014] [SVC-STAT-006]
 */
export const statusTypes10 = [
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
] as const;
/** A member of {@link statusTypes10}. */
export type StatusType10 = (typeof statusTypes10)[number];

/** The status types of TAXII 1.1; those of {@link queryStatusTypes} come on top. [XML-STS-014] [SVC-STAT-006] */
export const statusTypes11 = [
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
] as const;
/** A member of {@link statusTypes11}. */
export type StatusType11 = (typeof statusTypes11)[number];

/**
 * The status types Default Query adds to TAXII 1.1. They are neither in the schema's enumeration nor URIs, and are
 * legal all the same. [QRY-ERR-006]
 */
export const queryStatusTypes = [
  "UNSUPPORTED_CAPABILITY_MODULE",
  "UNSUPPORTED_TARGETING_EXPRESSION",
  "UNSUPPORTED_TARGETING_EXPRESSION_ID",
] as const;
/** A member of {@link queryStatusTypes}. */
export type QueryStatusType = (typeof queryStatusTypes)[number];

/**
 * The names a TAXII 1.1 `Detail` can have; TAXII 1.0 has one unnamed text instead. Which status type carries which is
 * a rule, not a constant. [XML-STS-004] [XML-STS-006] [XML-STS-007]
 */
export const statusDetails = [
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
] as const;
/** A member of {@link statusDetails}. */
export type StatusDetailName = (typeof statusDetails)[number];

/** The `Detail` names that go with {@link queryStatusTypes}. [QRY-ERR-001] [QRY-ERR-002] [QRY-ERR-004] */
export const queryStatusDetails = ["CAPABILITY_MODULE", "PREFERRED_SCOPE", "ALLOWED_SCOPE", "TARGETING_EXPRESSION_ID"] as const;
/** A member of {@link queryStatusDetails}. */
export type QueryStatusDetailName = (typeof queryStatusDetails)[number];

/** What a TAXII 1.0 subscription request can ask for. [XML-SUB-012] */
export const actions10 = ["SUBSCRIBE", "UNSUBSCRIBE", "STATUS"] as const;
/** A member of {@link actions10}. */
export type Action10 = (typeof actions10)[number];

/** What a TAXII 1.1 subscription request can ask for. [XML-SUB-012] */
export const actions11 = ["SUBSCRIBE", "UNSUBSCRIBE", "PAUSE", "RESUME", "STATUS"] as const;
/** A member of {@link actions11}. */
export type Action11 = (typeof actions11)[number];

/** The services a TAXII 1.0 discovery response can list. [XML-DSC-002] */
export const serviceTypes10 = ["DISCOVERY", "FEED_MANAGEMENT", "INBOX", "POLL"] as const;
/** A member of {@link serviceTypes10}. */
export type ServiceType10 = (typeof serviceTypes10)[number];

/** The services a TAXII 1.1 discovery response can list. [XML-DSC-002] */
export const serviceTypes11 = ["DISCOVERY", "COLLECTION_MANAGEMENT", "INBOX", "POLL"] as const;
/** A member of {@link serviceTypes11}. */
export type ServiceType11 = (typeof serviceTypes11)[number];

/** The kinds of TAXII 1.1 collection; a feed is ordered by timestamp label, a set is not. [XML-COL-001] */
export const collectionTypes = ["DATA_FEED", "DATA_SET"] as const;
/** A member of {@link collectionTypes}. */
export type CollectionType = (typeof collectionTypes)[number];

/** The states of a TAXII 1.1 subscription. [XML-SUB-014] */
export const subscriptionStatuses = ["ACTIVE", "PAUSED", "UNSUBSCRIBED"] as const;
/** A member of {@link subscriptionStatuses}. */
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** Whether a TAXII 1.1 poll or subscription delivers the blocks or only their number. [XML-PRQ-004] */
export const responseTypes = ["COUNT_ONLY", "FULL"] as const;
/** A member of {@link responseTypes}. */
export type ResponseType = (typeof responseTypes)[number];

/** Query formats, as `format_id` names them. [VER-ID-002] */
export const queryFormats = {
  default10: "urn:taxii.mitre.org:query:default:1.0",
} as const;
/** Any of {@link queryFormats}. */
export type QueryFormat = (typeof queryFormats)[keyof typeof queryFormats];

/** The modules of Default Query, as `capability_id` names them. [QRY-CORE-001] [QRY-RGX-001] [QRY-TIM-001] */
export const capabilityModules = {
  core: "urn:taxii.mitre.org:query:capability:core-1",
  regex: "urn:taxii.mitre.org:query:capability:regex-1",
  timestamp: "urn:taxii.mitre.org:query:capability:timestamp-1",
} as const;
/** Any of {@link capabilityModules}. */
export type CapabilityModule = (typeof capabilityModules)[keyof typeof capabilityModules];

/**
 * The relationships of each capability module. The timestamp module ends two of them in `…_equals` where the core
 * module has `…_equal`; see {@link timestampRelationshipAliases}. [QRY-CORE-001] [QRY-RGX-001] [QRY-TIM-001]
 */
export const relationships = {
  core: [
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
  ],
  regex: ["matches"],
  timestamp: ["equals", "greater_than", "greater_than_or_equals", "less_than", "less_than_or_equals"],
} as const;
/** A relationship of the core module. */
export type CoreRelationship = (typeof relationships.core)[number];
/** A relationship of the regular expression module. */
export type RegexRelationship = (typeof relationships.regex)[number];
/** A relationship of the timestamp module. */
export type TimestampRelationship = (typeof relationships.timestamp)[number];
/** A relationship of any module. */
export type Relationship = CoreRelationship | RegexRelationship | TimestampRelationship;

/**
 * The core module's spelling of two timestamp relationships, which libtaxii sends, and the one to send. [QRY-TIM-003]
 */
export const timestampRelationshipAliases = {
  greater_than_or_equal: "greater_than_or_equals",
  less_than_or_equal: "less_than_or_equals",
} as const;

/** The names of a test's parameters. [QRY-CORE-002] [QRY-CORE-010] */
export const parameterNames = ["value", "match_type", "case_sensitive"] as const;
/** A member of {@link parameterNames}. */
export type ParameterName = (typeof parameterNames)[number];

/** The values of the parameter `match_type`. [QRY-CORE-002] */
export const matchTypes = ["case_sensitive_string", "case_insensitive_string", "number"] as const;
/** A member of {@link matchTypes}. */
export type MatchType = (typeof matchTypes)[number];

/** How a `Criteria` joins its children. [QRY-STR-002] */
export const operators = ["OR", "AND"] as const;
/** A member of {@link operators}. */
export type Operator = (typeof operators)[number];

/** One level of indentation in the text form of a message. */
export const textIndent = "  ";

/**
 * **Draft.** The identifiers of the OASIS working draft of TAXII 1.1.1, which never became a standard. They are in no
 * other object of this file, and no default uses them. Where the draft contradicts itself the first spelling is the
 * one to send, and the other is under `aliases`. [VER-ID-003] [VER-ID-004]
 */
export const draft111 = {
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
} as const;
