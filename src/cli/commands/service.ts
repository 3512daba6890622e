/** `taxii service`: the services of the server's own database. */

import { type Command, InvalidArgumentError, Option } from "commander";
import type { ServiceRecord } from "../../storage/index.js";
import { type DatabaseFlags, databaseOptions, operatorExitCodes, withStorage } from "../admin/database.js";
import { type Entry, type JsonFlag, jsonOption, printDone, printThings } from "../admin/print.js";
import { checkServices } from "../admin/services.js";
import { either } from "../admin/switches.js";
import { act, several, wholeNumber } from "../arguments.js";
import { bindingsOf } from "../content-binding-flags.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { bindingsText } from "../listing.js";
import { exitCodes } from "../output.js";

type Flags = DatabaseFlags & JsonFlag;

interface SettingFlags extends Flags {
  readonly type?: ServiceRecord["type"] | undefined;
  readonly address?: string | undefined;
  readonly description?: string | undefined;
  readonly available?: boolean | undefined;
  readonly unavailable?: boolean | undefined;
  readonly accounts?: boolean | undefined;
  readonly anonymous?: boolean | undefined;
  readonly taxii?: readonly ServiceRecord["versions"][number][] | undefined;
  readonly collection?: readonly string[] | undefined;
  readonly allCollections?: boolean | undefined;
  readonly advertise?: readonly string[] | undefined;
  readonly binding?: readonly string[] | undefined;
  readonly destination?: NonNullable<ServiceRecord["destination"]> | undefined;
  readonly subscriptions?: boolean | undefined;
  readonly requireSubscription?: boolean | undefined;
  readonly maxBlocks?: number | undefined;
}

/** Adds `service` with its commands. */
export function addService(program: Command, environment: Environment): void {
  const group = program
    .command("service")
    .description("Services of the server's own database. Where the configuration has services, those are served instead.");
  addNotes(group, {
    exitCodes: operatorExitCodes,
    examples: ["taxii service list --config taxii.yaml", "taxii service change poll --unavailable --config taxii.yaml"],
  });
  addList(group, environment);
  addAdd(group, environment);
  addChange(group, environment);
  addRemove(group, environment);
}

