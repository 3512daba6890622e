/** Responses without TAXII message, for requests that have not come as far as TAXII (HTTP-RSP-004). */

import { utf8Length } from "../characters.js";
import type { HttpResponse } from "./http.js";

/** A response without TAXII message. */
export function plain(status: number, text: string, headers: Record<string, string> = {}): HttpResponse {
  const body = text.endsWith("\n") ? text : `${text}\n`;
  return {
    status,
    headers: {
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Length": String(utf8Length(body)),
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
