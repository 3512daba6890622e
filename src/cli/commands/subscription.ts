/** `taxii subscription`: the subscriptions of the server's own database, of all accounts. */

import type { Command } from "commander";
import { formatLabel, type Storage, type Subscription } from "../../storage/index.js";
import { type DatabaseFlags, databaseOptions, operatorExitCodes, withStorage } from "../admin/database.js";
import { type Entry, isoTime, type JsonFlag, jsonOption, printDone, printThings } from "../admin/print.js";
import { act } from "../arguments.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { bindingsText } from "../listing.js";
import { exitCodes } from "../output.js";

type Flags = DatabaseFlags & JsonFlag;

interface ListFlags extends Flags {
  readonly account?: string | undefined;
  readonly collection?: string | undefined;
  readonly parked?: boolean | undefined;
}

/** Adds `subscription` with its commands. */
export function addSubscription(program: Command, environment: Environment): void {
  const group = program.command("subscription").description("Subscriptions of all accounts, and how their deliveries stand.");
  addNotes(group, { exitCodes: operatorExitCodes, examples: ["taxii subscription list --parked --config taxii.yaml"] });
  addList(group, environment);
  addStatus(group, environment, {
    name: "pause",
    status: "PAUSED",
    done: "Paused",
    description: "Push nothing for a subscription until it is resumed.",
  });
  addStatus(group, environment, {
    name: "resume",
    status: "ACTIVE",
    done: "Resumed",
    description: "Push again, with what came meanwhile.",
  });
  addRetry(group, environment);
  addRemove(group, environment);
}

function addList(group: Command, environment: Environment): void {
  const command = group.command("list").description("List subscriptions, oldest first.");
  command
    .argument("[id]", "only this one")
    .option("--account <name>", "only those of this account")
    .option("--collection <name>", "only those to this collection")
    .option("--parked", "only those whose deliveries were given up");
  jsonOption(databaseOptions(command));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii subscription list --parked --config taxii.yaml"] });
  act(command, (id: string | undefined, flags: ListFlags) =>
    withStorage(flags, environment, async ({ subscriptions }) => {
      const found = await subscriptions.find({ id, owner: flags.account, collection: flags.collection });
      const wanted = flags.parked === true ? found.filter(({ delivery }) => delivery.parked) : found;
      await printThings(wanted.map(shown), flags, entryOf, "There are no such subscriptions.", environment.output);
      return exitCodes.ok;
    }),
  );
}

interface StatusCommand {
  readonly name: string;
  readonly status: Subscription["status"];
  readonly done: string;
  readonly description: string;
}

function addStatus(group: Command, environment: Environment, { name, status, done, description }: StatusCommand): void {
  const command = jsonOption(databaseOptions(group.command(name).description(description).argument("<id>", "id of the subscription")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: [`taxii subscription ${name} urn:uuid:3c6e… --config taxii.yaml`] });
  act(command, (id: string, flags: Flags) =>
    withStorage(flags, environment, async (storage) => {
      const { owner, collection } = await requireSubscription(storage, id);
      const now = await storage.subscriptions.setStatus({ id, owner, collection }, status);
      if (now === undefined) throw unknownSubscription(id);
      await printDone(shown(now), flags, `${done} ${id}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

function addRetry(group: Command, environment: Environment): void {
  const command = group.command("retry").description("Take deliveries up again that were put off or given up.");
  jsonOption(databaseOptions(command.argument("<id>", "id of the subscription")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii subscription retry urn:uuid:3c6e… --config taxii.yaml"] });
  act(command, (id: string, flags: Flags) =>
    withStorage(flags, environment, async (storage) => {
      if (!(await storage.subscriptions.retry(id))) throw unknownSubscription(id);
      await printDone({ id, retried: true }, flags, `Deliveries of ${id} go on.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

function addRemove(group: Command, environment: Environment): void {
  const command = group.command("remove").description("End a subscription, as its owner would by UNSUBSCRIBE.");
  jsonOption(databaseOptions(command.argument("<id>", "id of the subscription")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii subscription remove urn:uuid:3c6e… --config taxii.yaml"] });
  act(command, (id: string, flags: Flags) =>
    withStorage(flags, environment, async (storage) => {
      if (!(await storage.subscriptions.remove({ id }))) throw unknownSubscription(id);
      await printDone({ id, removed: true }, flags, `Removed ${id}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

async function requireSubscription({ subscriptions }: Storage, id: string): Promise<Subscription> {
  const [subscription] = await subscriptions.find({ id });
  if (subscription === undefined) throw unknownSubscription(id);
  return subscription;
}

function unknownSubscription(id: string): UsageError {
  return new UsageError(`there is no subscription ${JSON.stringify(id)}`);
}

interface Shown {
  readonly id: string;
  readonly account: string;
  readonly collection: string;
  readonly status: Subscription["status"];
  readonly created: string | undefined;
  readonly content: string;
  readonly push: Subscription["push"];
  readonly delivered: string | undefined;
  readonly parked: boolean;
  readonly attempts: number;
  readonly nextAttempt: string | undefined;
  readonly error: string | undefined;
}

function shown({ id, owner, collection, status, created, parameters, push, delivery }: Subscription): Shown {
  const pushing = push !== undefined;
  return {
    id,
    account: owner,
    collection,
    status,
    created: isoTime(created),
    content: `${parameters?.responseType === "COUNT_ONLY" ? "counts of " : ""}${bindingsText(parameters?.contentBindings ?? [])}`,
    push,
    delivered: pushing ? formatLabel(delivery.delivered) : undefined,
    parked: delivery.parked,
    attempts: delivery.attempts,
    nextAttempt: delivery.attempts > 0 && !delivery.parked ? isoTime(delivery.notBefore) : undefined,
    error: delivery.error,
  };
}

function entryOf(one: Shown): Entry {
  return {
    title: `${one.id} (${one.parked ? "parked" : one.status.toLowerCase()})`,
    rows: [
      ["account", one.account === "" ? "nobody in particular" : one.account],
      ["collection", one.collection],
      ["content", one.content],
      ["made", one.created],
      ["pushed to", one.push?.address],
      ["delivered to", one.delivered],
      ["failures", one.attempts > 0 ? String(one.attempts) : undefined],
      ["next try", one.nextAttempt],
      ["last failure", one.error],
    ],
  };
}
