/** Errors all storages share. */

import { ValidationError } from "../../errors.js";
import { StorageError } from "../storage.js";

/** @param what as in "there is a subscription … already" */
export function alreadyExists(what: string, id: string): StorageError {
  return new StorageError("ALREADY_EXISTS", `there is ${what} ${JSON.stringify(id)} already`);
}

export function quotaExceeded(owner: string, quota: number): StorageError {
  const who = owner === "" ? "nobody in particular" : `the account ${JSON.stringify(owner)}`;
  return new StorageError("QUOTA_EXCEEDED", `${who} has as many result sets as it may have: ${quota}`);
}

export function noSuchAccount(name: string): ValidationError {
  return new ValidationError("the token", [{ path: "account", message: `there is no account ${JSON.stringify(name)}`, severity: "error" }]);
}
