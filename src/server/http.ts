/** HTTP as the server sees it: what `Request` and `Response` have in common with the sockets of node:http. */

/** Who is at the other end of a connection, as far as the host knows. */
export interface Peer {
  /** Its IP address; that of the client where a trusted proxy states it. */
  readonly address: string | undefined;
  /** Identities of its client certificate, verified by TLS or by a trusted proxy: fingerprints and names; empty for none. */
  readonly certificates: readonly string[];
}

/** A request. A `Request` of fetch can be turned into one with {@link toHttpRequest}. */
export interface HttpRequest {
  readonly method: string;
  /** Absolute, in the form the peer used; a trusted proxy's statement of scheme and host is in it already. */
  readonly url: string;
  /** Reads a header field, without regard to case; repeated fields are joined by commas. */
  readonly headers: { get(name: string): string | null };
  /** The pieces of the body as they come, still encoded; null for none. Leaving the loop gives up the rest. */
  readonly body: AsyncIterable<Uint8Array> | null;
  /** Aborted when the peer is gone. */
  readonly signal: AbortSignal | undefined;
  /** Undefined where the host cannot tell. */
  readonly peer: Peer | undefined;
}

/**
 * A response. A body that is text goes out in UTF-8. One in pieces is taken as the peer receives it; when it throws, the
 * connection has to break off.
 */
export interface HttpResponse {
  readonly status: number;
  /** Header fields by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
}
