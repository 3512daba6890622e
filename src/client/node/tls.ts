/** TLS: who the client is, whom it trusts, and which versions it speaks. */

import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP, Socket } from "node:net";
import { createSecureContext, DEFAULT_MIN_VERSION, type SecureContext, type SecureVersion, TLSSocket } from "node:tls";
import { isCertificate, isPrivateKey, pemBlocks } from "./pem.js";
import { defaultRoots, systemRoots } from "./roots.js";

/** The content of a file: PEM, or bytes. */
export type FileContent = string | Uint8Array;

/** How to speak TLS. Contents, not names, of files. */
export interface TlsOptions {
  /** The client's certificate, with those that lead to its authority behind it; the key may be in it too. Default: none. */
  readonly cert?: FileContent | undefined;
  /** The key of `cert` in PEM; encrypted, in the traditional way or in PKCS#8, it needs the `passphrase`. Default: that in `cert`. */
  readonly key?: FileContent | undefined;
  /** Certificate and key in PKCS#12, in the place of `cert` and `key`. Default: none. */
  readonly pfx?: Uint8Array | undefined;
  /** Opens `key` or `pfx`. Default: none. */
  readonly passphrase?: string | undefined;
  /** The authorities that are trusted, in PEM, or one in DER. Default: those that come with Node, and those of NODE_EXTRA_CA_CERTS. */
  readonly ca?: FileContent | readonly FileContent[] | undefined;
  /** Whether the authorities that the system trusts are trusted as well. Default: false. */
  readonly systemCa?: boolean | undefined;
  /** Default: that of Node, `TLSv1.2`. Below that, ciphers and keys that are no longer safe are taken as well. */
  readonly minVersion?: SecureVersion | undefined;
  /** Default: that of Node, `TLSv1.3`. */
  readonly maxVersion?: SecureVersion | undefined;
  /** The name the server is asked for, and its certificate must have. Default: the host of the address. */
  readonly servername?: string | undefined;
  /** Takes any certificate of a server, and with that whoever sits in between. Only this switches the check off. Default: false. */
  readonly insecure?: boolean | undefined;
}

/** What a connection needs to know. */
export interface Security {
  readonly secureContext: SecureContext;
  readonly servername: string | undefined;
  readonly rejectUnauthorized: boolean;
}

/**
 * How to connect to servers. Read once, for all connections.
 *
 * @throws TypeError for what cannot be used, with the option and the reason, but nothing of its content
 */
export function serverSecurity(options: TlsOptions = {}, now: number = Date.now()): Security {
  const { servername, insecure } = options;
  if (servername !== undefined && isIP(servername) !== 0) throw new TypeError("tls.servername is an address; expected the name of a host");
  const secureContext = createContext({ ...trust(options), ...identity(options) }, options);
  checkOwnCertificate(secureContext, options, now);
  return { secureContext, servername, rejectUnauthorized: insecure !== true };
}

/** How to connect to proxies: they are trusted by the same authorities, but neither told who the client is nor left unchecked. */
export function proxySecurity(options: TlsOptions = {}): Security {
  return { secureContext: createContext(trust(options), options), servername: undefined, rejectUnauthorized: true };
}

function trust(options: TlsOptions) {
  return { ...versions(options), ...authorities(options) };
}

const order: readonly SecureVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

function versions({ minVersion, maxVersion }: TlsOptions) {
  for (const [name, version] of Object.entries({ minVersion, maxVersion })) {
    if (version !== undefined && !order.includes(version))
      throw new TypeError(`tls.${name} is no version of TLS; expected one of ${order.join(", ")}`);
  }
  const least = minVersion ?? DEFAULT_MIN_VERSION;
  if (maxVersion !== undefined && order.indexOf(maxVersion) < order.indexOf(least))
    throw new TypeError(`tls.maxVersion ${maxVersion} is below the least version allowed, ${least}; set tls.minVersion too`);
  // OpenSSL 3 speaks the old versions only where the old signatures are allowed.
  const ciphers = order.indexOf(least) < order.indexOf("TLSv1.2") ? { ciphers: "DEFAULT@SECLEVEL=0" } : {};
  return { minVersion: least, ...(maxVersion === undefined ? {} : { maxVersion }), ...ciphers };
}

function authorities({ ca, systemCa }: TlsOptions): { readonly ca?: string[] } {
  if (ca === undefined && systemCa !== true) return {};
  const own = ca === undefined ? defaultRoots() : contentsOf(ca).flatMap((content) => certificatesIn("ca", content));
  // Many are in both, and each takes its time.
  return { ca: [...new Set([...own, ...(systemCa === true ? systemRoots() : [])])] };
}

function contentsOf(ca: FileContent | readonly FileContent[]): readonly FileContent[] {
  return typeof ca === "string" || ca instanceof Uint8Array ? [ca] : ca;
}

