/** The program as a process of its own: signals, pipes, no terminal. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PollRequest } from "../../generated/taxii11/index.js";
import { fromXml } from "../../src/codec/xml.js";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "taxii-process-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const namespace = "http://taxii.mitre.org/messages/taxii_xml_binding-1.1";
const headers = {
  "Content-Type": "application/xml",
  "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1",
  "X-TAXII-Services": "urn:taxii.mitre.org:services:1.1",
  "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
};

const blockText = (number: number): string =>
  `<Content_Block><Content_Binding binding_id="urn:x"/><Content>block ${number} ${"x".repeat(2000)}</Content><Timestamp_Label>2026-01-01T00:00:00.${String(number).padStart(6, "0")}Z</Timestamp_Label></Content_Block>`;

/** Sends `count` blocks; `Infinity` for as long as somebody listens. With `pause`, nothing behind the block of this number. */
let count = 0;
let pause = Number.POSITIVE_INFINITY;
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on("data", (piece: Buffer) => body.push(piece));
    request.on("end", () => {
      const { messageId } = fromXml(PollRequest, Buffer.concat(body));
      response.writeHead(200, headers);
      response.write(
        `<Poll_Response xmlns="${namespace}" message_id="1" in_response_to="${messageId}" collection_name="feed"><Inclusive_End_Timestamp>2026-02-01T00:00:00Z</Inclusive_End_Timestamp>`,
      );
      let number = 0;
      const more = (): void => {
        while (number < Math.min(count, pause)) {
          number += 1;
          if (!response.write(blockText(number))) {
            response.once("drain", more);
            return;
          }
        }
        if (number < pause) response.end("</Poll_Response>");
      };
      more();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/poll`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Starts the program. */
function start(args: readonly string[]) {
  const env = { ...process.env, XDG_CONFIG_HOME: folder, NO_PROXY: "*" };
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli/bin/taxii.ts", ...args], { cwd: root, env });
  running.add(child);
  let out = "";
  let err = "";
  child.stdout.on("data", (piece: Buffer) => {
    out += piece.toString();
  });
  child.stderr.on("data", (piece: Buffer) => {
    err += piece.toString();
  });
  const ended = once(child, "close").then(([code, signal]): Ended => ({ code, signal, out, err }));
  return { child, ended, said: () => out };
}

const poll = (...args: string[]) =>
  start(["poll", url, "--endpoint", "service", "--collection", "feed", "--taxii-version", "1.1", ...args]);

/** Waits until `condition` holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("taxii as a process", { timeout: 60_000 }, () => {
  it("ends in silence when the reader of its output goes", async () => {
    count = Number.POSITIVE_INFINITY;
    const { child, ended } = poll("--quiet");
    await once(child.stdout, "data");
    child.stdout.destroy();
    const { code, err } = await ended;
    expect([code, err]).toEqual([0, ""]);
  });

  it.runIf(process.platform === "linux")("waits for a slow reader instead of collecting what it cannot write", async () => {
    count = Number.POSITIVE_INFINITY;
    const { child, ended } = poll("--quiet");
    await once(child.stdout, "data");
    child.stdout.pause();
    // Far more than the memory could hold would have arrived by then.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    expect(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1])).toBeLessThan(250_000);
    child.stdout.destroy();
    expect((await ended).code).toBe(0);
  });

  it("keeps whole files on Ctrl-C, says so, and exits with 130", async () => {
    count = 10;
    pause = 3;
    const blocks = join(folder, "blocks");
    const { child, ended, said } = poll("--dest-dir", blocks);
    await until(() => said().split("\n").length > 3);
    child.kill("SIGINT");
    const { code, err } = await ended;
    pause = Number.POSITIVE_INFINITY;
    expect(code).toBe(130);
    expect(err).toContain(`3 saved in ${blocks}`);
    expect(err).toMatch(/taxii poll: interrupted\n$/);
    expect(err).not.toContain("at ");
    expect(readdirSync(blocks)).toHaveLength(3);
    expect(readdirSync(blocks).every((name) => name.endsWith(".txt"))).toBe(true);
  });

  it("exits with 143 on SIGTERM", async () => {
    count = 10;
    pause = 1;
    const { child, ended, said } = poll();
    await until(() => said() !== "");
    child.kill("SIGTERM");
    expect((await ended).code).toBe(143);
    pause = Number.POSITIVE_INFINITY;
  });

  it("exits with 3 when nobody is there", async () => {
    const { code, out, err } = await start(["discovery", "http://127.0.0.1:1/", "--retries", "0", "--endpoint", "discovery"]).ended;
    expect([code, out]).toEqual([3, ""]);
    expect(err).toMatch(/^taxii discovery: .*127\.0\.0\.1:1/);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  it("asks nothing where there is no terminal", async () => {
    const { code, err } = await start(["discovery", url, "--username", "alice"]).ended;
    expect(code).toBe(2);
    expect(err).toContain("there is no password for alice, and no terminal to ask for it");
  });

  it("ends validate by Ctrl-C while it waits for standard input", async () => {
    const { child, ended } = start(["validate", "-"]);
    child.stdin.write("<a>");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: null, signal: "SIGINT" });
  });
});
