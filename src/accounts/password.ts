/** Passwords: hashed with scrypt, off the event loop. */

import { pbkdf2, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { formatScrypt, type ParsedHash, parseHash, type ScryptHash, scryptBytes } from "./password-format.js";

const deriveScrypt: (password: string, salt: Buffer, length: number, options: ScryptOptions) => Promise<Buffer> = promisify(scrypt);
const derivePbkdf2 = promisify(pbkdf2);

/** What new hashes cost: 32 MiB and about a tenth of a second. */
const standard = { kind: "scrypt", cost: 2 ** 15, blockSize: 8, parallelization: 1 } as const;

/** Bytes of the salt and of the hash. */
const lengths = { salt: 16, hash: 32 } as const;

/**
 * Hashes a password with scrypt (N = 2^15, r = 8, p = 1) and a random salt, in the thread pool.
 *
 * @returns `$scrypt$ln=15,r=8,p=1$SALT$HASH`
 */
export async function hashPassword(password: string): Promise<string> {
  const unhashed = { ...standard, salt: randomBytes(lengths.salt), hash: Buffer.alloc(lengths.hash) };
  return formatScrypt({ ...unhashed, hash: await derive(normalize(password), unhashed) });
}

/**
 * Whether a password is the one that was hashed. Takes a time that does not depend on how alike they are.
 *
 * @param stored a hash of {@link hashPassword}, of werkzeug or of Django
 * @throws PasswordHashError when `stored` cannot be read, or its parameters are beyond the caps
 */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const parsed = parseHash(stored);
  // Other programs hash what they are given.
  const derived = await derive(stored.startsWith("$") ? normalize(password) : password, parsed);
  return timingSafeEqual(derived, parsed.hash);
}

/** Whether a text is a password hash that {@link verifyPassword} takes. */
export function isPasswordHash(text: string): boolean {
  try {
    parseHash(text);
    return true;
  } catch {
    return false;
  }
}

/** Nobody's password: takes as long to verify as one that was hashed here, and is never right. */
export const nobodysHash = formatScrypt({ ...standard, salt: randomBytes(lengths.salt), hash: randomBytes(lengths.hash) });

function derive(password: string, parsed: ParsedHash): Promise<Buffer> {
  if (parsed.kind === "pbkdf2") return derivePbkdf2(password, parsed.salt, parsed.iterations, parsed.hash.length, parsed.digest);
  return deriveScrypt(password, parsed.salt, parsed.hash.length, scryptOptions(parsed));
}

function scryptOptions({ cost, blockSize, parallelization }: ScryptHash): ScryptOptions {
  // OpenSSL counts a little more than the formula gives.
  const maxmem = scryptBytes({ cost, blockSize, parallelization }) + 1024 * 1024;
  return { cost, blockSize, parallelization, maxmem };
}

/** One text for what looks the same, however the keyboard composed it (RFC 7617, section 2.1). */
function normalize(password: string): string {
  return password.normalize("NFC");
}
