import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { connectionVariables } from "../../../src/cli/connection/variables.js";
import { UsageError } from "../../../src/cli/failure.js";
import { withoutSecrets } from "../../../src/cli/secrets.js";
import { masked, maskedText } from "../../../src/cli/server/config/masked.js";
import { configVariables, unknownVariables } from "../../../src/cli/server/config/overrides.js";
import { parseServerConfig, readServerConfig } from "../../../src/cli/server/config/read.js";
import { dangersOf } from "../../../src/cli/server/config/safety.js";
import { defaultServices, serviceRecords } from "../../../src/cli/server/config/services.js";
import { testEnvironment } from "../environment.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = join(import.meta.dirname, "../../../samples/taxii.json");

type Env = Readonly<Record<string, string>>;

const parse = (source: string, env: Env = {}) => parseServerConfig(source, "taxii.yaml", testEnvironment({ env }));

async function problems(source: string, env: Env = {}): Promise<string[]> {
  const error: unknown = await parse(source, env).catch((reason: unknown) => reason);
  if (!(error instanceof UsageError)) throw new Error(`expected a UsageError, found ${String(error)}`);
  return error.message.split("\n");
}

describe("configurations", () => {
  it("of version 0.2 go on working", async () => {
    const config = await readServerConfig(sample, testEnvironment());
    expect(config).toMatchObject({ listen: { host: "127.0.0.1", port: 9000 }, database: "taxii.db" });
    expect(config.collections[0]).toMatchObject({
      name: "indicators",
      type: "DATA_FEED",
      available: true,
      contentBindings: [
        { bindingId: "urn:stix.mitre.org:xml:1.1.1", subtypes: [] },
        { bindingId: "urn:stix.mitre.org:xml:1.2", subtypes: [] },
      ],
    });
    const old = { host: "::1", port: 1, maxRequestBytes: 5, database: "x.db", publicUrl: "https://taxii.example.com", collections: [] };
    expect(await parse(JSON.stringify(old, undefined, "\t"))).toMatchObject({
      listen: { host: "::1", port: 1 },
      limits: { requestBytes: 5 },
      database: "x.db",
      publicUrl: "https://taxii.example.com",
    });
  });

  it("need nothing but a database; everything else has a default", async () => {
    const config = await parse("database: x.db");
    expect(config.listen).toMatchObject({ host: "127.0.0.1", port: 9000, timeouts: { headers: 30, grace: 10 } });
    expect(config).toMatchObject({ collections: [], messageBindings: ["xml"], workers: { inProcess: true }, log: { level: "info" } });
    expect(config.services).toBeUndefined();
    expect(await problems("")).toEqual([
      "taxii.yaml: expected a database: a file for SQLite, or postgres://…, as database, databaseFile or TAXII_DATABASE",
    ]);
  });

  it("say each mistake with its place, and what may have been meant", async () => {
    const source = [
      "databse: x.db",
      "listen:",
      "  prt: 9000",
      "  port: 70000",
      "  tls: { certificate: a.pem, key: a.key, clientCertificates: require }",
      "services:",
      "  poll: polling",
      "  inbox: { path: /in, destnation: required }",
      "collections:",
      "  - { name: a, type: FEED }",
      "  - { name: b, contentBindings: [7] }",
      "publicUrl: taxii.example.com",
      "push:",
      "  credentials:",
      "    - { targets: ['*.example.com'], username: us }",
      "trustedProxies: [10.0.0.0/40]",
    ].join("\n");
    expect(await problems(source)).toEqual([
      "taxii.yaml:1:1: there is no key databse; did you mean database?",
      "taxii.yaml:3:3: there is no key listen.prt; did you mean port?",
      "taxii.yaml:4:9: listen.port: expected a port: a whole number from 0 to 65535",
      "taxii.yaml:5:8: listen.tls.ca: client certificates need the authorities that vouch for them",
      "taxii.yaml:7:9: services.poll: expected a path that starts with one slash, without query",
      "taxii.yaml:8:23: there is no key services.inbox.destnation; did you mean destination?",
      "taxii.yaml:10:22: collections.0.type: expected DATA_FEED or DATA_SET",
      "taxii.yaml:11:34: collections.1.contentBindings.0: expected a binding, or { bindingId, subtypes }",
      "taxii.yaml:12:12: publicUrl: expected an http or https URL",
      "taxii.yaml:15:47: push.credentials.0.username: user name and password go together",
      "taxii.yaml:16:18: trustedProxies.0: expected an address or a network such as 10.0.0.0/8",
    ]);
  });

  it("have collections and services of their own name", async () => {
    expect(await problems("database: x\ncollections: [{ name: a }, { name: a }]")).toEqual([
      "taxii.yaml:2:14: collections: two collections have the same name",
    ]);
    const twice = "database: x\nservices: [{ id: a, type: poll, address: /a }, { id: a, type: inbox, address: /b }]";
    expect(await problems(twice)).toEqual([expect.stringContaining("two services have the same id")]);
  });

  it("that cannot be read say why", async () => {
    const environment = testEnvironment();
    await expect(readServerConfig(join(folder, "none.yaml"), environment)).rejects.toThrow("there is no such file");
    writeFileSync(join(folder, "bad.yaml"), Buffer.from([0xff, 0xfe, 0x00]));
    await expect(readServerConfig(join(folder, "bad.yaml"), environment)).rejects.toThrow("is not UTF-8");
    expect(await problems("{ port: ")).toEqual([expect.stringMatching(/^taxii\.yaml:\d+:\d+: this is not YAML/)]);
    expect(await problems("[]")).toEqual([expect.stringMatching(/^taxii\.yaml:1:1: expected the keys /)]);
  });
});

