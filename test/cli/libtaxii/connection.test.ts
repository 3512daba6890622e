/** Where the scripts connect to, and as whom. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { requestListener } from "../../../src/server/node/index.js";
import { serveTls } from "../../client/node/kit.js";
import { createKit } from "../../server/kit.js";
import { createAuthority, encryptKey, selfSigned } from "../../support/certificates.js";
import type { TestEnvironmentOptions } from "../environment.js";
import { peer, type Run, run, url } from "./kit.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-connection-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** Runs discovery_client against a peer that takes anything, and gives what reached it. */
async function discover(
  args: readonly string[],
  options: TestEnvironmentOptions = {},
): Promise<Run & { readonly requests: readonly Request[] }> {
  const sent = peer();
  return { ...(await run("discovery_client", args, { fetch: sent.fetch, ...options })), requests: sent.requests };
}

describe("the address", () => {
  it.each([
    [[], "expected --url, the address of the service"],
    [["--url", ""], "--url: expected an http or https URL, found"],
    [["--url", "taxii.test"], "--url: expected an http or https URL, found"],
    [["--url", "ftp://taxii.test/"], "--url: expected an http or https URL, found"],
    [["--url", "http://me:secret@taxii.test/"], "--url: it cannot hold credentials; give them as --username and --pass"],
    [["--url", url, "--host", "h"], "--host cannot be used together with --url"],
    [["--path", "/a", "--port", "1"], "--port, --path need --host as well"],
    [["--host", "a/b"], "--host is the name of a host and nothing else"],
    [["--host", "me:secret@h"], "--host is the name of a host and nothing else"],
    [["--host", "h", "--port", "0"], "Expected a whole number of at least 1"],
    [["--host", "h", "--port", "65536"], "Expected a port, at most 65535."],
    [["--host", "h", "--https", "constructor"], "Expected True or False."],
  ])("of %j is wrong usage, and nothing is sent", async (args, message) => {
    const { code, out, err, requests } = await discover(args);
    expect([code, out, requests.length]).toEqual([2, "", 0]);
    expect(err).toContain(message);
    expect(err).not.toContain("secret");
  });

  it("in deprecated flags is taken with warnings, and spelt out without what may be a key", async () => {
    const { code, err, out } = await discover(["--host", "taxii.test", "--port=8080", "--path", "/it's?key=secret", "--https", "False"]);
    expect(err.split("\n")).toEqual([
      ...["host", "port", "path", "https"].map((name) => `warning: --${name} is deprecated; use --url`),
      "These flags stand for: --url 'http://taxii.test:8080/it'\\''s?…'",
      "",
    ]);
    expect(code).toBe(0);
    expect(out).not.toContain("deprecated");
  });
});

describe("user name and password", () => {
  const asMe = (request: Request | undefined): string | undefined => request?.headers.get("authorization") ?? undefined;
  const secure = "https://taxii.test/";

  it("are sent, whatever they contain", async () => {
    const { requests } = await discover(["-u", secure, "--username", "Jürgen", "--pass", "pässword: %"]);
    expect(asMe(requests[0])).toBe(`Basic ${Buffer.from("Jürgen:pässword: %").toString("base64")}`);
  });

  it("are asked for on a terminal, unseen", async () => {
    const { requests, environment } = await discover(["-u", secure, "--username", "me"], { answers: ["secret"] });
    expect(environment.questions).toEqual([{ question: "Password of me: ", hidden: true }]);
    expect(asMe(requests[0])).toBe(`Basic ${btoa("me:secret")}`);
  });

  it.each([
    [["--username", "me"], "--username needs --pass as well"],
    [["--pass", "secret"], "--pass needs --username as well"],
    [["--username", "a:b", "--pass", "secret"], "a user name for Basic authentication cannot contain a colon"],
    [
      ["-u", url, "--username", "me", "--pass", "secret"],
      "the password would travel to taxii.test in clear text; use https, or --insecure",
    ],
  ])("%j are wrong usage, and nothing is sent", async (args, message) => {
    const { code, out, err, requests } = await discover(["-u", secure, ...args]);
    expect([code, out, requests.length]).toEqual([2, "", 0]);
    expect(err).toContain(message);
    expect(err).not.toContain("secret");
  });

  it("go over plain HTTP within this machine, and where --insecure says so", async () => {
    for (const args of [
      ["-u", "http://localhost/", "--username", "me", "--pass", "p"],
      ["-u", url, "--username", "me", "--pass", "p", "--insecure"],
    ]) {
      const { requests, err } = await discover(args);
      expect([asMe(requests[0]), err]).toEqual([`Basic ${btoa("me:p")}`, ""]);
    }
  });

  it("are in nothing that is printed, even if the server repeats them", async () => {
    const sent = peer(() => new Response("no secret-password here", { status: 401 }));
    const args = ["-u", secure, "--username", "me", "--pass", "secret-password"];
    const { out, err } = await run("discovery_client", args, { fetch: sent.fetch });
    expect(out + err).not.toContain("secret-password");
  });

  it("are not repeated from flags that do not exist", async () => {
    const { code, err } = await discover(["-u", secure, "--passwd=secret"]);
    expect(code).toBe(2);
    expect(err).toContain("--passwd");
    expect(err).not.toContain("secret");
  });
});

