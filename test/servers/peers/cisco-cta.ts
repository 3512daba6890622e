/** Cisco CTA: a result goes on only for who repeats its id to the letter, and only from its beginning. */

import type { Answer } from "../peer.js";
import { block, pollResponse, reply, statusMessage } from "../texts.js";

/** It is an identifier, not a URI of any known kind. */
export const ctaResult = "WEB-INC+2024/05==";

export const ciscoCta: Answer = (asked, response) => {
  const part = Number(asked.attribute("result_part_number") ?? 1);
  if (asked.type === "Poll_Fulfillment" && asked.attribute("result_id") !== ctaResult)
    return reply(response, statusMessage(asked, "NOT_FOUND"));
  return reply(
    response,
    pollResponse(asked, { blocks: [block(`<i xmlns='urn:i'>${part}</i>`)], more: part < 2, resultId: ctaResult, part }),
  );
};