describe("the environment", () => {
  it("comes first, for every single value", async () => {
    const env = {
      TAXII_DATABASE: "postgres://db/taxii",
      TAXII_LISTEN_PORT: "0",
      TAXII_LISTEN_TIMEOUTS_GRACE: "2.5",
      TAXII_ACCOUNTS_AUTHENTICATION: "accounts",
      TAXII_PUSH_ALLOW_HTTP: "true",
      TAXII_PUBLIC_URL: "https://taxii.example.com",
      TAXII_LOG_LEVEL: "",
    };
    const config = await parse("database: x.db\nlisten: { port: 9000 }\nlog: { level: warn }", env);
    expect(config).toMatchObject({
      database: "postgres://db/taxii",
      listen: { port: 0, timeouts: { grace: 2.5, headers: 30 } },
      accounts: { authentication: "accounts" },
      push: { allowHttp: true },
      publicUrl: "https://taxii.example.com",
      log: { level: "warn" },
    });
  });

  it("has the variables of version 0.2, which stand back behind the new ones", async () => {
    const old = { TAXII_HOST: "::1", TAXII_PORT: "0", TAXII_DATABASE: "other.db" };
    const file = "database: x.db\nlisten: { host: 127.0.0.2, port: 9000 }";
    expect(await parse(file, old)).toMatchObject({ listen: { host: "::1", port: 0 }, database: "other.db" });
    expect(await parse(file, { ...old, TAXII_LISTEN_PORT: "7" })).toMatchObject({ listen: { host: "::1", port: 7 } });
  });

  it("is told by name what cannot be used, without the value, which may be a secret", async () => {
    const env = { TAXII_LISTEN_PORT: "hunter22", TAXII_PUSH_ALLOW_HTTP: "perhaps" };
    expect(await problems("database: x", env)).toEqual([
      "TAXII_LISTEN_PORT: expected a port: a whole number from 0 to 65535",
      "TAXII_PUSH_ALLOW_HTTP: expected true or false",
    ]);
  });

  it("names a file for the database, whose password is a secret from then on", async () => {
    const file = join(folder, "database");
    writeFileSync(file, "postgres://taxii:pa%20ss%2Fword@db/taxii\n");
    const environment = testEnvironment({ env: { TAXII_DATABASE_FILE: file } });
    const config = await parseServerConfig("{}", "taxii.yaml", environment);
    expect(config.database).toBe("postgres://taxii:pa%20ss%2Fword@db/taxii");
    expect(withoutSecrets(environment, "login with pa ss/word or pa%20ss%2Fword")).toBe("login with … or …");
  });

  it("gives a secret or the file it is in, whichever of both the configuration has; not both", async () => {
    const [file, key] = [join(folder, "one"), join(folder, "other")];
    writeFileSync(file, "one.db\n");
    writeFileSync(key, "other.db\n");
    expect((await parse("database: x.db", { TAXII_DATABASE_FILE: file })).database).toBe("one.db");
    expect((await parse(`databaseFile: ${key}`, { TAXII_DATABASE_FILE: file })).database).toBe("one.db");
    expect((await parse(`databaseFile: ${key}`, { TAXII_DATABASE: "y.db" })).database).toBe("y.db");
    const tls = `database: x.db\nlisten: { tls: { certificate: c, key: k, keyPassword: secret } }`;
    expect((await parse(tls, { TAXII_LISTEN_TLS_KEY_PASSWORD_FILE: file })).listen.tls).toEqual(
      expect.objectContaining({ keyPassword: undefined, keyPasswordFile: file }),
    );
    const twice = "taxii.yaml: the database is given twice: database and databaseFile";
    expect(await problems(`database: x.db\ndatabaseFile: ${key}`)).toEqual([twice]);
    expect(await problems("{}", { TAXII_DATABASE: "y.db", TAXII_DATABASE_FILE: file })).toEqual([twice]);
  });

  it("has no variable that means something else to the commands that talk to servers", () => {
    const others = [...Object.keys(connectionVariables), "TAXII_PROFILE", "TAXII_CONFIG"];
    expect(others.filter((name) => configVariables.has(name))).toEqual([]);
    expect([...configVariables.keys()]).toEqual(
      expect.arrayContaining(["TAXII_HOST", "TAXII_PORT", "TAXII_DATABASE", "TAXII_LISTEN_TLS_KEY", "TAXII_ACCOUNTS_CACHE_SECONDS"]),
    );
  });

  it("with a slip of the pen is pointed out", () => {
    const env = { TAXII_LISTEN_PROT: "1", TAXII_TOKEN: "x", TAXII_LISTEN_PORT: "1", TAXII_SOMETHING_QUITE_DIFFERENT: "x" };
    expect(unknownVariables(env)).toEqual([{ name: "TAXII_LISTEN_PROT", meant: "TAXII_LISTEN_PORT" }]);
  });
});

