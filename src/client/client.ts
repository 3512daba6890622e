/** The client: what one does with a TAXII service, in as many words. */

import {
  type CollectionRecord,
  type ContentBlockInit,
  InboxMessage,
  type ServiceInstance,
  type StatusMessage,
} from "../../generated/taxii11/index.js";
import { create } from "../message/create.js";
import type { ReplyTo, Request11 } from "../message/exchanges.js";
import { Exchanger, parseAddress } from "./exchange.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { createPoll, type Poll, type PollOptions } from "./poll.js";
import { Services } from "./services.js";

export interface PushOptions extends CallOptions {
  /** The collection, or collections, the content is for. Default: what the inbox makes of it. */
  readonly collection?: string | readonly string[] | undefined;
  /** A remark for a person, sent along. */
  readonly message?: string | undefined;
}

export interface SendOptions extends CallOptions {
  /** Where to send it. Default: what discovery and the collection's record say. */
  readonly address?: string | undefined;
}

/**
 * A client of one producer. All calls throw StatusError when the peer answers with a Status Message instead of what was asked
 * for, TransportError when there is no TAXII answer, and ParseError when the answer cannot be read.
 */
export interface Client {
  /** The address the client was made for. */
  readonly url: string;

  /** The services of the producer. Asks each time; other calls go by the last answer. */
  discover(options?: CallOptions): Promise<readonly ServiceInstance[]>;

  /** The collections of the producer. Asks each time; other calls go by the last answer. */
  collections(options?: CallOptions): Promise<readonly CollectionRecord[]>;

  /** The content of a collection, in as much memory as one block takes. */
  poll(name: string, options?: PollOptions): Poll;

  /**
   * Sends content, in one message: it is taken whole or not at all.
   *
   * @returns the Status Message of type `SUCCESS`
   */
  push(blocks: Iterable<ContentBlockInit> | AsyncIterable<ContentBlockInit>, options?: PushOptions): Promise<StatusMessage>;

  /** Sends any request and gives its reply, whole. */
  send<M extends Request11>(request: M, options?: SendOptions): Promise<ReplyTo<M>>;
}

/**
 * Makes a client.
 *
 * ```ts
 * const client = createClient("https://taxii.example.com/discovery", { auth: basic("user", "secret") });
 * for await (const block of client.poll("indicators")) save(block);
 * ```
 *
 * @param url the address of a discovery service
 * @throws TypeError when the address is none, contains credentials, or would send them in clear text
 */
export function createClient(url: string, options: ClientOptions = {}): Client {
  const home = parseAddress(url);
  return new DiscoveringClient(home.href, new Exchanger(home, options));
}

class DiscoveringClient implements Client {
  readonly url: string;
  readonly #exchanger: Exchanger;
  readonly #services: Services;

  constructor(url: string, exchanger: Exchanger) {
    this.url = url;
    this.#exchanger = exchanger;
    this.#services = new Services(url, exchanger);
  }

  discover(options: CallOptions = {}): Promise<readonly ServiceInstance[]> {
    return this.#services.discover(options);
  }

  collections(options: CallOptions = {}): Promise<readonly CollectionRecord[]> {
    return this.#services.collections(options);
  }

  poll(name: string, options: PollOptions = {}): Poll {
    return createPoll(name, options, async (request) =>
      this.#exchanger.open(await this.#services.addressFor(request, options), request, options),
    );
  }

  async push(blocks: Iterable<ContentBlockInit> | AsyncIterable<ContentBlockInit>, options: PushOptions = {}): Promise<StatusMessage> {
    const contentBlocks: ContentBlockInit[] = [];
    for await (const block of blocks) contentBlocks.push(block);
    const { collection = [], message } = options;
    const destinationCollectionNames = typeof collection === "string" ? [collection] : [...collection];
    return this.send(create(InboxMessage, { destinationCollectionNames, message, contentBlocks }), options);
  }

  async send<M extends Request11>(request: M, options: SendOptions = {}): Promise<ReplyTo<M>> {
    const address = options.address ?? (await this.#services.addressFor(request, options));
    return this.#exchanger.send(address, request, options);
  }
}
