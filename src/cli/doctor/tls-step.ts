/** The step of TLS: the handshake, and the certificates of the server. */

import { isIP, type Socket } from "node:net";
import { checkServerIdentity, connect, type DetailedPeerCertificate, type SecureContext, type TLSSocket } from "node:tls";
import { exitCodes } from "../output.js";
import { bareHost } from "./address-kind.js";
import { type Finding, failure, finding, type Note, remark, warning } from "./finding.js";
import { inTime, type Patience } from "./network.js";
import { certificateFault, tlsFault } from "./tls-faults.js";
import { ProxyRefusalError } from "./tunnel.js";

/** What the step needs to know. */
export interface TlsExamination {
  readonly url: URL;
  /** A connection to the server, through the proxy where there is one. */
  readonly open: () => Promise<Socket>;
  /** What the client uses for its connections. */
  readonly secureContext: SecureContext;
  /** Whether the certificate goes unchecked by the user's wish. */
  readonly insecure: boolean;
  readonly patience: Patience;
  readonly now: Date;
}

/** Shakes hands with the server whatever its certificate, and says what is wrong with it. */
export async function examineTls({ url, open, secureContext, insecure, patience, now }: TlsExamination): Promise<Finding> {
  const host = bareHost(url.hostname);
  let socket: TLSSocket | undefined;
  try {
    const server = isIP(host) === 0 ? { servername: host } : {};
    // The certificate is looked at below, and nothing is sent before.
    socket = connect({ secureContext, ...server, host, socket: await open(), rejectUnauthorized: false });
    await inTime(handshake(socket), patience);
    const chain = chainOf(socket.getPeerCertificate(true));
    const { standardName } = socket.getCipher();
    const summary = `${socket.getProtocol() ?? "an unknown version"}, ${standardName}`;
    return finding("tls", summary, [...trustNotes(socket, host, chain[0], insecure), ...versionNotes(socket), ...chainNotes(chain, now)]);
  } catch (error) {
    patience.signal.throwIfAborted();
    const note = error instanceof ProxyRefusalError ? proxyRefusal(error) : tlsFault(error);
    return finding("tls", "there is no TLS connection", [note]);
  } finally {
    socket?.destroy();
  }
}

function proxyRefusal({ message, status }: ProxyRefusalError): Note {
  const advice =
    status === 407
      ? "write the proxy's credentials into its URL: --proxy http://name:password@host:port"
      : "the proxy may not allow this host or port: ask who runs it, or go without it with --proxy none";
  return failure(message, exitCodes.network, advice);
}

function handshake(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("secureConnect", () => resolve());
    socket.on("error", reject);
    socket.once("close", () => reject(new Error("socket disconnected during the handshake")));
  });
}

function trustNotes(socket: TLSSocket, host: string, leaf: DetailedPeerCertificate | undefined, insecure: boolean): Note[] {
  const notes: Note[] = [];
  // The error of authorisation is an error or a code; either way the code is what tells.
  const { authorizationError } = socket;
  const code = String((authorizationError as (Error & { readonly code?: string }) | undefined)?.code ?? authorizationError ?? "");
  if (!socket.authorized && code !== "") notes.push(untrusted(code, insecure));
  const identity = leaf === undefined ? undefined : checkServerIdentity(host, leaf);
  if (identity !== undefined && code !== "ERR_TLS_CERT_ALTNAME_INVALID") notes.push(untrusted("ERR_TLS_CERT_ALTNAME_INVALID", insecure));
  return notes;
}

function untrusted(code: string, insecure: boolean): Note {
  const { text, advice } = certificateFault(code);
  if (insecure) return warning(`${text}; --insecure passes over it, and over anybody in between`, advice);
  return failure(text, exitCodes.network, advice);
}

function versionNotes(socket: TLSSocket): Note[] {
  const version = socket.getProtocol();
  if (version !== "TLSv1" && version !== "TLSv1.1") return [];
  return [warning(`${version} is old and not safe any more`, "the server's operator should switch to TLS 1.2 or later")];
}

const longestChain = 10;

/** From the server's certificate towards the root, as far as known. */
function chainOf(leaf: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  const seen = new Set<string>();
  // An empty object stands for no certificate, and a root names itself as its issuer.
  for (let at: DetailedPeerCertificate | undefined = leaf; at?.fingerprint256 !== undefined; at = at.issuerCertificate) {
    if (seen.has(at.fingerprint256) || chain.length >= longestChain) break;
    seen.add(at.fingerprint256);
    chain.push(at);
  }
  return chain;
}

const day = 24 * 60 * 60 * 1000;
const soon = 30;

function chainNotes(chain: readonly DetailedPeerCertificate[], now: Date): Note[] {
  return chain.flatMap((certificate, index) => {
    const { subject, issuer, valid_from: from, valid_to: to, subjectaltname: names, fingerprint256 } = certificate;
    const isLeaf = index === 0;
    const parts = [
      `certificate ${index + 1} of ${chain.length}: ${nameOf(subject)}, issued by ${nameOf(issuer)}`,
      `valid from ${dayOf(from)} to ${dayOf(to)}`,
      ...(isLeaf && names !== undefined ? [`for ${names.replaceAll("DNS:", "")}`] : []),
      ...(isLeaf ? [`SHA-256 ${fingerprint256}`] : []),
    ];
    // The root is one that the user trusts, not one that the server has to renew.
    const isRoot = !isLeaf && certificate.issuerCertificate?.fingerprint256 === fingerprint256;
    return [remark(parts.join("; ")), ...(isRoot ? [] : expiryNotes(index + 1, to, now))];
  });
}

function expiryNotes(number: number, end: string, now: Date): Note[] {
  const days = Math.floor((new Date(end).getTime() - now.getTime()) / day);
  // What has expired was refused above.
  if (!(days >= 0 && days < soon)) return [];
  return [warning(`certificate ${number} expires in ${days} days`, "the server's operator has to renew it")];
}

function dayOf(date: string): string {
  const parsed = new Date(date);
  return Number.isNaN(parsed.getTime()) ? date : parsed.toISOString().slice(0, 10);
}

/** A distinguished name by what people know it by. */
function nameOf(name: DetailedPeerCertificate["subject"] | undefined): string {
  const { CN, O, OU } = name ?? {};
  const parts = [CN, O, OU].flatMap((part) => (part === undefined ? [] : [String(part)]));
  return parts.length === 0 ? "somebody without a name" : parts.slice(0, 2).join(", ");
}
