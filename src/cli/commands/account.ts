/** `taxii account`: who may use the server, and what for. */

import type { Command } from "commander";
import { hashPassword } from "../../accounts/index.js";
import type { AccountRecord, Storage } from "../../storage/index.js";
import { requireCollection } from "../admin/collections.js";
import { type DatabaseFlags, databaseOptions, operatorExitCodes, withStorage } from "../admin/database.js";
import { newPassword } from "../admin/password.js";
import { type Entry, type JsonFlag, jsonOption, printDone, printThings } from "../admin/print.js";
import { changedPermissions, permissionsText, type RightsFlags, rightsOptions } from "../admin/rights.js";
import { act, several } from "../arguments.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";

type Flags = DatabaseFlags & JsonFlag;

interface AccountFlags extends Flags, RightsFlags {
  /** False by `--no-password`. */
  readonly password?: boolean | undefined;
  readonly passwordFile?: string | undefined;
  readonly admin?: boolean | undefined;
  readonly certificate?: readonly string[] | undefined;
}

interface ChangeFlags extends AccountFlags {
  readonly changePassword?: boolean | undefined;
  readonly disable?: boolean | undefined;
  readonly enable?: boolean | undefined;
  readonly dropCertificate?: readonly string[] | undefined;
}

/** Adds `account` with its commands. */
export function addAccount(program: Command, environment: Environment): void {
  const group = program.command("account").description("Accounts: who may use the server, and what for.");
  addNotes(group, {
    exitCodes: operatorExitCodes,
    examples: ["taxii account add alice --read indicators --config taxii.yaml", "taxii account list --config taxii.yaml --json"],
  });
  addList(group, environment);
  addShow(group, environment);
  addAdd(group, environment);
  addChange(group, environment);
  addRemove(group, environment);
}

