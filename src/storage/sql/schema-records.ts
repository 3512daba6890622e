/** The tables of subscriptions, result sets and the directory, as Kysely sees them. */

import type { Generated } from "kysely";
import type { ResponseType } from "../../../generated/taxii11/index.js";
import type { TaxiiVersion } from "../../message/ids.js";
import type { ResultSet } from "../results.js";
import type { Subscription } from "../subscriptions.js";

export interface RecordTables {
  subscriptions: SubscriptionRow;
  results: ResultRow;
  /** By (result, number). */
  result_parts: PartRow;
  accounts: AccountRow;
  /** Who a client certificate is; an identity is one account's. */
  account_certificates: CertificateRow;
  tokens: TokenRow;
  services: ServiceRow;
}

/** What tasks of workers have in common. */
export interface TaskColumns {
  /** Failures since the last success. */
  attempts: number;
  /** Milliseconds since 1970. */
  not_before: number;
  /** 0 or 1. */
  parked: number;
  error: string | null;
  /** Whose lease it is in; null for nobody's. */
  worker: string | null;
  /** When that lease runs out, in milliseconds since 1970. */
  lease_until: number | null;
  /** When it was claimed last, as a number that only rises; those that waited longest have the smallest. */
  turn: number;
}

export interface SubscriptionRow extends TaskColumns {
  /** Rises in the order they were made. */
  seq: Generated<number>;
  id: string;
  owner: string;
  collection: number;
  /** SubscriptionParameters in JSON. */
  parameters: string | null;
  /** PushParameter in JSON. */
  push: string | null;
  version: TaxiiVersion;
  fingerprint: string;
  /** SHA-256 of owner and fingerprint, which may be longer than what an index can hold. */
  request: string;
  since: number;
  status: Subscription["status"];
  /** Milliseconds since 1970. */
  created: number;
  delivered: number;
  scanned: number;
  pending: number | null;
}

export interface ResultRow extends TaskColumns {
  /** Rises in the order they were made. */
  seq: Generated<number>;
  id: string;
  owner: string;
  collection: number;
  subscription_id: string | null;
  version: TaxiiVersion;
  range_after: number | null;
  range_until: number;
  stated_begin: string | null;
  /** Null when no range is stated. */
  stated_end: string | null;
  /** A list of ContentBindingId in JSON. */
  content_bindings: string;
  /** Query in JSON. */
  query: string | null;
  response_type: ResponseType;
  /** ResultLimits in JSON; null for none. */
  limits: string | null;
  state: ResultSet["state"];
  count_value: number | null;
  /** 0 or 1; null as for the value. */
  count_partial: number | null;
  /** PushParameter in JSON. */
  push: string | null;
  /** Milliseconds since 1970. */
  expires: number;
  created: number;
  /** How many parts are known. */
  parts: number;
  /** Whether the last of them is the last of all: 0 or 1. */
  complete: number;
  pushed: number;
}

export interface PartRow {
  /** The `seq` of its result set. */
  result: number;
  number: number;
  range_after: number | null;
  range_until: number;
  /** 0 or 1. */
  last: number;
}

export interface AccountRow {
  name: string;
  password_hash: string | null;
  /** 0 or 1. */
  admin: number;
  /** 0 or 1. */
  disabled: number;
  /** Rights by collection name in JSON. */
  permissions: string;
}

export interface CertificateRow {
  identity: string;
  account: string;
  /** Its place among those of its account, from 0. */
  position: number;
}

export interface TokenRow {
  /** Rises in the order they were added. */
  seq: Generated<number>;
  id: string;
  account: string;
  hash: string;
  label: string;
  /** Milliseconds since 1970. */
  created: number;
  expires: number | null;
}

export interface ServiceRow {
  id: string;
  /** The whole ServiceRecord in JSON. */
  record: string;
}
