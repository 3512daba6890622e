import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

it("docs/cli is what the commands say", { timeout: 60_000 }, () => {
  const root = join(import.meta.dirname, "../..");
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "scripts/cli-docs.mjs", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