describe("a server that others can reach", () => {
  const judge = async (source: string) => dangersOf(await parse(`database: x\n${source}`));

  it.each([
    ["this machine only", ""],
    ["this machine only, by name", "listen: { host: localhost }"],
    ["this machine only, IPv6", "listen: { host: '::1' }"],
    ["TLS and accounts", "listen: { host: 0.0.0.0, tls: { certificate: a, key: b } }\naccounts: { authentication: accounts }"],
    ["everybody, on purpose", "listen: { host: 0.0.0.0, tls: { certificate: a, key: b } }\naccounts: { authentication: none }"],
    ["a proxy that ends TLS", "listen: { host: 0.0.0.0 }\ntrustedProxies: [10.0.0.1]\naccounts: { authentication: accounts }"],
    ["a public address with https", "listen: { host: 0.0.0.0 }\npublicUrl: https://t.example\naccounts: { authentication: accounts }"],
    ["insecure on purpose", "listen: { host: 0.0.0.0 }\ninsecure: true"],
  ])("may start: %s", async (_, source) => {
    expect(await judge(source)).toEqual([]);
  });

  it.each([
    ["in clear text", "listen: { host: 0.0.0.0 }\naccounts: { authentication: accounts }", ["clear text"]],
    [
      "in clear text by a public address",
      "listen: { host: '::' }\npublicUrl: http://t.example\naccounts: { authentication: none }",
      ["clear text"],
    ],
    ["without a word on accounts", "listen: { host: 192.0.2.1, tls: { certificate: a, key: b } }", ["read and write everything"]],
    ["behind a proxy without a word on accounts", "publicUrl: https://t.example", ["read and write everything"]],
    ["with both", "listen: { host: 0.0.0.0 }", ["clear text", "read and write everything"]],
  ])("must not start %s", async (_, source, reasons) => {
    const dangers = await judge(source);
    expect(dangers).toHaveLength(reasons.length);
    for (const [index, reason] of reasons.entries()) expect(dangers[index]).toContain(reason);
  });
});

