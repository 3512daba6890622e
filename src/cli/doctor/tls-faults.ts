/** Faults of TLS in plain words, and which flag helps. */

import { errorsBehind } from "../../http/error-chain.js";
import { tlsAlertOf } from "../../http/tls-alert.js";
import { exitCodes } from "../output.js";
import { failure, type Note } from "./finding.js";

interface Explanation {
  readonly text: string;
  readonly advice: string;
}

const otherAuthority = "give the authority's certificate with --ca FILE, or --system-ca if this machine knows it";
const clientCertificate = "give a client certificate with --cert and --key, or --pfx";
const checkCertificate = "check that the client certificate is the one registered with the server, and still valid";
const oldVersions = "if the server is old, allow old versions: --min-tls 1.0";
const operator = "the server's operator has to replace it";

/** Faults of the server's certificate, by the code of OpenSSL or Node. */
const certificateFaults: Readonly<Record<string, Explanation>> = {
  CERT_HAS_EXPIRED: { text: "a certificate of the chain has expired", advice: "the server's operator has to renew it" },
  CERT_NOT_YET_VALID: { text: "a certificate of the chain is not valid yet", advice: "check the clock of this machine" },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    text: "the server has issued its certificate itself",
    advice: "if the fingerprint is the one the operator tells you, give the certificate with --ca FILE",
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    text: "the chain ends with an authority that is not trusted",
    advice: `${otherAuthority}; a proxy that looks into TLS may also be the reason`,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    text: "the authority that issued the certificate is not known, and the server does not send its certificate",
    advice: `${otherAuthority}; the operator can mend it by sending the certificates in between`,
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { text: "the authority that issued a certificate of the chain is not known", advice: otherAuthority },
  UNABLE_TO_GET_ISSUER_CERT: { text: "the authority that issued a certificate of the chain is not known", advice: otherAuthority },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    text: "the certificate is for other names",
    advice: "use one of its names in the URL; or another server answers than the one you mean",
  },
  CERT_REVOKED: { text: "a certificate of the chain was revoked", advice: operator },
  INVALID_PURPOSE: { text: "the certificate is not one for servers", advice: operator },
};

/** Alerts that the server sends, by name. */
const alerts: Readonly<Record<string, Explanation>> = {
  handshake_failure: { text: "the server finds nothing that both sides can do", advice: `${oldVersions}; or ${clientCertificate}` },
  certificate_required: { text: "the server wants a client certificate", advice: clientCertificate },
  no_certificate: { text: "the server wants a client certificate", advice: clientCertificate },
  bad_certificate: { text: "the server does not accept the client certificate", advice: checkCertificate },
  unsupported_certificate: { text: "the server does not accept client certificates of this kind", advice: checkCertificate },
  certificate_revoked: { text: "the client certificate was revoked", advice: "ask for a new one" },
  certificate_expired: { text: "the client certificate has expired", advice: "ask for a new one" },
  certificate_unknown: { text: "the server does not accept the client certificate", advice: checkCertificate },
  unknown_ca: {
    text: "the server does not know who issued the client certificate",
    advice: `${checkCertificate}; the file of --cert may need the certificates in between`,
  },
  access_denied: { text: "the client certificate gives no access", advice: checkCertificate },
  protocol_version: { text: "both sides have no version of TLS in common", advice: oldVersions },
  insufficient_security: { text: "the server wants stronger encryption", advice: "use a newer version of Node" },
  unrecognized_name: {
    text: "the server does not know the name in the URL",
    advice: "use the name under which the server is known, not its address",
  },
};

/** What this side finds wrong with what comes, and breaks of the connection, by code. */
const connectionFaults: Readonly<Record<string, Explanation>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: {
    text: "what answers does not speak TLS",
    advice: "the port may be one for plain HTTP: try http:// or another port",
  },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: {
    text: "what answers does not speak TLS",
    advice: "the port may be one for plain HTTP: try http:// or another port",
  },
  ERR_SSL_UNSUPPORTED_PROTOCOL: { text: "both sides have no version of TLS in common", advice: oldVersions },
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: { text: "both sides have no version of TLS in common", advice: oldVersions },
  ECONNRESET: {
    text: "the connection is broken off during the handshake",
    advice: `a firewall may be in the way; or ${clientCertificate}; ${oldVersions}`,
  },
  ETIMEDOUT: { text: "the handshake does not end in time", advice: "the port may be one for plain HTTP, or the server is overloaded" },
};

/** What is wrong with the server's certificate. @param code of OpenSSL or Node */
export function certificateFault(code: string): Explanation {
  return entryOf(certificateFaults, code) ?? { text: `the certificate cannot be trusted (${code})`, advice: otherAuthority };
}

/** Why there is no TLS connection, or why it ended. */
export function tlsFault(error: unknown): Note {
  const { text, advice } = explain(error);
  return failure(text, exitCodes.network, advice);
}

function explain(error: unknown): Explanation {
  const alert = tlsAlertOf(error);
  if (alert !== undefined && !alert.local) {
    const other = {
      text: `the server ends the connection with the alert ${alert.name}`,
      advice: "ask the server's operator what it takes",
    };
    return entryOf(alerts, alert.name) ?? other;
  }
  for (const { code } of errorsBehind(error)) {
    const known = entryOf(certificateFaults, code) ?? entryOf(connectionFaults, code);
    if (known !== undefined) return known;
  }
  return {
    text: `TLS fails: ${error instanceof Error ? error.message : String(error)}`,
    advice: "ask the server's operator what it takes",
  };
}

function entryOf(table: Readonly<Record<string, Explanation>>, key: string): Explanation | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
