/** `taxii subscriptions`: the subscriptions to a collection. */

import type { Command } from "commander";
import { act } from "../arguments.js";
import { openClient } from "../connection-options.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";
import { formOf } from "../output-form.js";
import { printRecords } from "../records.js";
import { finishSubscriptionCommand, type SubscriptionFlags, subscriptionCommand, subscriptionKind } from "../subscription-records.js";

interface Flags extends SubscriptionFlags {
  readonly subscription?: string | undefined;
}

/** Adds `subscriptions`. */
export function addSubscriptions(program: Command, environment: Environment): void {
  const command = subscriptionCommand(program, "subscriptions", "List your subscriptions to a collection.");
  command.option("-s, --subscription <id>", "only this subscription");
  finishSubscriptionCommand(command);
  addNotes(command, { examples: ["taxii subscriptions https://taxii.example.com/discovery --collection indicators"] });
  act(command, async (url: string | undefined, flags: Flags) => {
    const { signal, output } = environment;
    const { collection, address, subscription } = flags;
    const client = await openClient(flags, environment, url);
    const records = await client.subscriptions(collection, { signal, address, subscriptionId: subscription });
    await printRecords(records, formOf(flags), subscriptionKind(collection, "There are no subscriptions."), output);
    return exitCodes.ok;
  });
}
