/** Inboxes on this machine that behave in one way or another, and workers that deliver to them. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { InboxMessage as InboxMessage10, StatusMessage as StatusMessage10 } from "../../generated/taxii10/index.js";
import {
  ContentBlock,
  type ContentBlockInit,
  InboxMessage,
  type PushParameter,
  StatusMessage,
  SubscriptionParameters,
  type SubscriptionParametersInit,
} from "../../generated/taxii11/index.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { protocols, versionIds } from "../../src/constants.js";
import {
  DeliveryWorker,
  type DeliveryWorkerOptions,
  type GuardedPushPolicy,
  type PushPolicyOptions,
  pushPolicy,
} from "../../src/delivery/index.js";
import { messageHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { type StatusOptions, statusMessage } from "../../src/message/status-error.js";
import { toVersion10 } from "../../src/message/versions/index.js";
import type { Delivered, DeliveryFailed } from "../../src/server/events.js";
import { type Label, memoryStorage, type Storage, type Subscription } from "../../src/storage/index.js";

const open: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

/** Is stopped behind the test. */
export function stopping<T extends { stop(): Promise<unknown> }>(one: T): T {
  open.push(one);
  return one;
}

/** A message as an inbox got it. */
export interface Received {
  readonly message: InboxMessage | InboxMessage10;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** From 1. */
  readonly number: number;
}

/** Answers a message. */
export type Answer = (received: Received) => unknown;

export interface Inbox {
  readonly url: string;
  readonly received: Received[];
  /** Of TAXII 1.1. @throws TypeError when one of them is of TAXII 1.0 */
  readonly messages: InboxMessage[];
  answer: Answer;
}

/** Starts an inbox. */
export async function startInbox(answer: Answer = accept): Promise<Inbox> {
  const received: Received[] = [];
  const inbox: Inbox = {
    url: "",
    received,
    get messages() {
      return received.map(({ message }) => {
        if (message.$type === "taxii11.InboxMessage") return message;
        throw new TypeError(`expected a message of TAXII 1.1, found ${message.$type}`);
      });
    },
    answer,
  };
  const server = createServer((request, response) => {
    // A sender that breaks off is one of the cases.
    void bodyOf(request).then(
      (body) => {
        const one = { message: fromXml([InboxMessage, InboxMessage10], body), request, response, number: received.length + 1 };
        received.push(one);
        return inbox.answer(one);
      },
      () => undefined,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stopping({
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  });
  return Object.defineProperty(inbox, "url", { value: `http://127.0.0.1:${(server.address() as AddressInfo).port}/inbox` });
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}

/** The answer of an inbox that takes everything. */
export const accept: Answer = answerWith("SUCCESS");

/** Answers with a status, in the version of the message. */
export function answerWith(type: Parameters<typeof statusMessage>[0], options: StatusOptions = {}): Answer {
  return ({ message, response }) => {
    const status = statusMessage(type, { inResponseTo: message.messageId, ...options });
    const is11 = message.$type === "taxii11.InboxMessage";
    response.writeHead(200, messageHeaders(is11 ? "1.1" : "1.0", protocols.http));
    response.end(is11 ? toXml(StatusMessage, status) : toXml(StatusMessage10, toVersion10(status)));
  };
}

/** Where an inbox is, for a subscription. */
export function targetOf({ url }: Pick<Inbox, "url">, messageBinding: string = versionIds.xml11): PushParameter {
  return { protocolBinding: protocols.http, address: url, messageBinding };
}

/** A policy that lets everything on this machine be pushed to. */
export function localPolicy(options: Partial<PushPolicyOptions> = {}): GuardedPushPolicy {
  const ports = Array.from({ length: 65_535 }, (_, index) => index + 1);
  return pushPolicy({ allow: ["127.0.0.1"], ports, allowHttp: true, allowPrivate: ["127.0.0.0/8"], ...options });
}

/** A storage with an empty feed `feed` and an empty set `set`. */
export async function createStorage(): Promise<Storage> {
  const storage = memoryStorage();
  await storage.putCollection({ name: "feed" });
  await storage.putCollection({ name: "set", type: "DATA_SET" });
  return storage;
}

/** Adds blocks, one by one, and gives their labels. */
export async function addBlocks(
  storage: Storage,
  texts: readonly string[],
  collection = "feed",
  init: Partial<ContentBlockInit> = {},
): Promise<Label[]> {
  const labels: Label[] = [];
  for (const text of texts) {
    const block = create(ContentBlock, { contentBinding: { bindingId: "urn:text" }, content: { text }, ...init });
    for (const label of await storage.add([{ block, collections: [collection] }])) labels.push(label ?? 0);
  }
  return labels;
}

let ids = 0;

export interface SubscribeOptions {
  readonly collection?: string;
  readonly owner?: string;
  readonly parameters?: SubscriptionParametersInit;
}

/** Subscribes from now on. */
export async function subscribe(storage: Storage, push: PushParameter, options: SubscribeOptions = {}): Promise<Subscription> {
  const { collection = "feed", owner = "", parameters } = options;
  ids += 1;
  const { subscription } = await storage.subscriptions.subscribe({
    id: `urn:subscription:${ids}`,
    owner,
    collection,
    parameters: parameters === undefined ? undefined : create(SubscriptionParameters, parameters),
    push,
    version: "1.1",
    fingerprint: String(ids),
    since: await storage.horizon(),
  });
  return subscription;
}

/** How a subscription stands. @throws Error when it is gone */
export async function stateOf(storage: Storage, { id }: Pick<Subscription, "id">) {
  const [subscription] = await storage.subscriptions.find({ id });
  if (subscription === undefined) throw new Error(`there is no subscription ${id}`);
  return subscription.delivery;
}

/** What a worker told. */
export interface Told {
  readonly delivered: Delivered[];
  readonly failed: DeliveryFailed[];
  readonly faults: unknown[];
}

/** Starts a worker that looks for work all the time, and repeats failures at once. */
export function startWorker(storage: Storage, options: Partial<DeliveryWorkerOptions> = {}): DeliveryWorker & { readonly told: Told } {
  const told: Told = { delivered: [], failed: [], faults: [] };
  const worker = new DeliveryWorker({
    storage,
    policy: localPolicy(),
    mayRead: () => true,
    interval: 5,
    grace: 100,
    timeout: 5000,
    retry: { attempts: 20, minDelay: 1, maxDelay: 5 },
    observers: [{ delivered: (event) => void told.delivered.push(event), deliveryFailed: (event) => void told.failed.push(event) }],
    onFailure: (error) => told.faults.push(error),
    ...options,
  });
  worker.start();
  return stopping(Object.assign(worker, { told }));
}

/** Waits until something holds. @throws Error when it does not come to that */
export async function until(holds: () => boolean | Promise<boolean>, what = "what was waited for"): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Lets a worker look for work several times. */
export function aWhile(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 60));
}

/** The texts of the blocks of messages, in order. */
export function textsOf(messages: readonly (InboxMessage | InboxMessage10)[]): string[] {
  return messages.flatMap(({ contentBlocks }) => contentBlocks.map(({ content }) => ("text" in content ? content.text : content.xml)));
}

/** The stated ranges of messages. */
export function rangesOf(messages: readonly InboxMessage[]) {
  return messages.map(({ sourceSubscription: source }) => [source?.exclusiveBeginTimestamp, source?.inclusiveEndTimestamp]);
}
