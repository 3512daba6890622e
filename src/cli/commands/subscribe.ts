/** `taxii subscribe`: a new subscription. */

import type { Command } from "commander";
import type { PushParameter } from "../../../generated/taxii11/index.js";
import { versionIds } from "../../constants.js";
import { protocolOf } from "../../http/headers.js";
import { act, several } from "../arguments.js";
import { openClient } from "../connection-options.js";
import { bindingsOf } from "../content-binding-flags.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";
import { formOf } from "../output-form.js";
import { printRecords } from "../records.js";
import { finishSubscriptionCommand, type SubscriptionFlags, subscriptionCommand, subscriptionKind } from "../subscription-records.js";

interface Flags extends SubscriptionFlags {
  readonly binding?: readonly string[] | undefined;
  readonly countOnly?: boolean | undefined;
  readonly inbox?: string | undefined;
  readonly inboxBinding?: string | undefined;
}

/** Adds `subscribe`. */
export function addSubscribe(program: Command, environment: Environment): void {
  const command = subscriptionCommand(program, "subscribe", "Subscribe to a collection.");
  command
    .option("-b, --binding <id>", "only content in this binding, subtypes behind a comma; repeatable", several)
    .option("--count-only", "have only the number of records delivered")
    .option("--inbox <url>", "inbox to deliver to; without one you poll with the id of the subscription")
    .option("--inbox-binding <id>", `message binding of the inbox; default: ${versionIds.xml11}`);
  finishSubscriptionCommand(command);
  addNotes(command, {
    examples: [
      "taxii subscribe https://taxii.example.com/discovery --collection indicators",
      "taxii subscribe --profile example --collection indicators --inbox https://inbox.example.org/inbox",
    ],
  });
  act(command, async (url: string | undefined, flags: Flags) => {
    const { signal, output } = environment;
    const { collection, address } = flags;
    const client = await openClient(flags, environment, url);
    const record = await client.subscribe(collection, {
      signal,
      address,
      contentBindings: bindingsOf(flags.binding),
      responseType: flags.countOnly === true ? "COUNT_ONLY" : "FULL",
      deliverTo: inboxOf(flags),
    });
    await printRecords([record], formOf(flags), subscriptionKind(collection, ""), output);
    return exitCodes.ok;
  });
}

/** @throws UsageError when the address is none, or a binding is given without it */
function inboxOf({ inbox, inboxBinding }: Flags): PushParameter | undefined {
  if (inbox === undefined) {
    if (inboxBinding !== undefined) throw new UsageError("--inbox-binding is given without --inbox");
    return undefined;
  }
  const protocolBinding = URL.canParse(inbox) ? protocolOf(new URL(inbox)) : undefined;
  if (protocolBinding === undefined) throw new UsageError("--inbox is no http or https URL");
  return { protocolBinding, address: inbox, messageBinding: inboxBinding ?? versionIds.xml11 };
}
