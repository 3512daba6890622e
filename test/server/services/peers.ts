/** A server of any services in memory, and peers with and without accounts that ask it in both versions. */

import { type Message as Message10, messages as messages10 } from "../../../generated/taxii10/index.js";
import { type Message as Message11, messages as messages11, type StatusMessage } from "../../../generated/taxii11/index.js";
import type { Shape } from "../../../src/binding/index.js";
import { fromXml, toXml } from "../../../src/codec/xml.js";
import { requestHeaders } from "../../../src/http/headers.js";
import { detailsOf } from "../../../src/message/status-error.js";
import { assertValid } from "../../../src/message/validate.js";
import type { Account } from "../../../src/server/access.js";
import type { ServerEvents } from "../../../src/server/events.js";
import { createServer, type Failure, type Service } from "../../../src/server/index.js";
import type { ServerOptions } from "../../../src/server/server.js";
import { type CollectionInit, memoryStorage, type Storage } from "../../../src/storage/index.js";

export const http10 = "urn:taxii.mitre.org:protocol:http:1.0";
export const https10 = "urn:taxii.mitre.org:protocol:https:1.0";
export const xml10 = "urn:taxii.mitre.org:message:xml:1.0";
export const xml11 = "urn:taxii.mitre.org:message:xml:1.1";

/** What a server is made of. */
export interface Setting {
  readonly services: readonly Service[];
  readonly collections?: readonly CollectionInit[];
  /** Accounts by name; without, there are none, and everybody may do everything. */
  readonly accounts?: Readonly<Record<string, Omit<Account, "name">>>;
  readonly storage?: Storage;
  readonly server?: Partial<ServerOptions>;
}

/** An event that happened. */
export type Told = { readonly [E in keyof ServerEvents]: { readonly name: E; readonly event: ServerEvents[E] } }[keyof ServerEvents];

export interface Peers {
  readonly storage: Storage;
  readonly failures: Failure[];
  /** Changes of subscriptions and content that was stored, in order. */
  readonly told: Told[];
  /** Sends a message of TAXII 1.1; the reply is known to be valid. */
  ask(path: string, message: Message11, account?: string): Promise<Message11>;
  /** The same in TAXII 1.0. */
  ask10(path: string, message: Message10, account?: string): Promise<Message10>;
}

export async function createPeers({ services, collections = [], accounts, server, storage = memoryStorage() }: Setting): Promise<Peers> {
  for (const collection of collections) await storage.putCollection(collection);
  const failures: Failure[] = [];
  const told: Told[] = [];
  const { fetch } = createServer({
    storage,
    services,
    onFailure: (failure) => failures.push(failure),
    observers: [
      {
        contentStored: (event) => void told.push({ name: "contentStored", event }),
        subscriptionChanged: (event) => void told.push({ name: "subscriptionChanged", event }),
      },
    ],
    ...(accounts === undefined ? {} : { authenticate: ({ headers }) => named(accounts, headers.get("x-account")) }),
    ...server,
  });
  async function send<M>(version: "1.0" | "1.1", shapes: readonly Shape<M>[], path: string, body: string, account?: string): Promise<M> {
    const headers = new Headers(requestHeaders(version, http10));
    if (account !== undefined) headers.set("x-account", account);
    const response = await fetch(new Request(`http://taxii.test${path}`, { method: "POST", headers, body }));
    const reply = fromXml(shapes, new Uint8Array(await response.arrayBuffer()));
    return reply;
  }
  return {
    storage,
    failures,
    told,
    ask: async (path, message, account) => valid(messages11, await send("1.1", messages11, path, write(messages11, message), account)),
    ask10: async (path, message, account) => valid(messages10, await send("1.0", messages10, path, write(messages10, message), account)),
  };
}

function named(accounts: NonNullable<Setting["accounts"]>, name: string | null): Account | undefined {
  const account = name === null ? undefined : accounts[name];
  return name === null || account === undefined ? undefined : { name, ...account };
}

function shapeOf<M extends { readonly $type: string }>(shapes: readonly Shape<M>[], { $type }: M): Shape<M> {
  const shape = shapes.find(({ name }) => name === $type);
  if (shape === undefined) throw new Error(`no message ${$type}`);
  return shape;
}

function write<M extends { readonly $type: string }>(shapes: readonly Shape<M>[], message: M): string {
  return toXml(shapeOf(shapes, message), message);
}

function valid<M extends { readonly $type: string }>(shapes: readonly Shape<M>[], message: M): M {
  assertValid(shapeOf(shapes, message), message);
  return message;
}

/** The message, if it is of this type. */
export function as<T extends Message10 | Message11, N extends T["$type"]>(type: N, message: T): Extract<T, { readonly $type: N }> {
  if (message.$type !== type) throw new Error(`expected ${type}, found ${JSON.stringify(message)}`);
  return message as Extract<T, { readonly $type: N }>;
}

/** Type of a Status Message, and its details of one name. */
export function refusal(message: Message10 | Message11, name = "ITEM"): readonly unknown[] {
  const status: StatusMessage = as("taxii11.StatusMessage", message as Message11);
  return [status.statusType, detailsOf(status, name)];
}
