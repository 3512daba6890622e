/** The environment variables that say how to reach a server. */

import type { Settings } from "./settings.js";

interface Variable {
  readonly key: Exclude<keyof Settings, "source">;
  /** What it is, for people. */
  readonly text: string;
}

/** All of them, by name. */
export const connectionVariables: Readonly<Record<string, Variable>> = {
  TAXII_URL: { key: "url", text: "address of the server" },
  TAXII_USERNAME: { key: "username", text: "user name" },
  TAXII_PASSWORD: { key: "password", text: "password; may be empty" },
  TAXII_PASSWORD_FILE: { key: "passwordFile", text: "file with the password" },
  TAXII_TOKEN: { key: "token", text: "bearer token" },
  TAXII_TOKEN_FILE: { key: "tokenFile", text: "file with a bearer token" },
  TAXII_JWT_URL: { key: "jwtUrl", text: "where to log in for a bearer token" },
  TAXII_CERT: { key: "cert", text: "client certificate, PEM" },
  TAXII_KEY: { key: "key", text: "key of the client certificate, PEM" },
  TAXII_KEY_PASSWORD: { key: "keyPassword", text: "password of the key or the PKCS#12 file" },
  TAXII_KEY_PASSWORD_FILE: { key: "keyPasswordFile", text: "file with that password" },
  TAXII_PFX: { key: "pfx", text: "client certificate and key, PKCS#12" },
  TAXII_CA: { key: "ca", text: "authorities to trust, PEM" },
  TAXII_PROXY: { key: "proxy", text: "HTTP proxy" },
};

/** What they say. A variable that is empty is not set, but a password may be empty. */
export function environmentSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const entries = Object.entries(connectionVariables).flatMap(([variable, { key }]) => {
    const value = env[variable];
    return value === undefined || (value === "" && key !== "password") ? [] : [[key, value] as const];
  });
  return { source: "the environment", ...Object.fromEntries(entries) };
}
