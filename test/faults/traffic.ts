/** Senders, pollers and a receiver that note what they were promised, so that it can be held against what is there in the end. */

import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import {
  type ContentBlock,
  InboxMessage,
  type Message,
  messages,
  PollFulfillment,
  PollRequest,
  type PollResponse,
  StatusMessage,
  SubscriptionManagementRequest,
} from "../../generated/taxii11/index.js";
import { charactersOf } from "../../src/binding/content.js";
import { create, fromXml, toXml } from "../../src/index.js";

const headers = {
  "Content-Type": "application/xml",
  Accept: "application/xml",
  "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1",
  "X-TAXII-Accept": "urn:taxii.mitre.org:message:xml:1.1",
  "X-TAXII-Services": "urn:taxii.mitre.org:services:1.1",
  "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
};

/** The reply to a message; rejects when the connection breaks off anywhere in it. */
export async function exchange(url: string, body: string): Promise<Message> {
  const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(20_000) });
  return fromXml(messages, new Uint8Array(await response.arrayBuffer()));
}

/** Where requests go; another node from time to time. */
export type Target = () => string;

/** What became of a message: its sender was told, or the connection broke before the answer was there. */
export interface Sent {
  readonly texts: readonly string[];
  readonly outcome: "accepted" | "refused" | "unknown";
}

const binding = { bindingId: "urn:example:fault" };

/** Sends messages of one to three blocks, one after another, until it is told to stop. */
export class Sender {
  readonly sent: Sent[] = [];
  /** What refusals said. */
  readonly refusals: string[] = [];
  #running = true;
  readonly #done: Promise<void>;

  constructor(target: Target, collection: string) {
    this.#done = this.#run(target, collection);
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  async #run(target: Target, collection: string): Promise<void> {
    for (let count = 1; this.#running; count = (count % 3) + 1) {
      const texts = Array.from({ length: count }, () => randomUUID());
      const message = create(InboxMessage, {
        destinationCollectionNames: [collection],
        contentBlocks: texts.map((text) => ({ contentBinding: binding, content: { text } })),
      });
      try {
        const reply = await exchange(target(), toXml(InboxMessage, message));
        if (reply.$type === "taxii11.StatusMessage" && reply.statusType === "SUCCESS") this.sent.push({ texts, outcome: "accepted" });
        else {
          this.sent.push({ texts, outcome: "refused" });
          this.refusals.push(describe(reply));
          await pause(5);
        }
      } catch {
        this.sent.push({ texts, outcome: "unknown" });
        await pause(10);
      }
    }
  }
}

/** A block as a consumer saw it. */
export interface Seen {
  readonly text: string;
  readonly label: string;
}

/** A range that a consumer was told is complete. */
export interface Range {
  readonly begin: string | undefined;
  readonly end: string;
}

/** Polls from the last end on, as consumers do, and keeps a reply only when it has all its parts. */
export class Poller {
  readonly seen: Seen[] = [];
  readonly ranges: Range[] = [];
  /** Rounds that broke off. */
  broken = 0;
  #end: string | undefined;
  #running = true;
  readonly #done: Promise<void>;
  readonly #target: Target;
  readonly #collection: string;

  constructor(target: Target, collection: string) {
    this.#target = target;
    this.#collection = collection;
    this.#done = this.#run();
  }

  /** Stops, and polls a last time. */
  async finish(): Promise<void> {
    this.#running = false;
    await this.#done;
    await this.#round();
  }

  async #run(): Promise<void> {
    while (this.#running) {
      await this.#round().catch(() => {
        this.broken++;
      });
      await pause(15);
    }
  }

  async #round(): Promise<void> {
    const ranges: Range[] = [];
    const seen: Seen[] = [];
    const request = create(PollRequest, {
      collectionName: this.#collection,
      exclusiveBeginTimestamp: this.#end,
      pollParameters: {},
    });
    let reply = pollResponse(await exchange(this.#target(), toXml(PollRequest, request)));
    for (;;) {
      ranges.push({ begin: reply.exclusiveBeginTimestamp, end: reply.inclusiveEndTimestamp ?? "" });
      seen.push(...reply.contentBlocks.map(seenOf));
      if (!reply.more) break;
      const next = create(PollFulfillment, {
        collectionName: this.#collection,
        resultId: reply.resultId ?? "",
        resultPartNumber: reply.resultPartNumber + 1,
      });
      reply = pollResponse(await exchange(this.#target(), toXml(PollFulfillment, next)));
    }
    this.ranges.push(...ranges);
    this.seen.push(...seen);
    this.#end = ranges.at(-1)?.end;
  }
}

function pollResponse(reply: Message): PollResponse {
  if (reply.$type === "taxii11.PollResponse") return reply;
  throw new Error(describe(reply));
}

function describe(reply: Message): string {
  return reply.$type === "taxii11.StatusMessage" ? `${reply.statusType}: ${reply.message ?? ""}` : reply.$type;
}

function seenOf({ content, timestampLabel }: ContentBlock): Seen {
  return { text: charactersOf(content), label: timestampLabel ?? "" };
}

/** One push as it arrived. */
export interface Push extends Range {
  readonly subscriptionId: string;
  readonly blocks: readonly Seen[];
}

/** An inbox that notes what is pushed to it. */
export class Receiver {
  readonly pushes: Push[] = [];
  /** Called for each push; what it throws makes the inbox fail. */
  onPush: ((push: Push) => void) | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request
        .on("data", (chunk: Buffer) => chunks.push(chunk))
        .on("error", () => undefined)
        .on("end", () => {
          const answer = receiver.#take(Buffer.concat(chunks));
          if (answer === undefined) response.writeHead(503).end();
          else response.writeHead(200, headers).end(answer);
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/inbox`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(body: Buffer): string | undefined {
    const message = fromXml(InboxMessage, body);
    const source = message.sourceSubscription;
    const push: Push = {
      subscriptionId: source?.subscriptionId ?? "",
      begin: source?.exclusiveBeginTimestamp,
      end: source?.inclusiveEndTimestamp ?? "",
      blocks: message.contentBlocks.map(seenOf),
    };
    try {
      this.onPush?.(push);
    } catch {
      return undefined;
    }
    this.pushes.push(push);
    return toXml(StatusMessage, create(StatusMessage, { inResponseTo: message.messageId, statusType: "SUCCESS" }));
  }
}

/** Subscribes a receiver to a collection. */
export async function subscribe(url: string, collection: string, receiver: Receiver): Promise<void> {
  const request = create(SubscriptionManagementRequest, {
    collectionName: collection,
    action: "SUBSCRIBE",
    subscriptionParameters: {},
    pushParameters: {
      protocolBinding: "urn:taxii.mitre.org:protocol:http:1.0",
      address: receiver.url,
      messageBinding: "urn:taxii.mitre.org:message:xml:1.1",
    },
  });
  const reply = await exchange(url, toXml(SubscriptionManagementRequest, request));
  if (reply.$type !== "taxii11.SubscriptionManagementResponse") throw new Error(describe(reply));
}
