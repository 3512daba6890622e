/** The configuration of a server, whole. */

import { z } from "zod";
import { parseNetwork } from "../../../server/node/networks.js";
import { accounts } from "./accounts.js";
import { count, file, flag, httpUrl, keys, list, oneOf, port, text } from "./fields.js";
import { collectionManagement, inbox, limits, log, messageBindings, poll, pool, retention, workers } from "./limits.js";
import { health, listen, metrics } from "./listen.js";
import { push } from "./push.js";
import { checkScopes, queries } from "./queries.js";
import { collection, idsOfServices, placesOfQueries, services } from "./services.js";

const network = text.refine((given) => parseNetwork(given) !== undefined, "expected an address or a network such as 10.0.0.0/8");

/** What a file says, before aliases are resolved. */
export const configSchema = keys({
  /** Where editors find the description of this file; of no meaning here. */
  $schema: z.string().optional(),
  listen,
  /** As `listen.host`, `listen.port` and `limits.requestBytes`: the names of version 0.2. */
  host: text.optional(),
  port: port.optional(),
  maxRequestBytes: count().optional(),
  /** Where others reach this server, when that is not the address it listens on. */
  publicUrl: httpUrl.optional(),
  /** Addresses and networks of proxies that are believed what they say about their clients. */
  trustedProxies: list(network).default([]),
  /** Which fields they say it in. */
  forwardedBy: oneOf(["x-forwarded", "forwarded"]).default("x-forwarded"),
  /** The field in which they state the client certificate they verified. */
  certificateHeader: z
    .string("expected the name of a header field")
    .regex(/^[A-Za-z0-9-]+$/, "expected the name of a header field")
    .optional(),
  /** Whether it may be reached from elsewhere in clear text. */
  insecure: flag.default(false),
  /** `postgres://…`, or the SQLite file, which is made when it is not there. */
  database: text.optional(),
  /** A file with that on its only line. */
  databaseFile: file.optional(),
  pool,
  services: services.optional(),
  collections: list(collection)
    .refine((given) => new Set(given.map(({ name }) => name)).size === given.length, "two collections have the same name")
    .default([]),
  accounts,
  messageBindings,
  limits,
  collectionManagement,
  inbox,
  poll,
  queries,
  push,
  workers,
  retention,
  log,
  health,
  metrics,
}).superRefine(({ queries: asked, services: given }, context) => {
  for (const { path, queries: own } of placesOfQueries(given, asked.services))
    if (typeof own === "object") checkScopes({ names: asked.names, ...own }, path, context);
  // Services of the database may come later; those of this file are all there are.
  const known = given === undefined ? undefined : idsOfServices(given);
  for (const id of Object.keys(asked.services).filter((one) => known?.includes(one) === false))
    context.addIssue({
      code: "custom",
      path: ["queries", "services", id],
      message: `there is no service ${JSON.stringify(id)}; expected one of ${known?.join(", ") ?? ""}`,
      input: id,
    });
});

/** A configuration as a file has it, with defaults filled in. */
export type ConfigFile = z.infer<typeof configSchema>;

/** A configuration, complete. */
export interface ServerConfig
  extends Omit<ConfigFile, "$schema" | "host" | "port" | "maxRequestBytes" | "databaseFile" | "database" | "listen"> {
  readonly listen: Omit<ConfigFile["listen"], "host" | "port"> & { readonly host: string; readonly port: number };
  readonly database: string;
}

/**
 * A configuration with the names of version 0.2 resolved.
 *
 * @param database as the file, or the file it names, says
 */
export function completeConfig(
  { $schema: _, host, port, maxRequestBytes, databaseFile: __, ...file }: ConfigFile,
  database: string,
): ServerConfig {
  const { listen: given, limits: limited } = file;
  return {
    ...file,
    database,
    listen: { ...given, host: given.host ?? host ?? "127.0.0.1", port: given.port ?? port ?? 9000 },
    limits: { ...limited, requestBytes: limited.requestBytes ?? maxRequestBytes },
  };
}
