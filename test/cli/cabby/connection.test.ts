/** What each of the common flags means for the connection. */

import { describe, expect, it } from "vitest";
import type { CommonFlags } from "../../../src/cli/cabby/flags.js";
import { connectionOf, verificationOf } from "../../../src/cli/cabby/session.js";
import type { Connection } from "../../../src/cli/connection.js";
import { testEnvironment } from "../environment.js";
import { commonFlags } from "./reference.js";

type Flags = Partial<CommonFlags>;

const path = "https://taxii.test/poll";

async function connection(flags: Flags, env: Readonly<Record<string, string>> = {}) {
  const told: string[] = [];
  const environment = testEnvironment({ env });
  const result = await connectionOf({ verify: "yes", taxiiVersion: "1.1", path, ...flags }, environment, (text) => told.push(text));
  return { ...result, told };
}

/** By flag: what is given, and what becomes of it. */
const cases: Readonly<Record<string, readonly (readonly [given: Flags, expected: Partial<Connection>])[]>> = {
  "--host": [[{ path: "/poll", host: "h.test" }, { url: "http://h.test/poll" }]],
  "--port": [
    [{ path: "/poll", host: "h.test", port: 81 }, { url: "http://h.test:81/poll" }],
    [{ port: 444 }, { url: "https://taxii.test:444/poll", authOrigins: ["https://taxii.test:444"] }],
  ],
  "--https": [[{ path: "/poll", host: "h.test", https: true }, { url: "https://h.test/poll" }]],
  "--path": [[{}, { url: path, endpoint: "service" }]],
  "--discovery": [
    [
      { path: undefined, discovery: "https://taxii.test/d" },
      { url: "https://taxii.test/d", endpoint: "discovery", authOrigins: undefined },
    ],
    [{ discovery: "https://other.test/d" }, { url: "https://other.test/d", endpoint: "discovery", authOrigins: ["https://taxii.test"] }],
  ],
  "--verify": [
    [{}, { ca: undefined }],
    [{ verify: "YES" }, { ca: undefined }],
    [{ verify: "no" }, { insecure: true }],
    [{ verify: "ca.pem" }, { ca: "ca.pem" }],
  ],
  "--ca-cert": [
    [{ caCert: "ca.pem" }, { ca: "ca.pem" }],
    [{ caCert: "ca.pem", verify: "other.pem" }, { ca: "ca.pem" }],
    [{ caCert: "ca.pem", verify: "no" }, { ca: "ca.pem" }],
  ],
  "--timeout": [[{ timeout: 5 }, { timeout: 5 }]],
  "--cert": [[{ cert: "c.pem" }, { cert: "c.pem", key: undefined }]],
  "--key": [
    [
      { cert: "c.pem", key: "k.pem" },
      { cert: "c.pem", key: "k.pem" },
    ],
  ],
  "--key-password": [[{ cert: "c.pem", keyPassword: "hush" }, { keyPassword: "hush" }]],
  "--username": [
    [
      { username: "ann", password: "hush" },
      { username: "ann", password: "hush" },
    ],
  ],
  "--password": [
    [
      { username: "ann", password: "" },
      { username: "ann", password: "" },
    ],
  ],
  "--jwt-auth": [
    [
      { username: "ann", password: "hush", jwtAuth: "/auth", host: "h.test", https: true },
      { jwtUrl: "https://h.test/auth", username: "ann", password: "hush" },
    ],
    [{ username: "ann", password: "hush", jwtAuth: "https://login.test/auth" }, { jwtUrl: "https://login.test/auth" }],
  ],
  "--proxy-url": [
    [{}, { proxy: undefined }],
    [{ proxyUrl: "http://proxy.test:3128" }, { proxy: "http://proxy.test:3128" }],
    [{ proxyUrl: "noproxy" }, { proxy: "none" }],
  ],
  "--proxy-type": [[{ proxyUrl: "http://proxy.test:3128", proxyType: "https" }, { proxy: "http://proxy.test:3128" }]],
  "--header": [[{ header: ["X-Tenant:seven"] }, { headers: { "X-Tenant": "seven" } }]],
  "--verbose": [[{ verbose: true }, {}]],
  "--as-xml": [[{ asXml: true }, {}]],
  "--taxii-version": [[{ taxiiVersion: "1.0" }, { version: "1.0" }]],
  "--cleartext-auth": [[{ cleartextAuth: true }, { cleartextAuth: true }]],
};

describe("the connection", () => {
  it("is told every common flag", () =>
    expect(Object.keys(cases).sort()).toEqual([...commonFlags.map(({ long }) => long), "--cleartext-auth"].sort()));

  it.each(Object.entries(cases).flatMap(([flag, rows]) => rows.map(([given, expected]) => ({ flag, given, expected }))))(
    "by $flag: $given",
    async ({ given, expected }) => {
      const { connection: made, told } = await connection(given);
      expect(made).toMatchObject(expected);
      expect(made.insecure).toBe(expected.insecure);
      expect(told).toEqual([]);
    },
  );

  it("is given the address of --path apart from that of --discovery", async () => {
    expect((await connection({ discovery: "https://other.test/d" })).address).toBe(path);
    expect((await connection({ path: undefined, discovery: "https://other.test/d" })).address).toBeUndefined();
  });

  it("goes without a proxy that is for the other scheme, and says so", async () => {
    const { connection: made, told } = await connection({ proxyUrl: "http://proxy.test:3128", proxyType: "http" });
    expect(made.proxy).toBeUndefined();
    expect(told).toEqual(["the proxy is not used: --proxy-type is http, and the service is at https://"]);
  });

  it.each([
    [{ path: undefined }, "expected --discovery, where to look up services, or --path, the address of one"],
    [{ key: "k.pem" }, "--key needs --cert as well"],
    [{ proxyType: "http" }, "--proxy-type needs --proxy-url as well"],
    [{ password: "hush" }, "--password needs --username as well"],
    [{ username: "ann" }, "--username needs --password"],
    [{ jwtAuth: "/auth", username: "ann", password: "hush" }, "no host is given"],
    [{ path: "/poll" }, "no host is given"],
    [{ header: ["hush"] }, "--header has no colon"],
  ] satisfies [Flags, string][])("refuses %j", async (flags, message) => {
    await expect(connection(flags)).rejects.toThrow(message);
    await expect(connection(flags)).rejects.toThrow(/^(?!.*hush)/);
  });
});

describe("verification", () => {
  const env = { REQUESTS_CA_BUNDLE: "r.pem", CURL_CA_BUNDLE: "c.pem" };

  it.each([
    [{ verify: "yes" }, env, { ca: "r.pem" }],
    [{ verify: "yes" }, { CURL_CA_BUNDLE: "c.pem" }, { ca: "c.pem" }],
    [{ verify: "yes" }, { REQUESTS_CA_BUNDLE: "" }, { ca: undefined }],
    [{ verify: "no" }, env, { insecure: true }],
    [{ verify: "f.pem" }, env, { ca: "f.pem" }],
    [{ verify: "yes", caCert: "f.pem" }, env, { ca: "f.pem" }],
  ])("by %j and %j", (flags, variables, expected) => expect(verificationOf(flags, testEnvironment({ env: variables }))).toEqual(expected));
});
