/** What a file of profiles may say. */

import { resolve } from "node:path";
import { z } from "zod";
import type { Settings } from "./connection/settings.js";
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

/** Profiles, and which of them to use when none is named. */
export type Configuration = z.infer<typeof configuration>;

/** @throws UsageError naming every place that is wrong, by line and column */
export function readConfiguration(source: string, file: string): Configuration {
  return readYaml(source, configuration, file);
}

/** Whether a secret itself stands in the file. Header fields often are one. */
export function hasSecrets(profiles: Configuration["profiles"]): boolean {
  return Object.values(profiles).some((one) => (one.password ?? one.token ?? one.key_password ?? one.headers) !== undefined);
}

/**
 * A profile as settings.
 *
 * @param folder where its files are, unless they say so themselves
 */
export function settingsOf(name: string, profile: Profile, folder: string, home: string): Settings {
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
