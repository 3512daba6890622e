import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import {
  CollectionInformationResponse,
  CollectionRecord,
  DiscoveryResponse,
  PushMethod,
  ServiceContactInfo,
  ServiceInstance,
} from "../../generated/taxii11/index.js";
import { queryFormats, versionIds } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { queryInfoBody } from "../../src/message/query-body.js";
import { findings, of } from "../conformance/findings.js";

const contact = { protocolBinding: versionIds.https10, address: "https://taxii.example.com/poll", messageBindings: [versionIds.xml11] };
const init = { serviceType: "POLL", serviceVersion: versionIds.services11, ...contact } as const;
const instance = (changes: Partial<ServiceInstance> = {}): ServiceInstance => ({ ...create(ServiceInstance, init), ...changes });
const instance10 = (changes: Partial<taxii10.ServiceInstance> = {}): taxii10.ServiceInstance => ({
  ...create(taxii10.ServiceInstance, { ...init, serviceVersion: versionIds.services10 }),
  ...changes,
});
const supported = queryInfoBody({
  targetingExpressionInfos: [{ targetingExpressionId: "urn:stix.mitre.org:xml:1.1.1", preferredScopes: [], allowedScopes: ["**"] }],
  capabilityModules: ["urn:taxii.mitre.org:query:capability:core-1"],
});

describe("services", () => {
  it("say nothing wrong when described well", () => {
    expect(findings(ServiceInstance, instance())).toEqual([]);
    expect(findings(taxii10.ServiceInstance, instance10())).toEqual([]);
  });

  it.each(["urn:taxii.mitre.org:services:2.0", "urn:example:services:1.0", "1.1"])(
    "[VER-ID-006] [XML-DSC-003] have a version that TAXII defines, not %s",
    (serviceVersion) => {
      expect(of("taxii11/service-version-is-defined", ServiceInstance, instance({ serviceVersion }))).toEqual(["error serviceVersion"]);
      expect(of("taxii10/service-version-is-defined", taxii10.ServiceInstance, instance10({ serviceVersion }))).toEqual([
        "error serviceVersion",
      ]);
    },
  );

  it("[XML-DSC-004] name every message binding once", () => {
    const messageBindings = [versionIds.xml11, versionIds.xml10, versionIds.xml11];
    const repeated = ["error taxii11/message-bindings-differ messageBindings[2]"];
    expect(findings(ServiceInstance, instance({ messageBindings }))).toEqual(repeated);
    expect(findings(ServiceContactInfo, { ...contact, messageBindings })).toEqual(repeated);
    expect(findings(PushMethod, { protocolBinding: versionIds.https10, messageBindings })).toEqual(repeated);
    expect(findings(taxii10.ServiceInstance, instance10({ messageBindings }))).toEqual([
      "error taxii10/message-bindings-differ messageBindings[2]",
    ]);
  });

  it.each(["POLL", "DISCOVERY", "COLLECTION_MANAGEMENT"] as const)(
    "[XML-DSC-005] should list no content bindings when they are %s",
    (serviceType) => {
      const contentBindings = [{ bindingId: "urn:example:format", subtypes: [] }];
      expect(findings(ServiceInstance, instance({ serviceType, contentBindings }))).toEqual([
        "warning taxii11/only-inbox-lists-content contentBindings",
      ]);
      expect(findings(ServiceInstance, instance({ serviceType: "INBOX", contentBindings }))).toEqual([]);
    },
  );

  it("[XML-DSC-005] should list no content bindings in TAXII 1.0 either, but for the inbox", () => {
    const contentBindings = ["urn:example:format"];
    expect(findings(taxii10.ServiceInstance, instance10({ serviceType: "FEED_MANAGEMENT", contentBindings }))).toEqual([
      "warning taxii10/only-inbox-lists-content contentBindings",
    ]);
    expect(findings(taxii10.ServiceInstance, instance10({ serviceType: "INBOX", contentBindings }))).toEqual([]);
  });

  it("[XML-DSC-007] should list queries only where queries are evaluated", () => {
    for (const serviceType of ["INBOX", "DISCOVERY"] as const) {
      expect(findings(ServiceInstance, instance({ serviceType, supportedQueries: [supported] }))).toEqual([
        "warning taxii11/only-query-services-list-queries supportedQueries",
      ]);
    }
    for (const serviceType of ["POLL", "COLLECTION_MANAGEMENT"] as const)
      expect(findings(ServiceInstance, instance({ serviceType, supportedQueries: [supported] }))).toEqual([]);
  });

  it("[XML-DSC-009] list every query format once", () => {
    const other = { formatId: "urn:example:query", content: { text: "" } };
    expect(findings(ServiceInstance, instance({ supportedQueries: [supported, other, supported] }))).toEqual([
      "error taxii11/query-formats-differ supportedQueries[2].formatId",
    ]);
    expect(findings(ServiceInstance, instance({ supportedQueries: [supported, other] }))).toEqual([]);
  });

  it("[XML-DSC-010] describe a query format in its own way", () => {
    const text = { formatId: queryFormats.default10, content: { text: "everything" } };
    expect(findings(ServiceInstance, instance({ supportedQueries: [text] }))).toEqual([
      "error taxii11/supported-query-obeys-its-format supportedQueries[0].content",
    ]);
    const wrong = {
      formatId: queryFormats.default10,
      content: { xml: '<Default_Query xmlns="http://taxii.mitre.org/query/taxii_default_query-1"/>' },
    };
    expect(findings(ServiceInstance, instance({ supportedQueries: [wrong] }))).toEqual([
      "error taxii11/supported-query-obeys-its-format supportedQueries[0].content",
    ]);
  });

  it.each([
    [versionIds.https10, "http://taxii.example.com/"],
    [versionIds.http10, "https://taxii.example.com/"],
    [versionIds.https10, "taxii.example.com/poll"],
    [versionIds.https10, "/poll"],
    [versionIds.https10, "https:///poll"],
    [versionIds.https10, "https://taxii.example.com/my poll"],
    [versionIds.https10, "https://taxii.example.com:port/"],
    [versionIds.https10, ""],
  ])("[XML-DSC-012] have an address for their protocol: %s %s", (protocolBinding, address) => {
    expect(findings(ServiceInstance, instance({ protocolBinding, address }))).toEqual(["error taxii11/address-suits-protocol address"]);
    expect(findings(ServiceInstance, instance({ protocolBinding, address }), { received: true })).toEqual([
      "warning taxii11/address-suits-protocol address",
    ]);
  });

  it.each([
    [versionIds.https10, "HTTPS://user@taxii.example.com:8443/poll?tenant=7"],
    [versionIds.http10, "http://[::1]:8080"],
    [versionIds.https10, "\n https://taxii.example.com/poll \n"],
    ["urn:example:protocol:pigeon", "third loft from the left"],
  ])("[XML-DSC-012] [VER-ID-008] have an address for their protocol: %s %s", (protocolBinding, address) => {
    expect(findings(ServiceInstance, instance({ protocolBinding, address }))).toEqual([]);
  });

  it("are looked at in a discovery response", () => {
    const message = create(DiscoveryResponse, { inResponseTo: "1", serviceInstances: [init, { ...init, address: "" }] });
    expect(findings(DiscoveryResponse, message)).toEqual(["error taxii11/address-suits-protocol serviceInstances[1].address"]);
  });
});

