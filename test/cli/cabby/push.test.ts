/** `taxii-push`. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { statusMessage } from "../../../src/message/status-error.js";
import { type Answer, origin, producer, run } from "./kit.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-push-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const stix = file("stix.xml", '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<s:STIX xmlns:s="urn:s">ü</s:STIX>\n');
const inbox = ["--path", `${origin}/inbox`];

async function push(args: readonly string[], answer?: Answer) {
  const server = producer(answer);
  const result = await run("taxii-push", args, { ...server, input: "from standard input", now: new Date("2024-05-01T10:00:00.123Z") });
  const messages = server.received.flatMap(({ message }) => (message.$type === "taxii11.InboxMessage" ? [message] : []));
  return { ...result, server, message: messages[0] };
}

describe("taxii-push", () => {
  it("--content-file: sends a file as one block of STIX", async () => {
    const { code, out, err, message } = await push([...inbox, "-f", stix]);
    expect([code, out, err]).toEqual([0, "", `taxii-push: pushed to ${origin}/inbox\n`]);
    expect(message).toMatchObject({
      destinationCollectionNames: [],
      contentBlocks: [
        {
          contentBinding: { bindingId: "urn:stix.mitre.org:xml:1.2" },
          content: { xml: '<s:STIX xmlns:s="urn:s">ü</s:STIX>\n' },
          timestampLabel: "2024-05-01T10:00:00.123Z",
        },
      ],
    });
  });

  it("--binding, --subtype, --dest: what it is, and what it is for", async () => {
    const { err, message } = await push([...inbox, "-f", "-", "--binding", "urn:b", "--subtype", "urn:s", "--dest", "one", "--dest=two"]);
    expect(err).toBe("taxii-push: pushed to one\ntaxii-push: pushed to two\n");
    expect(message).toMatchObject({
      destinationCollectionNames: ["one", "two"],
      contentBlocks: [
        { contentBinding: { bindingId: "urn:b", subtype: { subtypeId: "urn:s" } }, content: { text: "from standard input" } },
      ],
    });
  });

  it("finds the inbox with --discovery, and says what it said with --verbose", async () => {
    const { code, err, server } = await push(["--discovery", `${origin}/discovery`, "-f", stix, "-v"]);
    expect(code).toBe(0);
    expect(server.received.at(-1)?.url).toBe(`${origin}/inbox`);
    expect(err).toContain("taxii-push: taken: Thanks.\n");
  });

  it("speaks TAXII 1.0, which names neither destinations nor subtypes", async () => {
    const { code, server } = await push([...inbox, "-f", stix, "-t", "1.0"]);
    expect(code).toBe(0);
    expect(server.received.map(({ message }) => message)).toMatchObject([
      { $type: "taxii10.InboxMessage", contentBlocks: [{ contentBinding: "urn:stix.mitre.org:xml:1.2" }] },
    ]);
    for (const impossible of [
      ["--dest", "one"],
      ["--subtype", "urn:s"],
    ]) {
      const refused = await push([...inbox, "-f", stix, "-t", "1.0", ...impossible]);
      expect([refused.code, refused.server.received]).toEqual([2, []]);
      expect(refused.err).toContain(`${impossible[0]} cannot be used with TAXII 1.0`);
    }
  });

  it("takes one subtype, as a block has one", async () => {
    const { code, err, server } = await push([...inbox, "-f", stix, "--subtype", "urn:a", "--subtype", "urn:b"]);
    expect([code, server.received]).toEqual([2, []]);
    expect(err).toBe("taxii-push: --subtype is given several times; a content block has one subtype at most\n");
  });

  it("reads other encodings by the declaration", async () => {
    const latin = file("latin.xml", Buffer.from('<?xml version="1.0" encoding="windows-1252"?><a>\x80\xfc</a>', "latin1"));
    const wide = file("wide.txt", Buffer.from("\ufeffgrün", "utf16le"));
    expect((await push([...inbox, "-f", latin])).message?.contentBlocks[0]?.content).toEqual({ xml: "<a>€ü</a>" });
    expect((await push([...inbox, "-f", wide, "--binding", "urn:b"])).message?.contentBlocks[0]?.content).toEqual({ text: "grün" });
  });

  it.each([
    ["bytes.bin", Buffer.from([0xff, 0x41, 0xfe, 0x80]), /bytes\.bin is neither XML nor text/],
    ["zero.txt", "a\0b", /zero\.txt has characters that XML cannot carry/],
    ["empty.xml", "", /empty\.xml is empty/],
  ])("does not send %s, and exits with 4", async (name, content, message) => {
    const { code, err, server } = await push([...inbox, "-f", file(name, content)]);
    expect([code, server.received]).toEqual([4, []]);
    expect(err).toMatch(message);
  });

  it.each([
    ["broken.xml", "<a>\n<b></a>", /broken\.xml is sent as text, because it is no well-formed XML: .*line 2/],
    ["doctype.xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', /doctype\.xml is sent as text/],
  ])("sends %s as the text it is, as cabby does, and says so", async (name, text, remark) => {
    const { code, err, message } = await push([...inbox, "-f", file(name, text)]);
    expect([code, message?.contentBlocks[0]?.content]).toEqual([0, { text }]);
    expect(err).toMatch(remark);
  });

  it("names a file that is not there", async () => {
    const { code, err, server } = await push([...inbox, "-f", join(folder, "missing.xml")]);
    expect([code, server.received]).toEqual([4, []]);
    expect(err).toContain("missing.xml: there is no such file or folder\n");
  });

  it("tells which collection did not take it, and exits with 1", async () => {
    const refusing: Answer = (message) =>
      message.$type === "taxii11.InboxMessage"
        ? statusMessage("DESTINATION_COLLECTION_ERROR", { inResponseTo: message.messageId, details: { ACCEPTABLE_DESTINATION: ["two"] } })
        : undefined;
    const { code, err } = await push([...inbox, "-f", stix, "--dest", "one"], refusing);
    expect([code, err]).toEqual([1, "taxii-push: one: DESTINATION_COLLECTION_ERROR\n  ACCEPTABLE_DESTINATION: two\n"]);
    const anywhere = await push([...inbox, "-f", stix], refusing);
    expect(anywhere.err).toContain(`taxii-push: ${origin}/inbox: DESTINATION_COLLECTION_ERROR\n`);
  });

  it("exits with 3 when nobody answers", async () => {
    const { code, err } = await run("taxii-push", [...inbox, "-f", stix], {
      fetch: async () => {
        throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
      },
    });
    expect(code).toBe(3);
    expect(err).toContain("ECONNREFUSED");
  });
});
