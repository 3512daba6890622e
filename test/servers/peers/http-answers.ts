/** Answers that HTTP allows and TAXII does not know: pages, redirects, refusals, nothing. */

import type { Answer } from "../peer.js";
import { block, pollResponse, reply, taxiiHeaders } from "../texts.js";

/** A login page, with HTTP 200. */
export const loginPage: Answer = (_asked, response) =>
  reply(response, "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form/></body></html>", { "Content-Type": "text/html" });

/** A status and a text. */
export const plain =
  (status: number, text = "", headers: Readonly<Record<string, string>> = {}): Answer =>
  (_asked, response) =>
    reply(response, text, { "Content-Type": "text/plain", ...headers }, status);

/** Points from `/poll` to the address that `target` gives; a poll is answered there. */
export const redirecting =
  (status: number, target: (url: string) => string): Answer =>
  (asked, response, { url }) => {
    if (asked.path === "/poll") return reply(response, "", { Location: target(url) }, status);
    return reply(response, pollResponse(asked, { blocks: [block("moved")] }));
  };

/** CERT-EU's message binding, or a gateway's error. */
export const json =
  (headers: Readonly<Record<string, string>>): Answer =>
  (_asked, response) =>
    reply(response, '{"message_type":"Poll_Response"}', { "Content-Type": "application/json", ...headers });

/** 204, or 200 without a body, under the header fields of TAXII. */
export const empty =
  (status: 200 | 204): Answer =>
  (_asked, response) =>
    reply(response, "", taxiiHeaders(), status);

/** Asks to come back later, `times` times. */
export function busy(times: number, retryAfter: string): Answer {
  let left = times;
  return (asked, response) => {
    if (left-- > 0) return reply(response, "Slow down", { "Content-Type": "text/plain", "Retry-After": retryAfter }, 429);
    return reply(response, pollResponse(asked, { blocks: [block("at last")] }));
  };
}

/** A header field of `length` bytes. */
export const hugeHeader =
  (length: number): Answer =>
  (asked, response) =>
    reply(response, pollResponse(asked, { blocks: [block("small")] }), { ...taxiiHeaders(), "X-Trace": "t".repeat(length) });
