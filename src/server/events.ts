/** What happens in a server, for whoever wants to know: logs, metrics, audits. */

import type { InboxMessage, PushParameter } from "../../generated/taxii11/index.js";
import type { AnyRequest } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";
import type { Label, ResultSet, Subscription } from "../storage/index.js";
import type { Account } from "./access.js";
import type { Service } from "./service.js";

/** A message that was read and found valid, before any handler has seen it. */
export interface MessageReceived {
  /** Unique to the request; the same in all events of it. */
  readonly requestId: string;
  /** As it was sent. */
  readonly message: AnyRequest;
  readonly version: TaxiiVersion;
  readonly account: Account | undefined;
  readonly service: Service;
}

/** A request that was answered, whatever the answer; for streamed answers when the last byte was handed over. */
export interface RequestAnswered {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** IP address of the peer, where the host knows it. */
  readonly address: string | undefined;
  readonly account: string | undefined;
  readonly service: Service | undefined;
  /** Element name of the request's message, such as `Poll_Request`; undefined when there was none. */
  readonly message: string | undefined;
  readonly version: TaxiiVersion | undefined;
  /** Status type of the answer, or undefined when it was no Status Message. */
  readonly status: string | undefined;
  readonly httpStatus: number;
  /** Milliseconds from the request's head to the end of the answer. */
  readonly duration: number;
  /** Bytes of the answer's body. */
  readonly bytes: number;
  /** Content blocks that came in, and that went out. */
  readonly blocksIn: number;
  readonly blocksOut: number;
  /** Whether the answer could not be finished. */
  readonly broken: boolean;
}

/** Content that is stored. */
export interface ContentStored {
  readonly requestId: string;
  readonly account: Account | undefined;
  readonly service: Service;
  readonly message: InboxMessage;
  /** Names of the collections that got something. */
  readonly collections: readonly string[];
  readonly labels: readonly Label[];
}

export interface SubscriptionChanged {
  readonly requestId: string;
  readonly action: "SUBSCRIBE" | "UNSUBSCRIBE" | "PAUSE" | "RESUME";
  readonly account: Account | undefined;
  /** As it is now; for UNSUBSCRIBE as it was. */
  readonly subscription: Subscription;
}

/** An attempt to push something that the receiver took. */
export interface Delivered {
  readonly target: PushParameter;
  /** One of both. */
  readonly subscription: Subscription | undefined;
  readonly result: ResultSet | undefined;
  /** Content blocks in the message. */
  readonly blocks: number;
  readonly until: Label;
  /** Milliseconds. */
  readonly duration: number;
}

/** An attempt that failed. */
export interface DeliveryFailed extends Omit<Delivered, "blocks"> {
  readonly error: unknown;
  readonly attempts: number;
  /** Whether it was given up until an operator takes it up again. */
  readonly parked: boolean;
}

export interface LoginFailed {
  /** As the peer gave it. */
  readonly account: string | undefined;
  readonly address: string | undefined;
  readonly reason: "unknown" | "password" | "token" | "disabled" | "locked" | "malformed";
}

/** Events by name. */
export interface ServerEvents {
  readonly messageReceived: MessageReceived;
  readonly requestAnswered: RequestAnswered;
  readonly contentStored: ContentStored;
  readonly subscriptionChanged: SubscriptionChanged;
  /** A result set was made, in parts or to be fetched later. */
  readonly resultMade: ResultSet;
  readonly delivered: Delivered;
  readonly deliveryFailed: DeliveryFailed;
  readonly loginFailed: LoginFailed;
}

/** Functions that are told of events. What they throw is reported as a failure and breaks nothing. */
export type Observer = { readonly [E in keyof ServerEvents]?: (event: ServerEvents[E]) => void | Promise<void> };

/** Tells all observers of an event. */
export type Emit = <E extends keyof ServerEvents>(name: E, event: ServerEvents[E]) => void;

/** Makes the function that tells `observers`; faults of theirs go to `report`. */
export function emitter(observers: readonly Observer[], report: (error: unknown) => void): Emit {
  return (name, event) => {
    for (const observer of observers) {
      try {
        const done = observer[name]?.(event);
        if (done !== undefined) done.catch(report);
      } catch (error) {
        report(error);
      }
    }
  };
}
