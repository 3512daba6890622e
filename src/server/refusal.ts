/** Requests that are not answered as they wanted: what goes back instead. */

import { isTaxiiError, ParseError, ValidationError } from "../errors.js";
import { TransportError } from "../http/transport-error.js";
import { StatusError } from "../message/status-error.js";

/** A Status Message, and the HTTP status it travels with. */
export interface Refusal {
  readonly error: StatusError;
  /** 200 unless the failure is one of HTTP's own (HTTP-RSP-003, HTTP-RSP-004). */
  readonly httpStatus: number;
}

/** A request that is at fault before any handler has seen it. */
export class RefusedRequest extends Error {
  readonly refusal: Refusal;

  constructor(error: StatusError, httpStatus = 200) {
    super(error.message, { cause: error });
    this.name = "RefusedRequest";
    this.refusal = { error, httpStatus };
  }
}

/** The fault of a body that cannot be read: too large, badly compressed, not TAXII, or not what TAXII demands. */
export function refuseBody(error: unknown): RefusedRequest | undefined {
  if (!isTaxiiError(error)) return undefined;
  // What the sender got wrong is said in full (SVC-STAT-002); it is about the message, nothing of the server's is in it.
  const status = new StatusError("BAD_MESSAGE", { message: sentence(error.message), cause: error });
  if (error instanceof TransportError) return new RefusedRequest(status, bodyStatus(error));
  if (error instanceof ParseError || error instanceof ValidationError) return new RefusedRequest(status);
  return undefined;
}

function bodyStatus({ code }: TransportError): number {
  if (code === "TOO_LARGE") return 413;
  return code === "UNSUPPORTED_ENCODING" ? 415 : 400;
}

/** The refusal of a request that comes too early: RETRY with the seconds to wait. */
export function retry(message: string, seconds: number, httpStatus = 200): RefusedRequest {
  return new RefusedRequest(new StatusError("RETRY", { message, details: { ESTIMATED_WAIT: String(seconds) } }), httpStatus);
}

/** All that a peer is told of a fault of ours (SEC-ID-004). */
export function failure(): StatusError {
  return new StatusError("FAILURE", { message: "The request failed for a reason that lies with this server." });
}

/** `text` with a capital letter and a full stop. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
