/** Discovery: which services are told of, to whom, and how they are described. */

import { expect, test } from "vitest";
import { DiscoveryRequest as DiscoveryRequest10, type ServiceInstance as ServiceInstance10 } from "../../../generated/taxii10/index.js";
import { DiscoveryRequest, type ServiceInstance, SupportedQuery } from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import { StatusError } from "../../../src/message/status-error.js";
import type { Service } from "../../../src/server/index.js";
import type { QueryHandler } from "../../../src/server/query.js";
import { collectionManagement } from "../../../src/server/services/collection-management.js";
import { discovery } from "../../../src/server/services/discovery.js";
import { external } from "../../../src/server/services/external.js";
import { inbox } from "../../../src/server/services/inbox.js";
import { poll } from "../../../src/server/services/poll.js";
import { as, createPeers, http10, https10, type Peers, refusal, xml10, xml11 } from "./peers.js";

const services11 = "urn:taxii.mitre.org:services:1.1";
const services10 = "urn:taxii.mitre.org:services:1.0";

async function listed(peers: Peers, account?: string): Promise<readonly ServiceInstance[]> {
  return as("taxii11.DiscoveryResponse", await peers.ask("/discovery", create(DiscoveryRequest, {}), account)).serviceInstances;
}

async function listed10(peers: Peers, account?: string): Promise<readonly ServiceInstance10[]> {
  return as("taxii10.DiscoveryResponse", await peers.ask10("/discovery", create(DiscoveryRequest10, {}), account)).serviceInstances;
}

/** Paths, or whole addresses of services elsewhere. */
const places = (instances: readonly { readonly address: string }[]): string[] =>
  instances.map(({ address }) => address.replace("http://taxii.test", ""));

const query: QueryHandler = {
  formatId: "urn:query",
  supported: () => [create(SupportedQuery, { formatId: "urn:query", content: { text: "all" } })],
  prepare: () => () => true,
};

const usual: readonly Service[] = [
  discovery({ path: "/discovery" }),
  collectionManagement({ path: "/collections" }),
  inbox({ path: "/inbox" }),
  poll({ path: "/poll" }),
];

