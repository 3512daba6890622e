/** Errors of the transport: what arrived is no TAXII message, or nothing arrived. */

import type { StatusTypeEnum } from "../../generated/taxii11/index.js";
import { TaxiiError } from "../errors.js";

/** Codes of {@link TransportError}. */
export type TransportErrorCode =
  /** No connection, or it broke before an answer came. */
  | "NETWORK"
  /** The answer is no TAXII message: an error page, a redirect, a login form. */
  | "NOT_TAXII"
  /** The answer is a TAXII message that does not answer the request. */
  | "MISMATCH"
  /** The answer is in a message binding that was not asked for. */
  | "UNSUPPORTED_BINDING"
  /** The body is larger than allowed. */
  | "TOO_LARGE"
  /** The body is compressed in a way that is not understood. */
  | "UNSUPPORTED_ENCODING"
  /** The body is not compressed as it says, or breaks off. */
  | "BAD_ENCODING"
  /** The TLS connection failed, or the peer's certificate is not to be trusted. */
  | "TLS"
  /** Nothing, or nothing more, came in time. */
  | "TIMEOUT"
  /** The login endpoint gave no token. */
  | "LOGIN"
  /** No service fits the request. */
  | "NO_SERVICE"
  /** Several services fit the request, and nothing says which. */
  | "AMBIGUOUS_SERVICE";

/** Where an HTTP exchange went wrong. */
export interface TransportErrorOptions extends ErrorOptions {
  readonly status?: number | undefined;
  readonly headers?: Headers | undefined;
  readonly statusType?: StatusTypeEnum | undefined;
  readonly alert?: string | undefined;
}

/** A request got no TAXII message for an answer, or not the one it should have. */
export class TransportError extends TaxiiError {
  declare readonly code: TransportErrorCode;
  /** HTTP status of the answer; undefined when there was none. */
  readonly status: number | undefined;
  /** Header fields of the answer by lower-case name, cookies left out; empty when there was none. */
  readonly headers: Readonly<Record<string, string>>;
  /** What went wrong, without the address. */
  readonly reason: string;
  /** The status type a client has to take this for (HTTP-MAP-003 to HTTP-MAP-010). Default: `FAILURE`. */
  readonly statusType: StatusTypeEnum;
  /** For `TLS`: the alert, level and description as four hexadecimal digits (HTTP-TLS-003); undefined when there was none. */
  readonly alert: string | undefined;

  constructor(code: TransportErrorCode, reason: string, options: TransportErrorOptions = {}) {
    super(code, reason, "cause" in options ? { cause: options.cause } : undefined);
    this.reason = reason;
    this.status = options.status;
    this.headers = Object.fromEntries([...(options.headers ?? [])].filter(([name]) => name !== "set-cookie"));
    this.statusType = options.statusType ?? "FAILURE";
    this.alert = options.alert;
  }
}

const statusTypes: Readonly<Record<number, StatusTypeEnum>> = {
  400: "BAD_MESSAGE",
  401: "UNAUTHORIZED",
  403: "UNAUTHORIZED",
  406: "UNSUPPORTED_MESSAGE",
  407: "UNAUTHORIZED",
  413: "BAD_MESSAGE",
  415: "UNSUPPORTED_MESSAGE",
};

/** What an HTTP status without a TAXII message stands for (HTTP-MAP-003 to HTTP-MAP-010). */
export function statusTypeOf(httpStatus: number): StatusTypeEnum {
  return statusTypes[httpStatus] ?? "FAILURE";
}
