/** A look at the root of a message that may not be readable: whose it is, and which id it has. */

import { anyUri } from "../binding/index.js";
import { versionOfNamespace } from "../http/headers.js";
import type { TaxiiVersion } from "../message/ids.js";
import { DocumentDecoder } from "../xml/decode.js";
import { defaultLimits } from "../xml/limits.js";
import { SaxesSource } from "../xml/saxes-source.js";
import type { StartTag } from "../xml/source.js";

/** What the root element says. */
export interface Root {
  /** The version whose namespace it is in; undefined for any other. */
  readonly version: TaxiiVersion | undefined;
  /** Its `message_id`, if there is one that a reply can repeat. */
  readonly messageId: string | undefined;
}

/** How many bytes of a document are enough to see its root element. */
export const rootLength = 64 * 1024;

const unreadable: Root = { version: undefined, messageId: undefined };

/** What can be told of the root of `document`, whatever is wrong behind it (HTTP-ERR-002). */
export function peekRoot(document: Uint8Array, charset: string | undefined): Root {
  let root = unreadable;
  const source = new SaxesSource(
    {
      start(tag) {
        root = describe(tag);
        throw new Found();
      },
      text() {},
      captured() {},
      end() {},
    },
    { limits: defaultLimits },
  );
  try {
    source.write(beginning(document, charset));
  } catch {
    // Found, or nothing to be found.
  }
  return root;
}

/** Ends the parse as soon as there is nothing more to learn. */
class Found extends Error {}

function beginning(document: Uint8Array, charset: string | undefined): string {
  let text = "";
  const decoder = new DocumentDecoder((characters) => {
    text += characters;
  }, charset);
  decoder.write(document.subarray(0, rootLength));
  if (text === "") decoder.end();
  return text;
}

function describe({ namespace, attributes }: StartTag): Root {
  const id = attributes.find(({ local, namespace: none }) => local === "message_id" && none === "")?.value.trim();
  const version = versionOfNamespace(namespace);
  return { version, messageId: id !== undefined && canRepeat(id, version) ? id : undefined };
}

/** Ids are digits in 1.0, and URIs in 1.1 (XML-ID-001, XML-ID-002); an empty one cannot be told from none (XML-ID-008). */
function canRepeat(id: string, version: TaxiiVersion | undefined): boolean {
  if (version === "1.0") return /^[0-9]+$/.test(id);
  return version === "1.1" && id !== "" && anyUri.accepts(id);
}

/** The id of a message in JSON, in the same way. */
export function peekJson(document: Uint8Array): Root {
  const text = new TextDecoder().decode(document.subarray(0, rootLength));
  const id = /"message_id"\s*:\s*"([^"\\]*)"/.exec(text)?.[1]?.trim();
  return { version: undefined, messageId: id !== undefined && canRepeat(id, "1.1") ? id : undefined };
}
