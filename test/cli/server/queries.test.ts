/** Which queries the services of a configuration take: all, some, or none. */

import { describe, expect, it } from "vitest";
import type { DefaultQuery } from "../../../generated/default-query/index.js";
import { UsageError } from "../../../src/cli/failure.js";
import { parseServerConfig } from "../../../src/cli/server/config/read.js";
import { defaultServices } from "../../../src/cli/server/config/services.js";
import { handlersForLater } from "../../../src/cli/server/later-queries.js";
import { ServiceQueryHandlers } from "../../../src/cli/server/queries.js";
import { type Client, createClient } from "../../../src/client/node/index.js";
import { capabilityModules } from "../../../src/constants.js";
import { queryBody, readQueryInfo } from "../../../src/message/query-body.js";
import { type Collection, memoryStorage, type ServiceRecord } from "../../../src/storage/index.js";
import { testEnvironment } from "../environment.js";
import { configOf, startTestServer } from "./kit.js";

const stix111 = "urn:stix.mitre.org:xml:1.1.1";
const stix12 = "urn:stix.mitre.org:xml:1.2";

function queryFor(target: string, module: keyof typeof capabilityModules = "core", targetingExpressionId = stix111) {
  const test = {
    capabilityId: capabilityModules[module],
    relationship: "equals",
    parameters: [{ name: "value", value: "2026-01-01T00:00:00Z" }],
  };
  const query: DefaultQuery = {
    targetingExpressionId,
    criteria: { operator: "AND", items: [{ criterion: { target, test, negate: false } }] },
  };
  return queryBody(query);
}

