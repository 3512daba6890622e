/** A server on SQLite that is killed again and again while it takes, gives and pushes content. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import { judgePolls, judgePushes, summary } from "./judge.js";
import { configFor, Node, rounds } from "./node.js";
import { Poller, Receiver, Sender, subscribe } from "./traffic.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`no accepted block is lost or doubled, and no range has a gap, over ${rounds} kills [SVC-INBOX-003] [SVC-RANGE-001] [SVC-RANGE-006] [SVC-SUBF-008]`, {
  timeout: rounds * 5000 + 180_000,
}, async () => {
  const receiver = await Receiver.start();
  const node = new Node(folder, "node", configFor(join(folder, "taxii.db"), receiver.url));
  await node.start();
  await subscribe(`${node.url}/services/collection-management`, "feed", receiver);
  const inbox = (): string => `${node.url}/services/inbox`;
  const senders = Array.from({ length: 3 }, () => new Sender(inbox, "feed"));
  const poller = new Poller(() => `${node.url}/services/poll`, "feed");
  for (let round = 0; round < rounds; round++) {
    await pause(20 + Math.random() * 250);
    await node.kill();
    await node.start();
  }
  await pause(500);
  for (const sender of senders) await sender.stop();
  await poller.finish();
  const accepted = senders.flatMap(({ sent }) => sent.filter(({ outcome }) => outcome === "accepted"));
  expect(accepted.length).toBeGreaterThan(rounds);
  expect(poller.broken).toBeGreaterThan(0);
  judgePolls(senders, poller);
  const last = poller.seen.at(-1)?.label ?? "";
  await vi.waitFor(() => expect((receiver.pushes.at(-1)?.end ?? "") >= last).toBe(true), { timeout: 120_000, interval: 200 });
  judgePushes(senders, receiver.pushes);
  console.info(`${rounds} kills on SQLite: ${summary(senders, [poller], receiver.pushes)}`);
  expect(senders.flatMap(({ refusals }) => refusals)).toEqual([]);
  expect(await node.stop()).toBe(0);
  await receiver.stop();
});
