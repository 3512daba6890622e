/** What peers say about themselves: the Authorization header field. */

/** Name and password. */
export interface BasicCredentials {
  readonly scheme: "basic";
  readonly name: string;
  readonly password: string;
}

/** A token. */
export interface BearerCredentials {
  readonly scheme: "bearer";
  readonly token: string;
}

/** Credentials of a scheme that is not known, or that cannot be read. */
export interface MalformedCredentials {
  readonly scheme: "malformed";
}

export type Credentials = BasicCredentials | BearerCredentials | MalformedCredentials;

// Nobody has a password of that length; what hashes it should not have to.
const longest = 4096;

const malformed: MalformedCredentials = { scheme: "malformed" };

/** Reads the field (HTTP-AUTH-002): `Basic` and `Bearer`, in any case. */
export function readCredentials(field: string): Credentials {
  const [, scheme = "", value = ""] = /^([^\s]+) +(\S+)$/.exec(field.length > longest ? "" : field.trim()) ?? [];
  switch (scheme.toLowerCase()) {
    case "basic":
      return readBasic(value) ?? malformed;
    case "bearer":
      return /^[A-Za-z0-9\-._~+/]+=*$/.test(value) ? { scheme: "bearer", token: value } : malformed;
    default:
      return malformed;
  }
}

function readBasic(value: string): BasicCredentials | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return undefined;
  const text = decode(Buffer.from(value, "base64"));
  const colon = text.indexOf(":");
  // A name cannot have a colon; a password can (RFC 7617, section 2).
  return colon < 0 ? undefined : { scheme: "basic", name: text.slice(0, colon), password: text.slice(colon + 1) };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8, as our challenge asks for; otherwise ISO 8859-1, which clients send that do not look at it, such as cabby. */
function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}
