/** A server in memory, and raw requests to it. */

import { type Message as Message10, messages as messages10 } from "../../generated/taxii10/index.js";
import {
  type ContentBlockInit,
  InboxMessage,
  type InboxMessageInit,
  type Message,
  messages,
  PollRequest,
  type PollRequestInit,
  type PollResponse,
  type StatusMessage,
} from "../../generated/taxii11/index.js";
import type { Shape } from "../../src/binding/index.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { requestHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { type AnyMessage, isMessage10 } from "../../src/message/exchanges.js";
import { detailsOf } from "../../src/message/status-error.js";
import {
  collectionManagement,
  createServer,
  discovery,
  type Failure,
  type InboxOptions,
  inbox,
  poll,
  type Server,
  type ServerOptions,
} from "../../src/server/index.js";
import { type Clock, memoryStorage, type Storage } from "../../src/storage/index.js";

export const http10 = "urn:taxii.mitre.org:protocol:http:1.0";
export const xml11 = "urn:taxii.mitre.org:message:xml:1.1";
export const xml10 = "urn:taxii.mitre.org:message:xml:1.0";

export interface Kit {
  readonly storage: Storage;
  readonly server: Server;
  readonly failures: Failure[];
  /** Posts a body with the header fields of TAXII 1.1, changed by `headers`; undefined takes one away. */
  post(path: string, body: BodyInit, headers?: Readonly<Record<string, string | undefined>>): Promise<Response>;
  /** Posts a message and reads the reply, which is of the message's version. */
  readonly ask: Ask;
}

interface Ask {
  (path: string, message: Message): Promise<Message>;
  (path: string, message: Message10): Promise<Message10>;
}

export interface KitOptions {
  readonly inbox?: Omit<InboxOptions, "path">;
  readonly clock?: Clock;
  readonly server?: Partial<ServerOptions>;
}

/** A server with a feed `feed`, a set `set`, a feed `stix` for STIX only, and a feed `closed` that is not available. */
export async function createKit(options: KitOptions = {}): Promise<Kit> {
  const storage = memoryStorage(options.clock === undefined ? {} : { clock: options.clock });
  await storage.putCollection({ name: "feed", description: "A feed" });
  await storage.putCollection({ name: "set", type: "DATA_SET" });
  await storage.putCollection({
    name: "stix",
    contentBindings: [
      { bindingId: "urn:stix", subtypes: [] },
      { bindingId: "urn:wrap", subtypes: [] },
    ],
  });
  await storage.putCollection({ name: "closed", available: false });
  const failures: Failure[] = [];
  const services = [
    discovery({ path: "/discovery" }),
    collectionManagement({ path: "/collections" }),
    inbox({ path: "/inbox", ...options.inbox }),
    poll({ path: "/poll" }),
  ];
  const server = createServer({ storage, services, onFailure: (failure) => failures.push(failure), ...options.server });
  const post: Kit["post"] = (path, body, changes = {}) => {
    const headers = new Headers(requestHeaders("1.1", http10));
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) headers.delete(name);
      else headers.set(name, value);
    }
    return server.fetch(new Request(`http://taxii.test${path}`, { method: "POST", headers, body }));
  };
  return { storage, server, failures, post, ask: askWith(post) };
}

/** Asks with header fields of TAXII 1.0 what is a message of it. */
function askWith(post: Kit["post"]): Ask {
  async function ask(path: string, message: Message): Promise<Message>;
  async function ask(path: string, message: Message10): Promise<Message10>;
  async function ask(path: string, message: AnyMessage): Promise<AnyMessage> {
    if (!isMessage10(message)) return readReply(await post(path, write(message)));
    return fromXml(messages10, await (await post(path, write(message), headers10)).text());
  }
  return ask;
}

/** What makes a request one of TAXII 1.0. */
export const headers10: Readonly<Record<string, string>> = {
  "X-TAXII-Content-Type": xml10,
  "X-TAXII-Accept": xml10,
  "X-TAXII-Services": "urn:taxii.mitre.org:services:1.0",
};

/** A message as XML. */
export function write(message: AnyMessage): string {
  const shape: Shape<AnyMessage> | undefined = [...messages, ...messages10].find(({ name }) => name === message.$type);
  if (shape === undefined) throw new Error(message.$type);
  return toXml(shape, message);
}

/** The TAXII 1.1 message of a response. */
export async function readReply(response: Response): Promise<Message> {
  return fromXml(messages, new Uint8Array(await response.arrayBuffer()));
}

/** The Status Message of a response. */
export async function readStatus(response: Response): Promise<StatusMessage> {
  return asStatus(await readReply(response));
}

export function asStatus(message: Message): StatusMessage {
  if (message.$type !== "taxii11.StatusMessage") throw new Error(`expected a Status Message, found ${message.$type}`);
  return message;
}

export function asPoll(message: Message): PollResponse {
  if (message.$type !== "taxii11.PollResponse") throw new Error(`expected a Poll Response, found ${write(message)}`);
  return message;
}

export function pollRequest(init: Partial<PollRequestInit> = {}): PollRequest {
  return create(PollRequest, { collectionName: "feed", pollParameters: {}, ...init });
}

export function inboxMessage(contentBlocks: readonly ContentBlockInit[], init: Partial<InboxMessageInit> = {}): InboxMessage {
  return create(InboxMessage, { contentBlocks, ...init });
}

export function block(text: string, bindingId = "urn:stix"): ContentBlockInit {
  return { contentBinding: { bindingId }, content: { text } };
}

/** Type and details of a Status Message. */
export function summary(status: StatusMessage, ...names: string[]): readonly unknown[] {
  return [status.statusType, ...names.map((name) => detailsOf(status, name))];
}

/** The texts of a poll response's blocks. */
export function textsOf({ contentBlocks }: PollResponse): string[] {
  return contentBlocks.map(({ content }) => ("text" in content ? content.text : content.xml));
}
