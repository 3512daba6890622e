/** Connections that are slow, stop, or break, and bodies in crumbs. */

import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "../peer.js";
import { block, pollResponse, reply, taxiiHeaders } from "../texts.js";

/** Of a size that makes them arrive one by one. */
const blocks = ["first", "second", "third"].map((name) => block(`${name} ${"x".repeat(4000)}`));

/** Never answers. */
export const silent: Answer = () => undefined;

/** The document up to where its second block is half there. */
function half(document: string): string {
  return document.slice(0, document.indexOf("second") + 2000);
}

/** Sends a block and a half, and then nothing more. */
export const stalled: Answer = (asked, response) => {
  response.writeHead(200, taxiiHeaders());
  response.write(half(pollResponse(asked, { blocks })));
};

/** Hangs up within the second block: in the middle of chunks, or before as many bytes as were announced. */
export const hangingUp =
  (how: "chunked" | "length"): Answer =>
  async (asked, response) => {
    const document = pollResponse(asked, { blocks });
    response.writeHead(200, { ...taxiiHeaders(), ...(how === "length" ? { "Content-Length": String(document.length) } : {}) });
    response.write(half(document));
    await delay(50);
    response.destroy();
  };

/** Hangs up before the header. */
export const slamming: Answer = (_asked, response) => void response.destroy();

/** Ends within the second block as if that were the end of the document. */
export const truncated: Answer = (asked, response) => reply(response, half(pollResponse(asked, { blocks })));

/** Hangs up on the first requests, then answers. */
export function recovering(times: number): Answer {
  let left = times;
  return (asked, response) => (left-- > 0 ? void response.destroy() : reply(response, pollResponse(asked, { blocks })));
}

/** One chunk a byte. */
export const crumbs: Answer = async (asked, response) => {
  response.writeHead(200, taxiiHeaders());
  for (const byte of Buffer.from(pollResponse(asked, { blocks: [block("zwölf")] }))) {
    response.write(Uint8Array.of(byte));
    if (byte === 0x3e) await delay(0);
  }
  response.end();
};
