/** Content as XML, as JSON, as bytes. Nothing is unescaped or decoded unless it is asked for. */

import { type Content, charactersOf, isChecked, isXmlContent, type XmlContent } from "../../binding/content.js";
import { parseFragment } from "../../codec/fragment.js";
import { ParseError } from "../../errors.js";
import { decode } from "../../xml/decode.js";
import { decodeBase64 } from "./base64.js";
import { ContentError, type ContentErrorCode } from "./content-error.js";
import { type BlockLike, type ContentDescription, type ContentKind, describeContent } from "./describe.js";
import { parseJson } from "./sniff-json.js";
import { problemOfDocument } from "./sniff-xml.js";

/** What {@link contentJson} and {@link contentBytes} may do. */
export interface DecodeOptions {
  /** Whether to decode content in base64. Default: false. */
  readonly decodeBase64?: boolean | undefined;
}

/** What {@link contentXml} may do. */
export interface ContentXmlOptions extends DecodeOptions {
  /** Whether to take a text that is an XML document for that document: it was escaped, or in a CDATA section. Default: false. */
  readonly unescape?: boolean | undefined;
}

/**
 * The XML that content is: the elements as they stand, mostly one, or with an option the document that a text is, without white
 * space around it. All of it is well-formed and without DOCTYPE (SEC-XML-001).
 *
 * ```ts
 * contentXml(block, { unescape: true });
 * ```
 *
 * @throws ContentError `NOT_XML`, which tells what the content is, and which option would give XML
 */
export function contentXml(content: Content | BlockLike, options: ContentXmlOptions = {}): string {
  const held = heldBy(content);
  if (isXmlContent(held)) return checkedMarkup(held);
  const description = describeContent(held);
  if (description.kind === "escaped-xml") {
    if (options.unescape !== true) throw withOption("NOT_XML", description, "unescape");
    return checkedDocument(held.text.trim(), description);
  }
  if (description.decoded !== "xml") throw other("NOT_XML", description);
  if (options.decodeBase64 !== true) throw withOption("NOT_XML", description, "decodeBase64");
  return checkedDocument(decodedText("NOT_XML", held.text, description).trim(), description);
}

/**
 * The value of content that is JSON.
 *
 * @throws ContentError `NOT_JSON`, which tells what the content is, and which option would give JSON
 */
export function contentJson(content: Content | BlockLike, options: DecodeOptions = {}): unknown {
  const held = heldBy(content);
  const description = describeContent(held);
  if (isXmlContent(held)) throw other("NOT_JSON", description);
  if (description.kind === "json") return jsonValue(held.text, description);
  if (description.decoded !== "json") throw other("NOT_JSON", description);
  if (options.decodeBase64 !== true) throw withOption("NOT_JSON", description, "decodeBase64");
  return jsonValue(decodedText("NOT_JSON", held.text, description), description);
}

/**
 * The bytes of content: of its characters in UTF-8, or, with `decodeBase64`, those that its base64 stands for, such as a PDF.
 *
 * @throws ContentError `NOT_BASE64` when base64 is to be decoded and the content is not base64
 */
export function contentBytes(content: Content | BlockLike, options: DecodeOptions = {}): Uint8Array<ArrayBuffer> {
  const held = heldBy(content);
  if (options.decodeBase64 !== true) return new TextEncoder().encode(charactersOf(held));
  const bytes = isXmlContent(held) ? undefined : decodeBase64(held.text);
  if (bytes === undefined) throw other("NOT_BASE64", describeContent(held));
  return bytes;
}

function heldBy(content: Content | BlockLike): Content {
  return "contentBinding" in content ? content.content : content;
}

function checkedMarkup(content: XmlContent): string {
  try {
    if (!isChecked(content)) parseFragment(content.xml);
    return content.xml;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ContentError("NOT_XML", `the content is not well-formed: ${error.message}`, { kind: "xml", cause: error });
  }
}

function checkedDocument(document: string, { kind }: ContentDescription): string {
  const problem = problemOfDocument(document);
  if (problem === undefined) return document;
  throw new ContentError("NOT_XML", `the content begins like XML and is not: ${problem.message}`, { kind, cause: problem });
}

function jsonValue(text: string, { kind }: ContentDescription): unknown {
  const parsed = parseJson(text.trim());
  if (parsed === undefined) throw new ContentError("NOT_JSON", "the content begins like JSON and is not", { kind });
  return parsed.value;
}

/** The characters that base64 stands for, in the encoding their XML declaration or byte order mark tells. */
function decodedText(code: ContentErrorCode, text: string, { kind }: ContentDescription): string {
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw new ContentError(code, "the content begins like base64 and is not", { kind });
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ContentError(code, `the content cannot be decoded: ${error.message}`, { kind, cause: error });
  }
}

const asked: Readonly<Record<ContentErrorCode, string>> = { NOT_XML: "XML", NOT_JSON: "JSON", NOT_BASE64: "base64" };

const nouns: Readonly<Record<ContentKind, string>> = {
  xml: "XML",
  "escaped-xml": "XML escaped as text",
  json: "JSON",
  base64: "base64",
  encrypted: "encrypted",
  text: "text",
  empty: "empty",
};

function nameOf({ kind, decoded }: ContentDescription): string {
  return decoded === undefined ? nouns[kind] : `${nouns[decoded]} in ${nouns[kind]}`;
}

function other(code: ContentErrorCode, description: ContentDescription): ContentError {
  return new ContentError(code, `the content is ${nameOf(description)}; expected ${asked[code]}`, { kind: description.kind });
}

function withOption(code: ContentErrorCode, description: ContentDescription, option: "unescape" | "decodeBase64"): ContentError {
  const message = `the content is ${nameOf(description)}; expected ${asked[code]}, which the option ${option} gives`;
  return new ContentError(code, message, { kind: description.kind, option });
}
