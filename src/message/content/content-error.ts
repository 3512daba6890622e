/** The error for content that is not what was asked for. */

import { TaxiiError } from "../../errors.js";
import type { ContentKind } from "./describe.js";

/** Codes of {@link ContentError}: what the content is not. */
export type ContentErrorCode = "NOT_XML" | "NOT_JSON" | "NOT_BASE64";

/** Content is not what was asked for, or only with an option. */
export class ContentError extends TaxiiError {
  declare readonly code: ContentErrorCode;
  /** What the content is. */
  readonly kind: ContentKind;
  /** The option with which the same call gives what was asked for; undefined when there is none. */
  readonly option: "unescape" | "decodeBase64" | undefined;

  constructor(
    code: ContentErrorCode,
    message: string,
    { kind, option, cause }: { readonly kind: ContentKind; readonly option?: "unescape" | "decodeBase64"; readonly cause?: unknown },
  ) {
    super(code, message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.option = option;
  }
}
