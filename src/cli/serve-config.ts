/** The configuration of `taxii serve`: one JSON file, a few environment variables on top. */

import { readFile } from "node:fs/promises";
import { z } from "zod";
import { TaxiiError } from "../errors.js";

/** A configuration that cannot be used. Its message names the file and each place in it that is wrong. */
export class ConfigError extends TaxiiError {
  constructor(message: string, options?: ErrorOptions) {
    super("BAD_CONFIG", message, options);
  }
}

const path = z.string().regex(/^\/(?!\/)[^?#\s]*$/, "expected a path that starts with one slash, without query");

const contentBinding = z
  .union(
    [z.string(), z.strictObject({ bindingId: z.string(), subtypes: z.array(z.string()).default([]) })],
    "expected a binding, or { bindingId, subtypes }",
  )
  .transform((given) => (typeof given === "string" ? { bindingId: given, subtypes: [] } : given))
  .transform(({ bindingId, subtypes }) => ({ bindingId, subtypes: subtypes.map((subtypeId) => ({ subtypeId })) }));

const collection = z.strictObject({
  /** A URI, unique. */
  name: z.string().min(1),
  type: z.enum(["DATA_FEED", "DATA_SET"]).default("DATA_FEED"),
  description: z.string().default(""),
  available: z.boolean().default(true),
  /** What content it takes; empty for any. */
  contentBindings: z.array(contentBinding).default([]),
  /** Records of a typical day. */
  volume: z.int().min(0).optional(),
});

const inboxConfig = z.strictObject({
  path,
  /** Whether senders name the collections their content is for. */
  destination: z.enum(["required", "optional", "prohibited"]).default("optional"),
  /** What content it takes; empty for any that the collections take. */
  contentBindings: z.array(contentBinding).default([]),
});

const defaultPaths = {
  // The path at which TAXII suggests to look for a discovery service (HTTP-AUTH-006).
  discovery: "/taxii-discovery-service/",
  collectionManagement: "/services/collection-management",
  inbox: "/services/inbox",
  poll: "/services/poll",
} as const;

const services = z.strictObject({
  discovery: path.default(defaultPaths.discovery),
  collectionManagement: path.default(defaultPaths.collectionManagement),
  inbox: z
    .union([path.transform((given) => inboxConfig.parse({ path: given })), inboxConfig])
    .default(() => inboxConfig.parse({ path: defaultPaths.inbox })),
  poll: path.default(defaultPaths.poll),
});

const serveConfig = z.strictObject({
  /** Where editors find the description of this file; of no meaning here. */
  $schema: z.string().optional(),
  host: z.string().min(1).default("127.0.0.1"),
  /** 0 for any that is free. */
  port: z.int().min(0).max(65_535).default(9000),
  /** Where others reach this server, when that is not the address it listens on. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** The SQLite file, relative to the working directory; made when it is not there. */
  database: z.string().min(1),
  /** Bytes of a request's body. */
  maxRequestBytes: z.int().min(1).optional(),
  services: services.default(() => services.parse({})),
  collections: z.array(collection).refine(hasUniqueNames, "two collections have the same name"),
});

/** A configuration, complete. */
export type ServeConfig = z.infer<typeof serveConfig>;

function hasUniqueNames(collections: readonly { readonly name: string }[]): boolean {
  return new Set(collections.map(({ name }) => name)).size === collections.length;
}

/**
 * Checks a configuration and fills in what it leaves out.
 *
 * @param source what to call it in errors
 * @throws ConfigError naming every place that is wrong
 */
export function parseServeConfig(value: unknown, source: string): ServeConfig {
  const result = serveConfig.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `  ${formatPath(issue.path)}${issue.message}`);
  throw new ConfigError(`${source} is not a configuration of taxii serve:\n${issues.join("\n")}`);
}

function formatPath(steps: readonly PropertyKey[]): string {
  const text = steps.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return text === "" ? "" : `${text.replace(/^\./, "")}: `;
}

/** Environment variables that come before what the file says. */
const overrides = { TAXII_HOST: "host", TAXII_PORT: "port", TAXII_DATABASE: "database" } as const;

/**
 * Reads a configuration file. `TAXII_HOST`, `TAXII_PORT` and `TAXII_DATABASE` take precedence over what it says.
 *
 * @throws ConfigError when there is no such file, it is no JSON, or not a configuration
 */
export async function readServeConfig(file: string, env: Readonly<Record<string, string | undefined>> = process.env): Promise<ServeConfig> {
  const value = parseJson(await readText(file), file);
  const given = Object.entries(overrides).flatMap(([variable, key]) => {
    const text = env[variable];
    return text === undefined || text === "" ? [] : [[key, key === "port" ? Number(text) : text] as const];
  });
  const merged = typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value, ...Object.fromEntries(given) } : value;
  return parseServeConfig(merged, file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new ConfigError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw new ConfigError(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
