/** Collections and services, as a configuration has them. */

import { z } from "zod";
import type { ServiceRecord } from "../../../storage/index.js";
import { contentBinding, count, flag, httpUrl, keys, list, oneOf, path, text, versions } from "./fields.js";
import { type ServiceQueries, serviceQueries } from "./queries.js";

/** A collection. */
export const collection = keys({
  /** A URI, unique. */
  name: text,
  type: oneOf(["DATA_FEED", "DATA_SET"]).default("DATA_FEED"),
  description: z.string("expected a text").default(""),
  available: flag.default(true),
  /** What content it takes; empty for any. */
  contentBindings: list(contentBinding).default([]),
  /** Records of a typical day. */
  volume: count(0).optional(),
  /** How long content is kept; the default is for ever. */
  retention: keys({
    days: z.number("expected a number of days").positive("expected a number of days above 0").optional(),
    bytes: count().optional(),
    blocks: count().optional(),
  }).optional(),
});

const common = {
  description: text.optional(),
  available: flag.optional(),
  requiresAccount: flag.optional(),
  versions: versions.optional(),
  /** Protocol bindings to advertise; empty: served and not advertised. */
  protocolBindings: list(text).optional(),
};

const serving = { ...common, collections: list(text).optional() };

/** Which queries it takes, where that is not what `queries` says. */
const asked = { queries: serviceQueries.optional() };

const kinds = {
  discovery: { ...common, advertised: list(text).optional() },
  collectionManagement: { ...serving, ...asked, subscriptions: flag.optional(), subscriptionMessage: text.optional() },
  inbox: {
    ...serving,
    /** Whether senders name the collections their content is for. */
    destination: oneOf(["required", "optional", "prohibited"]).optional(),
    /** What content it takes; empty for any that the collections take. */
    contentBindings: list(contentBinding).optional(),
  },
  poll: { ...serving, ...asked, requiresSubscription: flag.optional(), maxBlocks: count().optional() },
} as const;

type Kind = keyof typeof kinds;

const types = { discovery: "DISCOVERY", collectionManagement: "COLLECTION_MANAGEMENT", inbox: "INBOX", poll: "POLL" } as const;

const defaultPaths: Readonly<Record<Kind, string>> = {
  // The path at which TAXII suggests to look for a discovery service (HTTP-AUTH-006).
  discovery: "/taxii-discovery-service/",
  collectionManagement: "/services/collection-management",
  inbox: "/services/inbox",
  poll: "/services/poll",
};

/** A service of the four: its path, a path and more, or false for none. */
function single<K extends Kind>(kind: K) {
  return z.union(
    [path, z.literal(false), keys({ path: path.default(defaultPaths[kind]), ...kinds[kind] })],
    "expected a path, or false for none",
  );
}

/** One of each, by name. */
const four = keys({
  discovery: single("discovery").prefault({}),
  collectionManagement: single("collectionManagement").prefault({}),
  inbox: single("inbox").prefault({}),
  poll: single("poll").prefault({}),
});

const identity = { id: text, address: z.union([path, httpUrl], "expected a path that starts with one slash, or an http or https URL") };

/** Any number of each. */
const many = list(
  z.discriminatedUnion(
    "type",
    [
      keys({ ...identity, type: z.literal("discovery"), ...kinds.discovery }),
      keys({ ...identity, type: z.literal("collectionManagement"), ...kinds.collectionManagement }),
      keys({ ...identity, type: z.literal("inbox"), ...kinds.inbox }),
      keys({ ...identity, type: z.literal("poll"), ...kinds.poll }),
    ],
    "expected a type: discovery, collectionManagement, inbox or poll",
  ),
).refine((given) => new Set(given.map(({ id }) => id)).size === given.length, "two services have the same id");

/** Services: one of each by name, or a list. */
export const services = z.union([four, many], "expected services by name, or a list of services");

/** Services as configured. */
export type ServicesConfig = z.infer<typeof services>;

/** What services of all kinds have. */
type Entry = { readonly [K in keyof Omit<ServiceRecord, "id" | "type" | "address">]?: ServiceRecord[K] | undefined };

/** A service of either form. */
interface Given {
  readonly id: string;
  readonly kind: Kind;
  readonly address: string;
  readonly entry: Entry;
  readonly queries: ServiceQueries | undefined;
}

function servicesIn(given: ServicesConfig): readonly Given[] {
  if (Array.isArray(given)) return given.map(({ id, type, address, ...rest }) => ({ id, kind: type, address, ...apart(rest) }));
  return Object.entries(given).flatMap(([name, entry]) => {
    const kind = name as Kind;
    if (entry === false) return [];
    if (typeof entry === "string") return [{ id: kind, kind, address: entry, entry: {}, queries: undefined }];
    const { path: address, ...rest } = entry;
    return [{ id: kind, kind, address, ...apart(rest) }];
  });
}

/** What is of the record, and what is not. */
function apart({ queries, ...entry }: Entry & { readonly queries?: ServiceQueries | undefined }): Pick<Given, "entry" | "queries"> {
  return { entry, queries };
}

/**
 * Services as records, as the directory has them.
 *
 * @param collections what those serve that do not say so; undefined for all collections in the database
 */
export function serviceRecords(given: ServicesConfig, collections: readonly string[] | undefined): readonly ServiceRecord[] {
  return servicesIn(given).map(({ id, kind, address, entry }) => record(id, kind, address, entry, collections));
}

/** Which queries services take, by id; without those that do not say so. */
export function queriesOfServices(given: ServicesConfig): Readonly<Record<string, ServiceQueries>> {
  const said = servicesIn(given).flatMap(({ id, queries }) => (queries === undefined ? [] : [[id, queries] as const]));
  return Object.fromEntries(said);
}

/** Where a configuration says of single services which queries they take, and what. */
export function placesOfQueries(
  given: ServicesConfig | undefined,
  byId: Readonly<Record<string, ServiceQueries>>,
): readonly { readonly path: readonly PropertyKey[]; readonly queries: ServiceQueries }[] {
  const stated = Object.entries(given ?? {}).flatMap(([key, entry]: [string, string | false | { readonly queries?: ServiceQueries }]) =>
    typeof entry === "object" && entry.queries !== undefined
      ? [{ path: ["services", Array.isArray(given) ? Number(key) : key, "queries"], queries: entry.queries }]
      : [],
  );
  return [...stated, ...Object.entries(byId).map(([id, queries]) => ({ path: ["queries", "services", id], queries }))];
}

/** Ids of services. */
export function idsOfServices(given: ServicesConfig): readonly string[] {
  return servicesIn(given).map(({ id }) => id);
}

function record(id: string, kind: Kind, address: string, entry: Entry, collections: readonly string[] | undefined): ServiceRecord {
  return {
    id,
    type: types[kind],
    address,
    description: undefined,
    available: true,
    requiresAccount: false,
    versions: ["1.1", "1.0"],
    protocolBindings: undefined,
    collections: kind === "discovery" ? undefined : collections,
    advertised: undefined,
    contentBindings: [],
    destination: kind === "inbox" ? "optional" : undefined,
    requiresSubscription: undefined,
    maxBlocks: undefined,
    subscriptions: undefined,
    subscriptionMessage: undefined,
    ...Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)),
  };
}

/** One of each, at the usual paths: the services of a configuration that names none. */
export function defaultServices(collections: readonly string[] | undefined): readonly ServiceRecord[] {
  return serviceRecords(four.parse({}), collections);
}