describe("services", () => {
  it("are one of each at the usual paths unless said otherwise [HTTP-AUTH-006]", () => {
    expect(defaultServices(["a"]).map(({ id, type, address, collections }) => [id, type, address, collections])).toEqual([
      ["discovery", "DISCOVERY", "/taxii-discovery-service/", undefined],
      ["collectionManagement", "COLLECTION_MANAGEMENT", "/services/collection-management", ["a"]],
      ["inbox", "INBOX", "/services/inbox", ["a"]],
      ["poll", "POLL", "/services/poll", ["a"]],
    ]);
  });

  it("can be switched off, moved and set one by one", async () => {
    const { services } = await parse("database: x\nservices: { discovery: /, inbox: false, poll: { maxBlocks: 5, versions: [1.1] } }");
    const records = serviceRecords(services ?? [], undefined);
    expect(records.map(({ type, address }) => `${type} ${address}`)).toEqual([
      "DISCOVERY /",
      "COLLECTION_MANAGEMENT /services/collection-management",
      "POLL /services/poll",
    ]);
    expect(records[2]).toMatchObject({ maxBlocks: 5, versions: ["1.1"], available: true });
  });

  it("can be a list with any number of each, also elsewhere", async () => {
    const source = `database: x
services:
  - { id: d, type: discovery, address: /, advertised: [p] }
  - { id: p, type: poll, address: /poll/a, collections: [a], requiresAccount: true }
  - { id: e, type: inbox, address: "https://other.example/inbox" }`;
    const { services } = await parse(source);
    expect(serviceRecords(services ?? [], ["b"])).toMatchObject([
      { id: "d", type: "DISCOVERY", advertised: ["p"], collections: undefined },
      { id: "p", type: "POLL", collections: ["a"], requiresAccount: true },
      { id: "e", type: "INBOX", address: "https://other.example/inbox", destination: "optional", collections: ["b"] },
    ]);
    expect(await problems("database: x\nservices: [{ id: a, type: pol, address: /a }]")).toEqual([
      expect.stringContaining("expected a type: discovery, collectionManagement, inbox or poll"),
    ]);
    expect(await problems("database: x\nservices:\n  - { id: a, type: poll, address: /a, destination: required }")).toEqual([
      "taxii.yaml:3:39: there is no key services.0.destination",
    ]);
  });
});

describe("what is shown", () => {
  it("has masks in the place of secrets", async () => {
    const source = `database: postgres://taxii:hunter22@db/taxii?password=hunter22
listen: { tls: { certificate: a.pem, key: a.key, keyPassword: hunter22 } }
push: { credentials: [{ targets: [a.example], username: us, password: hunter22 }, { targets: [b.example], token: hunter22 }] }`;
    const shown = JSON.stringify(masked(await parse(source)));
    expect(shown).not.toContain("hunter22");
    expect(shown).toContain("postgres://taxii:***@db/taxii?password=***");
    expect(shown).toContain('"username":"us"');
  });

  it("has no passwords of URLs in texts", () => {
    expect(maskedText("cannot reach postgres://u:p@ss@h/d, nor http://h/a:b@c")).toBe(
      "cannot reach postgres://u:***@h/d, nor http://h/a:b@c",
    );
  });
});
