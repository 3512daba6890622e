/** What a content block holds, whatever its content binding says. */

import { type Content, isXmlContent } from "../../binding/content.js";
import { canonicalContentBinding, contentBindings, type KnownContentBinding } from "../../constants.js";
import type { StartTag } from "../../xml/source.js";
import { layersOf } from "../content-binding.js";
import { type Base64Text, base64Of } from "./base64.js";
import { encryptedOf } from "./encrypted.js";
import { excerptOf, headLength } from "./excerpt.js";
import { bindingOf, isEncryption, isStixPackage, stixVersionOf } from "./formats.js";
import { jsonOf } from "./sniff-json.js";
import { documentRoot, firstElement } from "./sniff-xml.js";

/**
 * The kinds of content.
 * - `xml`: elements.
 * - `escaped-xml`: a text, escaped or in a CDATA section, that is an XML document.
 * - `json`: a text that is a JSON object or array.
 * - `base64`: a text in base64.
 * - `encrypted`: an element of XML Encryption, S/MIME, or PKCS #7, CMS or OpenPGP in PEM.
 * - `text`: any other text.
 * - `empty`: nothing but white space.
 */
export type ContentKind = "xml" | "escaped-xml" | "json" | "base64" | "encrypted" | "text" | "empty";

/** What {@link describeContent} finds. Names, namespaces and bindings are the sender's. */
export interface ContentDescription {
  readonly kind: ContentKind;
  /** What base64 stands for; undefined when it is neither XML nor JSON, and for all other kinds. */
  readonly decoded?: "xml" | "json" | undefined;
  /** The root element: of the content, or of the document it stands for. Undefined when XML begins with text. */
  readonly root?: { readonly name: string; readonly namespace: string } | undefined;
  /** `1.0`, `1.0.1`, `1.1`, `1.1.1`, `1.2`, `1.2.1`, `2.0`, `2.1`, or a later one; undefined when it is not STIX or does not say. */
  readonly stixVersion?: string | undefined;
  /** The content binding of what was found, where it has one: that of the outermost format. */
  readonly binding?: KnownContentBinding | undefined;
  /** The content binding of the block, as it stands there; undefined for content without block. */
  readonly claimedBinding?: string | undefined;
  /**
   * Whether the claimed content binding, of a nesting expression the outermost, is the one that was found. Undefined when there
   * is no saying: nothing is claimed, the claim is not one of {@link contentBindings}, or STIX does not state its version.
   */
  readonly bindingAgrees?: boolean | undefined;
}

/** A content block of either version, or what matters of one. */
export interface BlockLike {
  readonly contentBinding: string | { readonly bindingId: string };
  readonly content: Content;
}

/** What is found without a look at the claim. */
interface Finding {
  readonly kind: ContentKind;
  readonly decoded?: "xml" | "json";
  readonly root?: StartTag | undefined;
  readonly stixVersion?: string | undefined;
  readonly binding?: KnownContentBinding | undefined;
}

/**
 * Tells what content is, from how it looks, and whether that is what its content binding claims: producers label STIX 1.1.1 as
 * 1.1, escape XML, or put base64 in a block. Nothing is unescaped, decoded or changed.
 *
 * ```ts
 * const { kind, stixVersion, bindingAgrees } = describeContent(block);
 * ```
 *
 * The cost does not depend on the size: of a text of more than 65,536 characters only these and the end are looked at, so that
 * what is wrong in between is found by {@link contentXml} and {@link contentJson}.
 */
export function describeContent(content: Content | BlockLike): ContentDescription {
  const isBlock = "contentBinding" in content;
  const claim = isBlock ? claimOf(content) : undefined;
  const { root, ...finding } = withClaim(findingOf(isBlock ? content.content : content), claim);
  return {
    ...finding,
    root: root && { name: root.local, namespace: root.namespace },
    claimedBinding: claim,
    bindingAgrees: agreement(claim, finding.binding, root),
  };
}

function claimOf({ contentBinding }: BlockLike): string {
  return typeof contentBinding === "string" ? contentBinding : contentBinding.bindingId;
}

function findingOf(content: Content): Finding {
  if (!isXmlContent(content)) return textFinding(content.text);
  const root = firstElement(content.xml.slice(0, headLength));
  return { ...rootFinding(root), kind: root !== undefined && isEncryption(root) ? "encrypted" : "xml" };
}

function textFinding(text: string): Finding {
  const excerpt = excerptOf(text);
  if (excerpt.whole && excerpt.head === "") return { kind: "empty" };
  const root = documentRoot(excerpt);
  if (root !== undefined) return { ...rootFinding(root), kind: "escaped-xml" };
  const json = jsonOf(excerpt);
  if (json !== undefined) return { ...json, kind: "json" };
  const encrypted = encryptedOf(excerpt.head);
  if (encrypted !== undefined) return { ...encrypted, kind: "encrypted" };
  const base64 = base64Of(excerpt);
  return base64 === undefined ? { kind: "text" } : base64Finding(base64);
}

function rootFinding(root: StartTag | undefined): Omit<Finding, "kind"> {
  return root === undefined ? {} : { root, stixVersion: stixVersionOf(root), binding: bindingOf(root) };
}

function base64Finding({ decoded, evident }: Base64Text): Finding {
  const root = documentRoot(decoded);
  if (root !== undefined) return { ...rootFinding(root), kind: "base64", decoded: "xml" };
  const json = jsonOf(decoded);
  if (json !== undefined) return { ...json, kind: "base64", decoded: "json" };
  return { kind: evident ? "base64" : "text" };
}

function outermost(claim: string | undefined): string | undefined {
  const [outer] = (claim === undefined ? undefined : layersOf(claim)) ?? [];
  return outer === undefined ? undefined : canonicalContentBinding(outer);
}

/** S/MIME may come without its header, and is bytes or base64 then: there the claim decides. */
function withClaim(finding: Finding, claim: string | undefined): Finding {
  const opaque = finding.kind === "text" || (finding.kind === "base64" && finding.decoded === undefined);
  return opaque && outermost(claim) === contentBindings.smime ? { kind: "encrypted", binding: contentBindings.smime } : finding;
}

const known: ReadonlySet<string> = new Set(Object.values(contentBindings));

function agreement(claim: string | undefined, found: KnownContentBinding | undefined, root: StartTag | undefined): boolean | undefined {
  const outer = outermost(claim);
  if (outer === undefined || !known.has(outer)) return undefined;
  const unsaid = found === undefined && root !== undefined && isStixPackage(root) && stixVersionOf(root) === undefined;
  return unsaid ? undefined : outer === found;
}
