/** What the scripts that send content send. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describeContent } from "../../../src/message/content/index.js";
import { createKit } from "../../server/kit.js";
import { peer, run, status, url } from "./kit.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-inbox-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

async function sent(name: "inbox_client" | "inbox_client_10", args: readonly string[]) {
  const inbox = peer();
  const found = await run(name, ["-u", url, ...args], { fetch: inbox.fetch });
  const [message] = inbox.messages;
  return { ...found, content: message && "contentBlocks" in message ? message.contentBlocks[0]?.content : undefined };
}

describe("the content", () => {
  it.each([
    ["XML", "<a>\n<b/></a>\n", { xml: "<a>\n<b/></a>\n" }],
    ["XML with a declaration", `\ufeff<?xml version="1.0"?><a/>`, { xml: "<a/>" }],
    ["text", "plain & simple\n", { text: "plain & simple\n" }],
    ["base64", "PGE+PC9hPg==", { text: "PGE+PC9hPg==" }],
  ])("of a file with %s is that", async (_, text, expected) => {
    for (const name of ["inbox_client", "inbox_client_10"] as const) {
      const { code, content, err } = await sent(name, ["--content-file", file("content", text)]);
      expect([code, content, err]).toEqual([0, expect.objectContaining(expected), ""]);
    }
  });

  it("that looks like XML and is none is sent as text, and standard error says so", async () => {
    const { content, err, code } = await sent("inbox_client", ["--content-file", file("broken.xml", "<a>")]);
    expect([content, code]).toEqual([{ text: "<a>" }, 0]);
    expect(err).toContain("broken.xml is sent as text");
  });

  it.each([
    ["is not there", "missing", "missing: there is no such file"],
    ["is no text", file("binary", Uint8Array.of(0xff, 0xfe, 0xfd)), "neither XML nor text"],
    ["has characters XML cannot carry", file("control", "a\u0001b"), "characters that XML cannot carry"],
  ])("of a file that %s is an error, and nothing is sent", async (_, path, message) => {
    const { content, code, err, out } = await sent("inbox_client", ["--content-file", path]);
    expect([content, code, out]).toEqual([undefined, 4, ""]);
    expect(err).toContain(message);
  });

  it("is a sample in STIX 1.1.1 where none is given, and standard error says so", async () => {
    for (const name of ["inbox_client", "inbox_client_10"] as const) {
      const { code, content, err } = await sent(name, []);
      expect([code, err]).toEqual([0, "No --content-file: a sample in STIX 1.1.1 is sent.\n"]);
      expect(content && describeContent(content)).toMatchObject({ binding: "urn:stix.mitre.org:xml:1.1.1" });
    }
  });

  it("is not the sample under another label", async () => {
    const { code, err, content } = await sent("inbox_client", ["--content-binding", "urn:b"]);
    expect([code, content]).toEqual([2, undefined]);
    expect(err).toBe("inbox_client: --content-binding urn:b needs --content-file; the sample is in urn:stix.mitre.org:xml:1.1.1\n");
  });

  it("has no subtype in TAXII 1.0", async () => {
    const { code, err, content } = await sent("inbox_client_10", ["--subtype", "urn:s"]);
    expect([code, content]).toEqual([2, undefined]);
    expect(err).toBe("inbox_client_10: --subtype: TAXII 1.0 has no subtypes; inbox_client sends TAXII 1.1\n");
  });

  it("comes back from a server as it was", async () => {
    const { server } = await createKit();
    const xml = `<a:b xmlns:a="urn:a"  c='d'><!-- kept --></a:b>`;
    const pushed = await run(
      "inbox_client",
      ["-u", "http://taxii.test/inbox", "--dcn", "feed", "--content-binding", "urn:stix", "--content-file", file("in.xml", xml)],
      { fetch: server.fetch },
    );
    expect([pushed.code, pushed.err]).toEqual([0, ""]);
    const destination = mkdtempSync(join(folder, "dest-"));
    const polled = await run("poll_client", ["-u", "http://taxii.test/poll", "--collection", "feed", "--dest-dir", destination], {
      fetch: server.fetch,
    });
    expect([polled.code, polled.err]).toEqual([0, ""]);
    expect(readdirSync(destination).map((name) => readFileSync(join(destination, name), "utf8"))).toEqual([xml]);
  });
});

it("a refusal is printed, and gives exit code 1", async () => {
  const inbox = peer((message) => status(message, { statusType: "DESTINATION_COLLECTION_ERROR", message: "name one" }));
  const { code, out, err } = await run("inbox_client", ["-u", url], { fetch: inbox.fetch });
  expect(out).toContain("Status Type: DESTINATION_COLLECTION_ERROR\n");
  expect(err).toContain("inbox_client: DESTINATION_COLLECTION_ERROR: name one\n");
  expect(code).toBe(1);
});
