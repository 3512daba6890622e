/** What the steps above TLS share. */

import { DiscoveryRequest as DiscoveryRequest10 } from "../../../generated/taxii10/index.js";
import { DiscoveryRequest, type DiscoveryResponse } from "../../../generated/taxii11/index.js";
import type { Client } from "../../client/api.js";
import type { ClientWarning } from "../../client/options.js";
import { TransportError } from "../../http/transport-error.js";
import { create } from "../../message/create.js";
import type { TaxiiVersion } from "../../message/ids.js";
import { StatusError } from "../../message/status-error.js";
import type { Connection } from "../connection.js";
import { exitCodeOf } from "../failure.js";
import { exitCodes } from "../output.js";
import type { Exchange } from "./recorder.js";

/** A server under examination. */
export interface Examination {
  readonly url: URL;
  readonly connection: Connection;
  /** Records what it does in `exchanges` and `warnings`; repeats nothing. */
  readonly client: Client;
  readonly exchanges: readonly Exchange[];
  readonly warnings: readonly ClientWarning[];
  readonly signal: AbortSignal;
}

/** What the user asks about. */
export interface Question {
  /** The collection to poll. Default: the first one that is available. */
  readonly collection?: string | undefined;
  /** Where to poll it. Default: what discovery and the collection say. */
  readonly address?: string | undefined;
  /** On behalf of which subscription. */
  readonly subscription?: string | undefined;
}

/** What came of a Discovery_Request. */
export interface Attempt {
  readonly version: TaxiiVersion;
  /** Whether there was the right answer. */
  readonly succeeded: boolean;
  /** The answer, for TAXII 1.1. */
  readonly reply: DiscoveryResponse | undefined;
  readonly error: unknown;
  /** The exchange over HTTP; undefined when there was none. */
  readonly exchange: Exchange | undefined;
}

/** Sends a Discovery_Request to the address itself, in one version. */
export async function askForDiscovery(version: TaxiiVersion, { client, url, signal, exchanges }: Examination): Promise<Attempt> {
  const before = exchanges.length;
  const options = { signal, address: url.href };
  try {
    const reply = version === "1.1" ? await client.send(create(DiscoveryRequest, {}), options) : undefined;
    if (version === "1.0") await client.send(create(DiscoveryRequest10, {}), options);
    return { version, succeeded: true, reply, error: undefined, exchange: exchanges.at(-1) };
  } catch (error) {
    signal.throwIfAborted();
    return { version, succeeded: false, reply: undefined, error, exchange: exchanges.length > before ? exchanges.at(-1) : undefined };
  }
}

/** Whether a peer answered with a TAXII message, be it a refusal. */
export function isTaxiiAnswer({ succeeded, error }: Attempt): boolean {
  return succeeded || error instanceof StatusError || (error instanceof TransportError && error.code === "MISMATCH");
}

/** The HTTP status of an answer; undefined when there was none. */
export function statusOf({ error, exchange }: Attempt): number | undefined {
  return exchange?.status ?? (error instanceof TransportError ? error.status : undefined);
}

/** A sentence about an error: the status of the peer, or what happened. */
export function sentenceOf(error: unknown): string {
  if (error instanceof StatusError) return `the server says ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

const personal: ReadonlySet<string> = new Set(["UNAUTHORIZED", "DENIED", "RETRY"]);

/** Whether a refusal says nothing of what was asked, but something of who asks, and when. */
export function isPersonal(error: unknown): boolean {
  return error instanceof StatusError && personal.has(error.code);
}

/** Whether there was no connection, or no answer in time. */
export function isNetworkError(error: unknown): boolean {
  return exitCodeOf(error) === exitCodes.network;
}
