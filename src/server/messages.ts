/** The messages of both versions by name. */

import { messages as messages10 } from "../../generated/taxii10/index.js";
import { messages as messages11 } from "../../generated/taxii11/index.js";
import type { Shape } from "../binding/index.js";
import type { AnyMessage, AnyRequest, Request10, Request11 } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";

/** The shapes of the messages of each version. */
export const messagesOf: Readonly<Record<TaxiiVersion, readonly Shape<AnyMessage>[]>> = { "1.0": messages10, "1.1": messages11 };

const shapes: ReadonlyMap<string, Shape<AnyMessage>> = new Map(
  Object.values(messagesOf)
    .flat()
    .map((shape) => [shape.name, shape]),
);

/** The shape of a message. @throws TypeError for what is no message */
export function shapeOf({ $type }: AnyMessage): Shape<AnyMessage> {
  const shape = shapes.get($type);
  if (shape === undefined) throw new TypeError(`there is no message ${$type}`);
  return shape;
}

/** The name of a message's root element. */
export function elementOf(message: AnyMessage): string {
  return shapeOf(message).element;
}

const counterparts: Readonly<Record<Request10["$type"], Request11["$type"]>> = {
  "taxii10.DiscoveryRequest": "taxii11.DiscoveryRequest",
  "taxii10.FeedInformationRequest": "taxii11.CollectionInformationRequest",
  "taxii10.SubscriptionManagementRequest": "taxii11.SubscriptionManagementRequest",
  "taxii10.InboxMessage": "taxii11.InboxMessage",
  "taxii10.PollRequest": "taxii11.PollRequest",
};

/** The types by which handlers take a message: its own, and for one of TAXII 1.0 that of its translation (VER-X-001). */
export function handledAs({ $type }: AnyRequest): readonly string[] {
  return Object.hasOwn(counterparts, $type) ? [$type, counterparts[$type as Request10["$type"]]] : [$type];
}

/** The name of the element that a handler for `shape` takes in `version`; undefined when there is none in that version. */
export function elementIn(version: TaxiiVersion, shape: Shape): string | undefined {
  const name = version === "1.1" ? shape.name : (Object.entries(counterparts).find(([, to]) => to === shape.name)?.[0] ?? shape.name);
  return messagesOf[version].find((message) => message.name === name)?.element;
}
