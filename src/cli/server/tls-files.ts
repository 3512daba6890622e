/** The server's key and certificates, out of their files. */

import { createPrivateKey } from "node:crypto";
import type { TlsOptions } from "../../server/node/index.js";
import { readSecretFile } from "../connection/secrets.js";
import type { Environment } from "../environment.js";
import { fileErrorText, UsageError } from "../failure.js";
import type { TlsConfig } from "./config/listen.js";

const clientCertificates = { none: false, request: true, require: "required" } as const;

/**
 * Reads the files that TLS is configured with.
 *
 * @throws UsageError when one cannot be read, or the key cannot be opened
 */
export async function readTls(config: TlsConfig, environment: Environment): Promise<TlsOptions> {
  const { certificate, key, ca, minVersion } = config;
  return {
    cert: await readPem(certificate, environment),
    key: await openKey(await readPem(key, environment), config, environment),
    ca: ca === undefined ? undefined : await readPem(ca, environment),
    requestClientCertificate: clientCertificates[config.clientCertificates],
    minVersion,
  };
}

/** @throws UsageError when the file cannot be read */
export async function readPem(file: string, { readInput }: Pick<Environment, "readInput">): Promise<Uint8Array> {
  try {
    return await readInput(file);
  } catch (cause) {
    throw new UsageError(fileErrorText(cause, file), { cause });
  }
}

/** A key without password. */
async function openKey(
  pem: Uint8Array,
  { key, keyPassword, keyPasswordFile }: Pick<TlsConfig, "key" | "keyPassword" | "keyPasswordFile">,
  environment: Environment,
): Promise<string | Uint8Array> {
  const passphrase = keyPasswordFile === undefined ? keyPassword : await readSecretFile(keyPasswordFile, "key password", environment);
  if (passphrase === undefined) return pem;
  try {
    return createPrivateKey({ key: Buffer.from(pem), passphrase }).export({ type: "pkcs8", format: "pem" });
  } catch (cause) {
    // The reason of OpenSSL tells nothing of the key.
    throw new UsageError(`${key}: the key cannot be opened with its password`, { cause });
  }
}
