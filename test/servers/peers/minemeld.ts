/** MineMeld: wants three header fields, knows TAXII 1.1 alone, and says SUCCESS where there is nothing. */

import type { Answer } from "../peer.js";
import { discoveryResponse, pollResponse, reply, statusMessage, xml11 } from "../texts.js";

const wanted = ["x-taxii-content-type", "x-taxii-protocol", "x-taxii-services"];

export const minemeld: Answer = (asked, response, { url }) => {
  const plain = (text: string): void => reply(response, text, { "Content-Type": "text/plain" }, 400);
  const missing = wanted.find((name) => asked.headers[name] === undefined);
  if (missing !== undefined) return plain(`Invalid request: ${missing}`);
  if (asked.version === "1.0") return plain("Unsupported version");
  if (asked.type === "Discovery_Request") {
    return reply(response, discoveryResponse(asked, [{ type: "POLL", address: `${url}/taxii-poll-service`, bindings: [xml11] }]));
  }
  if (asked.attribute("collection_name") === "empty") return reply(response, statusMessage(asked, "SUCCESS", { message: "No content" }));
  return reply(response, pollResponse(asked));
};
