/** Bearer tokens: random, and kept as hashes only. */

import { createHash, randomBytes } from "node:crypto";

/** A new token: `taxii_` and 32 random bytes in base64url. The prefix is for people and for programs that look for lost secrets. */
export function createToken(): string {
  return `taxii_${randomBytes(32).toString("base64url")}`;
}

/** What is kept of a token: its SHA-256 in hexadecimal. Nothing slower is needed, because it cannot be guessed. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token, "utf8").digest("hex");
}