describe("TLS", () => {
  const authority = createAuthority("Test Authority");
  const server = authority.issue({ name: "server", hosts: ["localhost"] });
  const client = authority.issue({ name: "client" });
  const ca = file("ca.pem", authority.cert);
  const cert = file("client.pem", client.cert);
  const key = file("client-key.pem", client.key);
  const encrypted = file("encrypted.pem", encryptKey(client.key, "pkcs8", "secret"));
  const both = file("both.pem", client.cert + client.key);

  /** A TAXII server, and the names of those who reached it. */
  async function serve(certified: { readonly cert: string; readonly key: string }, demanding = false) {
    const { server: taxii } = await createKit();
    const listener = requestListener(taxii);
    const names: (string | undefined)[] = [];
    const options = demanding ? { ...certified, ca: authority.cert, requestCert: true } : certified;
    const { url: address } = await serveTls(options, (request, response) => {
      const name: unknown = (request.socket as TLSSocket).getPeerCertificate().subject?.CN;
      names.push(typeof name === "string" ? name : undefined);
      listener(request, response);
    });
    return {
      names,
      discover: (args: readonly string[] = [], environment: TestEnvironmentOptions = {}) =>
        run("discovery_client", ["-u", `${address}/discovery`, ...args], environment),
    };
  }

  it("is verified: a server that nobody vouches for is refused, and what helps is said", async () => {
    const { discover, names } = await serve(selfSigned({ name: "self", hosts: ["localhost"] }));
    const refused = await discover();
    expect(refused.code).toBe(3);
    expect(refused.err).toMatch(
      /^discovery_client: .* is not trusted: .*; --verify-server FILE names the authority to trust; --insecure goes/s,
    );
    expect(names).toEqual([]);
    const taken = await discover(["--insecure"]);
    expect([taken.code, taken.err, names.length]).toEqual([0, "", 1]);
  });

  it("is verified with the authorities of --verify-server", async () => {
    const { discover } = await serve(server);
    expect((await discover()).code).toBe(3);
    expect(await discover(["--verify-server", ca])).toMatchObject({ code: 0, err: "" });
  });

  it.each([
    ["--cert and --key", ["--cert", cert, "--key", key]],
    ["--cert alone, with the key in it", ["--cert", both]],
  ])("shows the certificate of %s", async (_, args) => {
    const { names, discover } = await serve(server, true);
    expect(await discover(["--verify-server", ca, ...args])).toMatchObject({ code: 0, err: "" });
    expect(names).toEqual(["client"]);
  });

  it("asks for the password of an encrypted key", async () => {
    const { names, discover } = await serve(server, true);
    const args = ["--verify-server", ca, "--cert", cert, "--key", encrypted];
    const { code, err, environment } = await discover(args, { answers: ["secret"] });
    expect([code, err, names]).toEqual([0, "", ["client"]]);
    expect(environment.questions).toEqual([{ question: `Password of the key ${encrypted}: `, hidden: true }]);
    const unasked = await discover(args);
    expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining("is encrypted, and there is no terminal to ask")]);
  });

  it.each([
    ["a key without its certificate", ["--key", key], "is given without its certificate"],
    ["a key that is not there", ["--cert", cert, "--key", join(folder, "missing")], "missing: there is no such file"],
    ["a certificate without its key", ["--cert", cert], "key"],
    ["authorities that are not there", ["--verify-server", join(folder, "missing")], "missing: there is no such file"],
  ])("cannot do with %s", async (_, args, message) => {
    const { code, err, out } = await run("discovery_client", ["-u", "https://localhost:1/", ...args]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  it("is not there over plain HTTP, and flags about it are warned of", async () => {
    const { err, code } = await discover(["-u", url, "--cert", both, "--verify-server", ca]);
    expect(err).toBe("warning: --cert has no effect on an http address\nwarning: --verify-server has no effect on an http address\n");
    expect(code).toBe(0);
  });
});

describe("--proxy", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  /** A proxy that answers itself, in the place of http://taxii.test. */
  async function proxy(): Promise<{ readonly address: string; readonly asked: string[] }> {
    const { server } = await createKit();
    const asked: string[] = [];
    const listener = createServer((request, response) => {
      asked.push(request.url ?? "");
      request.url = new URL(request.url ?? "").pathname;
      requestListener(server)(request, response);
    });
    servers.push(listener);
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    return { address: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`, asked };
  }

  const through = (...args: string[]): Promise<Run> => run("discovery_client", ["-u", "http://taxii.test/discovery", ...args]);

  it("is asked instead of the server", async () => {
    const { address, asked } = await proxy();
    expect(await through("--proxy", address)).toMatchObject({ code: 0, err: "" });
    expect(asked).toEqual(["http://taxii.test/discovery"]);
  });

  it("None is that of the environment", async () => {
    const { address, asked } = await proxy();
    vi.stubEnv("http_proxy", address);
    vi.stubEnv("no_proxy", "");
    expect(await through("--proxy", "None")).toMatchObject({ code: 0, err: "" });
    expect(asked).toHaveLength(1);
  });

  it("that is no URL is wrong usage, and is not repeated", async () => {
    const { code, err } = await through("--proxy", "me:secret");
    expect(code).toBe(2);
    expect(err).not.toContain("secret");
  });
});
