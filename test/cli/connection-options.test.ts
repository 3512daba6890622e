import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../src/cli/connection.js";
import { type ConnectionFlags, connectionOf } from "../../src/cli/connection-options.js";
import { UsageError } from "../../src/cli/failure.js";
import { withoutSecrets } from "../../src/cli/secrets.js";
import { type TestEnvironment, type TestEnvironmentOptions, testEnvironment } from "./environment.js";

const url = "https://taxii.example.com/discovery";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "taxii-home-"));
  mkdirSync(join(home, ".config/taxii"), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function file(name: string, content: string, mode = 0o600): string {
  const path = join(home, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const config = (content: string, mode?: number): string => file(".config/taxii/config.yaml", content, mode);

async function read(
  flags: ConnectionFlags,
  options: TestEnvironmentOptions = {},
): Promise<{ connection: Connection; environment: TestEnvironment }> {
  const environment = testEnvironment({ home, ...options });
  return { connection: await connectionOf(flags, environment), environment };
}

const connection = async (flags: ConnectionFlags, options?: TestEnvironmentOptions) => (await read(flags, options)).connection;

describe("connectionOf", () => {
  it("takes flags before the environment before the profile", async () => {
    config(`default: one\nprofiles:\n  one: { url: "${url}", timeout: 30, username: alice, password: p1, version: 1.0 }\n`);
    expect(await connection({})).toMatchObject({ url, timeout: 30, username: "alice", password: "p1", version: "1.0" });
    const env = { TAXII_PASSWORD: "p2" };
    expect(await connection({ timeout: 5, taxiiVersion: "1.1" }, { env })).toMatchObject({ timeout: 5, password: "p2", version: "1.1" });
    const passwordFile = file("password", "p3\n");
    expect(await connection({ passwordFile }, { env })).toMatchObject({ username: "alice", password: "p3" });
  });

  it("turns flags into the connection", async () => {
    const flags: ConnectionFlags = {
      url,
      header: ["X-Key: a: b ", "Accept:*/*"],
      minTls: "1.3",
      authOrigin: ["https://b.example"],
      insecure: true,
      rewriteOrigin: true,
      followRedirects: true,
      proxy: "none",
    };
    expect(await connection(flags)).toMatchObject({
      headers: { "X-Key": "a: b", Accept: "*/*" },
      minTlsVersion: "TLSv1.3",
      authOrigins: ["https://b.example"],
      insecure: true,
      rewriteOrigin: true,
      followRedirects: true,
      proxy: "none",
    });
  });

  it("refuses a header field that is none, and does not repeat it", async () => {
    for (const field of ["secret-value", "X Y: secret-value", "X: secret-value\r\nY: z", ": secret-value"]) {
      const failed = connection({ url, header: [field] });
      await expect(failed).rejects.toThrow("--header is no header field; expected 'Name: value'");
    }
  });

  it("refuses URLs with credentials in them, and does not repeat them", async () => {
    const failed = connection({ url: "https://alice:hunter2@taxii.example.com/" });
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.not.toThrow(/hunter2|alice/);
  });
});

describe("secrets", () => {
  it("come from files, one line each, and from standard input", async () => {
    const tokenFile = file("token", "abc\r\n");
    expect(await connection({ url, tokenFile })).toMatchObject({ token: "abc" });
    expect(await connection({ url, username: "u", passwordFile: "-" }, { input: " p:w \n" })).toMatchObject({ password: " p:w " });
    expect(await connection({ url, username: "u", passwordFile: file("empty", "\n") })).toMatchObject({ password: "" });
  });

  it.each([
    [{ passwordFile: "/nonexistent/x" }, "the password cannot be read: /nonexistent/x: there is no such file or folder"],
    [{ passwordFile: "-", keyPasswordFile: "-", cert: "c.pem" }, "only one secret can be read from standard input"],
  ])("are missed where they cannot be had: %j", async (flags, message) => {
    await expect(connection({ url, username: "u", ...flags })).rejects.toThrow(message);
  });

  it("are one line of UTF-8", async () => {
    const several = file("several", "secret1\nsecret2\n");
    await expect(connection({ url, username: "u", passwordFile: several })).rejects.toThrow(/several has more than one line$/);
    writeFileSync(several, Uint8Array.of(0xff));
    await expect(connection({ url, username: "u", passwordFile: several })).rejects.toThrow(/several is not UTF-8$/);
  });

  it("are asked for where there is a terminal, hidden", async () => {
    const { connection: made, environment } = await read({ url, username: "alice\u001b" }, { answers: ["hunter2"] });
    expect(made.password).toBe("hunter2");
    expect(environment.questions).toEqual([{ question: "Password for alice\\u001b at taxii.example.com: ", hidden: true }]);
    expect(withoutSecrets(environment, "was hunter2")).toBe("was …");
  });

  it("may be empty, when that is said", async () => {
    expect(await connection({ url, username: "guest" }, { env: { TAXII_PASSWORD: "" } })).toMatchObject({ password: "" });
    await expect(connection({ url, username: "guest" })).rejects.toThrow("there is no password for guest, and no terminal to ask for it");
  });

  it("of an encrypted key are asked for", async () => {
    const key = file("key.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n-----END ENCRYPTED PRIVATE KEY-----\n");
    const { connection: made, environment } = await read({ url, cert: "cert.pem", key }, { answers: ["open"] });
    expect(made.keyPassword).toBe("open");
    expect(environment.questions).toEqual([{ question: `Password of the key ${key}: `, hidden: true }]);
    expect((await connection({ url, cert: "cert.pem", key })).keyPassword).toBeUndefined();
  });

  it("of the environment go nowhere but to the URL of the environment", async () => {
    const env = { TAXII_URL: url, TAXII_TOKEN: "abc" };
    const { connection: made, environment } = await read({ url: "https://other.example/" }, { env });
    expect(made.token).toBeUndefined();
    expect(environment.err).toMatch(/^warning: the environment is for https:\/\/taxii\.example\.com; its credentials, .* are left out\n$/);
  });
});

describe("profiles", () => {
  it("are found by flag, by TAXII_PROFILE, or as the default", async () => {
    config(`default: a\nprofiles:\n  a: { url: "https://a.example/" }\n  b: { url: "https://b.example/" }\n`);
    expect((await connection({})).url).toBe("https://a.example/");
    expect((await connection({}, { env: { TAXII_PROFILE: "b" } })).url).toBe("https://b.example/");
    expect((await connection({}, { env: { TAXII_PROFILE: "" } })).url).toBe("https://a.example/");
    expect((await connection({ profile: "a" }, { env: { TAXII_PROFILE: "b" } })).url).toBe("https://a.example/");
    await expect(connection({ profile: "c" })).rejects.toThrow(/there is no profile c in .*config\.yaml; expected one of: a, b$/);
    await expect(connection({ profile: "toString" })).rejects.toThrow(/there is no profile toString/);
  });

  it("are where XDG_CONFIG_HOME and TAXII_CONFIG say", async () => {
    mkdirSync(join(home, "xdg/taxii"), { recursive: true });
    file("xdg/taxii/config.yaml", `default: a\nprofiles: { a: { url: "https://xdg.example/" } }\n`);
    const other = file("other.yaml", `default: a\nprofiles: { a: { url: "https://other.example/" } }\n`);
    expect((await connection({}, { env: { XDG_CONFIG_HOME: join(home, "xdg") } })).url).toBe("https://xdg.example/");
    expect((await connection({}, { env: { TAXII_CONFIG: other, XDG_CONFIG_HOME: join(home, "xdg") } })).url).toBe("https://other.example/");
    await expect(connection({}, { env: { XDG_CONFIG_HOME: "xdg" } })).rejects.toThrow("no URL is given");
    await expect(connection({ url }, { env: { TAXII_CONFIG: join(home, "missing") } })).rejects.toThrow(
      /the configuration cannot be read: /,
    );
    await expect(connection({ url, profile: "a" })).rejects.toThrow(/there is no profile a, because there is no file /);
  });

  it("name files beside themselves, or from home", async () => {
    config(`profiles:\n  a: { url: "${url}", username: u, password_file: secret, ca: ~/ca.pem, cert: /etc/cert.pem }\n`);
    file(".config/taxii/secret", "hunter2");
    expect(await connection({ profile: "a" })).toMatchObject({ password: "hunter2", ca: join(home, "ca.pem"), cert: "/etc/cert.pem" });
  });

  it("have every setting", async () => {
    config(`profiles:
  a:
    url: ${url}
    version: 1.1
    endpoint: service
    token: abc
    headers: { X-Key: k }
    pfx: me.p12
    key_password: kp
    system_ca: true
    insecure: false
    min_tls: 1.2
    proxy: none
    timeout: 2.5
    retries: 0
    strict: true
    rewrite_origin: true
    follow_redirects: true
    cleartext_auth: true
    auth_origins: [https://b.example]
    user_agent: me/1
`);
    expect(await connection({ profile: "a" })).toEqual({
      url,
      version: "1.1",
      endpoint: "service",
      token: "abc",
      headers: { "X-Key": "k" },
      pfx: join(home, ".config/taxii/me.p12"),
      keyPassword: "kp",
      systemCa: true,
      insecure: false,
      minTlsVersion: "TLSv1.2",
      proxy: "none",
      timeout: 2.5,
      retries: 0,
      strict: true,
      rewriteOrigin: true,
      followRedirects: true,
      cleartextAuth: true,
      authOrigins: ["https://b.example"],
      userAgent: "me/1",
    });
  });

  it("that are wrong are named by line and column, without what stands there", async () => {
    config(`default: a
profiles:
  a:
    url: ${url}
    pasword: hunter2
    timeout: hunter2
    min_tls: hunter2
    token: 12345
    headers: [hunter2]
`);
    const path = join(home, ".config/taxii/config.yaml");
    await expect(connection({})).rejects.toThrow(
      [
        `${path}:5:5: there is no key profiles.a.pasword; did you mean password?`,
        `${path}:6:14: profiles.a.timeout: expected a number of seconds`,
        `${path}:7:14: profiles.a.min_tls: expected 1.0, 1.1, 1.2 or 1.3`,
        `${path}:8:12: profiles.a.token: expected a text; put it in quotes`,
        `${path}:9:14: profiles.a.headers: expected header fields, NAME: VALUE`,
      ].join("\n"),
    );
    await expect(connection({})).rejects.not.toThrow(/hunter2/);
  });

  it.each([
    ["profiles: {a: {password: *hunter2}}", /:1:26: this is not YAML: a value that begins with \* /],
    ["profiles: {a: {password: !hunter2 x}}", /:1:26: this is not YAML: a value that begins with ! is a tag/],
    ['profiles: {a: {password: "hunter2', /:1:\d+: this is not YAML: a character is missing/],
    ["profiles: {}\nprofiles: {}", /:2:1: this is not YAML: the key is there twice/],
    ["profiles:\n\ta: hunter2", /:2:1: this is not YAML: a tab cannot/],
    ["a: 1\n---\nb: 2", /:2:1: this is not YAML: there is a second document/],
    ["", /:1:1: expected/],
    ["hunter2", /:1:1: expected/],
  ])("that are no YAML are refused: %j", async (text, message) => {
    config(text);
    const failed = connection({ url });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.not.toThrow(/hunter2/);
  });

  it("with secrets that others can read get a warning", async () => {
    const text = `profiles: { a: { url: "${url}", token: abc } }\n`;
    const path = config(text, 0o644);
    expect((await read({ profile: "a" })).environment.err).toBe(
      `warning: ${path} holds secrets and can be read by other users; chmod 600 ${path} keeps them to yourself\n`,
    );
    config(text, 0o600);
    expect((await read({ profile: "a" })).environment.err).toBe("");
    config(`profiles: { a: { url: "${url}", token_file: abc } }\n`, 0o644);
    file(".config/taxii/abc", "t");
    expect((await read({ profile: "a" })).environment.err).toBe("");
  });
});
