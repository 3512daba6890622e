/** What failures of PostgreSQL, and of the way to it, mean. */

import type { StorageErrorCode } from "../storage.js";
import { driverCode } from "./driver-code.js";

// Serialization failure, deadlock: everything was rolled back, and goes well the next time.
const busy = /^40(?:001|P01)$/;

const full = /^(?:53100|ENOSPC)$/;

const unavailable = [
  // Connection exceptions; connections refused, ended by the operator, or ended by a shutdown or restart.
  /^(?:08...|53[2-4]00|57P0[1-5])$/,
  // A time limit; a standby, which takes no writes, as after a failover; an I/O error.
  /^(?:57014|55P03|25P0[34]|25006|58030|40...)$/,
  // The network, and a Unix socket that is not there.
  /^E(?:CONNREFUSED|CONNRESET|CONNABORTED|PIPE|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH|HOSTDOWN|NOENT)$/,
];

// The driver has no codes for these.
const lost =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;

/** Whether to try again at once. */
export function isBusy(error: unknown): boolean {
  return busy.test(driverCode(error));
}

/** Whether nothing more can be expected from the connection it happened on. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = driverCode(error);
  return lost.test(error.message) || /^(?:08|57P0|25P0[34])/.test(code) || /^E[A-Z]+$/.test(code);
}

/** See SqlConnectionOptions. */
export function meaningOf(error: unknown): StorageErrorCode | undefined {
  const code = driverCode(error);
  if (full.test(code)) return "STORAGE_FULL";
  return isLost(error) || unavailable.some((pattern) => pattern.test(code)) ? "UNAVAILABLE" : undefined;
}