function addList(group: Command, environment: Environment): void {
  const command = jsonOption(databaseOptions(group.command("list").description("List all services.").argument("[id]", "only this one")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii service list --config taxii.yaml"] });
  act(command, (id: string | undefined, flags: Flags) =>
    withStorage(flags, environment, async ({ directory }) => {
      const services = (await directory.services()).filter((service) => id === undefined || service.id === id);
      await printThings(
        services,
        flags,
        entryOf,
        id === undefined ? "There are no services." : `There is no service ${id}.`,
        environment.output,
      );
      return exitCodes.ok;
    }),
  );
}

function versionFlag(text: string, before: readonly string[] | undefined): readonly string[] {
  if (text !== "1.0" && text !== "1.1") throw new InvalidArgumentError("Expected 1.0 or 1.1.");
  return several(text, before);
}

function settingOptions(command: Command): Command {
  command
    .addOption(new Option("--type <type>", "what it does").choices(["DISCOVERY", "COLLECTION_MANAGEMENT", "INBOX", "POLL"]))
    .option("--address <address>", "path to serve; or the whole address of a service elsewhere, which is advertised only")
    .option("--description <text>", "for people")
    .option("--available", "it works")
    .option("--unavailable", "for the time being it does not")
    .option("--accounts", "only accounts may use it")
    .option("--anonymous", "everybody may use it, as far as rights on collections go")
    .option("--taxii <version>", "version it speaks, 1.0 or 1.1; may be repeated; default: both", versionFlag)
    .option("--collection <name>", "collection it serves; may be repeated; default: all", several)
    .option("--all-collections", "it serves all collections")
    .option("--advertise <id>", "service that discovery shows; may be repeated; default: all", several)
    .option("--binding <binding>", "what an inbox takes, with subtypes behind commas; may be repeated; default: anything", several)
    .addOption(new Option("--destination <rule>", "whether senders name collections").choices(["required", "optional", "prohibited"]))
    .option("--subscriptions", "a collection management service takes subscriptions")
    .option("--no-subscriptions", "it does not")
    .option("--require-subscription", "polls have to be of a subscription")
    .option("--max-blocks <number>", "blocks in one part of a poll's result", wholeNumber(1));
  return jsonOption(databaseOptions(command));
}

const fresh = {
  description: undefined,
  available: true,
  requiresAccount: false,
  versions: ["1.1", "1.0"],
  protocolBindings: undefined,
  collections: undefined,
  advertised: undefined,
  contentBindings: [],
  destination: undefined,
  requiresSubscription: undefined,
  maxBlocks: undefined,
  subscriptions: undefined,
  subscriptionMessage: undefined,
} as const satisfies Omit<ServiceRecord, "id" | "type" | "address">;

function addAdd(group: Command, environment: Environment): void {
  const command = settingOptions(group.command("add").description("Add a service.").argument("<id>", "unique"));
  addNotes(command, {
    exitCodes: operatorExitCodes,
    examples: ["taxii service add poll --type POLL --address /services/poll --config taxii.yaml"],
  });
  act(command, (id: string, flags: SettingFlags) =>
    withStorage(flags, environment, async ({ directory }) => {
      const { type, address } = flags;
      if (type === undefined || address === undefined) throw new UsageError("expected --type and --address");
      const others = await directory.services();
      if (others.some((service) => service.id === id)) throw new UsageError(`there is a service ${JSON.stringify(id)} already`);
      const service = changed({ id, type, address, ...fresh }, flags);
      checkServices([...others, service]);
      await directory.putService(service);
      await printDone(service, flags, `Added ${id}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

function addChange(group: Command, environment: Environment): void {
  const command = settingOptions(
    group.command("change").description("Change a service; what no flag is about stays.").argument("<id>", "service"),
  );
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii service change poll --unavailable --config taxii.yaml"] });
  act(command, (id: string, flags: SettingFlags) =>
    withStorage(flags, environment, async ({ directory }) => {
      const services = await directory.services();
      const before = services.find((service) => service.id === id);
      if (before === undefined) throw unknownService(id);
      const service = changed(before, flags);
      checkServices(services.map((one) => (one === before ? service : one)));
      await directory.putService(service);
      await printDone(service, flags, `Changed ${id}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

function addRemove(group: Command, environment: Environment): void {
  const command = jsonOption(databaseOptions(group.command("remove").description("Remove a service.").argument("<id>", "service")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii service remove poll --config taxii.yaml"] });
  act(command, (id: string, flags: Flags) =>
    withStorage(flags, environment, async ({ directory }) => {
      if (!(await directory.removeService(id))) throw unknownService(id);
      await printDone({ id, removed: true }, flags, `Removed ${id}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

function unknownService(id: string): UsageError {
  return new UsageError(`there is no service ${JSON.stringify(id)}`);
}

/** @throws UsageError when flags contradict each other */
function changed(before: ServiceRecord, flags: SettingFlags): ServiceRecord {
  return {
    ...before,
    type: flags.type ?? before.type,
    address: flags.address ?? before.address,
    description: flags.description ?? before.description,
    available: either(flags, "available", "unavailable") ?? before.available,
    requiresAccount: either(flags, "accounts", "anonymous") ?? before.requiresAccount,
    versions: flags.taxii ?? before.versions,
    collections: flags.allCollections === true ? undefined : (flags.collection ?? before.collections),
    advertised: flags.advertise ?? before.advertised,
    contentBindings:
      flags.binding === undefined
        ? before.contentBindings
        : bindingsOf(flags.binding).map(({ bindingId, subtypes = [] }) => ({ bindingId, subtypes: [...subtypes] })),
    destination: flags.destination ?? before.destination,
    subscriptions: flags.subscriptions ?? before.subscriptions,
    requiresSubscription: flags.requireSubscription ?? before.requiresSubscription,
    maxBlocks: flags.maxBlocks ?? before.maxBlocks,
  };
}

function entryOf(service: ServiceRecord): Entry {
  const inbox = service.type === "INBOX";
  return {
    title: `${service.id} (${service.type}${service.available ? "" : ", unavailable"})`,
    rows: [
      ["address", service.address],
      ["description", service.description],
      ["for", service.requiresAccount ? "accounts only" : "everybody"],
      ["TAXII", service.versions.join(", ")],
      ["collections", service.type === "DISCOVERY" ? undefined : (service.collections?.join(", ") ?? "all")],
      ["advertises", service.type === "DISCOVERY" ? (service.advertised?.join(", ") ?? "all services") : undefined],
      ["takes", inbox ? bindingsText(service.contentBindings) : undefined],
      ["destination", inbox ? (service.destination ?? "optional") : undefined],
      ["subscriptions", service.type === "COLLECTION_MANAGEMENT" ? (service.subscriptions === false ? "no" : "yes") : undefined],
      ["polls", service.type === "POLL" && service.requiresSubscription === true ? "of subscriptions only" : undefined],
      ["part", service.maxBlocks === undefined ? undefined : `${service.maxBlocks} blocks`],
    ],
  };
}
