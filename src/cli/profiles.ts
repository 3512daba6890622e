/** Profiles: what the user said once and for all of the servers in use, in `~/.config/taxii/config.yaml`. */

import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { z } from "zod";
import type { Settings } from "./connection/settings.js";
import type { Environment } from "./environment.js";
import { fileErrorText, UsageError } from "./failure.js";
import { printableLine } from "./output.js";
import { readYaml } from "./yaml-file.js";

// YAML takes 1.0 and 1.1 for numbers.
const version = z
  .union([z.literal([1, "1.0"]), z.literal([1.1, "1.1"]), z.literal("auto")], "expected 1.0, 1.1 or auto")
  .transform((given) => (given === 1 ? "1.0" : given === 1.1 ? "1.1" : given));

const tlsVersion = z
  .union(
    [z.literal([1, "1.0"]), z.literal([1.1, "1.1"]), z.literal([1.2, "1.2"]), z.literal([1.3, "1.3"])],
    "expected 1.0, 1.1, 1.2 or 1.3",
  )
  .transform((given) => tlsVersions[Number(given)]);

const tlsVersions: Readonly<Record<number, Settings["minTlsVersion"]>> = { 1: "TLSv1", 1.1: "TLSv1.1", 1.2: "TLSv1.2", 1.3: "TLSv1.3" };

const text = z.string("expected a text; put it in quotes");
const nonEmpty = text.min(1, "expected a text that is not empty");
const flag = z.boolean("expected true or false");

const profile = z
  .strictObject(
    {
      url: nonEmpty.optional(),
      version: version.optional(),
      endpoint: z.enum(["auto", "discovery", "service"], "expected auto, discovery or service").optional(),
      username: nonEmpty.optional(),
      password: text.optional(),
      password_file: nonEmpty.optional(),
      token: nonEmpty.optional(),
      token_file: nonEmpty.optional(),
      jwt_url: nonEmpty.optional(),
      headers: z.record(z.string(), text, "expected header fields, NAME: VALUE").optional(),
      cert: nonEmpty.optional(),
      key: nonEmpty.optional(),
      key_password: text.optional(),
      key_password_file: nonEmpty.optional(),
      pfx: nonEmpty.optional(),
      ca: nonEmpty.optional(),
      system_ca: flag.optional(),
      insecure: flag.optional(),
      min_tls: tlsVersion.optional(),
      proxy: nonEmpty.optional(),
      timeout: z.number("expected a number of seconds").positive("expected a number of seconds above 0").optional(),
      retries: z.int("expected a whole number").min(0, "expected a whole number of at least 0").optional(),
      strict: flag.optional(),
      rewrite_origin: flag.optional(),
      follow_redirects: flag.optional(),
      cleartext_auth: flag.optional(),
      auth_origins: z.array(nonEmpty, "expected a list of origins").optional(),
      user_agent: nonEmpty.optional(),
    },
    "expected the settings of a profile",
  )
  .readonly();

type Profile = z.infer<typeof profile>;

const configuration = z.strictObject(
  {
    /** The profile to use when none is named. */
    default: nonEmpty.optional(),
    profiles: z.record(z.string(), profile, "expected profiles by their names"),
  },
  "expected the keys default and profiles",
);

/** Where the configuration is: `TAXII_CONFIG`, or `taxii/config.yaml` in `XDG_CONFIG_HOME`, or in `~/.config`. */
export function configurationFile({ env, home }: Pick<Environment, "env" | "home">): string {
  const { TAXII_CONFIG: file = "", XDG_CONFIG_HOME: folder = "" } = env;
  if (file !== "") return file;
  // A relative one has no meaning, says the XDG Base Directory Specification.
  return join(isAbsolute(folder) ? folder : join(home, ".config"), "taxii", "config.yaml");
}

/**
 * What the profile called `name` says, or the default one.
 *
 * @returns settings that say nothing when no profile is named and there is no configuration or no default in it
 * @throws UsageError when there is no such profile, or the configuration is wrong: every place, with line and column
 */
export async function profileSettings(name: string | undefined, environment: Environment): Promise<Settings> {
  const file = configurationFile(environment);
  const source = await readIfThere(file, environment.env["TAXII_CONFIG"]);
  if (source === undefined) {
    if (name === undefined) return { source: "no profile" };
    throw new UsageError(`there is no profile ${printableLine(name)}, because there is no file ${printableLine(file)}`);
  }
  const { default: preset, profiles } = readYaml(source, configuration, file);
  await warnIfExposed(file, profiles, environment);
  const chosen = name ?? preset;
  if (chosen === undefined) return { source: "no profile" };
  const found = Object.hasOwn(profiles, chosen) ? profiles[chosen] : undefined;
  if (found !== undefined) return settingsOf(chosen, found, dirname(resolve(file)), environment.home);
  const names = Object.keys(profiles).map(printableLine).join(", ");
  throw new UsageError(`there is no profile ${printableLine(chosen)} in ${printableLine(file)}; expected one of: ${names}`);
}

async function readIfThere(file: string, named: string | undefined): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
    if (isMissing && (named ?? "") === "") return undefined;
    throw new UsageError(`the configuration cannot be read: ${fileErrorText(error)}`, { cause: error });
  }
}

function settingsOf(name: string, profile: Profile, folder: string, home: string): Settings {
  const path = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : resolve(folder, file.replace(/^~(?=\/)/, home));
  return {
    source: `profile ${name}`,
    url: profile.url,
    version: profile.version,
    endpoint: profile.endpoint,
    username: profile.username,
    password: profile.password,
    passwordFile: path(profile.password_file),
    token: profile.token,
    tokenFile: path(profile.token_file),
    jwtUrl: profile.jwt_url,
    headers: profile.headers,
    cert: path(profile.cert),
    key: path(profile.key),
    keyPassword: profile.key_password,
    keyPasswordFile: path(profile.key_password_file),
    pfx: path(profile.pfx),
    ca: path(profile.ca),
    systemCa: profile.system_ca,
    insecure: profile.insecure,
    minTlsVersion: profile.min_tls,
    proxy: profile.proxy,
    timeout: profile.timeout,
    retries: profile.retries,
    strict: profile.strict,
    rewriteOrigin: profile.rewrite_origin,
    followRedirects: profile.follow_redirects,
    cleartextAuth: profile.cleartext_auth,
    authOrigins: profile.auth_origins,
    userAgent: profile.user_agent,
  };
}

const readableByOthers = 0o044;

async function warnIfExposed(file: string, profiles: Readonly<Record<string, Profile>>, { output }: Environment): Promise<void> {
  const hasSecrets = Object.values(profiles).some((one) => (one.password ?? one.token ?? one.key_password ?? one.headers) !== undefined);
  if (!hasSecrets || process.platform === "win32") return;
  const { mode } = await stat(file);
  if ((mode & readableByOthers) === 0) return;
  const name = printableLine(file);
  output.err(`warning: ${name} holds secrets and can be read by other users; chmod 600 ${name} keeps them to yourself\n`);
}
