/** AlienVault OTX: an API key for a user name, an empty password, a narrow mind about Accept, vague failures. */

import { type Answer, credentialsOf } from "../peer.js";
import { block, discoveryResponse, pollResponse, reply, statusMessage } from "../texts.js";

export const apiKey = "0123456789abcdef";

export const otx: Answer = (asked, response, { url }) => {
  if (asked.headers.accept !== "application/xml")
    return void response.writeHead(406, { "Content-Type": "text/plain" }).end("Not Acceptable");
  const login = credentialsOf(asked);
  if (login?.user !== apiKey || login.password !== "")
    return void response.writeHead(401, { "Content-Type": "text/plain" }).end("Unauthorized");
  if (asked.type === "Discovery_Request")
    return reply(response, discoveryResponse(asked, [{ type: "POLL", address: `${url}/taxii/poll` }]));
  if (asked.attribute("collection_name") !== "user_AlienVault")
    return reply(response, statusMessage(asked, "FAILURE", { message: "There was a failure while executing the message handler" }));
  return reply(response, pollResponse(asked, { blocks: [block("<s:STIX xmlns:s='urn:s'/>")] }));
};
