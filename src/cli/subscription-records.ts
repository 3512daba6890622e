/** How subscriptions are printed, and the options their commands share. */

import type { Command } from "commander";
import { SubscriptionManagementResponse, SubscriptionRecord } from "../../generated/taxii11/index.js";
import { create } from "../message/create.js";
import { type AddressFlags, addressOption, type ConnectionFlags, connectionOptions, urlArgument } from "./connection-options.js";
import { subscriptionText } from "./listing.js";
import { type FormFlags, formOptions } from "./output-form.js";
import type { RecordKind } from "./records.js";

/** What every command about subscriptions is told. */
export interface SubscriptionFlags extends ConnectionFlags, FormFlags, AddressFlags {
  readonly collection: string;
}

/** A command about subscriptions: URL, collection, form of the output; its own options go between them and the connection's. */
export function subscriptionCommand(program: Command, name: string, description: string): Command {
  const command = urlArgument(program.command(name).description(description));
  command.requiredOption("-c, --collection <name>", "name of the collection; in TAXII 1.0, of the feed");
  return command;
}

/** Adds what stands last: the form of the output, and the connection. */
export function finishSubscriptionCommand(command: Command): void {
  formOptions(command, {
    json: "one JSON object a line for each subscription, with libtaxii's keys",
    xml: "a Subscription_Management_Response of TAXII 1.1",
  });
  connectionOptions(addressOption(command));
}

/** How subscriptions to the collection `collectionName` are printed. */
export function subscriptionKind(collectionName: string, none: string): RecordKind<SubscriptionRecord> {
  return {
    shape: SubscriptionRecord,
    text: subscriptionText,
    message: (subscriptions) => create(SubscriptionManagementResponse, { inResponseTo: "0", collectionName, subscriptions }),
    none,
  };
}
