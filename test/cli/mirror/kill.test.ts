/** `taxii mirror` as a process that is killed again and again. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answer, type Asked, type Peer, startPeer } from "../../servers/peer.js";
import { block, pollResponse, reply, statusMessage } from "../../servers/texts.js";
import { jsonLines } from "../run.js";

const root = join(import.meta.dirname, "../../..");

const total = 240;
const partSize = 20;
const labelOf = (number: number): string => `2024-01-01T00:00:00.${String(number).padStart(6, "0")}Z`;
const contentOf = (number: number): string => `<a n="${number}">${"x".repeat(500)}</a>`;
const all = Array.from({ length: total }, (_, number) => number);

/** Part `part` of what is labelled later than `after`: block for block, so that there is time to be killed. */
const give = async (asked: Asked, response: Parameters<Answer>[1], after: string, part: number): Promise<void> => {
  const rest = all.filter((number) => labelOf(number) > after);
  const numbers = rest.slice((part - 1) * partSize, part * partSize);
  const more = part * partSize < rest.length;
  const end = `<t:Inclusive_End_Timestamp>${labelOf(numbers.at(-1) ?? total - 1)}</t:Inclusive_End_Timestamp>`;
  const document = pollResponse(asked, { blocks: ["<!-- -->"], before: end, more, resultId: `urn:after:${after}`, part });
  const [head = "", tail = ""] = document.split("<!-- -->");
  response.writeHead(200, { "Content-Type": "application/xml", "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1" });
  response.write(head);
  for (const number of numbers) {
    response.write(block(contentOf(number), { label: labelOf(number) }));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  response.end(tail);
};

/** Blocks the inbox has taken. */
let taken: string[] = [];

const server: Answer = async (asked, response) => {
  if (asked.type === "Poll_Request") return give(asked, response, asked.element("Exclusive_Begin_Timestamp") ?? "", 1);
  if (asked.type === "Poll_Fulfillment")
    return give(
      asked,
      response,
      (asked.attribute("result_id") ?? "").slice("urn:after:".length),
      Number(asked.attribute("result_part_number")),
    );
  if (asked.type !== "Inbox_Message") return reply(response, statusMessage(asked, "UNSUPPORTED_MESSAGE"));
  taken.push(...[...asked.body.matchAll(/<a n="(\d+)"/g)].map(([, number]) => number ?? ""));
  return reply(response, statusMessage(asked, "SUCCESS"));
};

let peer: Peer;
let folder: string;
let running: ChildProcess | undefined;
beforeEach(async () => {
  taken = [];
  folder = mkdtempSync(join(tmpdir(), "taxii-kill-"));
  peer = await startPeer(server);
});
afterEach(async () => {
  running?.kill("SIGKILL");
  await peer.close();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => running?.kill("SIGKILL"));

function start(...args: readonly string[]): ChildProcess {
  const flags = ["--endpoint", "service", "--taxii-version", "1.1", "--collection", "feed", ...args];
  const env = { ...process.env, XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder, NO_PROXY: "*" };
  const command = ["--import", "tsx", "src/cli/bin/taxii.ts", "mirror", `${peer.url}/poll`, ...flags];
  running = spawn(process.execPath, command, { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] });
  return running;
}

/** Kills the process once `condition` holds, unless it ends before. */
async function killWhen(child: ChildProcess, condition: () => boolean): Promise<void> {
  const exited = once(child, "exit");
  while (child.exitCode === null && !condition()) await new Promise((resolve) => setTimeout(resolve, 1));
  child.kill("SIGKILL");
  await exited;
}

describe("killed at any moment and run again", { timeout: 120_000 }, () => {
  it("a folder has each block of the server once", async () => {
    const target = join(folder, "mirror");
    const count = (): number => (existsSync(target) ? readdirSync(target).filter((name) => name.endsWith(".xml")).length : 0);
    for (const share of [0.1, 0.3, 0.55, 0.8]) {
      const moment = Math.floor(total * (share + Math.random() * 0.1));
      await killWhen(start("--dest-dir", target, "--quiet"), () => count() >= moment);
    }
    const last = start("--dest-dir", target, "--quiet");
    expect(await once(last, "exit")).toEqual([0, null]);
    const files = readdirSync(target).filter((name) => !name.startsWith(".") && name !== "index.ndjson");
    expect(files.map((name) => readFileSync(join(target, name), "utf8")).toSorted()).toEqual(all.map(contentOf).toSorted());
    const lines = jsonLines(readFileSync(join(target, "index.ndjson"), "utf8"));
    expect(lines.map(({ label }) => label).toSorted()).toEqual(all.map(labelOf));
    expect(lines.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
    expect(readdirSync(target).filter((name) => name.endsWith(".lock"))).toEqual([]);
  });

  it("an inbox gets each block at least once, and only the last messages twice", async () => {
    const args = ["--to", `${peer.url}/inbox`, "--inbox-endpoint", "service", "--state", join(folder, "state.json"), "--quiet"];
    for (const share of [0.2, 0.5]) await killWhen(start(...args), () => new Set(taken).size >= total * share);
    const last = start(...args);
    expect(await once(last, "exit")).toEqual([0, null]);
    expect(new Set(taken).size).toBe(total);
  });
});
