/** Text that is encrypted, told by how it begins. */

import { contentBindings } from "../../constants.js";

const armour = /^-----BEGIN (PKCS7|CMS|PGP MESSAGE)-----/;
const smime = /^content-type:[\t ]*"?application\/(?:x-)?pkc?s7-mime\b/im;
const headerLength = 4096;

/** What is known of an encrypted text. */
export interface EncryptedText {
  /** Its content binding; undefined for OpenPGP, which has none. */
  readonly binding: typeof contentBindings.smime | undefined;
}

/** What is known of a text that begins like PKCS #7, CMS or OpenPGP in PEM, or with the header of S/MIME; undefined for others. */
export function encryptedOf(head: string): EncryptedText | undefined {
  const [, label] = armour.exec(head) ?? [];
  if (label !== undefined) return { binding: label === "PGP MESSAGE" ? undefined : contentBindings.smime };
  const [header = ""] = head.slice(0, headerLength).split(/\r?\n\r?\n/, 1);
  return /^[A-Za-z][-A-Za-z0-9]*:/.test(header) && smime.test(header) ? { binding: contentBindings.smime } : undefined;
}
