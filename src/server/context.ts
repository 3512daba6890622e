/** What a handler knows beside the message. */

import type { Storage } from "../storage/index.js";
import type { Service } from "./service.js";

/** Who sent a request, as far as authentication could tell (SEC-ID-001). */
export interface Account {
  readonly name: string;
}

/** A request on its way through the handlers. */
export interface Context {
  /** The HTTP request. Its body has been read. */
  readonly request: Request;
  /** Who sent it; undefined for nobody in particular. */
  readonly account: Account | undefined;
  /** The service that answers. */
  readonly service: Service;
  /** All services of the server, in the order they were given. */
  readonly services: readonly Service[];
  readonly storage: Storage;
  /** Where the server is reached, without final slash: `https://taxii.example.com`. */
  readonly baseUrl: string;
}

/** The address at which others reach a service. */
export function addressOf(service: Service, { baseUrl }: Pick<Context, "baseUrl">): string {
  return `${baseUrl}${service.path}`;
}
