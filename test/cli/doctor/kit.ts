/** The doctor in front of a peer. */

import type { ServerOptions } from "node:https";
import { afterEach, expect } from "vitest";
import type { Finding, StepName } from "../../../src/cli/doctor/finding.js";
import { type Answer, type Peer, startPeer } from "../../servers/peer.js";
import type { TestEnvironmentOptions } from "../environment.js";
import { jsonLines, type Run, taxii } from "../run.js";

const peers: Peer[] = [];

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

export interface Examined extends Run {
  readonly peer: Peer;
  readonly findings: readonly Finding[];
  /** What a step found. */
  step(name: StepName): Finding;
}

export interface ExamineOptions extends TestEnvironmentOptions {
  /** Default: `/discovery`. */
  readonly path?: string;
  readonly server?: ServerOptions;
  /** In the place of 127.0.0.1. */
  readonly host?: string;
  /** The URL, when it is not that of the peer. */
  readonly url?: (peer: Peer) => string;
}

/** Has the doctor examine a peer, which ends with the test. Whatever it finds, it only asks. */
export async function examine(answer: Answer, args: readonly string[] = [], options: ExamineOptions = {}): Promise<Examined> {
  const { path = "/discovery", server, host = "127.0.0.1", url, ...environment } = options;
  const peer = await startPeer(answer, server);
  peers.push(peer);
  const address = url?.(peer) ?? `${peer.url.replace("127.0.0.1", host)}${path}`;
  const proxy = args.includes("--proxy") ? [] : ["--proxy", "none"];
  const run = await taxii(["doctor", address, "--json", "--timeout", "5", ...proxy, ...args], environment);
  for (const { type, body } of peer.asked) {
    expect(["Discovery_Request", "Collection_Information_Request", "Feed_Information_Request", "Poll_Request"]).toContain(type);
    if (!body.includes("Subscription_ID") && type === "Poll_Request") expect(body).not.toMatch(/allow_asynch="(?:true|1)"/);
  }
  return { ...run, peer, ...read(run) };
}

function read({ out }: Run): Pick<Examined, "findings" | "step"> {
  const findings = jsonLines(out) as unknown[] as Finding[];
  return {
    findings,
    step(name) {
      const found = findings.filter(({ step }) => step === name);
      expect(found, name).toHaveLength(1);
      return found[0] as Finding;
    },
  };
}

/** The outcomes of all steps, in their order: `url ok, proxy ok, …`. */
export function outcomes({ findings }: Examined): string {
  return findings.map(({ step, outcome }) => `${step} ${outcome}`).join(", ");
}

/** Everything a finding says, in one line. */
export function words({ summary, notes }: Finding): string {
  return [summary, ...notes.map(({ outcome, text, advice }) => `${outcome}: ${text}${advice === undefined ? "" : ` > ${advice}`}`)].join(
    " | ",
  );
}
