/** The scripts as processes of their own, against a server over HTTP. */

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { LibtaxiiScript } from "../../../src/cli/libtaxii/index.js";
import { type Listening, listen } from "../../../src/server/node/index.js";
import { createKit } from "../../server/kit.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "taxii-process-"));
let server: Listening;

beforeAll(async () => {
  server = await listen((await createKit()).server);
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

/** Runs a script in the folder, with `input` on its standard input. */
function start(name: LibtaxiiScript, args: readonly string[], input = ""): Promise<Ended> {
  const program = join(root, `src/cli/bin/${name}.ts`);
  const tsx = import.meta.resolve("tsx");
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ["--import", tsx, program, ...args], { cwd: folder, timeout: 60_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, out, err });
    });
    child.stdin?.end(input);
  });
}

it("send content, and get it back as a file in the current folder", { timeout: 120_000 }, async () => {
  const xml = '<s:STIX xmlns:s="urn:s">grün</s:STIX>';
  writeFileSync(join(folder, "settings.ini"), `[libtaxii]\nurl = ${server.url}/inbox\ncontent-binding = urn:stix\n`);
  const pushed = await start("inbox_client", ["--from-file", "settings.ini", "--dcn", "feed", "--content-file", "-"], xml);
  expect([pushed.code, pushed.err]).toEqual([0, ""]);
  expect(pushed.out).toContain("Response:\n\nMessage Type: Status_Message\n");

  const polled = await start("poll_client", ["-u", `${server.url}/poll`, "--coll", "feed"]);
  expect([polled.code, polled.err]).toEqual([0, ""]);
  const [name = ""] = readdirSync(folder).filter((entry) => entry.startsWith("feedt"));
  expect(polled.out).toContain(`\nFile created: ${name}\n`);
  expect(readFileSync(join(folder, name), "utf8")).toBe(xml);
});

it("exit with 1 when refused, 2 for wrong usage, 3 where nobody listens", { timeout: 120_000 }, async () => {
  const ended = await Promise.all([
    start("poll_client", ["-u", `${server.url}/poll`, "--collection", "unknown"]),
    start("fulfillment_client", ["-u", `${server.url}/poll`]),
    start("inbox_client_10", ["--file"]),
    // The discard port: nothing listens there on a machine that runs tests. Polls would be tried again.
    start("inbox_client", ["-u", "http://127.0.0.1:9/"]),
  ]);
  expect(ended.map(({ code }) => code)).toEqual([1, 2, 2, 3]);
  expect(ended[1]?.err).toContain("required option '--result-id <id>' not specified");
  expect(ended[3]?.out).toContain("Request:\n\nMessage Type: Inbox_Message\n");
});
