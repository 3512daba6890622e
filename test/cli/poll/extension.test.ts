import { expect, it } from "vitest";
import { ContentBlock } from "../../../generated/taxii11/index.js";
import { blockName } from "../../../src/cli/poll/block-name.js";
import { extensionOf } from "../../../src/cli/poll/extension.js";
import { xmlContent } from "../../../src/codec/fragment.js";
import { create } from "../../../src/message/create.js";
import { block } from "../../server/kit.js";

const of = (text: string, binding = "urn:x") => create(ContentBlock, block(text, binding));

it.each([
  [create(ContentBlock, { content: xmlContent("<a/>"), contentBinding: { bindingId: "urn:x" } }), "xml"],
  [of("<?xml version='1.0'?><a/>"), "xml"],
  [of('{"type":"bundle"}'), "json"],
  [of("PGEgYj0iYyI+PGQvPjwvYT4="), "b64"],
  [of("plain words"), "txt"],
  [of(""), "txt"],
  [of("-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----"), "asc"],
  [of("-----BEGIN PKCS7-----\nabc\n-----END PKCS7-----", "application/pkcs7-mime"), "p7m"],
  [
    create(ContentBlock, {
      content: xmlContent('<e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#"/>'),
      contentBinding: { bindingId: "urn:x" },
    }),
    "xml",
  ],
])("extensionOf goes by the content: %#", (given, extension) => expect(extensionOf(given)).toBe(extension));

it("blockName tells blocks apart by label and by content", () => {
  const bytes = Buffer.from("x");
  const labelled = (timestampLabel?: string) => create(ContentBlock, { ...block("x"), timestampLabel });
  expect(blockName("feed", labelled("2014-12-19T12:00:00.5Z"), bytes, "txt")).toBe("feed_20141219T120000.5Z_2d711642b726.txt");
  expect(blockName("feed", labelled(), bytes, "txt")).toBe("feed_2d711642b726.txt");
  expect(blockName("feed", labelled(), Buffer.from("y"), "txt")).not.toBe("feed_2d711642b726.txt");
});
