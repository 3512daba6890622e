/** The client on Node in front of a peer. */

import type { ServerOptions } from "node:https";
import { afterEach } from "vitest";
import type { Client } from "../../src/client/api.js";
import type { Auth } from "../../src/client/auth.js";
import { createClient, type NodeClientOptions } from "../../src/client/node/index.js";
import type { ClientWarning } from "../../src/client/options.js";
import type { Poll, PollOptions } from "../../src/client/poll/options.js";
import { type Answer, type Peer, startPeer } from "./peer.js";

const peers: Peer[] = [];

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

export interface Meeting {
  readonly peer: Peer;
  readonly client: Client;
  /** The kinds of warnings so far. */
  readonly warned: string[];
  readonly warnings: ClientWarning[];
}

export interface MeetingOptions extends Omit<NodeClientOptions, "onWarning"> {
  /** Where the client is sent. Default: `/poll`, a service for every request. */
  readonly path?: string;
  /** How to log in, where that depends on where the peer is. */
  readonly authAt?: (url: string) => Auth;
  /** Certificate and key of a peer of https. */
  readonly server?: ServerOptions;
}

/** Starts a peer, which ends with the test, and makes a client for it that is as patient as a test can be. */
export async function meet(answer: Answer, { path = "/poll", server, authAt, ...options }: MeetingOptions = {}): Promise<Meeting> {
  const peer = await startPeer(answer, server);
  peers.push(peer);
  const warnings: ClientWarning[] = [];
  const warned: string[] = [];
  const client = createClient(`${peer.url}${path}`, {
    proxy: "none",
    endpoint: path === "/poll" ? "service" : "auto",
    retry: { attempts: 3, minDelay: 1, maxDelay: 20 },
    onWarning(warning) {
      warnings.push(warning);
      if (!warned.includes(warning.code)) warned.push(warning.code);
    },
    auth: authAt?.(peer.url),
    ...options,
  });
  return { peer, client, warned, warnings };
}

export interface Outcome {
  /** What the blocks hold, in order. */
  readonly contents: readonly string[];
  /** What ended the poll before its end. */
  readonly error: unknown;
  readonly poll: Poll;
}

/** Polls to the end, or to the error. */
export async function polled(client: Client, name = "feed", options: PollOptions = {}): Promise<Outcome> {
  const poll = client.poll(name, { wait: { min: 1, max: 20 }, ...options });
  const contents: string[] = [];
  let error: unknown;
  try {
    for await (const { content } of poll) contents.push("xml" in content ? content.xml : content.text);
  } catch (thrown) {
    error = thrown;
  }
  return { contents, error, poll };
}
