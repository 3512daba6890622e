/** Compressed bodies: what is unpacked, what is left alone, what is refused. */

import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unpacked } from "../../src/http/inflate.js";
import { TransportError } from "../../src/http/transport-error.js";

const xml = "<a>äöü</a>".repeat(100);

async function* inPieces(bytes: Uint8Array, length = 7, onReturn: () => void = () => {}): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
  } finally {
    onReturn();
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("a body that says it is packed", () => {
  it.each([
    ["gzip", gzipSync],
    ["X-GZip ", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
  ])("is unpacked: %s [HTTP-GEN-005]", async (coding, pack) => {
    expect(await textOf(unpacked(inPieces(pack(xml)), coding))).toBe(xml);
    expect(await textOf(unpacked(inPieces(pack(xml), 1), coding))).toBe(xml);
  });

  it.each(["gzip", "deflate", "br", "zstd"])("and is not, because the transport unpacked it, is left alone: %s", async (coding) => {
    expect(await textOf(unpacked(inPieces(Buffer.from(xml)), coding))).toBe(xml);
    expect(await textOf(unpacked(inPieces(Buffer.from("")), coding))).toBe("");
  });

  it.each([null, "", " identity "])("is left alone when it does not say so: %j", async (coding) => {
    const packed = gzipSync(xml);
    const chunks: Uint8Array[] = [];
    for await (const chunk of unpacked(inPieces(packed), coding)) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(packed)).toBe(true);
  });

  it("is refused in a coding that is not known, and let go", async () => {
    let released = false;
    const body = inPieces(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), 7, () => {
      released = true;
    });
    await expect(textOf(unpacked(body, "zstd"))).rejects.toMatchObject({ code: "UNSUPPORTED_ENCODING" });
    expect(released).toBe(true);
  });

  it("is an error when it is broken or cut off", async () => {
    const packed = gzipSync(xml);
    await expect(textOf(unpacked(inPieces(packed.subarray(0, -9)), "gzip"))).rejects.toMatchObject({ code: "BAD_ENCODING" });
    const broken = Buffer.from(packed);
    broken[broken.length - 5] = (broken[broken.length - 5] ?? 0) ^ 0xff;
    await expect(textOf(unpacked(inPieces(broken), "gzip"))).rejects.toMatchObject({ code: "BAD_ENCODING" });
  });

  it("is cut off when it unpacks to too much", async () => {
    let released = false;
    const bomb = inPieces(gzipSync(Buffer.alloc(8 * 1024 * 1024)), 512, () => {
      released = true;
    });
    await expect(textOf(unpacked(bomb, "gzip", 100))).rejects.toMatchObject({ code: "TOO_LARGE" });
    expect(released).toBe(true);
    const small = gzipSync(Buffer.alloc(1024 * 1024, "a"));
    expect((await textOf(unpacked(inPieces(small, 512), "gzip", 100))).length).toBe(1024 * 1024);
  });

  it("passes on what broke its source, not what that did to the format", async () => {
    const fault = new TransportError("TIMEOUT", "nothing more came");
    async function* breaking(): AsyncGenerator<Uint8Array, void, undefined> {
      yield gzipSync(xml).subarray(0, 20);
      throw fault;
    }
    await expect(textOf(unpacked(breaking(), "gzip"))).rejects.toBe(fault);
  });

  it("comes out as it went in, however it is cut", () =>
    fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 500 }), fc.integer({ min: 1, max: 50 }), async (text, length) => {
        const document = `<${text}`;
        for (const [coding, pack] of [
          ["gzip", gzipSync],
          ["deflate", deflateSync],
        ] as const)
          expect(await textOf(unpacked(inPieces(pack(document), length), coding))).toBe(Buffer.from(document).toString());
      }),
      { numRuns: 50 },
    ));
});
