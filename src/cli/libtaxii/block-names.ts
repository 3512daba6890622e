/** Names of the files that content blocks are written to: those of libtaxii, as long as each is used once. */

import { isoFormat } from "../../codec/iso-format.js";
import { contentBindings } from "../../constants.js";

/** What of a reply is in the names of its blocks' files. */
export interface NamedReply {
  /** Collection or feed, as the peer says. */
  readonly collection: string;
  /** Part of the result; 1 for the first. */
  readonly part: number;
}

/** What of a content block is in the name of its file. */
export interface NamedBlock {
  readonly contentBinding: string | { readonly bindingId: string };
  readonly timestampLabel?: string | undefined;
}

const formats: ReadonlyMap<string, string> = new Map([
  [contentBindings.stix10, "_STIX10_"],
  [contentBindings.stix101, "_STIX101_"],
  [contentBindings.stix11, "_STIX11_"],
  [contentBindings.stix111, "_STIX111_"],
  [contentBindings.stix12, "_STIX12_"],
]);

/**
 * The name of a block's file without what makes it unique, and its extension: collection, format, and `t` with the timestamp
 * label or `s` with the time it is now. The name is the peer's, and has yet to be made safe.
 */
export function nameOf({ collection, part }: NamedReply, block: NamedBlock, now: Date): [name: string, extension: string] {
  const { contentBinding, timestampLabel } = block;
  const binding = typeof contentBinding === "string" ? contentBinding : contentBinding.bindingId;
  const format = formats.get(binding);
  const date = timestampLabel === undefined ? `s${isoFormat(now.toISOString())}` : `t${isoFormat(timestampLabel)}`;
  const plain = collection.replace(/[/\\:*?"<>|]/g, "").replace(/^\.+/, "");
  // Parts come from runs of their own, which know nothing of the files of the others.
  const suffix = part > 1 ? `_part${part}` : "";
  return [`${plain}${format ?? ""}${date.replace(/[^A-Za-z0-9]/g, "_")}${suffix}`, format === undefined ? "" : ".xml"];
}

/** Makes names unique: the first block of a name has it as it is, the others get `_2`, `_3`, … */
export class UniqueNames {
  /** Names that are taken, each with the last number behind it. */
  readonly #taken = new Map<string, number>();

  /** Takes the name, or the next free one. */
  take(name: string, extension: string): string {
    const plain = `${name}${extension}`;
    let number = this.#taken.get(plain) ?? 0;
    let unique = plain;
    while (this.#taken.has(unique)) unique = `${name}_${++number}${extension}`;
    this.#taken.set(plain, Math.max(number, 1));
    if (unique !== plain) this.#taken.set(unique, 1);
    return unique;
  }
}
