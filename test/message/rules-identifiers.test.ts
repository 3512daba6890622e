import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import {
  CollectionInformationResponse,
  ContentBindingId,
  ContentBlock,
  DiscoveryRequest,
  ExtendedHeader,
  InboxMessage,
  PollRequest,
  PushParameter,
  Query,
  ServiceInstance,
  SourceSubscription,
  SubscriptionManagementRequest,
} from "../../generated/taxii11/index.js";
import { hasAuthority } from "../../src/binding/uri.js";
import { contentBindingAliases, contentBindings, queryFormats, versionIds } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { errors, findings, of } from "../conformance/findings.js";

const isUri = "taxii11/identifier-is-uri";
const hasOwner = "taxii11/identifier-has-authority";
const notEmpty = "taxii11/identifier-is-not-empty";
const fits = "taxii11/label-fits-rfc-3339";

const instance = (init: Partial<ServiceInstance> = {}): ServiceInstance => ({
  ...create(ServiceInstance, {
    serviceType: "POLL",
    serviceVersion: versionIds.services11,
    protocolBinding: versionIds.https10,
    address: "https://taxii.example.com/poll",
    messageBindings: [versionIds.xml11],
  }),
  ...init,
});

describe("identifiers", () => {
  it("[XML-ID-005] of the world are URIs by RFC 3986", () => {
    const odd = "not a uri";
    expect(of(isUri, ExtendedHeader, { name: odd, content: { text: "" } })).toEqual(["error name"]);
    expect(of(isUri, Query, { formatId: odd, content: { text: "" } })).toEqual(["error formatId"]);
    expect(of(isUri, ContentBindingId, { bindingId: odd, subtypes: [{ subtypeId: odd }] })).toEqual([
      "error bindingId",
      "error subtypes[0].subtypeId",
    ]);
    expect(of(isUri, PushParameter, { protocolBinding: odd, address: odd, messageBinding: odd })).toEqual([
      "error protocolBinding",
      "error messageBinding",
    ]);
    const wrong = instance({ serviceVersion: odd, protocolBinding: odd, messageBindings: [versionIds.xml11, odd] });
    expect(of(isUri, ServiceInstance, wrong)).toEqual(["error serviceVersion", "error protocolBinding", "error messageBindings[1]"]);
    const block = create(ContentBlock, {
      contentBinding: { bindingId: `urn:example:a|${odd}`, subtype: { subtypeId: odd } },
      content: { text: "" },
    });
    expect(of(isUri, ContentBlock, block)).toEqual(["error contentBinding.bindingId", "error contentBinding.subtype.subtypeId"]);
    expect(of("taxii10/identifier-is-uri", taxii10.ContentBlock, { contentBinding: odd, content: { text: "" } })).toEqual([
      "error contentBinding",
    ]);
  });

  it("[XML-ID-006] [XML-EXT-006] [VER-ID-005] of third parties should say whose they are", () => {
    expect(of(hasOwner, ExtendedHeader, { name: "priority", content: { text: "" } })).toEqual(["warning name"]);
    expect(of(hasOwner, ContentBindingId, { bindingId: "csv", subtypes: [{ subtypeId: "small" }] })).toEqual([
      "warning bindingId",
      "warning subtypes[0].subtypeId",
    ]);
    expect(of(hasOwner, ServiceInstance, instance({ protocolBinding: "carrier-pigeon" }))).toEqual(["warning protocolBinding"]);
    expect(of("taxii10/identifier-has-authority", taxii10.ExtendedHeader, { name: "priority", content: { text: "" } })).toEqual([
      "warning name",
    ]);
    expect(of(hasOwner, ExtendedHeader, { name: "urn:example:priority", content: { text: "" } })).toEqual([]);
    expect(of(hasOwner, ExtendedHeader, { name: "http://example.com/priority", content: { text: "" } })).toEqual([]);
  });

  it("[QRY-GEN-004] of query formats as well", () => {
    expect(findings(Query, { formatId: "sql", content: { text: "select" } })).toEqual([`warning ${hasOwner} formatId`]);
    expect(findings(Query, { formatId: "urn:example:sql", content: { text: "select" } })).toEqual([]);
  });

  it("[CB-ID-006] of subtypes as well", () => {
    const subtyped = (subtypeId: string): ContentBindingId => ({ bindingId: contentBindings.stix12, subtypes: [{ subtypeId }] });
    expect(findings(ContentBindingId, subtyped("urn:example:watchlist"))).toEqual([]);
    expect(findings(ContentBindingId, subtyped("watchlist"))).toEqual([`warning ${hasOwner} subtypes[0].subtypeId`]);
    expect(findings(ContentBindingId, subtyped("watch list"))).toEqual([`error ${isUri} subtypes[0].subtypeId`]);
  });

  it("of the specifications say whose they are, or are known", () => {
    for (const bindingId of [...Object.values(contentBindings), ...Object.keys(contentBindingAliases)]) {
      expect(findings(ContentBindingId, { bindingId, subtypes: [] }), bindingId).toEqual([]);
    }
    for (const id of [...Object.values(versionIds), ...Object.values(queryFormats)]) expect(hasAuthority(id), id).toBe(true);
  });

  it("[XML-ID-007] of collections, subscriptions, results and messages are URIs that need not say whose they are", () => {
    const message = create(InboxMessage, {
      messageId: "m-1",
      resultId: "r",
      destinationCollectionNames: ["default", "guest.Abuse_ch"],
      sourceSubscription: { collectionName: "default", subscriptionId: "5d3f", inclusiveEndTimestamp: "2014-12-19T00:00:00Z" },
    });
    expect(findings(InboxMessage, message)).toEqual([]);
    const odd = {
      ...message,
      messageId: "m 1",
      resultId: "r 1",
      destinationCollectionNames: ["a b", "c"],
      sourceSubscription: { collectionName: "ä", subscriptionId: "{1}" },
    };
    expect(findings(InboxMessage, odd)).toEqual([
      `error ${isUri} messageId`,
      `error ${isUri} resultId`,
      `error ${isUri} destinationCollectionNames[0]`,
      `error ${isUri} sourceSubscription.collectionName`,
      `error ${isUri} sourceSubscription.subscriptionId`,
    ]);
  });

  it("[XML-ID-007] that are no URIs are tolerated by a receiver: the schema takes them", () => {
    const request = create(SubscriptionManagementRequest, { action: "STATUS", collectionName: "a b" });
    expect(findings(SubscriptionManagementRequest, request, { received: true })).toEqual([`warning ${isUri} collectionName`]);
  });

  it("[XML-ID-008] are never empty", () => {
    expect(of(notEmpty, DiscoveryRequest, create(DiscoveryRequest, { messageId: "" }))).toEqual(["error messageId"]);
    expect(of(notEmpty, ContentBindingId, { bindingId: "", subtypes: [{ subtypeId: "" }] }, { received: true })).toEqual([
      "error bindingId",
      "error subtypes[0].subtypeId",
    ]);
    expect(
      of("taxii10/identifier-is-not-empty", taxii10.PollRequest, create(taxii10.PollRequest, { feedName: "", contentBindings: [""] })),
    ).toEqual(["error feedName", "error contentBindings[0]"]);
    expect(create(DiscoveryRequest, {}).messageId).not.toBe("");
  });

  it("[XML-ID-002] are URIs where they are of messages: digits, UUIDs, URNs", () => {
    for (const messageId of ["42", "5d3f0b1e-6a1c-4f0e-9a54-0d9f0c1b2a3d", "urn:uuid:5d3f0b1e-6a1c-4f0e-9a54-0d9f0c1b2a3d"]) {
      expect(findings(DiscoveryRequest, create(DiscoveryRequest, { messageId }))).toEqual([]);
    }
  });

  it("have no more than one finding each about their form", () => {
    fc.assert(
      fc.property(fc.string(), (bindingId) => {
        const found = findings(ContentBindingId, { bindingId, subtypes: [] });
        expect(found.filter((finding) => /identifier-/.test(finding)).length).toBeLessThanOrEqual(1 + bindingId.split("|").length);
      }),
    );
  });
});

