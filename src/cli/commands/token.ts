/** `taxii token`: bearer tokens of accounts. */

import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { createToken, hashToken } from "../../accounts/index.js";
import type { TokenRecord } from "../../storage/index.js";
import { type DatabaseFlags, databaseOptions, operatorExitCodes, withStorage } from "../admin/database.js";
import { type Entry, isoTime, type JsonFlag, jsonOption, printDone, printThings } from "../admin/print.js";
import { act, wholeNumber } from "../arguments.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";

type Flags = DatabaseFlags & JsonFlag;

interface AddFlags extends Flags {
  readonly label: string;
  readonly days?: number | undefined;
}

const millisecondsPerDay = 86_400_000;

/** Adds `token` with its commands. */
export function addToken(program: Command, environment: Environment): void {
  const group = program.command("token").description("Bearer tokens: how programs log in.");
  addNotes(group, {
    exitCodes: operatorExitCodes,
    examples: ["taxii token add alice --days 365 --config taxii.yaml", "taxii token list --config taxii.yaml"],
  });
  addList(group, environment);
  addAdd(group, environment);
  addRemove(group, environment);
}

function addList(group: Command, environment: Environment): void {
  const command = group.command("list").description("List tokens. What bearers have is not kept, and not shown.");
  jsonOption(databaseOptions(command.argument("[account]", "only those of this account")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii token list alice --config taxii.yaml"] });
  act(command, (account: string | undefined, flags: Flags) =>
    withStorage(flags, environment, async ({ directory }) => {
      await printThings((await directory.tokens(account)).map(shown), flags, entryOf, "There are no tokens.", environment.output);
      return exitCodes.ok;
    }),
  );
}

function addAdd(group: Command, environment: Environment): void {
  const command = group
    .command("add")
    .description("Make a token for an account. It is printed this once.")
    .argument("<account>", "account");
  command.option("--label <text>", "what it is for", "").option("--days <number>", "days until it expires; default: never", wholeNumber(1));
  jsonOption(databaseOptions(command));
  addNotes(command, {
    notes: "Whoever has the token can do what the account may do. Clients send it as `Authorization: Bearer TOKEN`.",
    exitCodes: operatorExitCodes,
    examples: ['taxii token add alice --label "SIEM connector" --days 365 --config taxii.yaml > alice.token'],
  });
  act(command, (account: string, flags: AddFlags) =>
    withStorage(flags, environment, async ({ directory }) => {
      if ((await directory.account(account)) === undefined) throw new UsageError(`there is no account ${JSON.stringify(account)}`);
      const now = environment.now().getTime();
      const token = createToken();
      const record: TokenRecord = {
        id: randomUUID(),
        account,
        hash: hashToken(token),
        label: flags.label,
        created: now,
        expires: flags.days === undefined ? undefined : now + flags.days * millisecondsPerDay,
      };
      await directory.addToken(record);
      await printDone({ ...shown(record), token }, flags, token, environment.output);
      return exitCodes.ok;
    }),
  );
}

function addRemove(group: Command, environment: Environment): void {
  const command = group.command("remove").description("Make a token worthless.").argument("<id>", "id of the token, as listed");
  jsonOption(databaseOptions(command));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii token remove 2f6c1d0e --config taxii.yaml"] });
  act(command, (id: string, flags: Flags) =>
    withStorage(flags, environment, async ({ directory }) => {
      if (!(await directory.removeToken(id))) throw new UsageError(`there is no token ${JSON.stringify(id)}`);
      await printDone({ id, removed: true }, flags, `Removed ${id}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

interface Shown {
  readonly id: string;
  readonly account: string;
  readonly label: string;
  readonly created: string | undefined;
  readonly expires: string | undefined;
}

function shown({ id, account, label, created, expires }: TokenRecord): Shown {
  return { id, account, label, created: isoTime(created), expires: isoTime(expires) };
}

function entryOf({ id, account, label, created, expires }: Shown): Entry {
  return {
    title: `${id} of ${account}`,
    rows: [
      ["for", label],
      ["made", created],
      ["expires", expires ?? "never"],
    ],
  };
}
