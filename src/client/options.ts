/** What a client can be told. */

import type { Limits } from "../xml/limits.js";
import type { Auth } from "./auth.js";

/** The part of fetch that a client uses; a server's `fetch` fits as well. */
export type Fetch = (request: Request) => Promise<Response>;

export interface ClientOptions {
  /** What carries requests: another fetch, or that of a server in the same process. Default: the runtime's. */
  readonly fetch?: Fetch;
  /** Who the client is. Default: nobody in particular. */
  readonly auth?: Auth;
  /**
   * Origins that get the credentials beside that of the client's own address, such as `https://poll.example.com`. Addresses
   * that a peer advertises elsewhere get none. Default: none.
   */
  readonly authOrigins?: readonly string[];
  /**
   * Whether credentials may travel over plain HTTP (HTTP-AUTH-003). They always may within this machine. Default: false,
   * which makes `createClient` refuse.
   */
  readonly cleartextAuth?: boolean;
  /** Further header fields of each request. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Limits on the XML of replies; a streamed poll has no limit on bytes and blocks. Default: those of `fromXml`. */
  readonly limits?: Partial<Limits>;
}

/** What each call can be told. */
export interface CallOptions {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
}
