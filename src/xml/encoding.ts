/** Which encoding a document has. */

import { type Location, ParseError } from "../errors.js";
import { latin1 } from "./single-byte.js";

/** Encodings a document may have. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "iso-8859-1" | "us-ascii" | "windows-1252";

const labels: Readonly<Record<string, Encoding | "utf-16">> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  "utf-16": "utf-16",
  utf16: "utf-16",
  "utf-16le": "utf-16le",
  "utf-16be": "utf-16be",
  "iso-8859-1": "iso-8859-1",
  "iso_8859-1": "iso-8859-1",
  "iso8859-1": "iso-8859-1",
  latin1: "iso-8859-1",
  "latin-1": "iso-8859-1",
  l1: "iso-8859-1",
  "us-ascii": "us-ascii",
  ascii: "us-ascii",
  "windows-1252": "windows-1252",
  cp1252: "windows-1252",
};

const nowhere: Location = { line: 0, column: 0, path: "" };

interface Detected {
  readonly encoding: Encoding;
  /** Bytes of the byte order mark. */
  readonly skip: number;
}

/** How many bytes {@link detectEncoding} wants to see of a longer document. */
export const detectionLength = 1024;

/**
 * The encoding of a document: its byte order mark, then `charset` (from the transport), then its XML declaration, then UTF-8.
 *
 * @param head the first bytes, {@link detectionLength} of them where there are as many
 * @param doubt takes the error for an encoding not listed in {@link Encoding}, and for a declaration that cannot be true, and
 *   throws it, or lets what comes second decide
 * @throws ParseError `BAD_ENCODING` for UTF-32
 */
export function detectEncoding(head: Uint8Array, charset: string | undefined, doubt: (error: ParseError) => void): Detected {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: "utf-8", skip: 3 };
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    throw new ParseError("BAD_ENCODING", "UTF-32 is not supported; expected UTF-8 or UTF-16", nowhere);
  }
  if (a === 0xff && b === 0xfe) return { encoding: "utf-16le", skip: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", skip: 2 };
  const wide = a === 0x3c && b === 0 && d === 0 ? "utf-16le" : a === 0 && b === 0x3c && c === 0 ? "utf-16be" : undefined;
  const given = charset === undefined || charset === "" ? undefined : named(charset, wide, "the given character set", doubt);
  if (given !== undefined) return { encoding: given, skip: 0 };
  if (wide !== undefined) return { encoding: wide, skip: 0 };
  const declared = declaredEncoding(head);
  const encoding = declared === undefined ? undefined : named(declared, undefined, "the XML declaration's encoding", doubt);
  if (encoding?.startsWith("utf-16") !== true) return { encoding: encoding ?? "utf-8", skip: 0 };
  doubt(
    new ParseError("BAD_ENCODING", `the XML declaration says ${declared} but the bytes are not UTF-16`, { line: 1, column: 1, path: "" }),
  );
  return { encoding: "utf-8", skip: 0 };
}

function named(label: string, wide: Encoding | undefined, where: string, doubt: (error: ParseError) => void): Encoding | undefined {
  const key = label.trim().toLowerCase();
  const known = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (known === undefined) {
    const list = "UTF-8, UTF-16, ISO-8859-1, US-ASCII or windows-1252";
    doubt(new ParseError("BAD_ENCODING", `${where} is ${JSON.stringify(label)}; expected ${list}`, nowhere));
  }
  // RFC 2781: UTF-16 without a mark and without a label of its order is big-endian.
  return known === "utf-16" ? (wide ?? "utf-16be") : known;
}

function declaredEncoding(head: Uint8Array): string | undefined {
  // Only what begins with `<?` has a declaration.
  if (head[0] !== 0x3c || head[1] !== 0x3f) return undefined;
  const close = head.indexOf(0x3e);
  const text = latin1(head.subarray(0, close < 0 ? detectionLength : Math.min(close + 1, detectionLength)));
  const match =
    /^<\?xml[\t\n\r ]+version[\t\n\r ]*=[\t\n\r ]*(?:"[^"]*"|'[^']*')[\t\n\r ]+encoding[\t\n\r ]*=[\t\n\r ]*(?:"([^"]*)"|'([^']*)')/.exec(
      text,
    );
  return match?.[1] ?? match?.[2];
}
