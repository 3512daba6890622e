/** The programs as processes of their own, against a server over HTTP. */

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cabbyCommands } from "../../../src/cli/cabby/index.js";
import { type Listening, listen } from "../../../src/server/node/index.js";
import { createKit } from "../../server/kit.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "taxii-process-"));
let server: Listening;

beforeAll(async () => {
  server = await listen((await createKit()).server, { host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function start(name: string, args: readonly string[]): Promise<Ended> {
  const program = join(root, `src/cli/bin/${name}.ts`);
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", program, ...args], { cwd: root, timeout: 60_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

describe("the programs", () => {
  it("exist for every command", () => {
    const files = readdirSync(join(root, "src/cli/bin"));
    expect(files).toEqual(expect.arrayContaining(Object.keys(cabbyCommands).map((name) => `${name}.ts`)));
  });

  it("push a file, poll it again, and exit with 1 when refused", { timeout: 120_000 }, async () => {
    const file = join(folder, "stix.xml");
    writeFileSync(file, '<s:STIX xmlns:s="urn:s">grün</s:STIX>');
    const discovery = ["--discovery", `${server.url}/discovery`];
    const pushed = await start("taxii-push", [...discovery, "-f", file, "--binding", "urn:stix", "--dest", "feed"]);
    expect(pushed).toEqual({ code: 0, out: "", err: "taxii-push: pushed to feed\n" });

    const [polled, refused] = await Promise.all([
      start("taxii-poll", [...discovery, "--coll=feed", "-v"]),
      start("taxii-poll", ["--path", `${server.url}/poll`, "-cunknown", "--dest-dir", folder]),
    ]);
    expect([polled.code, polled.out]).toEqual([0, '<s:STIX xmlns:s="urn:s">grün</s:STIX>\n']);
    expect(polled.err).toContain("taxii-poll: 1 block polled\n");
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.err).toContain("taxii-poll: NOT_FOUND");
  });
});
