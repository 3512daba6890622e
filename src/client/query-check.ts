/** Queries held against what a service advertises, so that what it cannot answer is not sent (QRY-INF-004). */

import type { Query, SupportedQuery } from "../../generated/taxii11/index.js";
import { ParseError, TaxiiError } from "../errors.js";
import { exchangeOf, type Request11 } from "../message/exchanges.js";
import { printable } from "../message/status-error.js";
import { describeMissing, type MissingSupport, missingSupport } from "../query/advertised.js";
import { describeAddress } from "./address.js";
import type { Conversation, Target } from "./conversation.js";
import type { CallOptions } from "./options.js";
import type { Services } from "./services.js";

/** What can be done about it. */
const advice = 'a poll with queryAt "client" searches all content on this side, checkQuery false asks all the same';

/** Codes of {@link UnsupportedQueryError}: the status with which a server refuses the same. */
export type UnsupportedQueryCode =
  | "UNSUPPORTED_QUERY"
  | "UNSUPPORTED_TARGETING_EXPRESSION_ID"
  | "UNSUPPORTED_CAPABILITY_MODULE"
  | "UNSUPPORTED_TARGETING_EXPRESSION";

/** A service does not say that it can answer a query. It was not asked, unless to find out that it speaks TAXII 1.0 only. */
export class UnsupportedQueryError extends TaxiiError {
  declare readonly code: UnsupportedQueryCode;
  /** The address of the service; without its query. */
  readonly address: string;
  /** What it lacks, the worst first; at least one. */
  readonly missing: readonly MissingSupport[];

  constructor(address: string, missing: readonly MissingSupport[], options?: ErrorOptions) {
    const sentences = missing.map((one) => describeMissing(one, "the service"));
    const [first] = missing;
    const where = URL.canParse(address) ? describeAddress(new URL(address)) : address;
    super(codeOf(first), printable(`${sentences.join("; ")} (${where}); ${advice}`), options);
    this.address = where;
    this.missing = missing;
  }
}

/** Whether queries are checked, and what becomes of those that cannot be; see `PollOptions.checkQuery`. */
export type QueryCheck = boolean | "strict";

/** What holds a request with a query can be told. */
export interface QueryCheckOptions extends CallOptions {
  readonly checkQuery?: QueryCheck | undefined;
}

/** Finds where requests go, and holds their queries against what is advertised there. */
export class QueryGate {
  readonly #services: Services;
  readonly #conversation: Conversation;
  /** Addresses that may be able to answer the query of this gate. */
  readonly #passed = new Set<string>();

  /** A gate is for one query; what was found about an address holds as long as the gate. */
  constructor(services: Services, conversation: Conversation) {
    this.#services = services;
    this.#conversation = conversation;
  }

  /**
   * Where a request goes. Asks nobody about queries: discovery has told.
   *
   * @throws UnsupportedQueryError when the service says that it cannot answer, or, where the check is strict, does not say that
   *   it can
   * @throws TypeError for a query that is none
   * @throws TransportError as `Services.targetFor` does
   */
  async targetFor(request: Request11, options: QueryCheckOptions): Promise<Target> {
    const target = await this.#services.targetFor(request, options);
    const query = queryOf(request);
    const { checkQuery = true } = options;
    if (query === undefined || checkQuery === false || this.#passed.has(target.address)) return target;
    const missing = this.#missing(request, query, target, checkQuery);
    if (missing.length > 0) throw new UnsupportedQueryError(target.address, missing);
    this.#passed.add(target.address);
    return target;
  }

  #missing(request: Request11, query: Query, target: Target, check: true | "strict"): readonly MissingSupport[] {
    if (this.#conversation.versionAt(target) === "1.0") return [inVersion10(query)];
    const type = exchangeOf(request)?.service ?? "POLL";
    const supported = this.#services.supportedQueriesAt(type, target.address);
    const missing = missingIn(query, supported ?? []);
    const isKnown = supported !== undefined && missing.every(({ kind }) => kind !== "unknown");
    return isKnown || check === "strict" ? missing : [];
  }
}

/** What is missing where TAXII 1.0 is all there is. */
export function inVersion10({ formatId }: Query): MissingSupport {
  return { kind: "version", asked: formatId, supported: [] };
}

/** The query of a request. */
export function queryOf(request: Request11): Query | undefined {
  if (request.$type === "taxii11.PollRequest") return request.pollParameters?.query;
  return request.$type === "taxii11.SubscriptionManagementRequest" ? request.subscriptionParameters?.query : undefined;
}

function missingIn(query: Query, supported: readonly SupportedQuery[]): readonly MissingSupport[] {
  try {
    return missingSupport(query, supported);
  } catch (cause) {
    if (cause instanceof ParseError) throw new TypeError(`query: ${cause.message}`, { cause });
    throw cause;
  }
}

function codeOf(first: MissingSupport | undefined): UnsupportedQueryCode {
  switch (first?.kind) {
    case "vocabulary":
      return "UNSUPPORTED_TARGETING_EXPRESSION_ID";
    case "module":
      return "UNSUPPORTED_CAPABILITY_MODULE";
    case "target":
      return "UNSUPPORTED_TARGETING_EXPRESSION";
    default:
      return "UNSUPPORTED_QUERY";
  }
}
