/** `taxii-subscription`: subscriptions to a collection. */

import { Option } from "commander";
import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import { UsageError } from "../failure.js";
import { exitCodes } from "../output.js";
import type { CabbyCommand } from "./command.js";
import type { CommonFlags } from "./flags.js";
import { printMessage } from "./print.js";

const actions = ["subscribe", "status", "pause", "resume", "unsubscribe"] as const;

interface SubscriptionFlags extends CommonFlags {
  readonly action: (typeof actions)[number];
  readonly collection: string;
  readonly subscription?: string | undefined;
  readonly countOnly?: true | undefined;
}

export const subscription: CabbyCommand<SubscriptionFlags> = {
  description: "Manage subscriptions to a collection.",
  options: [
    new Option("-a, --action <action>", "what to do; required").choices(actions).makeOptionMandatory(),
    new Option("-c, --collection <name>", "collection it is about; required").makeOptionMandatory(),
    new Option("-s, --subscription <id>", "subscription it is about; needed to pause, resume and unsubscribe"),
    new Option("--count-only", "subscribe to counts instead of content"),
  ],
  example: "--path https://taxii.example.com/services/collection-management -a subscribe -c indicators",
  async run(flags, session) {
    checkFlags(flags);
    const options = { address: session.address, signal: session.environment.signal };
    const reply =
      session.version === "1.0"
        ? await session.client.send(request10(flags), options)
        : await session.client.send(request11(flags), options);
    await printMessage(reply, session);
    return exitCodes.ok;
  },
};

function checkFlags({ action, subscription, countOnly }: SubscriptionFlags): void {
  if (subscription === undefined && action !== "subscribe" && action !== "status")
    throw new UsageError(`--action ${action} needs --subscription as well`);
  if (subscription !== undefined && action === "subscribe")
    throw new UsageError("--subscription cannot be used with --action subscribe: the server gives the new subscription its id");
  if (countOnly === true && action !== "subscribe") throw new UsageError(`--count-only cannot be used with --action ${action}`);
}

const verbs = { subscribe: "SUBSCRIBE", status: "STATUS", pause: "PAUSE", resume: "RESUME", unsubscribe: "UNSUBSCRIBE" } as const;

function request11({ action, collection, subscription, countOnly }: SubscriptionFlags): taxii11.SubscriptionManagementRequest {
  const responseType = countOnly === true ? "COUNT_ONLY" : "FULL";
  return create(taxii11.SubscriptionManagementRequest, {
    action: verbs[action],
    collectionName: collection,
    subscriptionId: subscription,
    subscriptionParameters: action === "subscribe" ? { responseType } : undefined,
  });
}

/** @throws UsageError for what TAXII 1.0 cannot do */
function request10({ action, collection, subscription, countOnly }: SubscriptionFlags): taxii10.SubscriptionManagementRequest {
  if (action === "pause" || action === "resume")
    throw new UsageError(`--action ${action} cannot be used with TAXII 1.0, which knows no pauses`);
  if (countOnly === true) throw new UsageError("--count-only cannot be used with TAXII 1.0, which counts nothing");
  return create(taxii10.SubscriptionManagementRequest, {
    action: verbs[action],
    feedName: collection,
    subscriptionId: subscription,
  });
}
