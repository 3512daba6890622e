/** Where the schema takes less or more than the specification says, the specification decides. */

import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import type { Shape } from "../../src/binding/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { namespaces, queryFormats } from "../../src/constants.js";
import { validate } from "../../src/message/validate.js";
import { validateXml } from "../../src/message/validate-xml.js";
import { message10, message11 } from "./xml.js";

const answer = 'message_id="2" in_response_to="1"';
const label = (name: string, value = "2014-12-19T00:00:00Z"): string => `<${name}>${value}</${name}>`;
const block = (binding: string): string => `<Content_Block><Content_Binding ${binding}</Content_Binding><Content/></Content_Block>`;
const poll = (content: string, attributes = ""): string =>
  message11("Poll_Response", `${answer} collection_name="c" ${attributes}`, content);
const request = (content: string): string => message11("Poll_Request", 'message_id="1" collection_name="c"', content);
const manage = (action: string, content = ""): string =>
  message11("Subscription_Management_Request", `message_id="1" action="${action}" collection_name="c"`, content);
const query = (items: string): string =>
  request(
    `<Poll_Parameters><Query format_id="${queryFormats.default10}"><Default_Query xmlns="${namespaces.defaultQuery}" targeting_expression_id="urn:example:v"><Criteria operator="AND">${items}</Criteria></Default_Query></Query></Poll_Parameters>`,
  );
const criterion = '<Criterion><Target>a</Target><Test capability_id="urn:example:m" relationship="r"/></Criterion>';
const service = (type: string, content: string): string =>
  message11(
    "Discovery_Response",
    answer,
    `<Service_Instance service_type="${type}" service_version="urn:taxii.mitre.org:services:1.1"><Protocol_Binding>urn:example:p</Protocol_Binding><Address>a</Address><Message_Binding>urn:example:m</Message_Binding>${content}</Service_Instance>`,
  );
const info = (content: string): string =>
  `<Supported_Query format_id="${queryFormats.default10}"><Default_Query_Info xmlns="${namespaces.defaultQuery}">${content}<Capability_Module>urn:example:m</Capability_Module></Default_Query_Info></Supported_Query>`;
const vocabulary =
  '<Targeting_Expression_Info targeting_expression_id="urn:example:v"><Allowed_Scope>**</Allowed_Scope></Targeting_Expression_Info>';

