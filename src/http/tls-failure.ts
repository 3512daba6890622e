/** What to say to a person when a TLS connection failed. */

import { printable } from "../message/status-error.js";
import { errorsBehind } from "./error-chain.js";
import { type TlsAlert, tlsAlertOf } from "./tls-alert.js";

/** The parts of a peer's certificate that Node gives, as far as they are used here. */
interface Certificate {
  readonly subject?: Names | undefined;
  readonly issuer?: Names | undefined;
  readonly subjectaltname?: string | undefined;
  readonly valid_from?: string | undefined;
  readonly valid_to?: string | undefined;
  readonly issuerCertificate?: Certificate | undefined;
}

type Names = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * A sentence about what went wrong with TLS, which certificate it was where the error carries it (`cert`), and what can be done.
 * What the peer says is made fit for a terminal. Undefined when the error is not about TLS.
 */
export function describeTlsFailure(error: unknown): string | undefined {
  const alert = tlsAlertOf(error);
  if (alert === undefined) return undefined;
  if (!alert.local) return describeReceived(alert);
  const { cert, host } = peerOf(error);
  return (describeCertificateFault(alert.code, chainOf(cert), host) ?? describeProtocolFault(alert.code)).replace(/\s+/g, " ");
}

/** What alerts of a peer mean, and what to do about them. */
const meanings: ReadonlyMap<string, string> = new Map([
  ["handshake_failure", "it found nothing both sides can do, or it wants a client certificate"],
  ["no_certificate", "it wants a client certificate"],
  ["bad_certificate", "it does not take the client certificate"],
  ["unsupported_certificate", "it does not take client certificates of this kind"],
  ["certificate_revoked", "the client certificate was revoked"],
  ["certificate_expired", "the client certificate has expired"],
  ["certificate_unknown", "it does not take the client certificate"],
  ["unknown_ca", "it does not know the issuer of the client certificate; intermediate certificates may have to be sent along"],
  ["access_denied", "the client certificate gives no access"],
  ["protocol_version", "it wants another version of TLS; see minVersion and maxVersion"],
  ["insufficient_security", "it wants stronger ciphers"],
  ["unrecognized_name", "it does not know the host name; see servername"],
  ["certificate_required", "it wants a client certificate"],
]);

function describeReceived({ name, description }: TlsAlert): string {
  const meaning = meanings.get(name);
  return `the server ended the TLS connection with alert ${description}, ${name}${meaning === undefined ? "" : `: ${meaning}`}`;
}

const untrusted: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** @param chain the server's certificates, its own first; empty when they are not known */
function describeCertificateFault(code: string, chain: readonly Certificate[], host: string | undefined): string | undefined {
  const [own] = chain;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH") {
    const wrong = host === undefined ? "another host" : `not for ${printable(host)}`;
    return `the certificate of the server is for ${namesOf(own)}, ${wrong}; use an address with one of its names, or set servername`;
  }
  if (code === "CERT_HAS_EXPIRED") {
    const expired = chain.find(({ valid_to }) => Date.parse(valid_to ?? "") < Date.now()) ?? own;
    return `the certificate ${describe(expired)} expired${since(expired?.valid_to)}; the server needs a new one, or the clock here is wrong`;
  }
  if (code === "CERT_NOT_YET_VALID") {
    const early = chain.find(({ valid_from }) => Date.parse(valid_from ?? "") > Date.now()) ?? own;
    return `the certificate ${describe(early)} is not valid before ${text(early?.valid_from)}; the clock here may be wrong`;
  }
  if (untrusted.has(code)) {
    const last = chain.at(-1);
    const issuer = code.includes("SELF_SIGNED") ? "nobody but itself vouches for it" : "its issuer is not known here";
    return `the certificate ${describe(last)} is not trusted: ${issuer}; give the authority's certificate as ca, or trust those of the system with systemCa`;
  }
  return code.startsWith("ERR_SSL_") ? undefined : `the certificate ${describe(own)} cannot be accepted: ${code}`;
}

const protocolFaults: ReadonlyMap<string, string> = new Map([
  ["ERR_SSL_WRONG_VERSION_NUMBER", "what answers there does not speak TLS; the address may have to begin with http"],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "what answers there does not speak TLS; the address may have to begin with http"],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", "the server speaks a version of TLS that is not allowed here; see minVersion and maxVersion"],
  ["ERR_SSL_DH_KEY_TOO_SMALL", "the server's Diffie-Hellman key is too short to be safe"],
  ["ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "the server renegotiates in an unsafe way that is not allowed here"],
]);

function describeProtocolFault(code: string): string {
  return protocolFaults.get(code) ?? `the TLS connection failed: ${code}`;
}

/** The certificate and the host name that an error carries. */
function peerOf(error: unknown): { readonly cert: Certificate | undefined; readonly host: string | undefined } {
  for (const { error: one } of errorsBehind(error)) {
    const cert: unknown = Reflect.get(one, "cert");
    const host: unknown = Reflect.get(one, "host");
    if (typeof cert === "object" && cert !== null) return { cert, host: typeof host === "string" ? host : undefined };
  }
  return { cert: undefined, host: undefined };
}

/** The most certificates of a chain that are looked at. */
const longestChain = 20;

/** A certificate and those above it. What signed itself is its own issuer. */
function chainOf(cert: Certificate | undefined): Certificate[] {
  const chain: Certificate[] = [];
  for (let next = cert; next !== undefined && !chain.includes(next) && chain.length < longestChain; next = next.issuerCertificate)
    chain.push(next);
  return chain;
}

function describe(cert: Certificate | undefined): string {
  if (cert === undefined) return "of the server";
  return `${JSON.stringify(distinguishedName(cert.subject))}, issued by ${JSON.stringify(distinguishedName(cert.issuer))},`;
}

function distinguishedName(names: Names | undefined): string {
  const parts = Object.entries(names ?? {}).flatMap(([key, value]) => [value ?? []].flat().map((one) => `${key}=${one}`));
  return printable(parts.join(", "));
}

/** The names a certificate is for: those of its extension, without which its common name counts. */
function namesOf(cert: Certificate | undefined): string {
  const names = cert?.subjectaltname ?? [cert?.subject?.["CN"] ?? []].flat().join(", ");
  return names === "" ? "another name" : text(names);
}

function since(date: string | undefined): string {
  return date === undefined ? "" : ` on ${text(date)}`;
}

function text(value: string | undefined): string {
  return value === undefined ? "some time to come" : printable(value);
}