describe("timestamp labels", () => {
  const request = (label: string): PollRequest =>
    create(PollRequest, { collectionName: "c", exclusiveBeginTimestamp: label, subscriptionId: "s" });

  it.each(["2014-12-19T24:00:00Z", "2014-12-19T24:00:00.000Z", "-0001-01-01T00:00:00Z", "-2014-12-19T00:00:00+01:00"])(
    "[XML-TS-007] [XML-TS-001] are not %s, which only xs:dateTime takes",
    (label) => {
      expect(findings(PollRequest, request(label))).toEqual([`error ${fits} exclusiveBeginTimestamp`]);
    },
  );

  it.each(["2014-12-19T00:00:60Z", "0000-01-01T00:00:00Z", "2014-12-19t00:00:00Z", "2014-12-19T00:00:00z", "2014-12-19T00:00:00+15:00"])(
    "[XML-TS-007] [XML-TS-001] are not %s, which only RFC 3339 takes",
    (label) => {
      expect(findings(PollRequest, request(label))).toEqual(["error schema exclusiveBeginTimestamp"]);
    },
  );

  it.each(["2014-12-19", "2014-12-19T00:00Z", "2014-12-19 00:00:00Z", "10000-01-01T00:00:00Z", "2014-02-30T00:00:00Z", "now", ""])(
    "[XML-TS-001] are not %j, which neither takes",
    (label) => {
      expect(findings(PollRequest, request(label))).toEqual(["error schema exclusiveBeginTimestamp"]);
    },
  );

  it.each(["2014-12-19T00:00:00Z", "2014-12-19T23:59:59.123456-00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00"])(
    "[XML-TS-007] are %s, which both take",
    (label) => {
      expect(findings(PollRequest, request(label))).toEqual([]);
    },
  );

  it("[XML-TS-002] have a zone", () => {
    expect(findings(PollRequest, request("2014-12-19T00:00:00"))).toEqual(["error schema exclusiveBeginTimestamp"]);
  });

  it("[XML-TS-003] have no more than six digits behind the point", () => {
    expect(findings(PollRequest, request("2014-12-19T00:00:00.123456Z"))).toEqual([]);
    expect(findings(PollRequest, request("2014-12-19T00:00:00.1234567Z"))).toEqual(["error schema exclusiveBeginTimestamp"]);
  });

  it("are looked at wherever they are", () => {
    const label = "2014-12-19T24:00:00Z";
    expect(
      of(fits, SourceSubscription, {
        collectionName: "c",
        subscriptionId: "s",
        exclusiveBeginTimestamp: label,
        inclusiveEndTimestamp: label,
      }),
    ).toEqual(["error exclusiveBeginTimestamp", "error inclusiveEndTimestamp"]);
    const inbox = create(taxii10.InboxMessage, {
      sourceSubscription: { feedName: "f", subscriptionId: "s", inclusiveEndTimestamp: label },
      contentBlocks: [{ contentBinding: "urn:example:f", content: { text: "" }, timestampLabel: label }],
    });
    expect(of("taxii10/label-fits-rfc-3339", taxii10.InboxMessage, inbox)).toEqual([
      "error sourceSubscription.inclusiveEndTimestamp",
      "error contentBlocks[0].timestampLabel",
    ]);
  });
});

it("says nothing about a collection that is described well", () => {
  const message = create(CollectionInformationResponse, {
    inResponseTo: "1",
    collections: [{ collectionName: "default", description: "All of it" }],
  });
  expect(errors(CollectionInformationResponse, message)).toEqual([]);
});
