/** A disk that is full under SQLite. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InboxMessage } from "../../generated/taxii11/index.js";
import { create, toXml } from "../../src/index.js";
import { configFor, Node } from "./node.js";
import { exchange, Poller } from "./traffic.js";

let folder = "";

// A file system of four megabytes. Only root may have one; CI is.
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("Not root: a full disk cannot be made, its test is skipped");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taxii-full-"));
  if (isRoot) execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
});
afterEach(() => {
  if (isRoot) execFileSync("umount", ["-l", folder]);
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(!isRoot)(
  "refuses what does not fit, whole, answers polls, and takes content again when there is room [SVC-INBOX-003] [SVC-STAT-014]",
  { timeout: 120_000 },
  async () => {
    const config = mkdtempSync(join(tmpdir(), "taxii-full-config-"));
    const node = new Node(config, "node", configFor(join(folder, "taxii.db"), "https://inbox.example.com/"));
    await node.start();
    const send = async (count: number): Promise<string> => {
      const message = create(InboxMessage, {
        destinationCollectionNames: ["feed"],
        contentBlocks: Array.from({ length: count }, (_, index) => ({
          contentBinding: { bindingId: "urn:example:full" },
          content: { text: `${index} ${"x".repeat(20_000)}` },
        })),
      });
      const reply = await exchange(`${node.url}/services/inbox`, toXml(InboxMessage, message));
      return reply.$type === "taxii11.StatusMessage" ? `${reply.statusType}: ${reply.message ?? ""}` : reply.$type;
    };
    const count = async (): Promise<number> => {
      const poller = new Poller(() => `${node.url}/services/poll`, "feed");
      // A reply may cover less than was asked for; consumers go on from its end.
      for (let before = -1; poller.seen.length > before; ) {
        before = poller.seen.length;
        await poller.finish();
      }
      return poller.seen.length;
    };
    try {
      let accepted = 0;
      while ((await send(5)).startsWith("SUCCESS")) accepted += 5;
      expect(accepted).toBeGreaterThan(0);
      expect(accepted).toBeLessThan(250);
      const refusal = await send(5);
      expect(refusal).toMatch(/^(FAILURE|RETRY): \S/);
      expect(refusal).not.toMatch(/SQLITE|disk I\/O|\/tmp/i);
      expect(await count()).toBe(accepted);
      // Room again, without a restart.
      execFileSync("mount", ["-o", "remount,size=16m", folder]);
      expect(await send(5)).toMatch(/^SUCCESS/);
      expect(await count()).toBe(accepted + 5);
      await node.kill();
      await node.start();
      expect(await count()).toBe(accepted + 5);
    } finally {
      await node.stop();
      rmSync(config, { recursive: true, force: true });
    }
  },
);
