/** Rights of accounts as flags have them. */

import type { Command } from "commander";
import type { AccountRecord, Right } from "../../storage/index.js";
import { several } from "../arguments.js";

/** The flags as commander gives them. */
export interface RightsFlags {
  readonly read?: readonly string[] | undefined;
  readonly write?: readonly string[] | undefined;
  readonly revoke?: readonly string[] | undefined;
}

/** Adds `--read`, `--write` and, for accounts that exist, `--revoke`. */
export function rightsOptions(command: Command, existing: boolean): Command {
  command
    .option("--read <collection>", "let it poll and subscribe to this collection; may be repeated", several)
    .option("--write <collection>", "let it send content to this collection; may be repeated", several);
  return existing ? command.option("--revoke <collection>", "take all its rights on this collection; may be repeated", several) : command;
}

/** The permissions `before` with the flags applied: first what is revoked, then what is granted. */
export function changedPermissions(
  before: AccountRecord["permissions"],
  { read = [], write = [], revoke = [] }: RightsFlags,
): AccountRecord["permissions"] {
  const rights = new Map(Object.entries(before).map(([name, list]) => [name, new Set<Right>(list)]));
  for (const name of revoke) rights.delete(name);
  const grant = (name: string, right: Right): void => {
    rights.set(name, (rights.get(name) ?? new Set()).add(right));
  };
  for (const name of read) grant(name, "read");
  for (const name of write) grant(name, "write");
  return Object.fromEntries([...rights].map(([name, set]) => [name, [...set].sort()]));
}

/** Permissions on a line: `indicators (read, write), reports (read)`. */
export function permissionsText(permissions: AccountRecord["permissions"]): string {
  return Object.entries(permissions)
    .map(([name, rights]) => `${name} (${rights.join(", ")})`)
    .join(", ");
}