function addList(group: Command, environment: Environment): void {
  const command = jsonOption(databaseOptions(group.command("list").description("List all accounts.")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii account list --config taxii.yaml --json"] });
  act(command, (flags: Flags) =>
    withStorage(flags, environment, async ({ directory }) => {
      await printThings((await directory.accounts()).map(withoutHash), flags, entryOf, "There are no accounts.", environment.output);
      return exitCodes.ok;
    }),
  );
}

function addShow(group: Command, environment: Environment): void {
  const command = jsonOption(databaseOptions(group.command("show").description("Show an account.").argument("<name>", "account")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii account show alice --config taxii.yaml"] });
  act(command, (name: string, flags: Flags) =>
    withStorage(flags, environment, async (storage) => {
      await printThings([withoutHash(await requireAccount(storage, name))], flags, entryOf, "", environment.output);
      return exitCodes.ok;
    }),
  );
}

function addAdd(group: Command, environment: Environment): void {
  const command = group.command("add").description("Add an account.").argument("<name>", "name to log in with");
  command
    .option("--password-file <file>", "file with the password, - for standard input; default: ask for it")
    .option("--no-password", "no password: it logs in with tokens or certificates only")
    .option("--admin", "let it do everything")
    .option("--certificate <identity>", "client certificate that is this account: SHA-256 fingerprint or name; may be repeated", several);
  jsonOption(databaseOptions(rightsOptions(command, false)));
  addNotes(command, {
    exitCodes: operatorExitCodes,
    examples: [
      "taxii account add alice --read indicators --config taxii.yaml",
      "pass taxii/feeder | taxii account add feeder --write indicators --password-file - --config taxii.yaml",
    ],
  });
  act(command, (name: string, flags: AccountFlags) =>
    withStorage(flags, environment, async (storage) => {
      if ((await storage.directory.account(name)) !== undefined)
        throw new UsageError(`there is an account ${JSON.stringify(name)} already`);
      await requireCollections(storage, [...(flags.read ?? []), ...(flags.write ?? [])]);
      const account: AccountRecord = {
        name,
        passwordHash: flags.password === false ? undefined : await hashPassword(await newPassword(name, flags.passwordFile, environment)),
        admin: flags.admin ?? false,
        disabled: false,
        permissions: changedPermissions({}, flags),
        certificates: [...(flags.certificate ?? [])],
      };
      await storage.directory.putAccount(account);
      await printDone(withoutHash(account), flags, `Added ${name}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

function addChange(group: Command, environment: Environment): void {
  const command = group.command("change").description("Change an account; what no flag is about stays.").argument("<name>", "account");
  command
    .option("--change-password", "ask for a new password")
    .option("--password-file <file>", "file with the new password, - for standard input")
    .option("--no-password", "take its password away")
    .option("--admin", "let it do everything")
    .option("--no-admin", "let it do what its rights say")
    .option("--disable", "let it log in no more; its subscriptions stay")
    .option("--enable", "let it log in again")
    .option("--certificate <identity>", "add a client certificate; may be repeated", several)
    .option("--drop-certificate <identity>", "take a client certificate away; may be repeated", several);
  jsonOption(databaseOptions(rightsOptions(command, true)));
  addNotes(command, {
    exitCodes: operatorExitCodes,
    examples: [
      "taxii account change alice --write indicators --revoke reports --config taxii.yaml",
      "taxii account change alice --disable --config taxii.yaml",
    ],
  });
  act(command, (name: string, flags: ChangeFlags) =>
    withStorage(flags, environment, async (storage) => {
      if (flags.disable === true && flags.enable === true) throw new UsageError("--disable and --enable exclude each other");
      await requireAccount(storage, name);
      await requireCollections(storage, [...(flags.read ?? []), ...(flags.write ?? [])]);
      const passwordHash = await newHash(name, flags, environment);
      // While the password was being typed somebody else may have changed the account.
      const before = await requireAccount(storage, name);
      const dropped = new Set(flags.dropCertificate);
      const account: AccountRecord = {
        ...before,
        passwordHash: flags.password === false ? undefined : (passwordHash ?? before.passwordHash),
        admin: flags.admin ?? before.admin,
        disabled: flags.disable === true || (before.disabled && flags.enable !== true),
        permissions: changedPermissions(before.permissions, flags),
        certificates: [...new Set([...before.certificates, ...(flags.certificate ?? [])])].filter((one) => !dropped.has(one)),
      };
      await storage.directory.putAccount(account);
      await printDone(withoutHash(account), flags, `Changed ${name}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

/** The hash of the password that the flags give; undefined when they give none. */
async function newHash(
  name: string,
  { password, passwordFile, changePassword }: ChangeFlags,
  environment: Environment,
): Promise<string | undefined> {
  if (password === false || (passwordFile === undefined && changePassword !== true)) return undefined;
  return hashPassword(await newPassword(name, passwordFile, environment));
}

function addRemove(group: Command, environment: Environment): void {
  const command = group.command("remove").description("Remove an account with its tokens, subscriptions and results.");
  jsonOption(databaseOptions(command.argument("<name>", "account")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii account remove alice --config taxii.yaml"] });
  act(command, (name: string, flags: Flags) =>
    withStorage(flags, environment, async (storage) => {
      if (!(await storage.directory.removeAccount(name))) throw unknownAccount(name);
      await printDone({ name, removed: true }, flags, `Removed ${name}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

/** @throws UsageError when there is none of that name */
async function requireAccount({ directory }: Storage, name: string): Promise<AccountRecord> {
  const account = await directory.account(name);
  if (account === undefined) throw unknownAccount(name);
  return account;
}

function unknownAccount(name: string): UsageError {
  return new UsageError(`there is no account ${JSON.stringify(name)}`);
}

/** Rights on collections that are not there are mostly misspelt. @throws UsageError */
async function requireCollections(storage: Storage, names: readonly string[]): Promise<void> {
  for (const name of names) await requireCollection(storage, name);
}

type Shown = Omit<AccountRecord, "passwordHash"> & { readonly password: boolean };

/** Hashes are of use to nobody but those who want to crack them. */
function withoutHash({ passwordHash, ...account }: AccountRecord): Shown {
  return { ...account, password: passwordHash !== undefined };
}

function entryOf({ name, admin, disabled, permissions, certificates, password }: Shown): Entry {
  return {
    title: `${name}${disabled ? " (disabled)" : ""}${admin ? " (admin)" : ""}`,
    rows: [
      ["rights", admin ? "everything" : permissionsText(permissions) || "none"],
      ["password", password ? "yes" : "none"],
      ["certificates", certificates.join(", ")],
    ],
  };
}
