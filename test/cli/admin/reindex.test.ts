/** `taxii reindex`, and the index of servers that are configured. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { contentBindings } from "../../../src/constants.js";
import type { Storage } from "../../../src/storage/index.js";
import { startTestServer } from "../server/kit.js";
import { type Admin, admin } from "./kit.js";

let cli: Admin;
beforeEach(() => {
  cli = admin();
});
afterEach(() => cli.dispose());

const bindingId = contentBindings.stix111;

function add(storage: Storage, count: number) {
  const content = (index: number) => ({ text: `<STIX_Package id="x:${index}"/>` });
  return storage.add(
    Array.from({ length: count }, (_, index) => ({
      block: { contentBinding: { bindingId }, content: content(index) },
      collections: ["a"],
    })),
  );
}

function configure(...preferredScopes: string[]): string {
  const file = join(cli.folder, "taxii.json");
  const vocabularies = [{ id: bindingId, preferredScopes, allowedScopes: ["**"] }];
  writeFileSync(file, JSON.stringify({ database: join(cli.folder, "taxii.db"), queries: { vocabularies } }));
  return file;
}

const stateOf = async (storage: Storage) => storage.index?.state();

test("content that is there is indexed for the scopes of the configuration, once, and again when they change", async () => {
  await cli.use(async (storage) => {
    await storage.putCollection({ name: "a" });
    await add(storage, 250);
  });
  const file = configure("STIX_Package/@id");
  expect(await cli.run(`reindex --config ${file}`)).toMatchObject({ code: 0, out: "Indexed 250 blocks.\n", err: "" });
  const definition = `{"version":1,"records":[["${bindingId}",["STIX_Package/@id"]]]}`;
  expect(await cli.use(stateOf)).toEqual({ definition, missing: 0 });
  expect((await cli.run(`reindex --config ${file} --json`)).json()).toEqual([{ blocks: 0, missing: 0, done: true }]);
  configure("STIX_Package/**");
  expect((await cli.run(`reindex --config ${file} --json`)).json()).toEqual([{ blocks: 250, missing: 0, done: true }]);
  expect((await cli.run("reindex --json")).json()).toEqual([{ blocks: 0, missing: 0, done: true }]);
});

test("what was begun goes on, and it is said how far it is", async () => {
  await cli.use(async (storage) => {
    await storage.putCollection({ name: "a" });
    await add(storage, 350);
  });
  const file = configure("STIX_Package/@id");
  await cli.run(`reindex --config ${file}`);
  // Somebody stores who does not know the index: from there on backwards it is done again.
  await cli.use((storage) => add(storage, 1));
  let time = 0;
  const now = (): Date => {
    time += 1500;
    return new Date(time);
  };
  const outcome = await cli.run("reindex", { now });
  expect(outcome).toMatchObject({ code: 0, out: "Indexed 351 blocks.\n", err: "200 blocks indexed, 151 to go\n" });
  await cli.use((storage) => add(storage, 1));
  expect((await cli.run("reindex --json", { now })).json()).toEqual([
    { blocks: 200, missing: 152, done: false },
    { blocks: 352, missing: 0, done: true },
  ]);
});

test("without preferred scopes there is no index", async () => {
  await cli.use((storage) => storage.putCollection({ name: "a" }));
  await cli.run(`reindex --config ${configure("STIX_Package/@id")}`);
  const none = join(cli.folder, "none.json");
  writeFileSync(none, JSON.stringify({ database: join(cli.folder, "taxii.db") }));
  expect(await cli.run(`reindex --config ${none}`)).toMatchObject({ out: "There are no preferred scopes, and nothing to index.\n" });
  expect(await cli.use(stateOf)).toEqual({ definition: undefined, missing: 0 });
});

test("an index of a later version is left alone, and said to be so", async () => {
  await cli.use(async (storage) => {
    await storage.putCollection({ name: "a" });
    await add(storage, 1);
    await storage.index?.define('{"version":7}');
  });
  expect(await cli.run("reindex")).toMatchObject({ code: 1, err: expect.stringContaining('nobody here knows the index {"version":7}') });
});

test("a server sees to the index when it starts, and says what is missing", async () => {
  await cli.use(async (storage) => {
    await storage.putCollection({ name: "a" });
    await add(storage, 3);
  });
  const own = { poll: { queries: { vocabularies: [{ id: bindingId, preferredScopes: ["STIX_Package/@id"] }] } } };
  const { log, server } = await startTestServer({ database: join(cli.folder, "taxii.db"), services: own });
  expect(log()).toContainEqual(expect.objectContaining({ missing: 3, msg: expect.stringContaining("taxii reindex") }));
  await server.close();
  const again = await startTestServer({ database: join(cli.folder, "taxii.db"), services: own });
  expect(again.log().filter(({ missing }) => missing !== undefined)).toEqual([]);
  await again.server.close();
  expect(await cli.use(stateOf)).toMatchObject({ missing: 3 });
});
