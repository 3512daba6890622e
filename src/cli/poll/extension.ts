/** What a file with a block's content is called at its end. */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { type ContentKind, describeContent } from "../../message/content/index.js";
import { contentText } from "./block-name.js";

const extensions: Readonly<Record<Exclude<ContentKind, "encrypted">, string>> = {
  xml: "xml",
  "escaped-xml": "xml",
  json: "json",
  base64: "b64",
  text: "txt",
  empty: "txt",
};

/** The extension, without a dot, by what the content is and not by what its binding claims. */
export function extensionOf(block: ContentBlock): string {
  const { kind, root } = describeContent(block);
  if (kind !== "encrypted") return extensions[kind];
  if (root !== undefined) return "xml";
  return /^\s*-----BEGIN PGP /.test(contentText(block).slice(0, 100)) ? "asc" : "p7m";
}
