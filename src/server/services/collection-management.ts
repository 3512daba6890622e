/** The collection management service: collection information and subscription management (SVC-COL, SVC-SUB). */

import type { QueryHandler } from "../query.js";
import { type CollectionServiceOptions, defineService, type Service } from "../service.js";
import { type InformationSteps, informationHandler, type VolumeRule } from "./collection-information.js";
import { type SubscriptionSteps, subscriptionHandler } from "./subscriptions.js";

export interface CollectionManagementOptions extends CollectionServiceOptions {
  /** Whether it tells of collections. Default: true. */
  readonly information?: boolean | undefined;
  /** Whether it takes subscriptions. Default: true. */
  readonly subscriptions?: boolean | undefined;
  /** What Collection_Volume says. Default: `stated`. */
  readonly volume?: VolumeRule | undefined;
  /** Evaluates the queries of subscriptions. Default: none, so that subscriptions with queries are refused. */
  readonly queries?: readonly QueryHandler[] | undefined;
  /** Text for people in the answer to a subscription request. Default: none. */
  readonly subscriptionMessage?: string | undefined;
  /** Subscriptions an account may have; peers without account share one such number. Default: 1000. */
  readonly maxPerAccount?: number | undefined;
  /** Characters the parameters of a subscription may have, query included; more are `DENIED`. Default: 65,536. */
  readonly maxParameterSize?: number | undefined;
  /** Whether SUBSCRIBE has to have subscription parameters; otherwise it has all defaults (XML-SUB-007). Default: false. */
  readonly requireParameters?: boolean | undefined;
  /** Steps in place of the built-in ones. */
  readonly steps?: Partial<InformationSteps & SubscriptionSteps> | undefined;
}

/**
 * A collection management service. Each collection is listed with the services that serve it.
 *
 * @throws TypeError as `defineService` does, when both halves are switched off (SVC-GEN-001), or when a limit is no number
 */
export function collectionManagement(options: CollectionManagementOptions): Service {
  const { information = true, subscriptions = true, maxPerAccount = 1000, maxParameterSize = 65_536, steps = {} } = options;
  if (!information && !subscriptions)
    throw new TypeError("a collection management service has to offer collection information or subscription management");
  for (const [name, value] of Object.entries({ maxPerAccount, maxParameterSize }))
    if (!(value >= 0)) throw new TypeError(`${name} of a collection management service has to be a number from 0, found ${value}`);
  return defineService(options, {
    type: "COLLECTION_MANAGEMENT",
    queries: subscriptions ? options.queries : [],
    subscriptions,
    handlers: [
      ...(information ? [informationHandler(options.volume ?? "stated", steps)] : []),
      ...(subscriptions
        ? [
            subscriptionHandler({
              message: options.subscriptionMessage,
              maxPerAccount,
              maxParameterSize,
              requireParameters: options.requireParameters ?? false,
              steps,
            }),
          ]
        : []),
    ],
  });
}
