/** TLS of the server: its own certificate, and those of clients. */

import type { Socket } from "node:net";
import { type SecureVersion, TLSSocket } from "node:tls";

/** What a server over TLS is given. Keys and certificates are PEM. */
export interface TlsOptions {
  readonly key: string | Uint8Array;
  /** The server's certificate, and behind it those that lead to a known authority. */
  readonly cert: string | Uint8Array;
  /** Authorities of client certificates. Default: those of Node. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /**
   * Whether clients are asked for a certificate (HTTP-AUTH-004). With `true` one may come without; one that brings a
   * certificate nobody vouches for is turned away in either case. `required` turns away those without. Default: false.
   */
  readonly requestClientCertificate?: boolean | "required" | undefined;
  /** Default: `TLSv1.2` (HTTP-AUTH-005). */
  readonly minVersion?: SecureVersion | undefined;
}

/** The options as node:tls has them. */
export function nodeTlsOptions({ key, cert, ca, requestClientCertificate = false, minVersion = "TLSv1.2" }: TlsOptions) {
  return {
    key: pem(key),
    cert: pem(cert),
    ...(ca === undefined ? {} : { ca: [ca].flat().map((one) => pem(one)) }),
    requestCert: requestClientCertificate !== false,
    rejectUnauthorized: requestClientCertificate === "required",
    minVersion,
  };
}

function pem(data: string | Uint8Array): string | Buffer {
  return typeof data === "string" ? data : Buffer.from(data);
}

/** Ends a connection whose client has a certificate that nobody vouches for; without one it is nobody in particular. */
export function refuseUnknown(socket: TLSSocket): void {
  if (!socket.authorized && Object.keys(socket.getPeerCertificate()).length > 0) socket.destroy();
}

const identities = new WeakMap<Socket, readonly string[]>();

/**
 * The identities of a connection's client certificate: `sha256:` and its fingerprint in lower-case hexadecimal digits, `cn:`
 * and its common name, and `dns:`, `email:` and `uri:` with its other names. Empty for none.
 */
export function certificatesOf(socket: Socket): readonly string[] {
  // Each request asks, and of a connection in clear text instanceof alone finds out slowly.
  if (!("encrypted" in socket) || !(socket instanceof TLSSocket) || !socket.authorized) return [];
  const known = identities.get(socket);
  if (known !== undefined) return known;
  const { fingerprint256, subject, subjectaltname } = socket.getPeerCertificate();
  const found = fingerprint256 === undefined ? [] : [`sha256:${fingerprint256.replaceAll(":", "").toLowerCase()}`];
  for (const name of [subject?.CN ?? []].flat()) found.push(`cn:${name}`);
  for (const name of subjectaltname?.split(", ") ?? []) {
    const [, kind = "", value = ""] = /^(DNS|email|URI):([^"]+)$/.exec(name) ?? [];
    if (value !== "") found.push(`${kind.toLowerCase()}:${value}`);
  }
  identities.set(socket, found);
  return found;
}
