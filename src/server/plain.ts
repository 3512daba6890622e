/** Responses without TAXII message, for requests that have not come as far as TAXII (HTTP-RSP-004). */

import type { HttpResponse } from "./http.js";

/** A response without TAXII message. */
export function plain(status: number, text: string, headers: Record<string, string> = {}): HttpResponse {
  const body = new TextEncoder().encode(text.endsWith("\n") ? text : `${text}\n`);
  return {
    status,
    headers: {
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Length": String(body.length),
      "X-Content-Type-Options": "nosniff",
      ...headers,
    },
    body,
  };
}

/** The response for an address without service. */
export function nowhere(): HttpResponse {
  return plain(404, "There is no TAXII service at this address.");
}
