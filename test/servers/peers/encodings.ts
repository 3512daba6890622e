/** Characters and compression, right and wrong. */

import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import type { Answer } from "../peer.js";
import { block, pollResponse, reply, taxiiHeaders } from "../texts.js";

const text = "naïve “quotes” – €";

/** The text of the block that all but {@link gzipBomb} send. */
export const encodedText = text;

const windows1252: Readonly<Record<string, number>> = { "“": 0x93, "”": 0x94, "–": 0x96, "€": 0x80 };

function toWindows1252(document: string): Uint8Array {
  return Uint8Array.from(Array.from(document), (character) => windows1252[character] ?? character.charCodeAt(0));
}

/** Bytes of windows-1252, declared where `where` says; nowhere, they are taken for UTF-8. */
export const windowsBytes =
  (where: "declaration" | "charset" | "nowhere"): Answer =>
  (asked, response) => {
    const declaration = where === "declaration" ? '<?xml version="1.0" encoding="Windows-1252"?>' : "";
    const charset = where === "charset" ? "; charset=windows-1252" : "";
    const headers = { ...taxiiHeaders(), "Content-Type": `application/xml${charset}` };
    return reply(response, toWindows1252(declaration + pollResponse(asked, { blocks: [block(text)] })), headers);
  };

/** UTF-16 with a byte order mark. */
export const utf16: Answer = (asked, response) =>
  reply(response, Buffer.from(`\ufeff${pollResponse(asked, { blocks: [block(text)] })}`, "utf16le"));

const packers = { gzip: gzipSync, deflate: deflateSync, "raw deflate": deflateRawSync } as const;

/** Compressed. Some servers leave the frame of zlib out of deflate. */
export const compressed =
  (how: keyof typeof packers): Answer =>
  (asked, response) =>
    reply(response, packers[how](pollResponse(asked, { blocks: [block(text)] })), {
      ...taxiiHeaders(),
      "Content-Encoding": how === "gzip" ? "gzip" : "deflate",
    });

/** Says gzip, and is not. */
export const falselyCompressed: Answer = (asked, response) =>
  reply(response, pollResponse(asked, { blocks: [block(text)] }), { ...taxiiHeaders(), "Content-Encoding": "gzip" });

/** Compressed in a way that was not asked for. */
export const brotli: Answer = (asked, response) =>
  reply(response, brotliCompressSync(pollResponse(asked, { blocks: [block(text)] })), { ...taxiiHeaders(), "Content-Encoding": "br" });

/** A block of `megabytes` of nothing, in a thousandth of that. */
export const gzipBomb =
  (megabytes: number): Answer =>
  (asked, response) =>
    reply(response, gzipSync(pollResponse(asked, { blocks: [block(" ".repeat(megabytes * 1024 * 1024))] })), {
      ...taxiiHeaders(),
      "Content-Encoding": "gzip",
    });

/** gzip that ends before its end, behind the first of its two blocks. */
export const truncatedGzip: Answer = (asked, response) => {
  const noise = Array.from({ length: 4000 }, (_, index) => Math.sin(index).toString(36)).join(" ");
  const packed = gzipSync(pollResponse(asked, { blocks: [block(text), block(noise)] }));
  return reply(response, packed.subarray(0, packed.length - 2000), { ...taxiiHeaders(), "Content-Encoding": "gzip" });
};
