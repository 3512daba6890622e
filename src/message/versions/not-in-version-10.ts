/** The error for what TAXII 1.0 has no words for. */

import { formatPath } from "../../codec/xml-writer.js";
import { TaxiiError } from "../../errors.js";
import type { Step } from "../rule.js";

/** A message of TAXII 1.1, or a part of one, cannot be said in TAXII 1.0. Its code is `NOT_IN_1_0`. */
export class NotInVersion10Error extends TaxiiError {
  /** Properties from the message down, `pollParameters.contentBindings[0].subtypes`; empty for the message itself. */
  readonly path: string;
  /** Why not: what was found, and what there is in TAXII 1.0. */
  readonly reason: string;

  constructor(path: readonly Step[], reason: string) {
    const at = formatPath(path);
    super("NOT_IN_1_0", `${at === "" ? "the message" : at} cannot be said in TAXII 1.0: ${reason}`);
    this.path = at;
    this.reason = reason;
  }
}
