/** How much a document may ask of its reader. */

import { type Location, ParseError } from "../errors.js";

/** Limits on one document. Every limit that is hit is a {@link ParseError} `LIMIT_EXCEEDED` that names it. */
export interface Limits {
  /** Bytes of the document (characters, where a string is given). Default: 100 MiB; no limit when read as a stream. */
  readonly maxBytes: number;
  /** Elements within each other. Default: 256. */
  readonly maxDepth: number;
  /** Attributes of one element, namespace declarations included. Default: 256. */
  readonly maxAttributes: number;
  /** Characters of one attribute or one simple value. Default: 10,000,000. */
  readonly maxTextLength: number;
  /** Characters of one piece of open content, such as `Content`, and of the declarations put into it. Default: 67,108,864. */
  readonly maxContentLength: number;
  /** Elements of one list, such as the content blocks of a message. Default: 1,000,000; no limit when read as a stream. */
  readonly maxItems: number;
}

export const defaultLimits: Limits = {
  maxBytes: 100 * 1024 * 1024,
  maxDepth: 256,
  maxAttributes: 256,
  maxTextLength: 10_000_000,
  maxContentLength: 64 * 1024 * 1024,
  maxItems: 1_000_000,
};

/** Limits for documents that are read piece by piece, where only what is held at one time has to be bounded. */
export const streamLimits: Limits = {
  ...defaultLimits,
  maxBytes: Number.POSITIVE_INFINITY,
  maxItems: Number.POSITIVE_INFINITY,
};

/** The error for a limit that was hit. */
export function overLimit(name: keyof Limits, limits: Limits, what: string, at: Location): ParseError {
  return new ParseError("LIMIT_EXCEEDED", `${what}; the limit ${name} is ${limits[name]}`, at);
}
