/** How much peers may ask for. What is left out has the default of the server. */

import { z } from "zod";
import { count, flag, keys, oneOf, seconds, section, text } from "./fields.js";

export const limits = section({
  /** Bytes of a request's body, also when unpacked. */
  requestBytes: count().optional(),
  /** Elements within each other. */
  depth: count().optional(),
  /** Attributes of one element. */
  attributes: count().optional(),
  /** Characters of one attribute or one simple value. */
  textLength: count().optional(),
  /** Characters of one piece of content. */
  contentLength: count().optional(),
  /** Elements of one list, such as the content blocks of a message. */
  items: count().optional(),
  /** Requests a second of one account, or of one address where nobody in particular asks. */
  rate: z.number("expected a number of requests a second").positive("expected a number above 0").optional(),
  /** Requests that may come at once before the rate counts. */
  burst: count().optional(),
  /** Requests of one account or address at the same time. */
  concurrentPerPeer: count().optional(),
  /** Requests of all together at the same time. */
  concurrent: count().optional(),
  /** Bytes of requests that are held at the same time. */
  heldBytes: count().optional(),
});

/** What inboxes do with what they are sent. */
export const inbox = section({
  /** Content blocks in a message. */
  maxBlocks: count().optional(),
  /** Characters of content in a block. */
  maxBlockSize: count().optional(),
  /** Whether a block in a binding that is not taken has the message refused, or is left out. */
  unacceptable: oneOf(["refuse", "skip"]).default("refuse"),
  /** Whether a block is left out for a collection that has it already. */
  duplicates: oneOf(["keep", "drop"]).default("keep"),
  /** What is kept of messages beside their content. */
  keepMessages: oneOf(["none", "receipt", "raw"]).default("receipt"),
  /** Whether signature and remark of a block are passed on. */
  provenance: oneOf(["keep", "strip"]).default("keep"),
});

/** How polls are answered. */
export const poll = section({
  /** Blocks in one part of a result. */
  maxBlocks: count().optional(),
  /** Characters in one part of a result. */
  maxSize: count().optional(),
  /** Blocks a query looks at for one part. */
  maxScanned: count().optional(),
  /** Records that are counted exactly for the first answer. */
  countLimit: count(0).optional(),
  /** When a poll that allows it is answered later. */
  asynchronous: z
    .union([oneOf(["never", "always"]), keys({ above: count(0) })], "expected never, always or { above: BLOCKS }")
    .default({ above: 100_000 }),
  /** For a result to be fetched. */
  resultLifetime: count().default(3600),
  /** Results kept for one account. */
  maxResults: count().default(1000),
  /** Whether results are given in parts, or later. */
  fulfillment: flag.default(true),
  /** Whether blocks without subtype are kept from those who list subtypes; also when pushing. */
  strictSubtypes: flag.default(false),
});

/** What collection management services tell, and how many subscriptions they take. */
export const collectionManagement = section({
  /** What Collection_Volume says of collections whose volume nobody states: nothing, or the number of their blocks. */
  volume: oneOf(["stated", "blocks"]).default("stated"),
  /** Subscriptions of one account. */
  maxPerAccount: count(0).optional(),
  /** Characters of the parameters of a subscription, query included. */
  maxParameterSize: count(0).optional(),
  /** Whether SUBSCRIBE has to have parameters. */
  requireParameters: flag.default(false),
});

/** The message bindings the server speaks. */
export const messageBindings = z
  .array(oneOf(["xml", "json"]), "expected a list of xml and json")
  .min(1, "expected at least one message binding")
  .default(["xml"]);

/** How old content, results and messages go. */
export const retention = section({
  /** Seconds between looks. */
  interval: seconds.default(300),
  /** Days that inbox messages are kept beside their content; for ever when it is not said. */
  messageDays: z.number("expected a number of days").positive("expected a number of days above 0").optional(),
});

/** Who makes results for later, delivers and cleans up. */
export const workers = section({
  /** Whether the server does so itself; otherwise `taxii worker` has to. */
  inProcess: flag.default(true),
  /** Deliveries at the same time. */
  concurrency: count().default(4),
  /** Seconds between looks for work. */
  interval: seconds.default(1),
  /** Seconds after which the work of a worker that is gone is taken over. */
  lease: seconds.default(60),
});

export const log = section({
  level: oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  /** Lines of JSON for programs, or text for people. */
  format: oneOf(["json", "text"]).default("json"),
  /** Whether each request gets a line. */
  requests: flag.default(true),
});

/** The database: its address, and how it is used. */
export const pool = section({
  /** Connections to PostgreSQL at the same time. */
  connections: count().default(10),
  /** Seconds to wait for a connection. */
  timeout: seconds.default(10),
  /** What the connections are called in PostgreSQL's own views. */
  applicationName: text.default("taxii"),
});
