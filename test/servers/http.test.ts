/** Answers of HTTP, header fields, encodings: what is data is read, what is none is named. */

import { describe, expect, it } from "vitest";
import { meet, polled } from "./kit.js";
import { brotli, compressed, encodedText, falselyCompressed, gzipBomb, truncatedGzip, utf16, windowsBytes } from "./peers/encodings.js";
import { dottedHeaders, htmlMediaType, noTaxiiHeaders, upperCaseHeaders, wrongVersionHeader } from "./peers/headers.js";
import { busy, empty, hugeHeader, json, loginPage, plain, redirecting } from "./peers/http-answers.js";

describe("an answer that is no TAXII", () => {
  it.each([
    ["a login page", loginPage, { status: 200, statusType: "FAILURE" }, "it is a web page; it begins with"],
    ["400", plain(400, "what?"), { status: 400, statusType: "BAD_MESSAGE" }, '"what?"'],
    ["401", plain(401, "who?"), { status: 401, statusType: "UNAUTHORIZED" }, '"who?"'],
    ["403", plain(403, "no"), { status: 403, statusType: "UNAUTHORIZED" }, '"no"'],
    ["404", plain(404, "where?"), { status: 404, statusType: "FAILURE" }, '"where?"'],
    ["406", plain(406), { status: 406, statusType: "UNSUPPORTED_MESSAGE" }, "its body is empty"],
    ["407", plain(407), { status: 407, statusType: "UNAUTHORIZED" }, "HTTP 407"],
    ["JSON", json({}), { status: 200, statusType: "FAILURE" }, "message_type"],
    ["204", empty(204), { status: 204, statusType: "FAILURE" }, "its body is empty"],
    ["200 without a body", empty(200), { status: 200, statusType: "FAILURE" }, "its body is empty"],
  ])("[HTTP-MAP-010] %s", async (_name, answer, expected, sentence) => {
    const { client } = await meet(answer, { version: "1.1" });
    const { contents, error } = await polled(client);
    expect(contents).toEqual([]);
    expect(error).toMatchObject({ code: "NOT_TAXII", ...expected, message: expect.stringContaining(sentence) });
  });

  it("is asked for again where that may help, and not where it cannot", async () => {
    const asked = async (status: number): Promise<number> => {
      const { client, peer } = await meet(plain(status), { version: "1.1" });
      await polled(client);
      return peer.asked.length;
    };
    expect(await Promise.all([500, 502, 503, 400, 401, 403, 404].map(asked))).toEqual([3, 3, 3, 1, 1, 1, 1]);
  });

  it("of CERT-EU is not taken for XML", async () => {
    const { client } = await meet(json({ "X-TAXII-Content-Type": "urn:cert.europa.eu:message:json:1.0" }), { lenient: false });
    expect((await polled(client)).error).toMatchObject({
      code: "UNSUPPORTED_BINDING",
      message: expect.stringContaining("urn:cert.europa.eu:message:json:1.0"),
    });
  });

  it.each(["0", new Date(0).toUTCString()])("is 429 with Retry-After %s, and data behind it", async (retryAfter) => {
    const { client } = await meet(busy(2, retryAfter));
    expect(await polled(client)).toMatchObject({ contents: ["at last"], error: undefined });
  });
});

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])("%s is not followed, and its target is named [HTTP-GEN-007]", async (status) => {
    const { client, peer } = await meet(
      redirecting(status, (url) => `${url}/moved`),
      { followRedirects: status < 307 },
    );
    expect((await polled(client)).error).toMatchObject({
      code: "NOT_TAXII",
      status,
      message: expect.stringContaining(`${peer.url}/moved`),
    });
    expect(peer.asked).toHaveLength(1);
  });

  it.each([307, 308])("%s is followed within the origin where that is wanted", async (status) => {
    const { client } = await meet(
      redirecting(status, () => "/moved"),
      { followRedirects: true },
    );
    expect((await polled(client)).contents).toEqual(["moved"]);
  });

  it("to elsewhere is never followed", async () => {
    const elsewhere = await meet(plain(200));
    const { client } = await meet(
      redirecting(307, () => `${elsewhere.peer.url}/`),
      { followRedirects: true },
    );
    expect((await polled(client)).error).toMatchObject({ code: "NOT_TAXII", status: 307 });
    expect(elsewhere.peer.asked).toEqual([]);
  });
});

