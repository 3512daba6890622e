/** Two servers on one PostgreSQL, killed in turn, and PostgreSQL restarted under them. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Postgres, startPostgres } from "../support/postgres.js";
import { hasPostgres } from "../support/postgres-shared.js";
import { judgePolls, judgePushes, summary } from "./judge.js";
import { rounds as asked, configFor, Node } from "./node.js";
import { Poller, Receiver, Sender, subscribe } from "./traffic.js";

// Two starts at a time, of which each takes longer than one alone.
const rounds = Math.min(asked, 40);
const folder = mkdtempSync(join(tmpdir(), "taxii-nodes-"));
let postgres: Postgres;
let receiver: Receiver;

describe.skipIf(!hasPostgres)("two nodes on one PostgreSQL", () => {
  // One of their own: it is restarted.
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 120_000);
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Scene {
    readonly nodes: readonly [Node, Node];
    readonly senders: readonly Sender[];
    readonly pollers: readonly Poller[];
  }

  /** Two nodes with a subscriber, senders that go from one node to the other, and pollers that do so too. */
  async function begin(): Promise<Scene> {
    receiver = await Receiver.start();
    const config = configFor(await postgres.createDatabase(), receiver.url);
    const nodes = [new Node(folder, "a", config), new Node(folder, "b", config)] as const;
    // At the same time, on an empty database.
    await Promise.all(nodes.map((node) => node.start()));
    await subscribe(`${nodes[0].url}/services/collection-management`, "feed", receiver);
    let turn = 0;
    const either = (path: string) => (): string => `${nodes[turn++ % 2 === 0 ? 0 : 1].url}${path}`;
    return {
      nodes,
      senders: Array.from({ length: 4 }, () => new Sender(either("/services/inbox"), "feed")),
      pollers: Array.from({ length: 2 }, () => new Poller(either("/services/poll"), "feed")),
    };
  }

  /** Waits until all was pushed, and judges all. */
  async function end({ nodes, senders, pollers }: Scene, lostCommits: boolean): Promise<void> {
    await pause(300);
    for (const sender of senders) await sender.stop();
    for (const poller of pollers) await poller.finish();
    const sent = senders.flatMap((sender) => sender.sent);
    expect(sent.filter(({ outcome }) => outcome === "accepted").length).toBeGreaterThan(rounds);
    for (const poller of pollers) judgePolls(senders, poller, { lostCommits });
    const last = pollers[0]?.seen.at(-1)?.label ?? "";
    await vi.waitFor(() => expect((receiver.pushes.at(-1)?.end ?? "") >= last).toBe(true), { timeout: 120_000, interval: 200 });
    judgePushes(senders, receiver.pushes, { lostCommits });
    console.info(`two nodes on PostgreSQL: ${summary(senders, pollers, receiver.pushes)}`);
    for (const node of nodes) expect(await node.stop()).toBe(0);
    await receiver.stop();
  }

  test("killed in turn under load, they lose and double nothing, and go on pushing for each other [SVC-RANGE-006] [SVC-SUBF-008] [SVC-MULTI-013]", {
    timeout: rounds * 5000 + 180_000,
  }, async () => {
    const scene = await begin();
    for (let round = 0; round < rounds; round++) {
      await pause(50 + Math.random() * 250);
      const node = scene.nodes[round % 2 === 0 ? 0 : 1];
      await node.kill();
      await pause(Math.random() * 200);
      await node.start();
    }
    await end(scene, false);
  });

  test("PostgreSQL restarted under load, in an orderly way and as by a crash", { timeout: 300_000 }, async () => {
    const scene = await begin();
    for (const mode of ["fast", "immediate", "fast", "immediate"] as const) {
      await pause(500);
      await postgres.restart(mode);
    }
    await pause(500);
    await postgres.pause("immediate");
    await pause(1500);
    await postgres.resume();
    await pause(1000);
    await end(scene, true);
    // The servers said that it was not for lack of good will, and nothing of what was wrong inside.
    for (const refusal of scene.senders.flatMap(({ refusals }) => refusals)) expect(refusal).toMatch(/^(RETRY|FAILURE): [^{}]*$/);
  });
});