test("every service is listed with its address, versions and message bindings [SVC-DISC-001] [XML-DSC-003] [XML-DSC-005] [XML-DSC-012]", async () => {
  const taken = [{ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:sub" }] }];
  const services = [
    ...usual.slice(0, 2),
    inbox({ path: "/inbox", contentBindings: taken, description: "Push here" }),
    poll({ path: "/poll" }),
  ];
  const common = {
    available: true,
    serviceVersion: services11,
    protocolBinding: http10,
    messageBindings: [xml11, xml10],
    supportedQueries: [],
    contentBindings: [],
  };
  expect(await listed(await createPeers({ services }))).toEqual([
    { ...common, serviceType: "DISCOVERY", address: "http://taxii.test/discovery" },
    { ...common, serviceType: "COLLECTION_MANAGEMENT", address: "http://taxii.test/collections" },
    { ...common, serviceType: "INBOX", address: "http://taxii.test/inbox", contentBindings: taken, message: "Push here" },
    { ...common, serviceType: "POLL", address: "http://taxii.test/poll" },
  ]);
});

test("services that differ in bindings are records of their own [SVC-DISC-005]", async () => {
  const services = [
    discovery({ path: "/discovery", versions: ["1.1"] }),
    inbox({ path: "/new", versions: ["1.1"], contentBindings: [{ bindingId: "urn:stix" }] }),
    inbox({ path: "/old", versions: ["1.0"], contentBindings: [{ bindingId: "urn:csv" }] }),
  ];
  const records = (await listed(await createPeers({ services }))).map(({ address, serviceVersion, messageBindings, contentBindings }) => [
    ...places([{ address }]),
    serviceVersion,
    messageBindings,
    contentBindings.map(({ bindingId }) => bindingId),
  ]);
  expect(records).toEqual([
    ["/discovery", services11, [xml11], []],
    ["/new", services11, [xml11], ["urn:stix"]],
    ["/old", services10, [xml10], ["urn:csv"]],
  ]);
});

test("there is a record for each protocol binding, with an address to suit it; none where none is advertised [SVC-DISC-006] [XML-DSC-012]", async () => {
  const services = [
    discovery({ path: "/discovery" }),
    poll({ path: "/poll", protocolBindings: [https10, http10, https10, "urn:carrier-pigeon"] }),
    inbox({ path: "/inbox", protocolBindings: [] }),
  ];
  const records = (await listed(await createPeers({ services }))).map(({ protocolBinding, address }) => [protocolBinding, address]);
  expect(records).toEqual([
    [http10, "http://taxii.test/discovery"],
    [https10, "https://taxii.test/poll"],
    [http10, "http://taxii.test/poll"],
    ["urn:carrier-pigeon", "http://taxii.test/poll"],
  ]);
});

test("who asks in TAXII 1.0 is told of services that speak it, in its words [SVC-DISC-009] [XML-DSC-002] [VER-X-001]", async () => {
  const services = [
    discovery({ path: "/discovery" }),
    collectionManagement({ path: "/collections", queries: [query] }),
    inbox({ path: "/inbox", versions: ["1.1"] }),
    external({ type: "POLL", address: "https://else.test/poll", versions: ["1.1"] }),
    external({ type: "POLL", address: "https://else.test/old", versions: ["1.0"] }),
  ];
  const peers = await createPeers({ services });
  const old = await listed10(peers);
  expect(old.map(({ serviceType, serviceVersion, messageBindings }) => [serviceType, serviceVersion, messageBindings])).toEqual([
    ["DISCOVERY", services10, [xml11, xml10]],
    ["FEED_MANAGEMENT", services10, [xml11, xml10]],
    ["POLL", services10, [xml10]],
  ]);
  expect(places(await listed(peers))).toEqual(["/discovery", "/collections", "/inbox", "https://else.test/poll", "https://else.test/old"]);
});

test("a server that speaks one version advertises no service of the other", async () => {
  const old = [discovery({ path: "/discovery", versions: ["1.0"] }), poll({ path: "/poll", versions: ["1.0"] })];
  expect((await listed10(await createPeers({ services: old }))).map(({ messageBindings }) => messageBindings)).toEqual([[xml10], [xml10]]);
});

test("the JSON binding goes with both versions", async () => {
  const services = [discovery({ path: "/discovery" }), poll({ path: "/poll", versions: ["1.0"] })];
  const json = "urn:cert.europa.eu:message:json:1.0";
  const peers = await createPeers({ services, server: { messageBindings: ["xml", "json"] } });
  expect((await listed(peers)).map(({ messageBindings }) => messageBindings)).toEqual([
    [xml11, xml10, json],
    [xml10, json],
  ]);
});

test("services that evaluate queries say so; subscriptions that are switched off evaluate none [SVC-DISC-008] [XML-DSC-007] [XML-DSC-009]", async () => {
  const services = [
    discovery({ path: "/discovery" }),
    collectionManagement({ path: "/collections", queries: [query] }),
    collectionManagement({ path: "/list", queries: [query], subscriptions: false }),
    poll({ path: "/poll", queries: [query] }),
    inbox({ path: "/inbox" }),
  ];
  const formats = (await listed(await createPeers({ services }))).map(({ supportedQueries }) =>
    supportedQueries.map(({ formatId }) => formatId),
  );
  expect(formats).toEqual([[], ["urn:query"], [], ["urn:query"], []]);
  expect(() => collectionManagement({ path: "/two", queries: [query, query] })).toThrow(
    /"\/two" has two query handlers for the format "urn:query"/,
  );
});

test("a service that does not work at the moment is advertised as such", async () => {
  const peers = await createPeers({ services: [discovery({ path: "/discovery" }), poll({ path: "/poll", available: false })] });
  expect((await listed(peers)).map(({ available }) => available)).toEqual([true, false]);
});

test("services elsewhere are told of as they are [SVC-DISC-004]", async () => {
  const services = [
    discovery({ path: "/discovery" }),
    external({
      type: "INBOX",
      address: "https://else.test:8443/inbox",
      description: "Elsewhere",
      messageBindings: ["urn:theirs"],
      contentBindings: [{ bindingId: "urn:stix" }],
      available: false,
    }),
    external({ type: "POLL", address: "https://else.test/poll", protocolBindings: [https10, "urn:other"], queries: [query] }),
  ];
  const [, inboxElsewhere, ...polls] = await listed(await createPeers({ services }));
  expect(inboxElsewhere).toEqual({
    serviceType: "INBOX",
    serviceVersion: services11,
    available: false,
    protocolBinding: https10,
    address: "https://else.test:8443/inbox",
    messageBindings: ["urn:theirs"],
    supportedQueries: [],
    contentBindings: [{ bindingId: "urn:stix", subtypes: [] }],
    message: "Elsewhere",
  });
  expect(polls).toMatchObject([
    {
      protocolBinding: https10,
      address: "https://else.test/poll",
      messageBindings: [xml11, xml10],
      supportedQueries: [{ formatId: "urn:query" }],
    },
    { protocolBinding: "urn:other", address: "https://else.test/poll" },
  ]);
});

test.each([
  ["poll", {}],
  ["//else.test/poll", {}],
  ["https://else.test", { versions: [] }],
  ["https://else.test", { messageBindings: [] }],
  ["https://else.test", { contentBindings: [{ bindingId: "urn:a|urn:b" }] }],
] as const)("no service elsewhere is made of %j %j", (address, options) => {
  expect(() => external({ type: "POLL", address, ...options })).toThrow(TypeError);
});

test("a discovery service can be told what to advertise; a list of nothing is a normal answer [SVC-DISC-003] [SVC-DISC-004]", async () => {
  const rest = usual.slice(1);
  const some = [discovery({ path: "/discovery", advertised: ["/poll", "/discovery", "nowhere"] }), ...rest];
  expect(places(await listed(await createPeers({ services: some })))).toEqual(["/discovery", "/poll"]);
  expect(await listed(await createPeers({ services: [discovery({ path: "/discovery", advertised: [] }), ...rest] }))).toEqual([]);
});

test("a server may have a discovery service only [VER-CONF-002]", async () => {
  expect(places(await listed(await createPeers({ services: [discovery({ path: "/discovery" })] })))).toEqual(["/discovery"]);
});

test("who has no account sees no services that want one; everybody sees where they may do something [SVC-DISC-004]", async () => {
  const services = [
    ...usual,
    poll({ path: "/members", requiresAccount: true, collections: ["b"] }),
    inbox({ path: "/drop", collections: ["b"] }),
    poll({ path: "/custom", collections: [] }),
    discovery({ path: "/inner", requiresAccount: true }),
    external({ type: "POLL", address: "https://else.test/poll", requiresAccount: true }),
  ];
  const accounts = {
    reader: { permissions: { b: ["read"] as const } },
    writer: { permissions: { b: ["write"] as const } },
    nobody: {},
    admin: { admin: true },
  };
  const peers = await createPeers({ services, accounts, collections: [{ name: "a" }, { name: "b" }] });
  const always = ["/discovery", "/collections"];
  const known = ["/inner", "https://else.test/poll"];
  expect(places(await listed(peers))).toEqual([...always, "/custom"]);
  expect(places(await listed(peers, "nobody"))).toEqual([...always, "/custom", ...known]);
  expect(places(await listed(peers, "reader"))).toEqual([...always, "/poll", "/members", "/custom", ...known]);
  expect(places(await listed(peers, "writer"))).toEqual([...always, "/inbox", "/drop", "/custom", ...known]);
  expect(places(await listed(peers, "admin"))).toEqual([...always, "/inbox", "/poll", "/members", "/drop", "/custom", ...known]);
  expect(places(await listed10(peers, "reader"))).toEqual([...always, "/poll", "/members", "/custom", ...known]);
});

test("services that share an address are records of their own [SVC-GEN-006]", async () => {
  const services = [discovery({ path: "/discovery" }), inbox({ path: "/all", id: "in" }), poll({ path: "/all", id: "out" })];
  const records = (await listed(await createPeers({ services }))).map(({ serviceType, address }) => [
    serviceType,
    ...places([{ address }]),
  ]);
  expect(records).toEqual([
    ["DISCOVERY", "/discovery"],
    ["INBOX", "/all"],
    ["POLL", "/all"],
  ]);
});

test("steps take the place of the built-in ones, and may go on with them [SVC-DISC-002]", async () => {
  const services = [
    discovery({
      path: "/discovery",
      steps: {
        selectServices: async (request, _, standard) => (await standard(request)).filter(({ type }) => type !== "INBOX"),
        describeService: async (service, context, standard) => {
          if (context.request.headers.get("x-account") === "refused") throw new StatusError("DENIED", { message: "No." });
          return (await standard(service)).map((record) => ({ ...record, message: `for ${service.id}` }));
        },
      },
    }),
    ...usual.slice(1),
  ];
  const peers = await createPeers({ services });
  expect((await listed(peers)).map(({ message }) => message)).toEqual(["for /discovery", "for /collections", "for /poll"]);
  expect(refusal(await peers.ask("/discovery", create(DiscoveryRequest, {}), "refused"))).toEqual(["DENIED", []]);
});

test("a storage that fails makes it FAILURE, without a word of why [SVC-DISC-001] [SEC-ID-004]", async () => {
  const peers = await createPeers({ services: usual, accounts: {} });
  peers.storage.collections = () => Promise.reject(new Error("disk gone"));
  const reply = await peers.ask("/discovery", create(DiscoveryRequest, {}));
  expect(refusal(reply)).toEqual(["FAILURE", []]);
  expect(JSON.stringify(reply)).not.toContain("disk");
  expect(peers.failures).toMatchObject([{ error: { message: "disk gone" } }]);
});
