/** Certificates for tests, made as they run: an authority, and what it vouches for. */

import { createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { isIP } from "node:net";
import forge from "node-forge";

/** A certificate and its key, in PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

export interface Subject {
  /** The common name. */
  readonly name: string;
  /** Host names and addresses. Default: none. */
  readonly hosts?: readonly string[];
  /** Default: a day ago. */
  readonly notBefore?: Date;
  /** Default: in a day. */
  readonly notAfter?: Date;
  /** Default: the key that all of them share, because making one takes long. */
  readonly key?: string;
}

/** Somebody who vouches for others. */
export interface Authority extends Certified {
  issue(subject: Subject): Certified;
  /** An authority below this one. */
  issueAuthority(name: string): Authority;
}

const day = 24 * 60 * 60 * 1000;

/** A new RSA key in PKCS#8. */
export function createKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

const shared = createKey();

/** An authority of its own making. */
export function createAuthority(name: string): Authority {
  const key = createKey();
  return authority({ cert: sign({ name, key }, undefined, true), key });
}

function authority(own: Certified): Authority {
  return {
    ...own,
    issue: (subject) => ({ cert: sign(subject, own, false), key: subject.key ?? shared }),
    issueAuthority: (name) => authority({ cert: sign({ name }, own, true), key: shared }),
  };
}

/** A certificate that nobody vouches for but itself. */
export function selfSigned(subject: Subject): Certified {
  return { cert: sign(subject, undefined, false), key: subject.key ?? shared };
}

function sign(subject: Subject, issuer: Certified | undefined, isAuthority: boolean): string {
  const { name, hosts = [], notBefore = new Date(Date.now() - day), notAfter = new Date(Date.now() + day), key = shared } = subject;
  const certificate = forge.pki.createCertificate();
  const privateKey = forge.pki.privateKeyFromPem(key);
  certificate.publicKey = forge.pki.rsa.setPublicKey(privateKey.n, privateKey.e);
  certificate.serialNumber = `01${randomBytes(8).toString("hex")}`;
  certificate.validity.notBefore = notBefore;
  certificate.validity.notAfter = notAfter;
  const attributes = [{ name: "commonName", value: name }];
  certificate.setSubject(attributes);
  certificate.setIssuer(issuer === undefined ? attributes : forge.pki.certificateFromPem(issuer.cert).subject.attributes);
  certificate.setExtensions([
    { name: "basicConstraints", cA: isAuthority },
    ...(isAuthority ? [{ name: "keyUsage", keyCertSign: true, cRLSign: true, digitalSignature: true }] : []),
    ...(hosts.length === 0
      ? []
      : [{ name: "subjectAltName", altNames: hosts.map((host) => (isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host })) }]),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(issuer?.key ?? key), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/** A key that only the passphrase opens: `pkcs1` is the traditional way, with `Proc-Type: 4,ENCRYPTED`. */
export function encryptKey(key: string, type: "pkcs1" | "pkcs8", passphrase: string): string {
  return createPrivateKey(key).export({ type, format: "pem", cipher: "aes-256-cbc", passphrase }).toString();
}

/** Certificate and key in PKCS#12. */
export function toPkcs12({ cert, key }: Certified, passphrase: string): Uint8Array {
  const store = forge.pkcs12.toPkcs12Asn1(forge.pki.privateKeyFromPem(key), [forge.pki.certificateFromPem(cert)], passphrase, {
    algorithm: "3des",
  });
  return Buffer.from(forge.asn1.toDer(store).getBytes(), "binary");
}
