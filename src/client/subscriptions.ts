/** Subscriptions: what one asks of a collection management service beside the list. */

import {
  type CollectionAction,
  SubscriptionManagementRequest,
  type SubscriptionManagementRequestInit,
  type SubscriptionManagementResponse,
  type SubscriptionRecord,
} from "../../generated/taxii11/index.js";
import { TransportError } from "../http/transport-error.js";
import { create } from "../message/create.js";
import { asQuery } from "../message/query-body.js";
import type { SubscribeOptions } from "./api.js";
import type { Conversation } from "./conversation.js";
import type { CallOptions } from "./options.js";
import { bindingsOf } from "./poll/bindings.js";
import { type QueryCheckOptions, QueryGate } from "./query-check.js";
import type { Services } from "./services.js";

/** Manages the subscriptions to the collections of one producer. */
export class Subscriptions {
  readonly #services: Services;
  readonly #conversation: Conversation;

  constructor(services: Services, conversation: Conversation) {
    this.#services = services;
    this.#conversation = conversation;
  }

  async subscribe(name: string, options: SubscribeOptions): Promise<SubscriptionRecord> {
    const { responseType, contentBindings, query, deliverTo } = options;
    const { subscriptions } = await this.#manage("SUBSCRIBE", name, options, {
      subscriptionParameters: {
        responseType: responseType ?? "FULL",
        contentBindings: bindingsOf(contentBindings),
        query: query && asQuery(query),
      },
      pushParameters: deliverTo,
    });
    const [subscription] = subscriptions;
    if (subscription === undefined) throw new TransportError("MISMATCH", "the reply to SUBSCRIBE names no subscription");
    return subscription;
  }

  /** @returns what the producer says of the subscription, if it says anything */
  async change(
    action: "UNSUBSCRIBE" | "PAUSE" | "RESUME",
    name: string,
    subscriptionId: string,
    options: CallOptions,
  ): Promise<SubscriptionRecord | undefined> {
    const { subscriptions } = await this.#manage(action, name, options, { subscriptionId });
    return subscriptions.find((subscription) => subscription.subscriptionId === subscriptionId) ?? subscriptions[0];
  }

  async list(
    name: string,
    options: CallOptions & { readonly subscriptionId?: string | undefined },
  ): Promise<readonly SubscriptionRecord[]> {
    const { subscriptionId } = options;
    const { subscriptions } = await this.#manage("STATUS", name, options, { subscriptionId });
    return subscriptions;
  }

  async #manage(
    action: CollectionAction,
    collectionName: string,
    options: QueryCheckOptions,
    init: Partial<SubscriptionManagementRequestInit>,
  ): Promise<SubscriptionManagementResponse> {
    const request = create(SubscriptionManagementRequest, { ...init, action, collectionName });
    const target = await new QueryGate(this.#services, this.#conversation).targetFor(request, options);
    return this.#conversation.send(target, request, { signal: options.signal });
  }
}
