/** Our own server, with everything the checks look at: what has to pass, and what is broken on purpose. */

import { type ContentBlock, ContentBlock as ContentBlockShape } from "../../generated/taxii11/index.js";
import { protocolOf } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { StatusError } from "../../src/message/status-error.js";
import {
  type Account,
  collectionManagement,
  createServer,
  defaultQuery,
  discovery,
  type Failure,
  inbox,
  type PushPolicy,
  poll,
  type Server,
  type Service,
} from "../../src/server/index.js";
import { ResultMaker } from "../../src/server/results/index.js";
import { memoryStorage, type Storage } from "../../src/storage/index.js";

export const origin = "http://taxii.test";
export const url = `${origin}/discovery`;

const stix = "urn:stix.mitre.org:xml:1.1.1";
const cap = "urn:oasis:names:tc:emergency:cap:1.2";

/** Header fields of the two accounts. */
export const alice = { Authorization: `Basic ${btoa("alice:secret")}` };
export const bob = { Authorization: `Basic ${btoa("bob:secret")}` };

/** Fills a storage: `feed`, `long`, `slow` and `pushed` are feeds, `set` is a set. */
export async function fill(storage: Storage): Promise<void> {
  const contentBindings = [{ bindingId: stix }, { bindingId: cap }];
  for (const name of ["feed", "long", "slow"]) await storage.putCollection({ name, description: `The feed ${name}`, contentBindings });
  await storage.putCollection({ name: "pushed", description: "Is not polled", contentBindings });
  await storage.putCollection({ name: "set", type: "DATA_SET", description: "A set", contentBindings });
  for (let number = 0; number < 8; number++) {
    const arrival = { block: block(number), collections: number < 5 ? ["feed", "long", "slow", "set"] : ["long"] };
    await storage.add([arrival]);
  }
}

function block(number: number): ContentBlock {
  const bindingId = number % 3 === 2 ? cap : stix;
  return create(ContentBlockShape, { contentBinding: { bindingId }, content: { text: `record ${number}` } });
}

/** Regions of records that can be asked about: all of them, or few. */
const everywhere = defaultQuery();
const inFewPlaces = defaultQuery({
  vocabularies: [{ id: stix, preferredScopes: ["STIX_Package/STIX_Header/**"], allowedScopes: ["STIX_Package", "STIX_Package/*"] }],
});

const push: PushPolicy = {
  protocolBindings: ["urn:taxii.mitre.org:protocol:http:1.0"],
  messageBindings: ["urn:taxii.mitre.org:message:xml:1.1", "urn:taxii.mitre.org:message:xml:1.0"],
  check({ address, protocolBinding, messageBinding }) {
    if (!push.protocolBindings.includes(protocolBinding) || protocolOf(address) !== protocolBinding)
      throw new StatusError("UNSUPPORTED_PROTOCOL", { details: { SUPPORTED_PROTOCOL: [...push.protocolBindings] } });
    if (!push.messageBindings.includes(messageBinding))
      throw new StatusError("UNSUPPORTED_MESSAGE", { details: { SUPPORTED_BINDING: [...push.messageBindings] } });
    throw new StatusError("DENIED", { message: "This server does not push to its own network." });
  },
};

/** The services: polls of `long` come in parts, those of `slow` later. */
export function servicesOf(): readonly Service[] {
  const account = { requiresAccount: true };
  return [
    discovery({ path: "/discovery" }),
    discovery({ path: "/taxii-discovery-service/" }),
    collectionManagement({ path: "/collections", queries: [everywhere], ...account }),
    inbox({ path: "/inbox", destination: "required", versions: ["1.1"], ...account }),
    // TAXII 1.0 names no destinations.
    inbox({ path: "/inbox10", versions: ["1.0"], ...account }),
    poll({ path: "/poll", collections: ["feed", "set"], queries: [inFewPlaces], ...account }),
    poll({ path: "/parts", collections: ["long"], maxBlocks: 3, queries: [everywhere], ...account }),
    poll({ path: "/later", collections: ["slow"], asynchronous: "always", ...account }),
  ];
}

const accounts: Readonly<Record<string, Account>> = {
  [alice.Authorization]: { name: "alice", admin: true },
  [bob.Authorization]: { name: "bob", admin: true },
};

/** What a contract test is given. */
export interface Kit {
  readonly server: Server;
  readonly fetch: Server["fetch"];
  readonly storage: Storage;
  readonly failures: readonly Failure[];
  stop(): Promise<void>;
}

/** A server of ours with two accounts, and what makes its results. */
export async function createKit(storage: Storage = memoryStorage()): Promise<Kit> {
  await fill(storage);
  const failures: Failure[] = [];
  const onFailure = (failure: Failure): void => void failures.push(failure);
  const services = servicesOf();
  const server = createServer({
    storage,
    services,
    push,
    onFailure,
    authenticate: ({ headers }) => accounts[headers.get("authorization") ?? ""],
  });
  const maker = new ResultMaker({ storage, interval: 100 });
  maker.start();
  return { server, fetch: server.fetch, storage, failures, stop: () => maker.stop() };
}
