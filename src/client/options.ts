/** What a client can be told. */

import type { MessageFormat } from "../http/headers.js";
import type { TaxiiVersion } from "../message/ids.js";
import type { Limits } from "../xml/limits.js";
import type { Auth } from "./auth.js";

/** The part of fetch that a client uses; a server's `fetch` fits as well. */
export type Fetch = (request: Request) => Promise<Response>;

/** How long to wait for what, in milliseconds; `Infinity` for as long as it takes. */
export interface Timeouts {
  /** From sending a request to the header of its answer. Default: 120,000; some feeds think for a minute. */
  readonly headers: number;
  /** Between two pieces of an answer. Default: 60,000. */
  readonly idle: number;
  /** For one exchange, body included; not for a whole poll. Default: no limit. */
  readonly total: number;
}

/** How requests that change nothing at the peer are repeated. */
export interface RetryOptions {
  /** How often a request is sent at most; 1 for never again. Default: 4. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; twice as long before each further one, give or take a quarter. Default: 1,000. */
  readonly minDelay: number;
  /** The longest wait in milliseconds, also where the peer asks for more. Default: 60,000. */
  readonly maxDelay: number;
}

/** Something a peer did against the specification that was passed over. */
export interface ClientWarning {
  /**
   * What kind it is: a code of ParseError for what the reader passed over; otherwise `MISSING_HEADER`, `WRONG_HEADER`,
   * `STATUS_FOR_EMPTY_POLL`, `NO_DISCOVERY`, `NO_COLLECTIONS`, `WRONG_COLLECTION`, and of polls `NO_END`, `WRONG_PART_NUMBER`,
   * `UNASKED_PENDING`, `MISSING_DETAIL`, `RESULT_LOST`, `CHANGED_CONTENT`. docs/client.md tells what each of them is.
   */
  readonly code: string;
  /** A sentence for people; the peer's texts in it are made fit for a terminal. */
  readonly message: string;
  /** The address that was talked to; without its query. */
  readonly address?: string | undefined;
  /** Where in the document; see ParseError. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly path?: string | undefined;
}

/** Takes warnings. */
export type OnWarning = (warning: ClientWarning) => void;

export interface ClientOptions {
  /** What carries requests: another fetch, or that of a server in the same process. Default: the runtime's; on Node, undici. */
  readonly fetch?: Fetch | undefined;
  /**
   * The version to speak. `auto` goes by the message bindings a service advertises, prefers 1.1, and turns to 1.0 where 1.1 is
   * refused as unsupported. Content, collections and subscriptions look the same in both. Default: `auto`.
   */
  readonly version?: TaxiiVersion | "auto" | undefined;
  /**
   * What is at the client's address: a discovery service, or a service that takes every request itself. `auto` asks for
   * discovery first and takes the address for a service when it answers that it is none. Default: `auto`.
   */
  readonly endpoint?: "auto" | "discovery" | "service" | undefined;
  /** Who the client is. Default: nobody in particular. */
  readonly auth?: Auth | undefined;
  /**
   * Origins that get the credentials beside that of the client's own address, such as `https://poll.example.com`. Addresses
   * that a peer advertises elsewhere get none. Default: none.
   */
  readonly authOrigins?: readonly string[] | undefined;
  /**
   * Whether credentials may travel over plain HTTP (HTTP-AUTH-003). They always may within this machine. Default: false,
   * which makes `createClient` refuse.
   */
  readonly cleartextAuth?: boolean | undefined;
  /** Further header fields of each request. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Limits on the XML of replies; a streamed poll has no limit on bytes and blocks. Default: those of `fromXml`. */
  readonly limits?: Partial<Limits> | undefined;
  /**
   * Whether replies that break the specification in ways real servers do are read all the same: children in another order,
   * missing header fields and attributes, timestamps without zone, and the like. Default: true.
   */
  readonly lenient?: boolean | undefined;
  /** Is told of each deviation that was passed over. Default: nobody. */
  readonly onWarning?: OnWarning | undefined;
  /** Default: see {@link Timeouts}. */
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Default: see {@link RetryOptions}; false for never again. */
  readonly retry?: Partial<RetryOptions> | false | undefined;
  /** Whether HTTP 307 and 308 are followed within the same origin (HTTP-GEN-007). Default: false. */
  readonly followRedirects?: boolean | undefined;
  /**
   * Changes the addresses that a peer advertises, for those who advertise one that cannot be reached. `origin` puts scheme,
   * host and port of the client's own address in their place. Default: they are used as they stand.
   */
  readonly rewriteAddress?: "origin" | ((address: URL) => URL | string) | undefined;
  /**
   * How messages are written: as XML, or as libtaxii's dictionaries in JSON, `urn:cert.europa.eu:message:json:1.0`, which few
   * servers take. Replies in JSON are held whole. Default: `xml`.
   */
  readonly binding?: MessageFormat | undefined;
  /** Whether request bodies are compressed with gzip. Not every server can take that. Default: false. */
  readonly compress?: boolean | undefined;
}

/** What each call can be told. */
export interface CallOptions {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** Where to send the request. Default: what discovery and the collection's record say. */
  readonly address?: string | undefined;
}
