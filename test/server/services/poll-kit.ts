/** Polls of a server in memory, in the name of several accounts and in both versions. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import {
  ContentBlock,
  type ContentBlockInit,
  type Message,
  PollFulfillment,
  type PollRequestInit,
  type PollResponse,
  type StatusMessage,
  SubscriptionParameters,
  type SubscriptionParametersInit,
} from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import { allowAll } from "../../../src/server/access.js";
import type { ServerOptions } from "../../../src/server/index.js";
import { type PollOptions, poll } from "../../../src/server/services/poll.js";
import type { Storage, Subscription } from "../../../src/storage/index.js";
import { asPoll, asStatus, block, createKit, type Kit, type KitOptions, pollRequest, readReply, write } from "../kit.js";

export interface PollKit extends Kit {
  /** Adds blocks of these texts to a collection, and gives their labels. */
  add(collection: string, ...blocks: readonly (string | ContentBlockInit)[]): Promise<readonly number[]>;
  /** Sends a message in the name of an account. */
  askAs(account: string | undefined, message: Message): Promise<Message>;
  /** A poll that is answered. */
  poll(init?: Partial<PollRequestInit>, account?: string): Promise<PollResponse>;
  /** A poll that is answered by a Status Message. */
  refused(init?: Partial<PollRequestInit>, account?: string): Promise<StatusMessage>;
  fulfil(resultId: string | undefined, resultPartNumber?: number, collectionName?: string, account?: string): Promise<Message>;
  part(resultId: string | undefined, resultPartNumber: number): Promise<PollResponse>;
  /** All parts of a poll, one after the other. */
  parts(init?: Partial<PollRequestInit>): Promise<PollResponse[]>;
  poll10(init?: Partial<taxii10.PollRequestInit>): Promise<taxii10.Message>;
  subscribe(parameters?: SubscriptionParametersInit, init?: Partial<Subscription>): Promise<string>;
}

/** A server with a poll service at `/poll`; `X-Account` names the account of a request. */
export async function pollKit(
  options: Omit<PollOptions, "path"> = {},
  server: Partial<ServerOptions> = {},
  kitOptions: KitOptions = {},
): Promise<PollKit> {
  const kit = await createKit({
    ...kitOptions,
    server: {
      services: [poll({ path: "/poll", ...options })],
      authenticate: ({ headers }) => {
        const name = headers.get("x-account");
        return name === null ? undefined : { name, admin: false };
      },
      authorize: allowAll,
      now: kitOptions.clock,
      ...server,
    },
  });
  const storage = await prepared(server.storage ?? kit.storage);
  const askAs: PollKit["askAs"] = async (account, message) => readReply(await kit.post("/poll", write(message), { "X-Account": account }));
  const fulfil: PollKit["fulfil"] = (resultId = "none", resultPartNumber, collectionName = "feed", account = undefined) =>
    askAs(account, create(PollFulfillment, { collectionName, resultId, resultPartNumber }));
  const polled: PollKit["poll"] = async (init, account) => asPoll(await askAs(account, pollRequest(init)));
  const part: PollKit["part"] = async (resultId, number) => asPoll(await fulfil(resultId, number));
  return {
    ...kit,
    storage,
    askAs,
    fulfil,
    poll: polled,
    part,
    add: async (collection, ...blocks) => {
      const arrivals = blocks.map((item) => ({
        block: complete(typeof item === "string" ? block(item) : item),
        collections: [collection],
      }));
      return (await storage.add(arrivals)).map((label) => label ?? Number.NaN);
    },
    refused: async (init, account) => asStatus(await askAs(account, pollRequest(init))),
    parts: async (init) => {
      const parts = [await polled(init)];
      for (let last = parts[0]; last?.more === true; last = parts.at(-1)) {
        const next = await fulfil(last.resultId, last.resultPartNumber + 1, last.collectionName);
        parts.push(asPoll(next));
      }
      return parts;
    },
    poll10: (init) => kit.ask("/poll", create(taxii10.PollRequest, { feedName: "feed", ...init })),
    subscribe: async (parameters, init = {}) => {
      const { subscription } = await storage.subscriptions.subscribe({
        id: `urn:uuid:${crypto.randomUUID()}`,
        owner: "",
        collection: "feed",
        parameters: parameters === undefined ? undefined : create(SubscriptionParameters, parameters),
        push: undefined,
        version: "1.1",
        fingerprint: crypto.randomUUID(),
        since: 0,
        ...init,
      });
      return subscription.id;
    },
  };
}

/** The collections that polls are about, where they are not there yet. */
async function prepared(storage: Storage): Promise<Storage> {
  if ((await storage.collection("feed")) === undefined) await storage.putCollection({ name: "feed" });
  return storage;
}

function complete(init: ContentBlockInit): ContentBlock {
  return create(ContentBlock, init);
}

/** The TAXII 1.0 poll response of a message. */
export function asPoll10(message: taxii10.Message): taxii10.PollResponse {
  if (message.$type !== "taxii10.PollResponse") throw new Error(`expected a Poll Response, found ${JSON.stringify(message)}`);
  return message;
}

/** The TAXII 1.0 Status Message of a message. */
export function asStatus10(message: taxii10.Message): taxii10.StatusMessage {
  if (message.$type !== "taxii10.StatusMessage") throw new Error(`expected a Status Message, found ${message.$type}`);
  return message;
}

export function textsOf10({ contentBlocks }: taxii10.PollResponse): string[] {
  return contentBlocks.map(({ content }) => ("text" in content ? content.text : content.xml));
}
