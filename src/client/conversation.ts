/** Exchanges in the terms of TAXII 1.1, whichever version the peer speaks. */

import type {
  ContentBlock as ContentBlock10,
  SubscriptionManagementRequest as SubscriptionManagementRequest10,
} from "../../generated/taxii10/index.js";
import { type ContentBlock, type PollFulfillment, type PollRequest, PollResponse } from "../../generated/taxii11/index.js";
import { TransportError } from "../http/transport-error.js";
import { create } from "../message/create.js";
import { exchangeOf, isMessage10, type ReplyTo, type Request10, type Request11 } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";
import { printable, StatusError } from "../message/status-error.js";
import type { BlockOf, MessageStream } from "../message/stream.js";
import { contentBlockTo11, NotInVersion10Error, toVersion10, toVersion11 } from "../message/versions/index.js";
import { type Exchanger, type OpenOptions, whole } from "./exchange.js";
import type { PollReply } from "./poll/options.js";
import { inVersion10, queryOf, UnsupportedQueryError } from "./query-check.js";

/** Where a request goes, and what is known of the version spoken there. */
export interface Target {
  readonly address: string;
  /** The version the service is advertised with; undefined when nobody said. */
  readonly version?: TaxiiVersion | undefined;
}

/** Speaks the version of each peer, and learns it where need be. */
export class Conversation {
  readonly #exchanger: Exchanger;
  readonly #fixed: TaxiiVersion | undefined;
  readonly #learned = new Map<string, TaxiiVersion>();

  constructor(exchanger: Exchanger, version: TaxiiVersion | "auto") {
    this.#exchanger = exchanger;
    this.#fixed = version === "auto" ? undefined : version;
  }

  /** The version a request to this target will be sent in, unless that is refused; undefined when nobody said. */
  versionAt({ address, version }: Target): TaxiiVersion | undefined {
    return this.#fixed ?? this.#learned.get(address) ?? version;
  }

  /** Sends a request and gives its reply whole. @throws as `Exchanger.send`, and NotInVersion10Error */
  async send<M extends Request11>(target: Target, request: M, options: OpenOptions = {}): Promise<ReplyTo<M>> {
    const { message, blocks } = await this.open(target, request, { ...options, limits: this.#exchanger.limitsOfWhole });
    return (await whole(message, blocks)) as ReplyTo<M>;
  }

  /** Sends a request and gives its reply as soon as its head is there. @throws as `Exchanger.open`, and NotInVersion10Error */
  async open<M extends Request11>(target: Target, request: M, options: OpenOptions = {}): Promise<MessageStream<ReplyTo<M>>> {
    const { address } = target;
    const known = this.#fixed ?? this.#learned.get(address);
    const version = this.versionAt(target) ?? "1.1";
    try {
      const stream = await this.#openIn(version, address, request, options);
      this.#learned.set(address, version);
      return stream;
    } catch (error) {
      if (known !== undefined || version === "1.0" || !refusesVersion(error)) throw error;
      const query = queryOf(request);
      if (query !== undefined && speaksVersion10(error)) throw new UnsupportedQueryError(address, [inVersion10(query)], { cause: error });
      const stream = await this.#openIn("1.0", address, request, options).catch((second: unknown) => {
        // When neither version will do, the refusal of the better one says more.
        throw second instanceof NotInVersion10Error || refusesVersion(second) ? error : second;
      });
      this.#learned.set(address, "1.0");
      return stream;
    }
  }

  /** Sends a request for content. Results that take time, and polls answered with SUCCESS for nothing, are replies as well. */
  async openPoll(target: Target, request: PollRequest | PollFulfillment, options: OpenOptions): Promise<PollReply> {
    try {
      const { message, blocks } = await this.open(target, request, options);
      if (message.collectionName !== request.collectionName && message.collectionName !== "") this.#warnOfCollection(message, request);
      return { kind: "part", message, blocks };
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.code === "PENDING") return { kind: "pending", status: error.status };
      if (error.code !== "SUCCESS" || !this.#exchanger.lenient) throw error;
      const message = "the poll was answered with a Status Message SUCCESS, which was taken as no content";
      this.#exchanger.warn({ code: "STATUS_FOR_EMPTY_POLL", message });
      return { kind: "part", message: emptyPoll(request), blocks: none() };
    }
  }

  /** Some name the collection as it is called inside. What they send answers the request all the same. */
  #warnOfCollection(reply: PollResponse, request: PollRequest | PollFulfillment): void {
    const names = [reply, request].map(({ collectionName }) => JSON.stringify(printable(collectionName)));
    this.#exchanger.warn({ code: "WRONG_COLLECTION", message: `the reply is for the collection ${names[0]}; ${names[1]} was asked for` });
  }

  async #openIn<M extends Request11>(
    version: TaxiiVersion,
    address: string,
    request: M,
    options: OpenOptions,
  ): Promise<MessageStream<ReplyTo<M>>> {
    if (version === "1.1") return (await this.#exchanger.open(address, request, options)) as MessageStream<ReplyTo<M>>;
    const request10 = toVersion10(request);
    const { message, blocks } = await this.#exchanger.open(address, request10, options);
    const shape = exchangeOf(request)?.reply;
    if (shape === undefined) throw new TypeError(`${request.$type} is no request`);
    return {
      message: (isMessage10(message) ? toVersion11(message, actionOf(request10)) : message) as ReplyTo<M>,
      shape,
      blocks: translated(blocks) as AsyncGenerator<BlockOf<ReplyTo<M>>, void, undefined>,
    };
  }
}

/** What the reply does not repeat of a request. */
function actionOf(request: Request10): Pick<SubscriptionManagementRequest10, "action"> | undefined {
  return "action" in request ? { action: request.action } : undefined;
}

async function* translated(blocks: AsyncIterable<ContentBlock10 | ContentBlock>): AsyncGenerator<ContentBlock, void, undefined> {
  for await (const block of blocks)
    yield typeof block.contentBinding === "string" ? contentBlockTo11(block as ContentBlock10) : (block as ContentBlock);
}

async function* none(): AsyncGenerator<ContentBlock, void, undefined> {}

function emptyPoll({ messageId, collectionName }: PollRequest | PollFulfillment): PollResponse {
  return create(PollResponse, { inResponseTo: messageId, collectionName });
}

/** Whether a peer says, one way or another, that it does not speak TAXII 1.1. */
function refusesVersion(error: unknown): boolean {
  if (error instanceof StatusError) return error.code === "UNSUPPORTED_MESSAGE" || error.version === "1.0";
  return error instanceof TransportError && (error.code === "UNSUPPORTED_BINDING" || error.statusType === "UNSUPPORTED_MESSAGE");
}

/** Whether the refusal is the word of who speaks TAXII 1.0 only, and not of a service that other messages go to. */
function speaksVersion10(error: unknown): boolean {
  return error instanceof StatusError ? error.version === "1.0" : error instanceof TransportError && error.code === "UNSUPPORTED_BINDING";
}
