/** docs/server.md names every setting, and has configurations that are right. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configVariables } from "../../src/cli/server/config/overrides.js";
import { parseServerConfig } from "../../src/cli/server/config/read.js";
import { createMetrics } from "../../src/cli/server/metrics.js";
import { memoryStorage } from "../../src/storage/index.js";
import { testEnvironment } from "../cli/environment.js";

const page = readFileSync(join(import.meta.dirname, "../../docs/server.md"), "utf8");
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, source = ""]) => source);

describe("docs/server.md", () => {
  it.each([...configVariables.values()].map(({ path }) => path.join(".")))("names %s", (path) => {
    const keys = path.split(".");
    const last = keys.at(-1) ?? "";
    const section = keys.length > 1 ? (keys.at(-2) ?? "") : last;
    expect(page).toMatch(new RegExp(`[\`.]${last}\``));
    expect(page).toContain(section);
  });

  it("has examples that are configurations", async () => {
    expect(examples).toHaveLength(4);
    for (const source of examples) await parseServerConfig(source, "docs/server.md", testEnvironment({ env: { TAXII_DATABASE: "x.db" } }));
  });

  it("names every metric of ours", async () => {
    const names = [...(await createMetrics(memoryStorage()).text()).matchAll(/^# TYPE (taxii_\w+)/gm)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(12);
    for (const name of names) expect(page).toContain(`\`${name}\``);
  });
});
