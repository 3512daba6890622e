/** What a handler knows beside the message. */

import type { AnyRequest } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";
import type { Storage } from "../storage/index.js";
import type { Account, Authorize } from "./access.js";
import type { Emit } from "./events.js";
import type { HttpRequest } from "./http.js";
import type { PushPolicy } from "./push.js";
import type { Service } from "./service.js";

export type { Account } from "./access.js";

/** A request on its way through the handlers. */
export interface Context {
  /** Unique to the request. */
  readonly requestId: string;
  /** The HTTP request. Its body has been read. */
  readonly request: HttpRequest;
  /** The message as it was sent; what handlers of TAXII 1.1 get is its translation when it is one of TAXII 1.0. */
  readonly original: AnyRequest;
  /** The document the message was read from. */
  readonly document: Uint8Array;
  /** The version of the message, in which it is answered. */
  readonly version: TaxiiVersion;
  /** Who sent it; undefined for nobody in particular. */
  readonly account: Account | undefined;
  /** The service that answers. */
  readonly service: Service;
  /** All services of the server, in the order they were given. */
  readonly services: readonly Service[];
  readonly storage: Storage;
  /** Where the server is reached, without final slash: `https://taxii.example.com`. */
  readonly baseUrl: string;
  /** Whether an account may do something with a collection. */
  readonly authorize: Authorize;
  /** What can be pushed; undefined for nothing. */
  readonly push: PushPolicy | undefined;
  /** Message bindings the server speaks, of each version it speaks. */
  readonly messageBindings: readonly string[];
  readonly emit: Emit;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The owner of what a request makes: the account's name, empty for nobody in particular. */
export function ownerOf({ account }: Pick<Context, "account">): string {
  return account?.name ?? "";
}

/** The address at which others reach a service. */
export function addressOf(service: Service, { baseUrl }: Pick<Context, "baseUrl">): string {
  return service.address ?? `${baseUrl}${service.path}`;
}
