/** The step of versions: which ones of TAXII 1.x the server speaks. */

import type { TaxiiVersion } from "../../message/ids.js";
import type { Connection } from "../connection.js";
import { exitCodeOf } from "../failure.js";
import { type Attempt, isPersonal, isTaxiiAnswer, sentenceOf } from "./examination.js";
import { type Finding, failure, finding, type Note, remark, skipped, warning } from "./finding.js";

/** @param attempts a Discovery_Request in each version */
export function examineVersions(attempts: readonly Attempt[], { version = "auto" }: Connection): Finding {
  if (!attempts.some(isTaxiiAnswer)) return skipped("versions", "the server does not answer with TAXII messages");
  if (attempts.every(({ succeeded, error }) => !succeeded && isPersonal(error)))
    return skipped("versions", "the server refuses before it says which it speaks");
  const spoken = attempts.filter(({ succeeded }) => succeeded).map((attempt) => attempt.version);
  const notes = attempts.filter(({ succeeded }) => !succeeded).map(({ version: of, error }) => remark(`TAXII ${of}: ${sentenceOf(error)}`));
  if (spoken.length === 0) {
    const [first] = attempts;
    const note = failure("the server answers discovery in no version", exitCodeOf(first?.error), "see the other steps for the reason");
    return finding("versions", "none", [note, ...notes]);
  }
  return finding("versions", `TAXII ${spoken.join(" and ")}`, [...wishNotes(spoken, version), ...notes]);
}

function wishNotes(spoken: readonly TaxiiVersion[], wish: TaxiiVersion | "auto"): Note[] {
  if (wish === "auto" || spoken.includes(wish)) return [];
  const [other] = spoken;
  return [warning(`--taxii-version ${wish} is not what the server speaks`, `give --taxii-version ${other}, or auto`)];
}