/** What the schema takes and the specification does not: what it is, the document, the rule that says so. */
const stricter: readonly (readonly [string, string, string])[] = [
  [
    "a fulfillment without a part number",
    message11("Poll_Fulfillment", 'message_id="1" collection_name="c" result_id="r"'),
    "taxii11/fulfillment-names-part",
  ],
  ["SUBSCRIBE without subscription parameters", manage("SUBSCRIBE"), "taxii11/subscription-parameters-go-with-subscribe"],
  [
    "subscription parameters for PAUSE",
    manage("PAUSE", "<Subscription_ID>s</Subscription_ID><Subscription_Parameters/>"),
    "taxii11/subscription-parameters-go-with-subscribe",
  ],
  ["RESUME without a subscription", manage("RESUME"), "taxii11/action-names-subscription"],
  ["more parts without a result id", poll("", 'more="true"'), "taxii11/more-needs-result-id"],
  ["a range without end", poll(label("Exclusive_Begin_Timestamp")), "taxii11/range-has-end"],
  [
    "delivery parameters without allow_asynch",
    request(
      "<Poll_Parameters><Delivery_Parameters><Protocol_Binding>urn:example:p</Protocol_Binding><Address>a</Address><Message_Binding>urn:example:m</Message_Binding></Delivery_Parameters></Poll_Parameters>",
    ),
    "taxii11/delivery-needs-asynch",
  ],
  [
    "a range that ends as it begins",
    request(`${label("Exclusive_Begin_Timestamp") + label("Inclusive_End_Timestamp")}<Poll_Parameters/>`),
    "taxii11/range-is-not-empty",
  ],
  [
    "a range that ends as it begins, in 1.0",
    message10("Poll_Request", 'message_id="1" feed_name="f"', label("Exclusive_Begin_Timestamp") + label("Inclusive_End_Timestamp")),
    "taxii10/range-is-not-empty",
  ],
  ["PENDING without details", message11("Status_Message", `${answer} status_type="PENDING"`), "taxii11/status-has-required-details"],
  [
    "INVALID_RESPONSE_PART without details",
    message11("Status_Message", `${answer} status_type="INVALID_RESPONSE_PART"`),
    "taxii11/status-has-required-details",
  ],
  ["any text as status type", message11("Status_Message", `${answer} status_type="not a uri at all"`), "taxii11/status-type-is-known"],
  ["no text as status type", message11("Status_Message", `${answer} status_type=""`), "taxii11/status-type-is-known"],
  [
    "any text as status type, in 1.0",
    message10("Status_Message", `${answer} status_type="not a uri at all"`),
    "taxii10/status-type-is-uri",
  ],
  [
    "a count below the number of blocks",
    poll(`<Record_Count>0</Record_Count>${block('binding_id="urn:example:f">')}`),
    "taxii11/count-covers-blocks",
  ],
  [
    "UNSUBSCRIBED among several subscriptions",
    message11(
      "Subscription_Management_Response",
      `${answer} collection_name="c"`,
      '<Subscription status="UNSUBSCRIBED"><Subscription_ID>s</Subscription_ID><Subscription_Parameters/></Subscription>'.repeat(2),
    ),
    "taxii11/unsubscribed-stands-alone",
  ],
  [
    "a source without a subscription, in 1.0",
    message10(
      "Inbox_Message",
      'message_id="1"',
      `<Source_Subscription feed_name="f">${label("Inclusive_End_Timestamp")}</Source_Subscription>`,
    ),
    "taxii10/source-names-subscription",
  ],
  [
    "a status detail of the wrong form, in 1.0",
    message10("Status_Message", `${answer} status_type="RETRY"`, "<Status_Detail>300</Status_Detail>"),
    "taxii10/detail-has-prescribed-form",
  ],
  [
    "a vocabulary without identifier",
    service("POLL", info(vocabulary.replace(' targeting_expression_id="urn:example:v"', ""))),
    "default-query/info-names-vocabulary",
  ],
  [
    "a vocabulary without scope",
    service("POLL", info(vocabulary.replace("<Allowed_Scope>**</Allowed_Scope>", ""))),
    "default-query/info-has-scope",
  ],
  [
    "Criteria behind a Criterion",
    query(`${criterion}<Criteria operator="OR">${criterion}</Criteria>`),
    "default-query/criteria-before-criterion",
  ],
  ["one query format twice", service("POLL", info(vocabulary).repeat(2)), "taxii11/query-formats-differ"],
  ["queries of an inbox", service("INBOX", info(vocabulary)), "taxii11/only-query-services-list-queries"],
  [
    "content bindings of a poll service",
    service("POLL", '<Content_Binding binding_id="urn:example:f"/>'),
    "taxii11/only-inbox-lists-content",
  ],
  ["identifiers with spaces", message11("Discovery_Request", 'message_id="a b"'), "taxii11/identifier-is-uri"],
  ["empty identifiers", message11("Discovery_Request", 'message_id=""'), "taxii11/identifier-is-not-empty"],
  [
    "a subtype beside a nesting expression",
    poll(block('binding_id="urn:example:w|urn:example:f"><Subtype subtype_id="urn:example:s"/>')),
    "taxii11/nesting-has-no-subtype",
  ],
  [
    "a label at hour 24",
    request(`${label("Exclusive_Begin_Timestamp", "2014-12-19T24:00:00Z")}<Poll_Parameters/>`),
    "taxii11/label-fits-rfc-3339",
  ],
  [
    "a label before year 1",
    request(`${label("Exclusive_Begin_Timestamp", "-0001-01-01T00:00:00Z")}<Poll_Parameters/>`),
    "taxii11/label-fits-rfc-3339",
  ],
];

describe("[VER-CONF-003] the specification forbids what the schema takes", () => {
  it.each(stricter)("%s", (_, xml, rule) => {
    expect(validateXml(xml).schemaValid).toBe(true);
    const messages: readonly Shape<{ readonly $type: string }>[] = [...taxii10.messages, ...taxii11.messages];
    const message = fromXml(messages, xml);
    const shape = messages.find(({ name }) => name === message.$type);
    expect(shape && validate(shape, message).issues.map((issue) => issue.rule)).toContain(rule);
  });
});

describe("[VER-CONF-003] the specification takes what the schema forbids", () => {
  it("[QRY-INF-001] several vocabularies", () => {
    const message = fromXml(taxii11.DiscoveryResponse, service("POLL", info(vocabulary.repeat(2))));
    expect(validate(taxii11.DiscoveryResponse, message).valid).toBe(true);
  });
});
