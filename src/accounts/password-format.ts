/** Password hashes as texts: how each format writes its parameters. */

import { TaxiiError } from "../errors.js";

/** A password hash cannot be read, or costs more than is allowed. Its message never has the hash in it. */
export class PasswordHashError extends TaxiiError {
  constructor(message: string) {
    super("BAD_PASSWORD_HASH", message);
  }
}

/** What a hash is derived with, and what it has to be. */
export type ParsedHash = ScryptHash | Pbkdf2Hash;

interface DerivedHash {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

export interface ScryptHash extends DerivedHash {
  readonly kind: "scrypt";
  /** N: a power of two. */
  readonly cost: number;
  /** r. */
  readonly blockSize: number;
  /** p. */
  readonly parallelization: number;
}

export interface Pbkdf2Hash extends DerivedHash {
  readonly kind: "pbkdf2";
  readonly digest: "sha1" | "sha256" | "sha512";
  readonly iterations: number;
}

/** Caps: a hash that came with a database must not be able to stop the server. */
const most = { scryptBytes: 256 * 1024 * 1024, parallelization: 16, iterations: 10_000_000, textLength: 1024 } as const;

/** Writes a hash in the format of this package: `$scrypt$ln=15,r=8,p=1$SALT$HASH`, in base64 without padding. */
export function formatScrypt({ cost, blockSize, parallelization, salt, hash }: ScryptHash): string {
  return `$scrypt$ln=${Math.log2(cost)},r=${blockSize},p=${parallelization}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Reads a hash: our own format, werkzeug's (`scrypt:N:r:p$SALT$HEX`, `pbkdf2:sha256:ITERATIONS$SALT$HEX`), which databases of
 * OpenTAXII have, and Django's (`pbkdf2_sha256$ITERATIONS$SALT$BASE64`).
 *
 * @throws PasswordHashError when it is none of these, or its parameters are beyond the caps: 256 MiB, 10,000,000 iterations
 */
export function parseHash(text: string): ParsedHash {
  if (text.length > most.textLength) throw unreadable();
  const parsed = parsePhc(text) ?? parseWerkzeug(text) ?? parseDjango(text);
  if (parsed === undefined || parsed.hash.length < 16) throw unreadable();
  checkCost(parsed);
  return parsed;
}

function parsePhc(text: string): ScryptHash | undefined {
  const [, log, blockSize, parallelization, salt = "", hash = ""] =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,4}),p=(\d{1,4})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text) ?? [];
  if (log === undefined) return undefined;
  return {
    kind: "scrypt",
    cost: 2 ** Number(log),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}

function parseWerkzeug(text: string): ParsedHash | undefined {
  const [, method = "", salt = "", hex = ""] = /^([a-z0-9:]+)\$([^$]+)\$([0-9a-f]+)$/.exec(text) ?? [];
  const derived = { salt: Buffer.from(salt, "utf8"), hash: Buffer.from(hex, "hex") };
  const [, cost, blockSize, parallelization] = /^scrypt:(\d{1,8}):(\d{1,4}):(\d{1,4})$/.exec(method) ?? [];
  if (cost !== undefined)
    return {
      kind: "scrypt",
      cost: Number(cost),
      blockSize: Number(blockSize),
      parallelization: Number(parallelization),
      ...derived,
    };
  const [, digest, iterations] = /^pbkdf2:(sha1|sha256|sha512):(\d{1,8})$/.exec(method) ?? [];
  return iterations === undefined ? undefined : { kind: "pbkdf2", digest: digestOf(digest), iterations: Number(iterations), ...derived };
}

function parseDjango(text: string): Pbkdf2Hash | undefined {
  const [, digest, iterations, salt = "", hash = ""] = /^pbkdf2_(sha1|sha256)\$(\d{1,8})\$([^$]+)\$([A-Za-z0-9+/]+=*)$/.exec(text) ?? [];
  if (iterations === undefined) return undefined;
  return {
    kind: "pbkdf2",
    digest: digestOf(digest),
    iterations: Number(iterations),
    salt: Buffer.from(salt, "utf8"),
    hash: Buffer.from(hash, "base64"),
  };
}

function digestOf(text: string | undefined): Pbkdf2Hash["digest"] {
  return text === "sha1" || text === "sha512" ? text : "sha256";
}

function checkCost(parsed: ParsedHash): void {
  if (parsed.kind === "pbkdf2") {
    if (parsed.iterations < 1 || parsed.iterations > most.iterations) throw beyond("iterations of pbkdf2", most.iterations);
    return;
  }
  const { cost, blockSize, parallelization } = parsed;
  if (cost < 2 || !Number.isInteger(Math.log2(cost)) || blockSize < 1 || parallelization < 1) throw unreadable();
  if (scryptBytes(parsed) > most.scryptBytes) throw beyond("bytes that scrypt takes", most.scryptBytes);
  if (parallelization > most.parallelization) throw beyond("parallelization of scrypt", most.parallelization);
}

/** Bytes that deriving a hash takes. */
export function scryptBytes({ cost, blockSize, parallelization }: Omit<ScryptHash, "kind" | keyof DerivedHash>): number {
  return 128 * blockSize * (cost + parallelization);
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

function unreadable(): PasswordHashError {
  return new PasswordHashError(
    "a password hash is in no known format; expected $scrypt$…, scrypt:N:r:p$…, pbkdf2:sha256:N$… or pbkdf2_sha256$N$…",
  );
}

function beyond(what: string, limit: number): PasswordHashError {
  return new PasswordHashError(`the parameters of a password hash are not allowed: the ${what} have to be from 1 to ${limit}`);
}
