/** Which names queries can have, in a configuration. */

import { expect, it } from "vitest";
import { configSchema } from "../../../src/cli/server/config/schema.js";

const config = (queries: object, poll: object = {}) =>
  configSchema
    .safeParse({ queries, services: { poll: { path: "/poll", ...poll } } })
    .error?.issues.filter(({ path }) => path.includes("queries")) ?? [];

const stix111 = "urn:stix.mitre.org:xml:1.1.1";
const vocabularies = [{ id: stix111, preferredScopes: ["STIX_Package/**", "STIX_Package/Reports/**"] }];

it("are those of the vocabulary, or any [QRY-STX-006]", () => {
  expect(config({ names: "vocabulary" })).toEqual([]);
  expect(config({ names: "any" })).toEqual([]);
  expect(config({ names: "none" })).toMatchObject([{ path: ["queries", "names"] }]);
});

it("hold for scopes too, and the one that is wrong is pointed at [QRY-INF-003]", () => {
  const message = expect.stringContaining('no element "Reports"');
  expect(config({ vocabularies })).toMatchObject([{ path: ["queries", "vocabularies", 0, "preferredScopes", 1], message }]);
  expect(config({ vocabularies, names: "any" })).toEqual([]);
  const path = ["services", "poll", "queries", "vocabularies", 0, "preferredScopes", 1];
  expect(config({}, { queries: { vocabularies } })).toMatchObject([{ path, message }]);
  expect(config({ names: "any" }, { queries: { vocabularies } })).toEqual([]);
});
