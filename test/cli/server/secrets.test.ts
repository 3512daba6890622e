import { createPrivateKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withoutSecrets } from "../../../src/cli/secrets.js";
import { parseServerConfig } from "../../../src/cli/server/config/read.js";
import { policyOf, transportOptions } from "../../../src/cli/server/pushing.js";
import { readTls } from "../../../src/cli/server/tls-files.js";
import { createKey, encryptKey, selfSigned } from "../../support/certificates.js";
import { testEnvironment } from "../environment.js";
import { folder } from "./kit.js";

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const parse = (value: object) => parseServerConfig(JSON.stringify({ database: "x.db", ...value }), "test.json", testEnvironment());

describe("pushing", () => {
  it("[SEC-ID-006] takes secrets from files, for each target, and they are secret from then on", async () => {
    const environment = testEnvironment();
    const { push } = await parse({
      push: {
        allow: ["*.example"],
        credentials: [
          { targets: ["a.example", "b.example"], username: "us", passwordFile: file("push-password", "hunter22\n") },
          { targets: ["c.example"], tokenFile: file("push-token", "t0ken-t0ken") },
        ],
      },
    });
    const { credentials = [] } = await transportOptions(push, environment);
    expect(credentials.map(({ match }) => match)).toEqual(["a.example", "b.example", "c.example"]);
    const url = new URL("https://a.example/");
    const context = { fetch, signal: new AbortController().signal };
    const headers: unknown[] = [];
    for (const { auth } of credentials) headers.push(await (typeof auth === "function" ? auth(url) : auth?.headers(url, context)));
    expect(headers).toMatchObject([{ Authorization: "Basic dXM6aHVudGVyMjI=" }, {}, { Authorization: "Bearer t0ken-t0ken" }]);
    expect(withoutSecrets(environment, "hunter22 t0ken-t0ken")).toBe("… …");
  });

  it("says which file is missing", async () => {
    const { push } = await parse({ push: { credentials: [{ targets: ["a.example"], tokenFile: "/nonexistent/token" }] } });
    await expect(transportOptions(push, testEnvironment())).rejects.toThrow("/nonexistent/token");
  });

  it("refuses networks that are none", async () => {
    const { push } = await parse({ push: { allow: ["a.example"], allowPrivate: ["10.0.0.0/99"] } });
    expect(() => policyOf(push)).toThrow(/^push: /);
  });
});

describe("keys with a password", () => {
  const key = createKey();
  const certificate = file("locked.pem", selfSigned({ name: "localhost", key }).cert);
  const locked = file("locked.key", encryptKey(key, "pkcs8", "hunter22"));

  it("are opened", async () => {
    const { listen } = await parse({ listen: { tls: { certificate, key: locked, keyPasswordFile: file("key-password", "hunter22") } } });
    if (listen.tls === undefined) throw new Error("there is no TLS");
    const opened = await readTls(listen.tls, testEnvironment());
    expect(createPrivateKey(String(opened.key)).asymmetricKeyType).toBe("rsa");
    expect(opened.requestClientCertificate).toBe(false);
  });

  it("need the right one, which is not repeated", async () => {
    const { listen } = await parse({ listen: { tls: { certificate, key: locked, keyPassword: "hunter23" } } });
    if (listen.tls === undefined) throw new Error("there is no TLS");
    const error: unknown = await readTls(listen.tls, testEnvironment()).catch((reason: unknown) => reason);
    expect(String(error)).toContain(`${locked}: the key cannot be opened with its password`);
    expect(String(error)).not.toContain("hunter");
  });
});