/** The certificates in a file, in PEM. */
function certificatesIn(option: string, content: FileContent): string[] {
  const blocks = pemBlocks(textOf(content));
  const found = blocks.filter(isCertificate);
  if (found.length > 0) return found.map(({ text }, at) => certificate(`tls.${option}: certificate ${at + 1}`, text));
  if (blocks.length > 0) throw new TypeError(`tls.${option} has no certificate; found ${labelsOf(blocks)}`);
  return [certificate(`tls.${option}`, content)];
}

function certificate(name: string, content: FileContent): string {
  try {
    return new X509Certificate(content).toString();
  } catch (cause) {
    throw new TypeError(`${name} cannot be read: ${reasonOf(cause)}; expected a certificate in PEM`, { cause });
  }
}

/** What says who the client is. */
function identity(options: TlsOptions) {
  const { cert, key, pfx, passphrase } = options;
  if (pfx !== undefined) {
    if (cert !== undefined || key !== undefined)
      throw new TypeError("both tls.pfx and tls.cert or tls.key are given; expected one way to say who the client is");
    return { pfx: Buffer.from(pfx), ...(passphrase === undefined ? {} : { passphrase }) };
  }
  if (cert === undefined) {
    if (key !== undefined) throw new TypeError("tls.key is given without tls.cert");
    if (passphrase !== undefined) throw new TypeError("tls.passphrase is given without tls.key or tls.pfx");
    return {};
  }
  const certificates = certificatesIn("cert", cert);
  return { cert: certificates.join(""), key: privateKey(options, cert, certificates[0] ?? "") };
}

/** The key of a certificate, opened, in PEM. */
function privateKey({ key, passphrase }: TlsOptions, cert: FileContent, certificate: string): string {
  const option = key === undefined ? "cert" : "key";
  const blocks = pemBlocks(textOf(key ?? cert));
  const block = blocks.find(isPrivateKey)?.text;
  if (block === undefined) {
    const found = blocks.length === 0 ? "no PEM" : labelsOf(blocks);
    throw new TypeError(
      key === undefined ? "tls.cert is given without tls.key, and has no key in it" : `tls.key has no private key; found ${found}`,
    );
  }
  const encrypted = block.includes("ENCRYPTED");
  if (encrypted && passphrase === undefined) throw new TypeError(`the private key in tls.${option} is encrypted; expected tls.passphrase`);
  const opened = openKey(`the private key in tls.${option}`, block, encrypted ? passphrase : undefined);
  if (!new X509Certificate(certificate).checkPrivateKey(opened))
    throw new TypeError(`the private key in tls.${option} does not belong to the certificate in tls.cert`);
  return opened.export({ type: "pkcs8", format: "pem" }).toString();
}

function openKey(name: string, key: string, passphrase: string | undefined) {
  try {
    return createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (cause) {
    if (passphrase !== undefined) throw new TypeError(`${name} cannot be opened: tls.passphrase is wrong, or the key is broken`, { cause });
    throw new TypeError(`${name} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function createContext(settings: Parameters<typeof createSecureContext>[0], { pfx }: TlsOptions): SecureContext {
  try {
    return createSecureContext(settings);
  } catch (cause) {
    const reason = reasonOf(cause);
    if (pfx === undefined) throw new TypeError(`the TLS options cannot be used: ${reason}`, { cause });
    if (/mac verify/i.test(reason)) throw new TypeError("tls.pfx cannot be opened: tls.passphrase is wrong, or missing", { cause });
    if (/unsupported/i.test(reason)) {
      const advice = "write it anew, without the option -legacy of OpenSSL";
      throw new TypeError(`tls.pfx is encrypted in a way that is no longer safe, and is not supported; ${advice}`, { cause });
    }
    throw new TypeError(`tls.pfx cannot be read: ${reason}; expected PKCS#12 with a certificate and its key`, { cause });
  }
}

/** @throws TypeError when the client's certificate has expired, or is not valid yet: no server would take it */
function checkOwnCertificate(secureContext: SecureContext, { pfx }: TlsOptions, now: number): void {
  const socket = new TLSSocket(new Socket(), { secureContext });
  const own = socket.getX509Certificate();
  socket.destroy();
  if (own === undefined) return;
  const name = `the client certificate in tls.${pfx === undefined ? "cert" : "pfx"}`;
  if (Date.parse(own.validTo) < now) throw new TypeError(`${name} expired on ${own.validTo}`);
  if (Date.parse(own.validFrom) > now) throw new TypeError(`${name} is not valid before ${own.validFrom}`);
}

function textOf(content: FileContent): string {
  return typeof content === "string" ? content : new TextDecoder("latin1").decode(content);
}

/** What a file holds instead. Labels are of capital letters and digits alone. */
function labelsOf(blocks: readonly { readonly label: string }[]): string {
  return [...new Set(blocks.map(({ label }) => label))].slice(0, 5).join(", ");
}

/** The last part of OpenSSL's `error:0480006C:PEM routines::no start line`. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^error:[0-9A-F]+:[^:]*:[^:]*:/i, "") : "unknown";
}