/** The status a poll at an address is answered with; nothing where it gets content. */
async function statusOf(client: Client, address: string, query: ReturnType<typeof queryFor>): Promise<unknown> {
  const polled = client.pollPart("feed", { query, address, checkQuery: false });
  return polled.then(
    () => undefined,
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
}

const collections = [{ name: "feed" }];
const narrow = { vocabularies: [{ id: stix111, preferredScopes: ["STIX_Package/STIX_Header/**"] }], modules: ["core"] };

describe("a service", () => {
  it("takes what all take, something else, or nothing, and says so [QRY-GEN-001]", async () => {
    const { server } = await startTestServer({
      collections,
      services: [
        { id: "d", type: "discovery", address: "/d" },
        { id: "all", type: "poll", address: "/all" },
        { id: "narrow", type: "poll", address: "/narrow", queries: narrow },
        { id: "none", type: "poll", address: "/none", queries: false },
        { id: "subscriptions", type: "collectionManagement", address: "/subscriptions", queries: { modules: ["timestamp"] } },
      ],
    });
    const client = createClient(`${server.url}/d`);
    const services = await client.discover();
    const modulesOf = (path: string) =>
      services.find(({ address }) => address.endsWith(path))?.supportedQueries.map((body) => readQueryInfo(body).capabilityModules.length);
    expect(["/all", "/narrow", "/none", "/subscriptions"].map(modulesOf)).toEqual([[3], [1], [], [1]]);
    const title = "STIX_Package/STIX_Header/Title";
    const asked = [queryFor(title), queryFor(title, "timestamp"), queryFor("STIX_Package/@id"), queryFor(title, "core", stix12)];
    const statuses = async (path: string) => Promise.all(asked.map((query) => statusOf(client, `${server.url}${path}`, query)));
    expect(await statuses("/all")).toEqual([undefined, undefined, undefined, undefined]);
    expect(await statuses("/narrow")).toEqual([
      undefined,
      "UNSUPPORTED_CAPABILITY_MODULE",
      "UNSUPPORTED_TARGETING_EXPRESSION",
      "UNSUPPORTED_TARGETING_EXPRESSION_ID",
    ]);
    expect(await statuses("/none")).toEqual(Array.from(asked, () => "UNSUPPORTED_QUERY"));
    await expect(client.subscribe("feed", { query: queryFor(title), checkQuery: false })).rejects.toMatchObject({
      code: "UNSUPPORTED_CAPABILITY_MODULE",
    });
    await client.subscribe("feed", { query: queryFor(title, "timestamp") });
  });

  it("by name, with none for all others", async () => {
    const { server } = await startTestServer({
      collections,
      queries: { enabled: false },
      services: { poll: { path: "/poll", queries: true } },
    });
    const services = await createClient(`${server.url}/taxii-discovery-service/`).discover();
    const taking = services.filter(({ supportedQueries }) => supportedQueries.length > 0);
    expect(taking.map(({ serviceType }) => serviceType)).toEqual(["POLL"]);
  });

  it("of the database, by its id", async () => {
    const { server } = await startTestServer({ collections, queries: { services: { poll: false } } });
    const services = await createClient(`${server.url}/taxii-discovery-service/`).discover();
    const taking = services.filter(({ supportedQueries }) => supportedQueries.length > 0);
    expect(taking.map(({ serviceType }) => serviceType)).toEqual(["COLLECTION_MANAGEMENT"]);
  });
});

it("what cannot be used is told with its place", async () => {
  const source = [
    "database: x.db",
    "queries:",
    "  services:",
    "    pol: false",
    "    inbox: { modules: [regexp] }",
    "services:",
    "  poll: { path: /p, queries: { vocabularies: [{ id: 'urn:stix.mitre.org:xml:1.2', allowedScopes: ['//x'] }] } }",
    "  collectionManagement: { queries: { modules: [], scopes: [] } }",
    "  inbox: { queries: false }",
  ].join("\n");
  const parse = (text: string) => parseServerConfig(text, "taxii.yaml", testEnvironment()).catch((error: unknown) => error);
  const error = await parse(source);
  expect(error).toBeInstanceOf(UsageError);
  expect(error instanceof Error && error.message.split("\n")).toEqual([
    "taxii.yaml:5:24: queries.services.inbox.modules.0: expected core, regex or timestamp",
    "taxii.yaml:8:47: services.collectionManagement.queries.modules: expected at least one module",
    "taxii.yaml:8:51: there is no key services.collectionManagement.queries.scopes",
    "taxii.yaml:9:12: there is no key services.inbox.queries",
  ]);
  const refined = String(
    await parse(
      source.replace("regexp", "regex").replace("{ modules: [], scopes: [] }", "false").replace("  inbox: { queries: false }", ""),
    ),
  );
  expect(refined).toContain('taxii.yaml:4:10: queries.services.pol: there is no service "pol"; expected one of');
  expect(refined).toMatch(/taxii\.yaml:7:\d+: services\.poll\.queries\.vocabularies\.0\.allowedScopes\.0: /);
});

describe("what workers do later", () => {
  const [template] = defaultServices(["feed"]).filter(({ type }) => type === "POLL");
  const service = (id: string, init: Partial<ServiceRecord> = {}): ServiceRecord => {
    if (template === undefined) throw new Error("there is no poll service");
    return { ...template, id, address: `/${id}`, ...init };
  };

  async function feed(): Promise<Collection> {
    const storage = memoryStorage();
    await storage.putCollection({ name: "feed" });
    const collection = await storage.collection("feed");
    if (collection === undefined) throw new Error("the collection is not there");
    return collection;
  }

  async function prepared(records: readonly ServiceRecord[], query: ReturnType<typeof queryFor>, services: object): Promise<string> {
    const handlers = new ServiceQueryHandlers(await configOf({ queries: { services } }));
    const collection = await feed();
    const [handler] = handlersForLater("POLL", { services: async () => records, handlers })(collection);
    return Promise.resolve(handler?.prepare(query, collection)).then(
      (predicate) => typeof predicate,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  it("is done as by a service that serves the collection and takes the query", async () => {
    const query = queryFor("**/Title", "timestamp");
    const both = [service("narrow"), service("wide")];
    expect(await prepared(both, query, { narrow })).toBe("function");
    expect(await prepared([service("narrow")], query, { narrow })).toContain("UNSUPPORTED_CAPABILITY_MODULE");
    expect(await prepared([service("narrow"), service("wide", { collections: ["other"] })], query, { narrow })).toContain(
      "UNSUPPORTED_CAPABILITY_MODULE",
    );
    expect(await prepared([service("poll"), service("inbox", { type: "INBOX" })], query, { poll: false })).toContain(
      "does not evaluate queries",
    );
    expect(await prepared([service("elsewhere", { address: "https://other.example.com/poll" })], query, {})).toContain(
      "does not evaluate queries",
    );
    const managed = [service("poll"), service("management", { type: "COLLECTION_MANAGEMENT" })];
    expect(await prepared(managed, query, { poll: false })).toBe("function");
  });
});

it("services that take the same share one handler", async () => {
  const handlers = new ServiceQueryHandlers(
    await configOf({ queries: { services: { a: narrow, b: narrow, c: { names: "any" }, d: false } } }),
  );
  const of = (id: string) => handlers.of({ id })[0];
  expect([of("a") === of("b"), of("x") === of("y"), of("a") === of("x"), of("c") === of("x"), of("d")]).toEqual([
    true,
    true,
    false,
    false,
    undefined,
  ]);
  expect(of("constructor")).toBe(of("x"));
  expect(handlers.vocabularies).toEqual([narrow.vocabularies[0], narrow.vocabularies[0]]);
});
