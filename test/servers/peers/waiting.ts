/** Answers that come later: PENDING, RETRY. */

import type { Answer } from "../peer.js";
import { block, pollResponse, reply, statusMessage } from "../texts.js";

/** Says PENDING `times` times, then gives the result, in two parts. */
export function pending(times: number, details: Readonly<Record<string, string>> = {}): Answer {
  let left = times;
  return (asked, response) => {
    const resultId = "later-1";
    if (left-- > 0) {
      return reply(
        response,
        statusMessage(asked, "PENDING", { details: { RESULT_ID: resultId, ESTIMATED_WAIT: "0", WILL_PUSH: "false", ...details } }),
      );
    }
    const part = Number(asked.attribute("result_part_number") ?? 1);
    return reply(response, pollResponse(asked, { blocks: [block(`part ${part}`)], more: part < 2, resultId, part }));
  };
}

/** Says PENDING without saying for what. */
export const pendingForNothing: Answer = (asked, response) => reply(response, statusMessage(asked, "PENDING"));

/** Says RETRY `times` times. */
export function retrying(times: number, wait: string): Answer {
  let left = times;
  return (asked, response) =>
    left-- > 0
      ? reply(response, statusMessage(asked, "RETRY", { details: { ESTIMATED_WAIT: wait }, message: "Too busy." }))
      : reply(response, pollResponse(asked, { blocks: [block("at last")] }));
}
