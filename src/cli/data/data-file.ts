/** The data file of `taxii sync`: services, collections and accounts, in the format of OpenTAXII's data configuration. */

import { z } from "zod";
import { isPasswordHash } from "../../accounts/index.js";
import { versions } from "../server/config/fields.js";
import { readYaml } from "../yaml-file.js";

// Where OpenTAXII has lists of binding ids, subtypes can be said as well.
const binding = z
  .union([z.string().min(1), z.strictObject({ binding: z.string().min(1), subtypes: z.array(z.string().min(1)).default([]) })])
  .transform((given) =>
    typeof given === "string"
      ? { bindingId: given, subtypes: [] }
      : { bindingId: given.binding, subtypes: given.subtypes.map((subtypeId) => ({ subtypeId })) },
  );

// Numbers are welcome as ids and names: YAML makes one of `id: 1`.
const id = z.union([z.string().min(1), z.number().transform(String)]);

/** A limit as OpenTAXII writes it: none for zero and below. */
const limit = z.int().transform((value) => (value > 0 ? value : undefined));

const service = z.strictObject({
  id,
  type: z.enum(["inbox", "discovery", "collection_management", "poll"]),
  /** A path to serve, or the whole address of a service elsewhere. */
  address: z.string().regex(/^(\/(?!\/)|https?:\/\/)/, "expected a path that starts with one slash, or an http or https URL"),
  description: z.string().nullish(),
  protocol_bindings: z.array(z.string().min(1)).nullish(),
  available: z.boolean().default(true),
  authentication_required: z.boolean().default(false),
  /** What OpenTAXII has no word for: the versions it speaks. */
  versions: versions.default(["1.1", "1.0"]),
  accept_all_content: z.boolean().optional(),
  supported_content: z.array(binding).default([]),
  destination_collection_required: z.boolean().optional(),
  /** Instead of the flag above, because there are three rules. */
  destination: z.enum(["required", "optional", "prohibited"]).optional(),
  advertised_services: z.array(id).nullish(),
  subscription_supported: z.boolean().optional(),
  subscription_message: z.string().nullish(),
  subscription_required: z.boolean().optional(),
  max_result_size: limit.optional(),
  /** Taken for the file's sake: results are not cut off here. */
  max_result_count: limit.optional(),
});

const collection = z.strictObject({
  name: z.string().min(1),
  type: z.enum(["DATA_FEED", "DATA_SET"]).default("DATA_FEED"),
  description: z.string().nullish(),
  available: z.boolean().default(true),
  accept_all_content: z.boolean().optional(),
  supported_content: z.array(binding).default([]),
  volume: z.int().min(0).nullish(),
  service_ids: z.array(id).default([]),
  /** What OpenTAXII has no word for: how long content is kept. */
  retention: z
    .strictObject({ days: z.number().positive().optional(), bytes: z.int().positive().optional(), blocks: z.int().positive().optional() })
    .optional(),
});

/** `read` and `modify` are OpenTAXII's; whoever may modify may read as well. */
const permission = z.union([z.enum(["read", "modify", "write"]), z.array(z.enum(["read", "write"]))]);

const account = z
  .strictObject({
    username: id.refine((name) => !name.includes(":"), "a user name cannot have a colon"),
    password: z.union([z.string().min(1), z.number().transform(String)]).optional(),
    /** A hash, as `taxii account` or OpenTAXII's database has it. */
    password_hash: z.string().refine(isPasswordHash, "expected a password hash of taxii, OpenTAXII or Django").optional(),
    /** A file with the password on its first line, relative to the data file. */
    password_file: z.string().min(1).optional(),
    is_admin: z.boolean().default(false),
    disabled: z.boolean().default(false),
    permissions: z.record(z.string(), permission).nullish(),
    certificates: z.array(z.string().min(1)).default([]),
  })
  .refine(
    (given) => [given.password, given.password_hash, given.password_file].filter((one) => one !== undefined).length <= 1,
    "expected one of password, password_hash and password_file",
  );

const dataFile = z
  .strictObject({
    services: z.array(service).nullish(),
    collections: z.array(collection).nullish(),
    accounts: z.array(account).nullish(),
  })
  .superRefine((data, context) => {
    reportTwins(
      context,
      "services",
      data.services?.map((one) => one.id),
    );
    reportTwins(
      context,
      "collections",
      data.collections?.map(({ name }) => name),
    );
    reportTwins(
      context,
      "accounts",
      data.accounts?.map(({ username }) => username),
    );
    reportUnknownServices(context, data);
  });

/** A data file that was read. */
export type DataFile = z.infer<typeof dataFile>;
export type ServiceEntry = z.infer<typeof service>;
export type CollectionEntry = z.infer<typeof collection>;
export type AccountEntry = z.infer<typeof account>;

/**
 * Reads a data file.
 *
 * @param name what to call it in errors
 * @throws UsageError with `NAME:LINE:COLUMN: what is wrong` for each place
 */
export function readDataFile(source: string, name: string): DataFile {
  // OpenTAXII reads YAML 1.1, where `yes` is true.
  return readYaml(source, dataFile, name, "1.1");
}

function reportTwins(context: z.RefinementCtx, list: "services" | "collections" | "accounts", keys: readonly string[] = []): void {
  const seen = new Set<string>();
  for (const [index, key] of keys.entries()) {
    if (seen.has(key)) context.addIssue({ code: "custom", path: [list, index], message: "there is one of this name or id already" });
    seen.add(key);
  }
}

type References = { readonly services?: ServiceEntry[] | null | undefined; readonly collections?: CollectionEntry[] | null | undefined };

function reportUnknownServices(context: z.RefinementCtx, { services, collections }: References): void {
  const known = new Set(services?.map((one) => one.id));
  const report = (path: (string | number)[], ids: readonly string[]): void => {
    for (const [index, one] of ids.entries()) {
      if (!known.has(one))
        context.addIssue({ code: "custom", path: [...path, index], message: "there is no service of this id in the file" });
    }
  };
  for (const [index, one] of (services ?? []).entries()) report(["services", index, "advertised_services"], one.advertised_services ?? []);
  // A file without services is about those that are there already.
  if (services == null) return;
  for (const [index, one] of (collections ?? []).entries()) report(["collections", index, "service_ids"], one.service_ids);
}
