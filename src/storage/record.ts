/** What every storage does to records on their way in and out. */

import { ContentBindingId, type ContentBlock } from "../../generated/taxii11/index.js";
import { charactersOf } from "../binding/content.js";
import { anyUri } from "../binding/index.js";
import { isXmlText } from "../characters.js";
import { type Issue, ValidationError } from "../errors.js";
import { create } from "../message/create.js";
import { keepContent, keepMarkup } from "./markup.js";
import { compareCodePoints, isKeepable, longestName } from "./records/text.js";
import type { Collection, CollectionInit, Retention } from "./storage.js";

/** What somebody says about a collection; the rest follows from its content. */
export type CollectionSettings = Omit<Collection, "blockCount" | "size" | "newest">;

/**
 * Completes a collection.
 *
 * @throws ValidationError when its name is no URI, or empty (XML-ID-007, XML-ID-008), or when a limit of its retention is none
 */
export function completeCollection(init: CollectionInit): CollectionSettings {
  const name: unknown = init.name;
  if (name === "" || !anyUri.accepts(name))
    throw new ValidationError("the collection", [fault("name", `expected ${anyUri.expected}, found ${JSON.stringify(name)}`)]);
  if (name.length > longestName || !isKeepable(name))
    throw new ValidationError("the collection", [
      fault("name", `expected at most ${longestName} characters, without NUL and lone surrogates`),
    ]);
  refuseNesting(init);
  const retention = checkRetention(init.retention);
  return {
    name,
    type: init.type ?? "DATA_FEED",
    description: init.description ?? "",
    available: init.available ?? true,
    contentBindings: (init.contentBindings ?? []).map((binding) => create(ContentBindingId, binding)),
    volume: init.volume,
    retention,
  };
}

/** Nesting expressions are for blocks: a binding covers whatever is wrapped in it (CB-NEST-006, CB-NEST-007). */
function refuseNesting({ contentBindings = [] }: CollectionInit): void {
  const nested = contentBindings.findIndex(({ bindingId }) => bindingId.includes("|"));
  if (nested >= 0)
    throw new ValidationError("the collection", [fault(`contentBindings[${nested}]`, "expected a binding, found a nesting expression")]);
}

function checkRetention(retention: Retention | undefined): Retention | undefined {
  if (retention === undefined) return undefined;
  const { days, bytes, blocks } = retention;
  for (const [name, limit] of Object.entries({ days, bytes, blocks })) {
    if (limit === undefined || (Number.isFinite(limit) && limit >= 0)) continue;
    throw new ValidationError("the collection", [fault(`retention.${name}`, `expected a number of at least 0, found ${limit}`)]);
  }
  return days === undefined && bytes === undefined && blocks === undefined ? undefined : { days, bytes, blocks };
}

/**
 * A copy to keep: what the caller does to its block later does not reach it, and its markup is known to be well-formed,
 * because what is stored is written into messages as it is.
 *
 * @throws ValidationError when the block could not be written into a message: markup that no reader has seen and that cannot
 *   stand inside an element, or characters XML cannot carry
 */
export function keepBlock(block: ContentBlock): ContentBlock {
  const { content, contentBinding, message, padding, signature, timestampLabel } = block;
  refuseOdd("message", message);
  refuseOdd("padding", padding);
  refuseOdd("contentBinding", contentBinding.bindingId);
  return {
    contentBinding: keepBinding(contentBinding),
    content: keepContent(content, (why) => unfit("content", why)),
    timestampLabel,
    message,
    padding,
    signature: signature === undefined ? undefined : keepMarkup(signature, (why) => unfit("signature", why)),
  };
}

function keepBinding({ bindingId, subtype }: ContentBlock["contentBinding"]): ContentBlock["contentBinding"] {
  return subtype === undefined ? { bindingId } : { bindingId, subtype: { subtypeId: subtype.subtypeId } };
}

function refuseOdd(path: string, text: string | undefined): void {
  if (text !== undefined && !isXmlText(text)) throw unfit(path, "expected characters XML can carry");
}

/** Characters of a block, its content and what comes with it. */
export function sizeOf({ content, message, padding, signature }: ContentBlock): number {
  return charactersOf(content).length + (message?.length ?? 0) + (padding?.length ?? 0) + (signature?.xml.length ?? 0);
}

/** Orders by name, code point by code point. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareCodePoints(a.name, b.name);
}

function unfit(path: string, message: string): ValidationError {
  return new ValidationError("the content block", [fault(path, message)]);
}

function fault(path: string, message: string): Issue {
  return { path, message, severity: "error" };
}
