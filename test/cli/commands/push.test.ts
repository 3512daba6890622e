import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { CollectionRecordInit, InboxMessage } from "../../../generated/taxii11/index.js";
import { StatusMessage } from "../../../generated/taxii11/index.js";
import { isXmlText } from "../../../src/characters.js";
import { create } from "../../../src/message/create.js";
import { producer, type Sent, service, success } from "../../client/peer.js";
import { createPeer, discovery, jsonLines, taxii } from "../run.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-push-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const stix = '<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" version="1.1.1">é&#65;<![CDATA[x]]></stix:STIX_Package>';
const stixFile = file("stix.xml", `<?xml version="1.0" encoding="UTF-8"?>\n${stix}\n`);

const inbox = (name: string): CollectionRecordInit => ({
  collectionName: name,
  description: "",
  receivingInboxServices: [
    {
      protocolBinding: "urn:taxii.mitre.org:protocol:http:1.0",
      address: `http://taxii.test/${name}`,
      messageBindings: ["urn:taxii.mitre.org:message:xml:1.1"],
    },
  ],
});

/** Inboxes `a` and `b`; `refuse` says which one refuses. */
function inboxes(refuse: (sent: Sent) => boolean = () => false) {
  return producer([service("COLLECTION_MANAGEMENT", "http://taxii.test/collections")], [inbox("a"), inbox("b")], (sent) =>
    refuse(sent)
      ? create(StatusMessage, { inResponseTo: sent.message.messageId, statusType: "DENIED", message: "not you" })
      : success(sent.message),
  );
}

const messages = (sent: readonly Sent[]): InboxMessage[] =>
  sent.map(({ message }) => message).filter((message): message is InboxMessage => message.$type === "taxii11.InboxMessage");

const push = (peer: ReturnType<typeof inboxes>, ...args: string[]) =>
  taxii(["push", "--url", discovery, "--collection", "a", ...args], { fetch: peer.fetch });

describe("taxii push", () => {
  it("sends well-formed XML as XML, unchanged but for its declaration, and finds its binding", async () => {
    const peer = inboxes();
    const { code, out, err } = await push(peer, stixFile);
    expect([code, out]).toEqual([0, "1 block taken by a at http://taxii.test/a\n"]);
    expect(err).toBe(`${stixFile}: urn:stix.mitre.org:xml:1.1.1\n`);
    const [message] = messages(peer.sent);
    expect(message).toMatchObject({ destinationCollectionNames: ["a"] });
    expect(message?.contentBlocks).toMatchObject([
      { contentBinding: { bindingId: "urn:stix.mitre.org:xml:1.1.1" }, content: { xml: `${stix}\n` } },
    ]);
  });

  it("respects the encoding that a document declares", async () => {
    const peer = inboxes();
    const latin1 = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', "latin1");
    const utf16 = Buffer.from("\ufeff<a>é</a>", "utf16le");
    expect((await push(peer, "-b", "urn:x", file("latin1.xml", latin1), file("utf16.xml", utf16))).code).toBe(0);
    expect(messages(peer.sent)[0]?.contentBlocks.map(({ content }) => content)).toEqual([{ xml: "<a>é</a>" }, { xml: "<a>é</a>" }]);
  });

  it("sends what is no XML as text, character by character", async () => {
    const peer = inboxes();
    const text = fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((given) => isXmlText(given) && !/^[\s\ufeff]*[<\ufeff]|\r/.test(given));
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        peer.sent.length = 0;
        const { code } = await taxii(["push", "--url", discovery, "-c", "a", "-b", "urn:text", "-"], { fetch: peer.fetch, input: given });
        expect(code).toBe(0);
        expect(messages(peer.sent)[0]?.contentBlocks[0]?.content).toEqual({ text: given });
      }),
      { numRuns: 30 },
    );
  });

  it("sends XML that is not well-formed, or not wanted as such, as text, and says so", async () => {
    const peer = inboxes();
    const broken = file("broken.xml", "<a>");
    const { code, err } = await push(peer, "-b", "urn:x", broken);
    expect(code).toBe(0);
    expect(err).toMatch(/broken\.xml is sent as text, because it is no well-formed XML: /);
    await push(peer, "--as-text", stixFile);
    const contents = messages(peer.sent).map(({ contentBlocks: [only] }) => only?.content);
    expect(contents).toEqual([{ text: "<a>" }, { text: expect.stringContaining(stix) }]);
  });

  it("sends a document with DOCTYPE as text", async () => {
    const peer = inboxes();
    await push(peer, "-b", "urn:x", file("doctype.xml", "<!DOCTYPE a><a/>"));
    expect(messages(peer.sent)[0]?.contentBlocks[0]?.content).toEqual({ text: "<!DOCTYPE a><a/>" });
  });

  it("says what it is told: binding, subtype, label, remark", async () => {
    const peer = inboxes();
    const args = ["-b", "urn:b", "--subtype", "urn:s", "--timestamp", "2026-01-01", "--message", "hello", stixFile];
    expect((await push(peer, ...args)).err).toBe("");
    expect(messages(peer.sent)[0]).toMatchObject({
      message: "hello",
      contentBlocks: [{ contentBinding: { bindingId: "urn:b", subtype: { subtypeId: "urn:s" } }, timestampLabel: "2026-01-01T00:00:00Z" }],
    });
  });

  it("reports each destination, and exits with what the first refusal stands for", async () => {
    const peer = inboxes(({ url }) => url.endsWith("/b"));
    const { code, out, err } = await push(peer, "--collection", "b", stixFile);
    expect(code).toBe(1);
    expect(out).toBe("1 block taken by a at http://taxii.test/a\n");
    expect(err).toContain("0 blocks taken by b at http://taxii.test/b, then: DENIED: not you\n");
    const json = await push(peer, "--collection", "b", "--json", stixFile);
    expect([json.code, jsonLines(json.out)]).toEqual([
      1,
      [
        { collection: "a", address: "http://taxii.test/a", blocks: 1, error: null },
        { collection: "b", address: "http://taxii.test/b", blocks: 0, error: "DENIED: not you" },
      ],
    ]);
  });

  it.each([
    ["a missing file", [join(folder, "missing")], 4, "missing: there is no such file or folder"],
    ["a folder", [folder], 4, "it is a folder"],
    ["an empty file", [file("empty", "")], 4, "empty is empty"],
    ["bytes that are no text", [file("zip", Uint8Array.of(0x50, 0x4b, 0xff, 0xfe))], 4, "zip is neither XML nor text"],
    ["characters XML cannot carry", ["-b", "urn:x", file("bell", "a\u0007")], 4, "bell has characters that XML cannot carry"],
    [
      "an unknown format",
      [file("notes", "remember the milk")],
      2,
      "notes is of no format with a known content binding (text); expected --binding",
    ],
    ["an unknown root", [file("other.xml", "<other/>")], 2, "(xml, <other>); expected --binding"],
    ["standard input twice", ["-", "-"], 2, "standard input can be sent once only"],
    ["no file", [], 2, "missing required argument 'files'"],
  ])("refuses %s before anything is sent", async (_, args, exitCode, message) => {
    const peer = inboxes();
    const { code, err } = await push(peer, ...args);
    expect(err).toContain(message);
    expect([code, messages(peer.sent)]).toEqual([exitCode, []]);
  });

  it("gives back by poll what went in", async () => {
    const peer = await createPeer();
    expect((await peer.taxii(["push", "-c", "feed", stixFile])).code).toBe(0);
    expect((await peer.taxii(["poll", "-c", "feed"])).out).toBe(`${stix}\n`);
  });
});
