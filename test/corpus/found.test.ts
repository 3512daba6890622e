/** Documents the fuzzer found: once we and libxml2 differed about each, never again. */

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { validateXml } from "../../src/message/validate-xml.js";
import { Judge } from "../support/libxml2.js";

const folder = new URL("found/", import.meta.url);
const judge = new Judge();
afterAll(() => judge[Symbol.dispose]());

test.each(readdirSync(folder))("%s", (file) => {
  const document = readFileSync(new URL(file, folder));
  const { wellFormed, schemaValid } = judge.judge(document);
  expect(validateXml(document, { schemaOnly: true })).toMatchObject({ wellFormed, schemaValid });
});
