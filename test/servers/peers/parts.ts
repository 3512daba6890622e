/** Results in parts that go on otherwise than they said. */

import type { Answer } from "../peer.js";
import { block, pollResponse, reply, statusMessage } from "../texts.js";

/** What a part holds; a part that is missing is answered by NOT_FOUND. */
export interface PartText {
  readonly contents: readonly string[];
  readonly more: boolean;
  readonly resultId?: string | null;
  /** Its number as it says; by default the one it was asked for. */
  readonly number?: number;
}

/** A result of these parts. */
export const inParts =
  (...parts: readonly PartText[]): Answer =>
  (asked, response) => {
    const number = Number(asked.attribute("result_part_number") ?? 1);
    const part = parts[number - 1];
    if (part === undefined) return reply(response, statusMessage(asked, "NOT_FOUND"));
    const { contents, more, resultId = "r-1" } = part;
    return reply(
      response,
      pollResponse(asked, { blocks: contents.map((text) => block(text)), more, resultId, part: part.number ?? number }),
    );
  };

/** The one in the middle has nothing. */
export const emptyInTheMiddle = inParts(
  { contents: ["one"], more: true },
  { contents: [], more: true },
  { contents: ["three"], more: false },
);

/** Each part says that it is the first. */
export const allFirst = inParts(
  { contents: ["one"], more: true, number: 1 },
  { contents: ["two"], more: true, number: 1 },
  { contents: ["three"], more: false, number: 1 },
);

export const repeated = inParts({ contents: ["one"], more: true }, { contents: ["two"], more: true }, { contents: ["two"], more: true });

export const withoutId = inParts({ contents: ["one"], more: true, resultId: null });

export const otherResult = inParts({ contents: ["one"], more: true }, { contents: ["two"], more: false, resultId: "r-2" });

export const otherPart = inParts({ contents: ["one"], more: true }, { contents: ["seven"], more: false, number: 7 });

/** Announces a part it does not have. */
export const oneTooMany = inParts({ contents: ["one"], more: true });
