import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readBeginning, readBody } from "../../src/http/body.js";

function source(chunks: readonly Uint8Array[], headers: Record<string, string> = {}) {
  const state = { cancelled: false, pulled: 0 };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const chunk = chunks[state.pulled++];
        if (chunk === undefined) controller.close();
        else controller.enqueue(new Uint8Array(chunk));
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, headers: new Headers(headers), state };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (data: Uint8Array): string => new TextDecoder().decode(data);

test("bodies come whole, in whatever pieces", async () => {
  expect(textOf(await readBody(source([..."piece by piece"].map(bytes)), 100))).toBe("piece by piece");
  expect(textOf(await readBody({ body: null, headers: new Headers() }, 100))).toBe("");
});

test("gzip is unpacked [HTTP-GEN-005]", async () => {
  const packed = gzipSync("a".repeat(1000));
  expect(textOf(await readBody(source([packed.subarray(0, 9), packed.subarray(9)], { "content-encoding": " GZIP" }), 1000))).toHaveLength(
    1000,
  );
});

test("a limit holds before and after unpacking, and ends the reading [HTTP-REQ-005] [SEC-XML-003]", async () => {
  const announced = source([bytes("abc")], { "content-length": "101" });
  await expect(readBody(announced, 100)).rejects.toMatchObject({ code: "TOO_LARGE" });
  expect(announced.state).toEqual({ cancelled: true, pulled: 0 });
  const endless = source(Array.from({ length: 50 }, () => bytes("x".repeat(40))));
  await expect(readBody(endless, 100)).rejects.toMatchObject({ code: "TOO_LARGE" });
  expect(endless.state).toEqual({ cancelled: true, pulled: 3 });
  const bomb = source([gzipSync(new Uint8Array(50_000_000))], { "content-encoding": "gzip" });
  await expect(readBody(bomb, 1_000_000)).rejects.toMatchObject({ code: "TOO_LARGE" });
});

test("other codings, and gzip that is none, are errors", async () => {
  await expect(readBody(source([], { "content-encoding": "br" }), 10)).rejects.toMatchObject({ code: "UNSUPPORTED_ENCODING" });
  await expect(readBody(source([], { "content-encoding": "gzip, gzip" }), 10)).rejects.toMatchObject({ code: "UNSUPPORTED_ENCODING" });
  const broken = readBody(source([bytes("no gzip")], { "content-encoding": "gzip" }), 10);
  await expect(broken).rejects.toMatchObject({ code: "BAD_ENCODING", cause: expect.anything() });
  const cut = readBody(source([gzipSync("abc".repeat(100)).subarray(0, 15)], { "content-encoding": "gzip" }), 1000);
  await expect(cut).rejects.toMatchObject({ code: "BAD_ENCODING" });
});

test("a beginning is taken, and the rest given up", async () => {
  const long = source([bytes("abc"), bytes("def"), bytes("ghi")]);
  expect(textOf(await readBeginning(long, 5))).toBe("abcde");
  expect(long.state.cancelled).toBe(true);
  const broken = source([bytes("no gzip")], { "content-encoding": "gzip" });
  expect(textOf(await readBeginning(broken, 5))).toBe("");
});
