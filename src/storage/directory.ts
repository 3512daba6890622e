/** Who may do what, and which services there are: data that operators change while servers run. */

import type { ContentBindingId, ServiceType } from "../../generated/taxii11/index.js";
import type { TaxiiVersion } from "../message/ids.js";

/** What an account may do with a collection: poll and subscribe, or send content to it. */
export type Right = "read" | "write";

/** An account. */
export interface AccountRecord {
  /** Unique; compared code point by code point. Not empty, and without colon, which Basic credentials cannot carry. */
  readonly name: string;
  /** Hash of the password, with its parameters; undefined when it logs in by other means only. */
  readonly passwordHash: string | undefined;
  /** Whether it may do everything. */
  readonly admin: boolean;
  /** Whether it cannot log in for now. */
  readonly disabled: boolean;
  /** Rights by collection name. */
  readonly permissions: Readonly<Record<string, readonly Right[]>>;
  /** Identities of client certificates that are this account: SHA-256 fingerprints, or names as a proxy states them. */
  readonly certificates: readonly string[];
}

/** A bearer token. What the bearer has is not kept. */
export interface TokenRecord {
  /** For operators; not secret. */
  readonly id: string;
  /** Name of the account. */
  readonly account: string;
  /** SHA-256 of the token, in hexadecimal with small letters. */
  readonly hash: string;
  /** What it is for, in the operator's words. */
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** Milliseconds since 1970; undefined for never. */
  readonly expires: number | undefined;
}

/** Whether senders have to name the collections their content is for (SVC-INBOX-009). */
export type DestinationRule = "required" | "optional" | "prohibited";

/** A service as data. What is undefined has the default of the service's options. */
export interface ServiceRecord {
  /** Unique. */
  readonly id: string;
  readonly type: ServiceType;
  /** A path to serve, or the whole address of a service elsewhere, which is only advertised (SVC-DISC-004). */
  readonly address: string;
  readonly description: string | undefined;
  readonly available: boolean;
  /** Whether anonymous peers are turned away. */
  readonly requiresAccount: boolean;
  /** Versions it speaks. */
  readonly versions: readonly TaxiiVersion[];
  /** Protocol bindings to advertise; undefined for that of the address. Empty: it is served and not advertised. */
  readonly protocolBindings: readonly string[] | undefined;
  /** Names of the collections it serves; undefined for all. */
  readonly collections: readonly string[] | undefined;
  /** Ids of the services a discovery service advertises; undefined for all. */
  readonly advertised: readonly string[] | undefined;
  /** What an inbox takes; empty for any. */
  readonly contentBindings: readonly ContentBindingId[];
  readonly destination: DestinationRule | undefined;
  /** Whether polls have to be of a subscription (SVC-POLL-005). */
  readonly requiresSubscription: boolean | undefined;
  /** Blocks in one part of a poll's result. */
  readonly maxBlocks: number | undefined;
  /** Whether a collection management service takes subscriptions. */
  readonly subscriptions: boolean | undefined;
  /** Text for the answer to a subscription request. */
  readonly subscriptionMessage: string | undefined;
}

/** Where accounts, tokens and services are kept. */
export interface Directory {
  /** Rises with every change to accounts, tokens, services and collections, so that servers know when to look again. */
  revision(): Promise<number>;

  account(name: string): Promise<AccountRecord | undefined>;
  /** The account that has this client certificate identity, or undefined. */
  accountOfCertificate(identity: string): Promise<AccountRecord | undefined>;
  /** All accounts, by name. */
  accounts(): Promise<readonly AccountRecord[]>;
  /**
   * Adds an account, or replaces it; its tokens stay.
   *
   * @throws StorageError `ALREADY_EXISTS` when another account has one of its certificates
   * @throws ValidationError naming each property that cannot be kept
   */
  putAccount(account: AccountRecord): Promise<void>;
  /** Removes an account with its tokens, subscriptions and result sets; false when there is none. */
  removeAccount(name: string): Promise<boolean>;

  /** The token with this hash, expired or not, or undefined. */
  token(hash: string): Promise<TokenRecord | undefined>;
  /** Tokens of an account, or all, oldest first. */
  tokens(account?: string): Promise<readonly TokenRecord[]>;
  /**
   * Adds a token.
   *
   * @throws StorageError `ALREADY_EXISTS` when its id or its hash is taken
   * @throws ValidationError naming each property that cannot be kept; when there is no such account
   */
  addToken(token: TokenRecord): Promise<void>;
  /** False when there is none of this id. */
  removeToken(id: string): Promise<boolean>;

  /** All services, by id. */
  services(): Promise<readonly ServiceRecord[]>;
  /**
   * Adds a service, or replaces it.
   *
   * @throws ValidationError naming each property that cannot be kept
   */
  putService(service: ServiceRecord): Promise<void>;
  /** False when there is none. */
  removeService(id: string): Promise<boolean>;
}
