/** The client: one door to everything that can be asked of a producer. */

import {
  type CollectionRecord,
  type ContentBlockInit,
  PollFulfillment,
  type PollRequest,
  PollResponse,
  type RecordCount,
  type ServiceInstance,
  type SubscriptionRecord,
} from "../../generated/taxii11/index.js";
import { create } from "../message/create.js";
import { type AnyRequest, isMessage10, type ReplyTo, type Request10, type Request11 } from "../message/exchanges.js";
import { StatusError } from "../message/status-error.js";
import type { MessageStream } from "../message/stream.js";
import { toVersion11 } from "../message/versions/index.js";
import { parseAddress } from "./address.js";
import type { Client, FulfilOptions, PollPartOptions, PushOptions, PushReport, SubscribeOptions } from "./api.js";
import { Conversation } from "./conversation.js";
import { Exchanger } from "./exchange.js";
import type { CallOptions, ClientOptions } from "./options.js";
import type { Poll, PollContext, PollOptions } from "./poll/options.js";
import { createFulfilment, createPoll } from "./poll/poll.js";
import { askedAt, matching, withoutQuery } from "./poll/query-place.js";
import { pollRequest } from "./poll/request.js";
import { push } from "./push.js";
import { type QueryCheckOptions, QueryGate } from "./query-check.js";
import { Services } from "./services.js";
import { Subscriptions } from "./subscriptions.js";

/**
 * Makes a client.
 *
 * ```ts
 * const client = createClient("https://taxii.example.com/discovery", { auth: basic("user", "secret") });
 * for await (const block of client.poll("indicators")) save(block);
 * ```
 *
 * @param url the address of a discovery service, or of a service that takes the requests itself
 * @throws TypeError when the address is none, contains credentials, or would send them in clear text
 */
export function createClient(url: string, options: ClientOptions = {}): Client {
  return new ProducerClient(parseAddress(url), options);
}

class ProducerClient implements Client {
  readonly url: string;
  readonly #exchanger: Exchanger;
  readonly #conversation: Conversation;
  readonly #services: Services;
  readonly #subscriptions: Subscriptions;

  constructor(home: URL, options: ClientOptions) {
    this.url = home.href;
    this.#exchanger = new Exchanger(home, options);
    this.#conversation = new Conversation(this.#exchanger, options.version ?? "auto");
    this.#services = new Services(home, this.#conversation, options, (warning) => this.#exchanger.warn(warning));
    this.#subscriptions = new Subscriptions(this.#services, this.#conversation);
  }

  discover(options: CallOptions = {}): Promise<readonly ServiceInstance[]> {
    return this.#services.discover(options);
  }

  collections(options: CallOptions = {}): Promise<readonly CollectionRecord[]> {
    return this.#services.collections(options);
  }

  poll(name: string, options: PollOptions = {}): Poll {
    return createPoll(name, options, this.#pollContext(options));
  }

  fulfil(name: string, resultId: string, options: FulfilOptions = {}): Poll {
    return createFulfilment(name, resultId, options, this.#pollContext(options));
  }

  count(name: string, options: PollPartOptions = {}): Promise<RecordCount | undefined> {
    return askedAt(
      options,
      async () => {
        const request = pollRequest(name, options, "COUNT_ONLY");
        const target = await this.#gate().targetFor(request, options);
        const { recordCount } = await this.#conversation.send(target, request, { signal: options.signal });
        return recordCount;
      },
      async () => {
        let value = 0;
        for await (const _ of this.poll(name, { ...options, queryAt: "client" })) value += 1;
        return { value, partialCount: false };
      },
    );
  }

  async pollPart(
    name: string,
    options: PollPartOptions = {},
    result?: { readonly id: string; readonly part?: number | undefined },
  ): Promise<MessageStream<PollResponse>> {
    if (result !== undefined) {
      const part = { collectionName: name, resultId: result.id, resultPartNumber: result.part ?? 1 };
      return this.#openPart(create(PollFulfillment, part), options);
    }
    return askedAt(
      options,
      () => this.#openPart(pollRequest(name, options), options),
      async () => {
        const part = await this.#openPart(pollRequest(name, withoutQuery(options)), options);
        return { ...part, blocks: matching(part.blocks, options) };
      },
    );
  }

  push(blocks: Iterable<ContentBlockInit> | AsyncIterable<ContentBlockInit>, options: PushOptions = {}): Promise<PushReport> {
    return push(blocks, options, this.#services, this.#conversation);
  }

  subscribe(name: string, options: SubscribeOptions = {}): Promise<SubscriptionRecord> {
    return this.#subscriptions.subscribe(name, options);
  }

  unsubscribe(name: string, subscriptionId: string, options: CallOptions = {}): Promise<SubscriptionRecord | undefined> {
    return this.#subscriptions.change("UNSUBSCRIBE", name, subscriptionId, options);
  }

  pause(name: string, subscriptionId: string, options: CallOptions = {}): Promise<SubscriptionRecord | undefined> {
    return this.#subscriptions.change("PAUSE", name, subscriptionId, options);
  }

  resume(name: string, subscriptionId: string, options: CallOptions = {}): Promise<SubscriptionRecord | undefined> {
    return this.#subscriptions.change("RESUME", name, subscriptionId, options);
  }

  subscriptions(
    name: string,
    options: CallOptions & { readonly subscriptionId?: string | undefined } = {},
  ): Promise<readonly SubscriptionRecord[]> {
    return this.#subscriptions.list(name, options);
  }

  async send<M extends AnyRequest>(request: M, options: CallOptions = {}): Promise<ReplyTo<M>> {
    const { address } = await this.#services.targetFor(inTerms11(request), options);
    return this.#exchanger.send(address, request, { signal: options.signal });
  }

  async open<M extends AnyRequest>(request: M, options: CallOptions = {}): Promise<MessageStream<ReplyTo<M>>> {
    const { address } = await this.#services.targetFor(inTerms11(request), options);
    return (await this.#exchanger.open(address, request, { signal: options.signal })) as MessageStream<ReplyTo<M>>;
  }

  async #openPart(request: PollRequest | PollFulfillment, options: PollPartOptions): Promise<MessageStream<PollResponse>> {
    const reply = await this.#pollContext(options).open(request);
    if (reply.kind === "pending") throw new StatusError(reply.status);
    return { message: reply.message, shape: PollResponse, blocks: reply.blocks };
  }

  #gate(): QueryGate {
    return new QueryGate(this.#services, this.#conversation);
  }

  #pollContext(options: QueryCheckOptions): PollContext {
    const gate = this.#gate();
    return {
      open: async (request) =>
        this.#conversation.openPoll(await gate.targetFor(request, options), request, {
          signal: options.signal,
          // A producer that does not manage a range in time will not manage it the second time: the poll asks for less.
          retryTimeouts: false,
        }),
      producer: this.url,
      retry: this.#exchanger.retry,
      warn: (warning) => this.#exchanger.warn(warning),
    };
  }
}

function inTerms11(request: AnyRequest): Request11 {
  return isMessage10(request) ? toVersion11<Request10>(request) : request;
}
