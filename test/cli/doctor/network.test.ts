/** The doctor below HTTP: names, connections, proxies, TLS. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { kindOfAddress, kindOfHost } from "../../../src/cli/doctor/address-kind.js";
import { examineAddresses } from "../../../src/cli/doctor/addresses-step.js";
import { examineDns } from "../../../src/cli/doctor/network-steps.js";
import { certificateFault, tlsFault } from "../../../src/cli/doctor/tls-faults.js";
import { type Answer, type Peer, startPeer } from "../../servers/peer.js";
import { discoveryResponse, https10, reply, taxiiHeaders } from "../../servers/texts.js";
import { type Certified, createAuthority, selfSigned } from "../../support/certificates.js";
import { startProxy } from "../../support/http-proxy.js";
import { taxii } from "../run.js";
import { examine, outcomes, words } from "./kit.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-doctor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const empty: Answer = (asked, response) => reply(response, discoveryResponse(asked, []), taxiiHeaders(asked.version));
const secured: Answer = (asked, response) =>
  reply(response, discoveryResponse(asked, []), { ...taxiiHeaders(asked.version), "X-TAXII-Protocol": https10 });
const localhost = { host: "localhost" };
const authority = createAuthority("An authority");
const ca = ["--ca", file("ca.pem", authority.cert)];
const good = authority.issue({ name: "taxii", hosts: ["localhost", "127.0.0.1"], notAfter: new Date(Date.now() + 90 * 24 * 3_600_000) });

const patience = { milliseconds: 5000, signal: new AbortController().signal };

describe("names", () => {
  const url = new URL("https://taxii.example.com/");
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  it.each([
    ["ENOTFOUND", "there is no such name > check the spelling"],
    ["EAI_AGAIN", "the DNS server does not answer > check the network connection"],
    ["ETIMEDOUT", "does not answer in time"],
    ["EWHATEVER", "cannot be looked up (EWHATEVER)"],
  ])("that are not known (%s) are explained", async (code, expected) => {
    const { finding, addresses } = await examineDns(url, undefined, patience, failing(code));
    expect([finding.outcome, addresses]).toEqual(["failed", []]);
    expect(words(finding)).toContain(expected);
  });

  it("are the proxy's business where there is one", async () => {
    const { finding } = await examineDns(url, new URL("http://proxy.example.com"), patience, failing("ENOTFOUND"));
    expect(finding.outcome).toBe("warning");
  });

  it("may mean several addresses, of several kinds", async () => {
    const found = [
      { address: "192.0.2.1", family: 4 },
      { address: "10.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ];
    const { finding } = await examineDns(url, undefined, patience, async () => found);
    expect(finding.summary).toBe("taxii.example.com is 192.0.2.1 (IPv4), 10.0.0.1 (IPv4), ::1 (IPv6)");
    expect(words(finding)).toMatch(/this machine.*a private network/);
  });

  it.each([
    ["127.0.0.1", "this machine"],
    ["::1", "this machine"],
    ["0.0.0.0", "any address"],
    ["::", "any address"],
    ["10.1.2.3", "private"],
    ["100.64.0.1", "private"],
    ["169.254.169.254", "private"],
    ["fd00::1", "private"],
    ["::ffff:10.0.0.1", "private"],
    ["192.0.2.1", "public"],
    ["taxii.example.com", undefined],
  ])("%s is %s", (address, kind) => expect(kindOfAddress(address)).toBe(kind));

  it.each([
    ["localhost", "this machine"],
    ["taxii.localhost", "this machine"],
    ["[::1]", "this machine"],
    ["example.com", undefined],
  ])("the host %s is %s", (host, kind) => expect(kindOfHost(host)).toBe(kind));
});

describe("advertised addresses of a public server", () => {
  const base = {
    url: new URL("https://203.0.113.1/discovery"),
    kinds: new Set(["public" as const]),
    isProxied: true,
    hasCredentials: false,
    authOrigins: [],
    isRewriting: false,
    patience,
  };
  const service = (address: string) => ({
    serviceType: "POLL" as const,
    address,
    serviceVersion: "urn:taxii.mitre.org:services:1.1",
    protocolBinding: "urn:taxii.mitre.org:protocol:https:1.0",
    messageBindings: [],
    contentBindings: [],
    supportedQueries: [],
    inboxServiceAcceptedContents: [],
  });

  it.each([
    ["https://localhost/poll", "means the machine that asks; the server probably sits behind another one"],
    ["https://10.0.0.1/poll", "is in a private network"],
    ["https://[::]/poll", "is what the server listens on"],
    ["http://203.0.113.1/poll", "is not encrypted, although the URL is"],
  ])("%s", async (address, expected) => {
    const finding = await examineAddresses([service(address)], base);
    expect(words(finding)).toContain(expected);
    expect(words(finding)).toContain("--rewrite-origin");
  });

  it("into its private network are not tried from here, under whatever name", async () => {
    let connections = 0;
    const inside = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => inside.listen(0, "127.0.0.1", resolve));
    const { port } = inside.address() as { port: number };
    const finding = await examineAddresses([service(`https://localhost:${port}/`), service(`https://127.0.0.1:${port}/`)], {
      ...base,
      isProxied: false,
    });
    await new Promise((resolve) => inside.close(resolve));
    expect(finding.outcome).toBe("warning");
    expect(connections).toBe(0);
  });
});

describe("connections", () => {
  it("that are refused are explained, and everything behind them is skipped", async () => {
    const examined = await examine(empty, [], { url: () => "http://127.0.0.1:1/discovery" });
    expect(outcomes(examined)).toBe(
      "url ok, proxy ok, dns skipped, tcp failed, tls skipped, http skipped, authentication skipped, versions skipped, discovery skipped, " +
        "addresses skipped, collections skipped, poll skipped, clock skipped, deviations skipped",
    );
    expect(words(examined.step("tcp"))).toContain("127.0.0.1 port 1 refuses: nothing listens there > check the port");
    expect(examined.code).toBe(3);
  });

  it("need only one address of a name", async () => {
    // localhost may be ::1 as well, where the peer does not listen.
    const { step } = await examine(empty, [], localhost);
    expect(step("tcp").outcome).not.toBe("failed");
    expect(step("http").outcome).toBe("ok");
  });
});

describe("TLS", () => {
  const behind = (certified: Certified, args: readonly string[] = ca, options: object = {}) =>
    examine(secured, args, { ...localhost, server: { ...certified, ...options } });

  it("is shown with the chain of certificates", async () => {
    const examined = await behind(good);
    expect(examined.step("tls").outcome).toBe("ok");
    expect(words(examined.step("tls"))).toMatch(
      /^TLSv1\.3, TLS_\w+ \| ok: certificate 1 of 2: taxii, issued by An authority; valid from \d{4}-\d\d-\d\d to/,
    );
    expect(words(examined.step("tls"))).toMatch(/for localhost, IP Address:127\.0\.0\.1; SHA-256 ([0-9A-F]{2}:){31}/);
    expect(examined.step("http").outcome).toBe("ok");
  });

  const yesterday = new Date(Date.now() - 24 * 3_600_000);

  it.each([
    ["an unknown authority", good, [], "the authority that issued the certificate is not known"],
    [
      "no authority at all",
      selfSigned({ name: "x", hosts: ["localhost"] }),
      ca,
      "the server has issued its certificate itself > if the fingerprint",
    ],
    [
      "another name",
      authority.issue({ name: "x", hosts: ["other.example"] }),
      ca,
      "the certificate is for other names > use one of its names",
    ],
    [
      "a certificate that has expired",
      authority.issue({ name: "x", hosts: ["localhost"], notBefore: new Date(Date.now() - 1e9), notAfter: yesterday }),
      ca,
      "has expired > the server's operator has to renew it",
    ],
    [
      "a certificate that is not valid yet",
      authority.issue({ name: "x", hosts: ["localhost"], notBefore: new Date(Date.now() + 1e8), notAfter: new Date(Date.now() + 1e9) }),
      ca,
      "is not valid yet > check the clock",
    ],
  ])("with %s is refused and explained, and no request is sent", async (_name, certified, args, expected) => {
    const examined = await behind(certified, args);
    expect(words(examined.step("tls"))).toContain(expected);
    expect(words(examined.step("tls"))).toContain("certificate 1 of");
    expect(examined.step("http").outcome).toBe("skipped");
    expect(examined.code).toBe(3);
    expect(examined.peer.asked).toEqual([]);
  });

  it("with two faults tells both", async () => {
    const { step } = await behind(authority.issue({ name: "x", hosts: ["other.example"] }), []);
    expect(words(step("tls"))).toMatch(/is not known.*is for other names/);
  });

  it("goes unchecked when the user wants that, with a warning", async () => {
    const examined = await behind(good, ["--insecure"]);
    expect(examined.step("tls").outcome).toBe("warning");
    expect(examined.step("http").outcome).toBe("ok");
    expect(examined.code).toBe(0);
  });

  it("tells when the certificate will expire soon", async () => {
    const { step } = await behind(
      authority.issue({ name: "x", hosts: ["localhost"], notAfter: new Date(Date.now() + 5.5 * 24 * 3_600_000) }),
    );
    expect(words(step("tls"))).toContain("certificate 1 expires in 5 days");
  });

  it("is told from plain HTTP, both ways", async () => {
    const plain = await examine(empty, [], { url: ({ url }) => `${url.replace("http:", "https:")}/discovery` });
    expect(words(plain.step("tls"))).toContain("what answers does not speak TLS > the port may be one for plain HTTP");
    expect(plain.code).toBe(3);
    const tls = await examine(empty, [], { server: { ...good }, url: ({ url }) => `${url.replace("https:", "http:")}/discovery` });
    expect(tls.step("http").outcome).toBe("failed");
  });

  it("may be too old", async () => {
    const { step } = await behind(good, ca, { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" });
    expect(words(step("tls"))).toContain("--min-tls 1.0");
    const old = await behind(good, [...ca, "--min-tls", "1.0"], {
      maxVersion: "TLSv1.1",
      minVersion: "TLSv1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    expect(words(old.step("tls"))).toContain("TLSv1.1 is old and not safe any more");
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("asks for a client certificate in %s", async (version) => {
    const options = { requestCert: true, rejectUnauthorized: true, ca: authority.cert, maxVersion: version };
    const refused = await behind(good, ca, options);
    expect(refused.findings.map(words).join("\n")).toMatch(/--cert and --key, or --pfx/);
    expect(refused.code).toBe(3);
    const mine = authority.issue({ name: "me" });
    const accepted = await behind(good, [...ca, "--cert", file("me.pem", mine.cert), "--key", file("me.key", mine.key)], options);
    expect(accepted.step("authentication").summary).toBe("a client certificate: not refused");
    expect(accepted.step("http").outcome).toBe("ok");
  });

  it("that never answers ends", async () => {
    const silent: Server = createServer((socket) => void socket.on("error", () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const { code, out } = await taxii(["doctor", `https://127.0.0.1:${port}/`, "--proxy", "none", "--timeout", "0.3"]);
    silent.close();
    expect(code).toBe(3);
    expect(out).toContain("the handshake does not end in time");
  });

  it("has words for what this test cannot make", () => {
    expect(certificateFault("CERT_REVOKED").text).toContain("revoked");
    expect(certificateFault("SOMETHING_NEW").text).toBe("the certificate cannot be trusted (SOMETHING_NEW)");
    const alert = Object.assign(new Error("SSL alert number 112"), { code: "ERR_SSL_TLSV1_UNRECOGNIZED_NAME" });
    expect(tlsFault(alert).text).toBe("the server does not know the name in the URL");
    expect(tlsFault(new Error("strange")).text).toBe("TLS fails: strange");
  });
});

describe("a proxy", () => {
  const through = async (credentials: string, given: string, server: Peer, args: readonly string[]) => {
    const proxy = await startProxy(credentials);
    try {
      const url = `${server.url.replace("127.0.0.1", "localhost")}/discovery`;
      return await taxii(["doctor", url, "--timeout", "5", "--proxy", `http://${given}127.0.0.1:${proxy.port}`, ...args]);
    } finally {
      await proxy.close();
    }
  };

  it("is named without its password, and passed through with TLS", async () => {
    const server = await startPeer(secured, { ...good });
    const { code, out } = await through("me:geheim", "me:geheim@", server, ca);
    await server.close();
    expect(out).toMatch(/ok +proxy +http:\/\/127\.0\.0\.1:\d+, as the flags say/);
    expect(out).toMatch(/ok +tcp +connection to the proxy 127\.0\.0\.1/);
    expect(out).toMatch(/ok +tls +TLSv1\.3/);
    expect(out).toMatch(/ok +http +HTTP 200/);
    expect(out).not.toContain("geheim");
    expect(code).toBe(0);
  });

  it("may want credentials", async () => {
    const server = await startPeer(secured, { ...good });
    const { code, out } = await through("me:geheim", "", server, ca);
    await server.close();
    expect(out).toContain("the proxy refuses to connect, with HTTP 407");
    expect(out).toContain("--proxy http://name:password@host:port");
    expect(code).toBe(3);
  });

  it("may not be there", async () => {
    const { code, out } = await taxii(["doctor", "https://taxii.example.com/", "--proxy", "http://127.0.0.1:1", "--timeout", "2"]);
    expect(out).toContain("127.0.0.1 port 1 refuses");
    expect(code).toBe(3);
  });
});
