/** Ways to say who one is. */

/**
 * Header fields that say who sends a request to `url`, or a promise of them. Asked for each request anew, and only for
 * origins that are trusted with credentials.
 */
export type Auth = (url: URL) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

/**
 * HTTP Basic authentication, in UTF-8. The password may be empty and may contain colons.
 *
 * @throws TypeError when the user name contains a colon, which HTTP cannot say
 */
export function basic(user: string, password: string): Auth {
  if (user.includes(":")) throw new TypeError("a user name for Basic authentication cannot contain a colon");
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  const credentials = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return () => ({ Authorization: `Basic ${credentials}` });
}
