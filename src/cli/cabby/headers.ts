/** `--header Name:value`. */

import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { keepSecret } from "../secrets.js";

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a value may hold: no line breaks, no other controls, nothing beyond ISO-8859-1. */
const text = /^[\t\x20-\x7e\x80-\xff]*$/;
const secretName = /auth|cookie|key|password|secret|token/i;

/**
 * The header fields that the values of `--header` name. Quotes around a value are taken off; of several with the same name the
 * last one holds. Values that may be credentials are kept out of everything printed.
 *
 * @param flag the name of the flag, for errors
 * @throws UsageError for what is no `Name:value`; it does not repeat the value
 */
export function headersOf(flag: string, lines: readonly string[] = [], environment: Environment): Readonly<Record<string, string>> {
  const fields = new Map<string, readonly [name: string, value: string]>();
  for (const [index, line] of lines.entries()) {
    const at = line.indexOf(":");
    const name = line.slice(0, Math.max(at, 0)).trim();
    const value = line
      .slice(at + 1)
      .trim()
      .replace(/^["']+|["']+$/g, "");
    const which = lines.length > 1 ? `number ${index + 1} of ${flag}` : flag;
    if (at < 0) throw new UsageError(`${which} has no colon; expected NAME:VALUE`);
    if (!token.test(name)) throw new UsageError(`the name in ${which} is no name of a header field; expected NAME:VALUE`);
    if (!text.test(value)) throw new UsageError(`the value of ${name} in ${which} has characters that a header field cannot carry`);
    if (secretName.test(name)) keepSecret(environment, value, value.split(" ").at(-1));
    fields.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(fields.values());
}
