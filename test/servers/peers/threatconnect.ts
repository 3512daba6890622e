/** ThreatConnect: results in many parts, and, where it is in a bad mood, parts without end. */

import type { Answer } from "../peer.js";
import { block, pollResponse, reply } from "../texts.js";

export interface ThreatConnectOptions {
  /** Whether the last part says that there are more. */
  readonly endless: "no" | "empty" | "same" | "new";
}

const parts = 3;

export const threatConnect =
  ({ endless }: ThreatConnectOptions): Answer =>
  (asked, response) => {
    const part = Number(asked.attribute("result_part_number") ?? 1);
    const last = part >= parts;
    const number = last && endless === "same" ? parts : part;
    const blocks = last && endless === "empty" && part > parts ? [] : [block(`<i xmlns='urn:i'>${number}</i>`)];
    return reply(response, pollResponse(asked, { blocks, more: !last || endless !== "no", resultId: "tc-1", part }));
  };
