/** PEM: keys and certificates as text, one behind another. */

/** A piece of PEM. */
export interface PemBlock {
  /** What it holds, `CERTIFICATE`. */
  readonly label: string;
  /** The piece itself, with its first and last line. */
  readonly text: string;
}

/** What certificates are called; the last is OpenSSL's own. */
const certificateLabels: ReadonlySet<string> = new Set(["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]);

/** The pieces of a text, in order; what stands between them is passed over, as OpenSSL does. */
export function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)].map(([block, label = ""]) => ({ label, text: block }));
}

export function isCertificate({ label }: PemBlock): boolean {
  return certificateLabels.has(label);
}

export function isPrivateKey({ label }: PemBlock): boolean {
  return label.endsWith("PRIVATE KEY");
}
