/** Message ids. */

/** Versions of TAXII this package speaks. */
export type TaxiiVersion = "1.0" | "1.1";

/**
 * A new message id: 128 random bits as decimal digits. Digits alone are legal in both versions (XML-ID-001, XML-ID-002),
 * so a message can cross between them with its id; the version is taken for the sake of callers that name it.
 */
export function generateMessageId(_version: TaxiiVersion = "1.1"): string {
  const words = crypto.getRandomValues(new BigUint64Array(2));
  return (((words[0] ?? 0n) << 64n) | (words[1] ?? 0n)).toString();
}