describe("collections", () => {
  it("[SVC-COL-003] have different names", () => {
    const record = { collectionName: "default", description: "All of it" };
    const message = create(CollectionInformationResponse, {
      inResponseTo: "1",
      collections: [record, { ...record, collectionName: "Default" }, record],
    });
    expect(findings(CollectionInformationResponse, message)).toEqual([
      "error taxii11/collection-names-differ collections[2].collectionName",
    ]);
    const feed = { feedName: "default", description: "All of it", contentBindings: ["urn:example:f"], pollingServices: [contact] };
    const message10 = create(taxii10.FeedInformationResponse, { inResponseTo: "1", feeds: [feed, feed] });
    expect(findings(taxii10.FeedInformationResponse, message10)).toEqual(["error taxii10/feed-names-differ feeds[1].feedName"]);
  });

  it("have services with addresses for their protocols", () => {
    const wrong = { ...contact, address: "ftp://example.com" };
    const record = create(CollectionRecord, {
      collectionName: "c",
      description: "",
      pollingServices: [contact, wrong],
      subscriptionServices: [wrong],
      receivingInboxServices: [{ ...wrong, contentBindings: [] }],
    });
    expect(findings(CollectionRecord, record)).toEqual([
      "error taxii11/address-suits-protocol pollingServices[1].address",
      "error taxii11/address-suits-protocol subscriptionServices[0].address",
      "error taxii11/address-suits-protocol receivingInboxServices[0].address",
    ]);
  });
});
