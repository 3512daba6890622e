/** A configuration that can be shown to others. */

/** Keys of secrets. */
const secrets: ReadonlySet<string> = new Set(["password", "token", "keyPassword"]);

const mask = "***";

/** The same value with a mask in the place of each secret, also of a password within a URL. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value === "string") return maskedText(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[key, secrets.has(key) && typeof inner === "string" ? mask : masked(inner)]],
    ),
  );
}

/** A text without the passwords of the URLs in it: behind `//` and a name, and as a parameter. */
export function maskedText(text: string): string {
  return text.replace(/(\/\/[^/@:\s]*):[^/\s]*@/g, `$1:${mask}@`).replace(/([?&](?:password|sslpassword)=)[^&\s]*/gi, `$1${mask}`);
}
