/** TLS alerts, read from the errors that runtimes on OpenSSL give. */

import type { StatusTypeEnum } from "../../generated/taxii11/index.js";
import { errorsBehind } from "./error-chain.js";

/** The alert that ended a TLS connection. */
export interface TlsAlert {
  /** 2, fatal: the other level ends no connection. */
  readonly level: 2;
  /** The number of the alert, such as 48. */
  readonly description: number;
  /** The name that RFC 8446 and its predecessors give it, such as `unknown_ca`. */
  readonly name: string;
  /** Level and description as four hexadecimal digits, such as `0230` (HTTP-TLS-003). */
  readonly hex: string;
  /** The status type it stands for (HTTP-TLS-001, HTTP-TLS-002). */
  readonly statusType: Extract<StatusTypeEnum, "UNAUTHORIZED" | "FAILURE">;
  /** Whether it was this side that gave up; then it is the alert this side sends for that (HTTP-TLS-004). */
  readonly local: boolean;
  /** The code of the error that says so, such as `CERT_HAS_EXPIRED`. */
  readonly code: string;
}

const names = new Map([
  [0, "close_notify"],
  [10, "unexpected_message"],
  [20, "bad_record_mac"],
  [21, "decryption_failed"],
  [22, "record_overflow"],
  [30, "decompression_failure"],
  [40, "handshake_failure"],
  [41, "no_certificate"],
  [42, "bad_certificate"],
  [43, "unsupported_certificate"],
  [44, "certificate_revoked"],
  [45, "certificate_expired"],
  [46, "certificate_unknown"],
  [47, "illegal_parameter"],
  [48, "unknown_ca"],
  [49, "access_denied"],
  [50, "decode_error"],
  [51, "decrypt_error"],
  [60, "export_restriction"],
  [70, "protocol_version"],
  [71, "insufficient_security"],
  [80, "internal_error"],
  [86, "inappropriate_fallback"],
  [90, "user_canceled"],
  [100, "no_renegotiation"],
  [109, "missing_extension"],
  [110, "unsupported_extension"],
  [111, "certificate_unobtainable"],
  [112, "unrecognized_name"],
  [113, "bad_certificate_status_response"],
  [114, "bad_certificate_hash_value"],
  [115, "unknown_psk_identity"],
  [116, "certificate_required"],
  [120, "no_application_protocol"],
]);

const numbers = new Map([...names].map(([number, name]) => [name, number]));

/** HTTP-TLS-001. */
const unauthorized: ReadonlySet<number> = new Set([40, 41, 42, 43, 48, 49]);

/** What this side finds wrong, by code, and the alert it sends then. */
const localAlerts: ReadonlyMap<string, number> = new Map([
  // Certificates whose issuer is not known.
  ["DEPTH_ZERO_SELF_SIGNED_CERT", 48],
  ["SELF_SIGNED_CERT_IN_CHAIN", 48],
  ["UNABLE_TO_GET_ISSUER_CERT", 48],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", 48],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", 48],
  ["UNABLE_TO_GET_CRL", 48],
  ["CERT_CHAIN_TOO_LONG", 48],
  ["PATH_LENGTH_EXCEEDED", 48],
  ["INVALID_CA", 48],
  // Certificates that are wrong in themselves, or here.
  ["CERT_HAS_EXPIRED", 45],
  ["CRL_HAS_EXPIRED", 45],
  ["CERT_REVOKED", 44],
  ["INVALID_PURPOSE", 43],
  ["CERT_NOT_YET_VALID", 42],
  ["CRL_NOT_YET_VALID", 42],
  ["CERT_UNTRUSTED", 42],
  ["CERT_REJECTED", 42],
  ["HOSTNAME_MISMATCH", 42],
  ["ERR_TLS_CERT_ALTNAME_INVALID", 42],
  ["ERROR_IN_CERT_NOT_BEFORE_FIELD", 42],
  ["ERROR_IN_CERT_NOT_AFTER_FIELD", 42],
  ["ERROR_IN_CRL_LAST_UPDATE_FIELD", 42],
  ["ERROR_IN_CRL_NEXT_UPDATE_FIELD", 42],
  ["UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", 42],
  ["UNABLE_TO_DECRYPT_CERT_SIGNATURE", 42],
  ["UNABLE_TO_DECRYPT_CRL_SIGNATURE", 42],
  ["CERT_SIGNATURE_FAILURE", 51],
  ["CRL_SIGNATURE_FAILURE", 51],
  // The protocol.
  ["ERR_SSL_WRONG_VERSION_NUMBER", 70],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", 70],
  ["ERR_SSL_DH_KEY_TOO_SMALL", 40],
  ["ERR_SSL_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED", 40],
  ["ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED", 40],
  ["ERR_SSL_UNEXPECTED_MESSAGE", 10],
  ["ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", 20],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", 22],
  ["ERR_SSL_WRONG_SIGNATURE_TYPE", 47],
  ["ERR_SSL_BAD_SIGNATURE", 51],
]);

/**
 * The TLS alert behind an error, its causes and the errors it stands for; undefined when there is none.
 *
 * A connection that is cut without an alert gives none: some servers refuse a client certificate like that.
 */
export function tlsAlertOf(error: unknown): TlsAlert | undefined {
  for (const { code, message } of errorsBehind(error)) {
    const received = receivedAlert(code, message);
    const description = received ?? localAlerts.get(code);
    if (description !== undefined) return alert(description, received === undefined, code);
  }
  return undefined;
}

function alert(description: number, local: boolean, code: string): TlsAlert {
  return {
    level: 2,
    description,
    name: names.get(description) ?? `alert_${description}`,
    hex: `02${description.toString(16).padStart(2, "0")}`,
    statusType: unauthorized.has(description) ? "UNAUTHORIZED" : "FAILURE",
    local,
    code,
  };
}

/** The number of an alert that the peer sent: from the text of the error, its number, or its code. */
function receivedAlert(code: string, message: string): number | undefined {
  const number = /\bSSL alert number (\d{1,3})\b/.exec(message)?.[1];
  if (number !== undefined) return Number(number);
  // Reasons from 1000 on are alerts. The library's own number comes first, differently in OpenSSL 1 and 3.
  const reason = /\berror:(?:0A000|14[0-9A-F]{3})([0-9A-F]{3}):/i.exec(message)?.[1];
  const alertOfReason = reason === undefined ? -1 : Number.parseInt(reason, 16) - 1000;
  if (names.has(alertOfReason)) return alertOfReason;
  const name = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13|SSL\/TLS)_(?:ALERT_)?(\w+)$/.exec(code)?.[1]?.toLowerCase();
  return name === "user_cancelled" ? 90 : numbers.get(name ?? "");
}
