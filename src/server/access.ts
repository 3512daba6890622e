/** Accounts, and what they may do. */

import type { Collection, Right } from "../storage/index.js";
import type { HttpRequest } from "./http.js";
import type { Service } from "./service.js";

/** Who sent a request, as far as authentication could tell (SEC-ID-001). */
export interface Account {
  readonly name: string;
  /** Whether it may do everything. Default: false. */
  readonly admin?: boolean | undefined;
  /** Rights by collection name. Default: none. */
  readonly permissions?: Readonly<Record<string, readonly Right[]>> | undefined;
}

/** A question of access. */
export interface AccessRequest {
  /** Undefined for nobody in particular. */
  readonly account: Account | undefined;
  readonly right: Right;
  readonly collection: Pick<Collection, "name">;
  /** The service that was asked; undefined for the server's own work, such as deliveries. */
  readonly service: Service | undefined;
}

/** Decides whether a request may be done. */
export type Authorize = (request: AccessRequest) => boolean | Promise<boolean>;

/** Tells who sent a request. A StatusError thrown here turns the request away. */
export type Authenticate = (request: HttpRequest) => Account | undefined | Promise<Account | undefined>;

/** Everybody may do everything: the rule of a server without accounts. */
export const allowAll: Authorize = () => true;

/** By the account's own permissions, and those of nobody in particular: the rule of a server with accounts. */
export function byPermissions(anonymous: Readonly<Record<string, readonly Right[]>> = {}): Authorize {
  return ({ account, right, collection: { name } }) =>
    account?.admin === true || grants(account?.permissions, name, right) || grants(anonymous, name, right);
}

function grants(permissions: Readonly<Record<string, readonly Right[]>> | undefined, name: string, right: Right): boolean {
  // Collection names come from peers: `constructor` is no permission.
  return permissions !== undefined && Object.hasOwn(permissions, name) && permissions[name]?.includes(right) === true;
}
