/** What makes two subscriptions ask for the same (SVC-SUB-015). */

import type { ContentBindingId, PushParameter, Query, SubscriptionParameters } from "../../../generated/taxii11/index.js";
import { isXmlContent } from "../../binding/index.js";
import { canonicalMarkup } from "../../codec/canonical.js";
import { ParseError } from "../../errors.js";
import { defaultLimits } from "../../xml/limits.js";
import { SaxesSource } from "../../xml/saxes-source.js";

/**
 * A text that is equal for subscriptions of one owner to one collection that ask for the same, and for no others: the SHA-256 of
 * a normal form, so that it is short whatever was asked for.
 *
 * Parameters that are left out are their defaults. Lists of content bindings and subtypes are sets; several entries for one
 * binding add up. Queries are compared by names, attributes and text, whatever their prefixes and comments; prefixes that occur
 * in values count with what they stand for. Push parameters are compared field by field.
 */
export async function fingerprintOf(parameters: SubscriptionParameters | undefined, push: PushParameter | undefined): Promise<string> {
  const { responseType = "FULL", contentBindings = [], query } = parameters ?? {};
  const form = [
    responseType,
    setOf(contentBindings),
    query === undefined ? null : formOf(query),
    push === undefined ? null : [push.protocolBinding, push.address, push.messageBinding],
  ];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(form)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bindings in order, each once with its subtypes in order; without any where all are wanted. */
function setOf(bindings: readonly ContentBindingId[]): readonly (readonly string[])[] {
  const all = [...new Set(bindings.map(({ bindingId }) => bindingId))].sort();
  return all.map((id) => {
    const entries = bindings.filter(({ bindingId }) => bindingId === id).map(({ subtypes }) => subtypes.map(({ subtypeId }) => subtypeId));
    return entries.some((subtypes) => subtypes.length === 0) ? [id] : [id, ...new Set(entries.flat().sort())];
  });
}

function formOf({ formatId, content }: Query): readonly unknown[] {
  if (!isXmlContent(content)) return [formatId, "text", content.text];
  return [formatId, "markup", canonicalMarkup(content.xml), prefixesInValues(content.xml)];
}

/** A name and a colon, as in `stix:STIX_Package`. */
const prefixed = /(?<![\p{L}\p{N}_.-])[\p{L}_][\p{L}\p{N}_.-]*(?=:)/gu;

/** Prefixes that attribute values and texts have, with their namespaces: a path means something else when they do. */
function prefixesInValues(xml: string): readonly string[] {
  const found = new Set<string>();
  const look = (value: string): void => {
    for (const [prefix] of value.matchAll(prefixed)) {
      const namespace = source.resolve(prefix);
      if (namespace !== undefined) found.add(`${prefix}=${namespace}`);
    }
  };
  const source: SaxesSource = new SaxesSource(
    {
      start({ attributes }) {
        for (const { value } of attributes) look(value);
        return undefined;
      },
      text: look,
      captured() {},
      end() {},
    },
    { limits: defaultLimits },
  );
  try {
    source.write(`<content>${xml}</content>`);
    source.close();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
  }
  return [...found].sort();
}
