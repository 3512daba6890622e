/** Message ids. */

/** Versions of TAXII this package speaks. */
export type TaxiiVersion = "1.0" | "1.1";

/**
 * A new message id: 128 random bits as decimal digits. Digits alone are legal in both versions (XML-ID-001, XML-ID-002),
 * so a message can cross between them with its id; the version is taken for the sake of callers that name it.
 */
export function generateMessageId(_version: TaxiiVersion = "1.1"): string {
  if (next >= pool.length) {
    crypto.getRandomValues(pool);
    next = 0;
  }
  const [high = 0n, low = 0n] = pool.subarray(next, next + 2);
  next += 2;
  return ((high << 64n) | low).toString();
}

/** Random words in store: getting many at once costs as much as getting two. */
const pool = new BigUint64Array(1024);
let next = pool.length;