describe("header fields of TAXII", () => {
  it.each([
    ["missing", noTaxiiHeaders],
    ["with dots for colons", dottedHeaders],
    ["in capitals", upperCaseHeaders],
    ["of the other version", wrongVersionHeader],
    ["beside the media type of a web page", htmlMediaType],
  ])("%s do not keep the data away [HTTP-GEN-002]", async (_name, answer) => {
    const { client } = await meet(answer);
    expect(await polled(client)).toMatchObject({ contents: ["data"], error: undefined });
  });

  it.each([
    ["missing", noTaxiiHeaders, "MISSING_HEADER"],
    ["of the other version", wrongVersionHeader, "WRONG_HEADER"],
  ])("%s are warned of", async (_name, answer, code) => {
    const { client, warned } = await meet(answer);
    await polled(client);
    expect(warned).toEqual([code]);
  });

  it.each([
    ["missing", noTaxiiHeaders, "NOT_TAXII"],
    ["with dots for colons", dottedHeaders, "UNSUPPORTED_BINDING"],
    ["of the other version", wrongVersionHeader, "MISMATCH"],
  ])("%s are errors to who is strict [HTTP-XCT-003]", async (_name, answer, code) => {
    const { client } = await meet(answer, { lenient: false });
    expect((await polled(client)).error).toMatchObject({ code });
  });

  it("may stand beside a long one, but not beside one without end", async () => {
    expect((await polled((await meet(hugeHeader(8_000))).client)).contents).toEqual(["small"]);
    const { client } = await meet(hugeHeader(100_000));
    expect((await polled(client)).error).toMatchObject({ code: "NOT_TAXII", message: expect.stringContaining("its header is too long") });
  });
});

describe("characters and compression", () => {
  it.each([
    ["windows-1252 by declaration", windowsBytes("declaration"), []],
    ["windows-1252 by Content-Type", windowsBytes("charset"), []],
    ["windows-1252 by nothing", windowsBytes("nowhere"), ["BAD_ENCODING"]],
    ["UTF-16 by its mark", utf16, []],
    ["gzip", compressed("gzip"), []],
    ["deflate", compressed("deflate"), []],
    ["deflate without its frame", compressed("raw deflate"), []],
  ])("%s are read [HTTP-GEN-005]", async (_name, answer, expected) => {
    const { client, warned } = await meet(answer);
    expect(await polled(client)).toMatchObject({ contents: [encodedText], error: undefined });
    expect(warned).toEqual(expected);
  });

  it("are read where they only say that they are packed", async () => {
    const { client } = await meet(falselyCompressed);
    expect(await polled(client)).toMatchObject({ contents: [encodedText], error: undefined });
  });

  it("are an error where the bytes cannot be those declared, to who is strict", async () => {
    const { client } = await meet(windowsBytes("nowhere"), { lenient: false });
    expect((await polled(client)).error).toMatchObject({ code: "BAD_ENCODING", message: expect.stringContaining("not UTF-8") });
  });

  it("in a coding that was not asked for are named", async () => {
    const { client, peer } = await meet(brotli);
    expect((await polled(client)).error).toMatchObject({ code: "UNSUPPORTED_ENCODING", message: expect.stringContaining('"br"') });
    expect(peer.asked[0]?.headers["accept-encoding"]).not.toContain("br");
  });

  it("that blow up are given up", async () => {
    const { client, peer } = await meet(gzipBomb(40));
    expect((await polled(client)).error).toMatchObject({ code: "TOO_LARGE" });
    expect(peer.asked).toHaveLength(1);
  });

  it("that break off in gzip give what came whole, once", async () => {
    const { client } = await meet(truncatedGzip);
    const { contents, error } = await polled(client);
    expect(contents).toEqual([encodedText]);
    expect(error).toMatchObject({ code: "BAD_ENCODING" });
  });
});
