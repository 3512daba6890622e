/** `taxii unsubscribe`, `pause` and `resume`: what is done to a subscription that there is. */

import type { Command } from "commander";
import type { Client } from "../../client/api.js";
import { act } from "../arguments.js";
import { openClient } from "../connection-options.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";
import { formOf } from "../output-form.js";
import { printRecords } from "../records.js";
import { finishSubscriptionCommand, type SubscriptionFlags, subscriptionCommand, subscriptionKind } from "../subscription-records.js";

interface Flags extends SubscriptionFlags {
  readonly subscription: string;
}

type Action = "unsubscribe" | "pause" | "resume";

function addAction(name: Action, description: string, done: string): (program: Command, environment: Environment) => void {
  return (program, environment) => {
    const command = subscriptionCommand(program, name, description);
    command.requiredOption("-s, --subscription <id>", "id of the subscription; see taxii subscriptions");
    finishSubscriptionCommand(command);
    addNotes(command, {
      examples: [`taxii ${name} https://taxii.example.com/discovery --collection indicators --subscription urn:uuid:6a6c`],
    });
    act(command, async (url: string | undefined, flags: Flags) => {
      const { signal, output } = environment;
      const { collection, subscription, address } = flags;
      const client: Pick<Client, Action> = await openClient(flags, environment, url);
      const record = await client[name](collection, subscription, { signal, address });
      const records = record === undefined ? [] : [record];
      await printRecords(records, formOf(flags), subscriptionKind(collection, done), output);
      return exitCodes.ok;
    });
  };
}

/** Adds `unsubscribe`. */
export const addUnsubscribe = addAction("unsubscribe", "End a subscription.", "The subscription has ended.");

/** Adds `pause`. */
export const addPause = addAction(
  "pause",
  "Have a subscription deliver nothing until it is resumed (TAXII 1.1).",
  "The subscription is paused.",
);

/** Adds `resume`. */
export const addResume = addAction("resume", "Have a paused subscription deliver again (TAXII 1.1).", "The subscription is resumed.");
