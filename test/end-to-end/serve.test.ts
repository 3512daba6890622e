import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startServer } from "../../src/cli/serve.js";
import { ConfigError, parseServeConfig, readServeConfig } from "../../src/cli/serve-config.js";
import { createClient } from "../../src/client/index.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-serve-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = join(import.meta.dirname, "../../samples/taxii.json");

test("the sample configuration is one, and every default is filled in", async () => {
  const config = await readServeConfig(sample, {});
  expect(config).toMatchObject({ host: "127.0.0.1", port: 9000, database: "taxii.db" });
  expect(config.collections[0]).toMatchObject({
    name: "indicators",
    type: "DATA_FEED",
    available: true,
    contentBindings: [
      { bindingId: "urn:stix.mitre.org:xml:1.1.1", subtypes: [] },
      { bindingId: "urn:stix.mitre.org:xml:1.2", subtypes: [] },
    ],
  });
  expect(parseServeConfig({ database: "x.db", collections: [] }, "test")).toEqual({
    host: "127.0.0.1",
    port: 9000,
    database: "x.db",
    collections: [],
    services: {
      discovery: "/taxii-discovery-service/",
      collectionManagement: "/services/collection-management",
      inbox: { path: "/services/inbox", destination: "optional", contentBindings: [] },
      poll: "/services/poll",
    },
  });
});

test("the environment comes first", async () => {
  const config = await readServeConfig(sample, { TAXII_HOST: "::1", TAXII_PORT: "0", TAXII_DATABASE: "other.db" });
  expect(config).toMatchObject({ host: "::1", port: 0, database: "other.db" });
  expect(await readServeConfig(sample, { TAXII_DATABASE: "" })).toMatchObject({ database: "taxii.db" });
  await expect(readServeConfig(sample, { TAXII_PORT: "many" })).rejects.toThrow("port: ");
});

test("each mistake is named with its place", async () => {
  const file = join(folder, "bad.json");
  const bad = {
    port: 70_000,
    databse: "x",
    services: { poll: "poll" },
    collections: [
      { name: "a", type: "FEED" },
      { name: "a", contentBindings: [7] },
    ],
    publicUrl: "taxii.example.com",
  };
  writeFileSync(file, JSON.stringify(bad));
  const failure = await readServeConfig(file, {}).catch((error: unknown) => error);
  if (!(failure instanceof ConfigError)) throw failure;
  expect(failure.code).toBe("BAD_CONFIG");
  for (const place of [
    file,
    "port: ",
    "database: ",
    '"databse"',
    "services.poll: expected a path",
    "collections[0].type: ",
    "collections[1].contentBindings[0]: ",
    "publicUrl: ",
  ])
    expect(failure.message).toContain(place);
  expect(() => parseServeConfig({ database: "x", collections: [{ name: "a" }, { name: "a" }] }, "test")).toThrow(
    "collections: two collections have the same name",
  );
  await expect(readServeConfig(join(folder, "none.json"), {})).rejects.toThrow("none.json cannot be read");
  writeFileSync(file, "{ port: 1 }");
  await expect(readServeConfig(file, {})).rejects.toThrow("is not JSON");
  writeFileSync(file, "[]");
  await expect(readServeConfig(file, {})).rejects.toThrow(ConfigError);
});

test("a server starts from a configuration, serves its collections only, and keeps content across restarts", async () => {
  const database = join(folder, "new/taxii.db");
  const before = sqliteStorage(database);
  await before.putCollection({ name: "removed" });
  await before.close();
  const config = parseServeConfig({ database, port: 0, collections: [{ name: "indicators" }], services: { discovery: "/" } }, "test");
  const first = await startServer(config);
  expect(first.services).toContainEqual({ type: "DISCOVERY", address: `${first.url}/` });
  const client = createClient(first.url);
  expect((await client.collections()).map(({ collectionName }) => collectionName)).toEqual(["indicators"]);
  await client.push([{ contentBinding: { bindingId: "urn:x" }, content: { text: "kept" } }], { collection: "indicators" });
  const lost = { contentBinding: { bindingId: "urn:x" }, content: { text: "lost" } };
  await expect(client.push([lost], { collection: "removed" })).rejects.toMatchObject({ cause: { code: "NOT_FOUND" } });
  await expect(startServer({ ...config, port: Number(new URL(first.url).port) })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.close();
  const second = await startServer({ ...config, publicUrl: "https://taxii.example.com/" });
  expect(second.services[0]).toEqual({ type: "DISCOVERY", address: "https://taxii.example.com/" });
  await second.close();
  const third = await startServer(config);
  const texts: unknown[] = [];
  for await (const { content } of createClient(third.url).poll("indicators")) texts.push(content);
  expect(texts).toEqual([{ text: "kept" }]);
  await third.close();
});
