/** The authorities that come with Node and with the system. */

import { readFileSync } from "node:fs";
import tls from "node:tls";
import { isCertificate, pemBlocks } from "./pem.js";

/** Where systems keep their bundle: Debian, Fedora and RHEL, SUSE, Alpine and the BSDs. */
const bundlePaths = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** The authorities of a kind, in PEM. */
type CertificatesOf = (kind: "default" | "system") => readonly string[];

/** What the runtime says itself: nothing before Node 22.15. */
function runtimeCertificates(): CertificatesOf {
  const found: unknown = Reflect.get(tls, "getCACertificates");
  return typeof found === "function" ? (found as CertificatesOf) : () => [];
}

/** The authorities Node trusts when nothing else is said, those of NODE_EXTRA_CA_CERTS included, in PEM. */
export function defaultRoots(
  extraFile: string = process.env["NODE_EXTRA_CA_CERTS"] ?? "",
  runtime: CertificatesOf = runtimeCertificates(),
): readonly string[] {
  const known = runtime("default");
  return known.length > 0 ? known : [...tls.rootCertificates, ...bundle(extraFile)];
}

/**
 * The authorities the system trusts, in PEM.
 *
 * @param paths bundles to look for where Node does not know: the first that is there counts. Default: SSL_CERT_FILE, and where
 *   systems keep theirs
 * @throws TypeError when none is found
 */
export function systemRoots(
  paths: readonly string[] = [process.env["SSL_CERT_FILE"] ?? [], bundlePaths].flat(),
  runtime: CertificatesOf = runtimeCertificates(),
): readonly string[] {
  const known = runtime("system");
  if (known.length > 0) return known;
  for (const path of paths) {
    const found = bundle(path);
    if (found.length > 0) return found;
  }
  throw new TypeError(
    `tls.systemCa: the authorities of the system are not at ${paths.join(", ")}; set SSL_CERT_FILE, or give them as tls.ca`,
  );
}

/** The certificates in a file; none when there is no such file: Node, too, goes on without. */
function bundle(path: string): string[] {
  try {
    return pemBlocks(readFileSync(path, "latin1"))
      .filter(isCertificate)
      .map(({ text }) => text);
  } catch {
    return [];
  }
}
