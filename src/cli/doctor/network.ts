/** Names, addresses and connections, below HTTP. */

import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";

/** An address of a host. */
export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** How long to wait for one answer, and what ends everything. */
export interface Patience {
  readonly milliseconds: number;
  readonly signal: AbortSignal;
}

/** Nothing came in time. */
export class TooLateError extends Error {
  readonly code = "ETIMEDOUT";
}

/** All addresses of a host, in the order of the system. @throws the error of the resolver, TooLateError */
export async function addressesOf(host: string, patience: Patience): Promise<readonly HostAddress[]> {
  if (isIP(host) !== 0) return [{ address: host, family: isIP(host) }];
  return inTime(lookup(host, { all: true }), patience);
}

/** Connects. @returns the socket, for the caller to destroy. @throws the error of the system, TooLateError */
export async function openSocket(host: string, port: number, patience: Patience): Promise<Socket> {
  const socket = connect({ host, port });
  try {
    await inTime(
      new Promise<void>((resolve, reject) => {
        socket.once("connect", () => resolve());
        socket.once("error", reject);
      }),
      patience,
    );
    // What goes wrong from now on is noticed by who reads.
    socket.on("error", () => undefined);
    return socket;
  } catch (error) {
    socket.on("error", () => undefined);
    socket.destroy();
    throw error;
  }
}

/** Waits for a promise, but not for ever. @throws TooLateError, or the reason of the signal */
export async function inTime<T>(step: Promise<T>, { milliseconds, signal }: Patience): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    const timer = setTimeout(() => reject(new TooLateError(`nothing within ${milliseconds / 1000} s`)), milliseconds);
    signal.addEventListener("abort", stop, { once: true });
    step.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    });
  });
}

/** The code of a system's error; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
