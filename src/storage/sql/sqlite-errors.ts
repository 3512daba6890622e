/** What failures of SQLite, and of the files it works on, mean. */

import type { StorageErrorCode } from "../storage.js";
import { driverCode } from "./driver-code.js";

// SHMSIZE: the file by which processes find their way in the log could not be made larger.
const full = /^(?:SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/;

const unavailable = /^(?:SQLITE_(?:BUSY|LOCKED|IOERR|CANTOPEN|READONLY|PROTOCOL|NOLFS|PERM|AUTH)|E(?:ACCES|PERM|ROFS|IO|MFILE|NFILE)$)/;

/** Whether another process writes, and is done soon. */
export function isBusy(error: unknown): boolean {
  return driverCode(error).startsWith("SQLITE_BUSY");
}

/** See SqlConnectionOptions. */
export function meaningOf(error: unknown): StorageErrorCode | undefined {
  const code = driverCode(error);
  if (full.test(code)) return "STORAGE_FULL";
  return unavailable.test(code) ? "UNAVAILABLE" : undefined;
}
