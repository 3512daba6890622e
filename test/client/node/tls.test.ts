import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { defaultRoots, systemRoots } from "../../../src/client/node/roots.js";
import type { TlsOptions } from "../../../src/client/node/tls.js";
import { tlsAlertOf } from "../../../src/http/tls-alert.js";
import { describeTlsFailure } from "../../../src/http/tls-failure.js";
import { createAuthority, createKey, encryptKey, selfSigned, toPkcs12 } from "../../support/certificates.js";
import { everything, failure, post, serveRaw, serveTls, transport } from "./kit.js";

const day = 24 * 60 * 60 * 1000;
const authority = createAuthority("Test Authority");
const stranger = createAuthority("Strange Authority");
const server = authority.issue({ name: "server", hosts: ["localhost", "127.0.0.1"] });
const client = authority.issue({ name: "client" });
const passphrase = "söme secret";

const folder = mkdtempSync(join(tmpdir(), "taxii-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** Says who the client is. */
const whoami: RequestListener = ({ socket }, response) => {
  const peer = (socket as TLSSocket).getPeerCertificate();
  response.end(`hello ${String(peer.subject?.CN ?? "nobody")}`);
};

/** Servers that let only those in who are certified. */
const twoWay = { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true };

async function ask(url: string, tls: TlsOptions): Promise<string> {
  return (await transport({ tls })(post(url))).text();
}

describe("options that cannot be used", () => {
  const shortKey = createKey();

  it.each<[string, TlsOptions, string]>([
    [
      "a wrong passphrase, PKCS#8",
      { ...client, key: encryptKey(client.key, "pkcs8", passphrase), passphrase: "wrong" },
      "the private key in tls.key cannot be opened: tls.passphrase is wrong, or the key is broken",
    ],
    [
      "a wrong passphrase, traditional",
      { ...client, key: encryptKey(client.key, "pkcs1", passphrase), passphrase: "wrong" },
      "the private key in tls.key cannot be opened: tls.passphrase is wrong, or the key is broken",
    ],
    [
      "no passphrase, PKCS#8",
      { ...client, key: encryptKey(client.key, "pkcs8", passphrase) },
      "the private key in tls.key is encrypted; expected tls.passphrase",
    ],
    [
      "no passphrase, traditional",
      { cert: client.cert + encryptKey(client.key, "pkcs1", passphrase) },
      "the private key in tls.cert is encrypted; expected tls.passphrase",
    ],
    [
      "a key of another certificate",
      { cert: client.cert, key: shortKey },
      "the private key in tls.key does not belong to the certificate in tls.cert",
    ],
    [
      "a broken key",
      { cert: client.cert, key: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n" },
      "the private key in tls.key cannot be read: ",
    ],
    ["a certificate for a key", { cert: client.cert, key: client.cert }, "tls.key has no private key; found CERTIFICATE"],
    ["a key for a certificate", { cert: client.key }, "tls.cert has no certificate; found PRIVATE KEY"],
    ["no PEM for a key", { cert: client.cert, key: "secret" }, "tls.key has no private key; found no PEM"],
    ["no key", { cert: client.cert }, "tls.cert is given without tls.key, and has no key in it"],
    ["no certificate", { key: client.key }, "tls.key is given without tls.cert"],
    ["a passphrase for nothing", { passphrase }, "tls.passphrase is given without tls.key or tls.pfx"],
    ["an unreadable certificate", { cert: "secret", key: client.key }, "tls.cert cannot be read: "],
    [
      "a broken certificate",
      { cert: client.cert.replace(/\n.{64}\r?\n/, "\n"), key: client.key },
      "tls.cert: certificate 1 cannot be read: ",
    ],
    [
      "a broken authority",
      { ca: `${authority.cert}${stranger.cert.replace(/\n.{64}\r?\n/, "\n")}` },
      "tls.ca: certificate 2 cannot be read: ",
    ],
    ["an empty authority", { ca: "" }, "tls.ca cannot be read: "],
    [
      "PKCS#12 and PEM",
      { ...client, pfx: toPkcs12(client, passphrase), passphrase },
      "both tls.pfx and tls.cert or tls.key are given; expected one way to say who the client is",
    ],
    ["PKCS#12 without passphrase", { pfx: toPkcs12(client, passphrase) }, "tls.pfx cannot be opened: tls.passphrase is wrong, or missing"],
    [
      "PKCS#12 with a wrong passphrase",
      { pfx: toPkcs12(client, passphrase), passphrase: "wrong" },
      "tls.pfx cannot be opened: tls.passphrase is wrong, or missing",
    ],
    ["what is no PKCS#12", { pfx: Buffer.from(client.cert), passphrase }, "tls.pfx cannot be read: "],
    [
      "an expired certificate",
      { ...authority.issue({ name: "old", notBefore: new Date(0), notAfter: new Date(day) }) },
      "the client certificate in tls.cert expired on Jan  2 00:00:00 1970 GMT",
    ],
    [
      "an expired certificate in PKCS#12",
      { pfx: toPkcs12(authority.issue({ name: "old", notBefore: new Date(0), notAfter: new Date(day) }), passphrase), passphrase },
      "the client certificate in tls.pfx expired on",
    ],
    [
      "a certificate of the future",
      { ...authority.issue({ name: "early", notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() + 2 * day) }) },
      "the client certificate in tls.cert is not valid before",
    ],
    ["a key too short to be safe", weak(), "the TLS options cannot be used: "],
    ["an address for a name", { servername: "127.0.0.1" }, "tls.servername is an address; expected the name of a host"],
    [
      "a version that there is not",
      { minVersion: "TLSv9" as "TLSv1" },
      "tls.minVersion is no version of TLS; expected one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3",
    ],
    [
      "versions that exclude each other",
      { minVersion: "TLSv1.3", maxVersion: "TLSv1.2" },
      "tls.maxVersion TLSv1.2 is below the least version allowed, TLSv1.3; set tls.minVersion too",
    ],
    [
      "a highest version below the usual least",
      { maxVersion: "TLSv1.1" },
      "tls.maxVersion TLSv1.1 is below the least version allowed, TLSv1.2; set tls.minVersion too",
    ],
  ])("%s", async (_name, tls, message) => {
    const fault = await failure((async () => transport({ tls }))());
    expect(fault).toBeInstanceOf(TypeError);
    expect(fault.message.slice(0, message.length)).toBe(message);
    expect(everything(fault)).not.toMatch(/s(ö|\\u00f6)me secret|BEGIN|c2VjcmV0|MII/);
  });

  function weak(): TlsOptions {
    const key = generateKeyPairSync("rsa", { modulusLength: 512 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    return authority.issue({ name: "weak", key });
  }
});

describe("two-way TLS", () => {
  const chain = authority.issueAuthority("Intermediate");
  const below = chain.issue({ name: "below" });

  it.each<[string, TlsOptions, string]>([
    ["in PEM", client, "client"],
    ["in PEM, as bytes", { cert: Buffer.from(client.cert), key: Buffer.from(client.key) }, "client"],
    ["in one file", { cert: `${client.key}\n${client.cert}` }, "client"],
    ["in one file, given twice", { cert: `${client.cert}${client.key}`, key: `${client.cert}${client.key}` }, "client"],
    [
      "with a traditional key",
      { ...client, key: createPrivateKey(client.key).export({ type: "pkcs1", format: "pem" }).toString() },
      "client",
    ],
    ["with an encrypted traditional key", { ...client, key: encryptKey(client.key, "pkcs1", passphrase), passphrase }, "client"],
    ["with an encrypted PKCS#8 key", { ...client, key: encryptKey(client.key, "pkcs8", passphrase), passphrase }, "client"],
    ["in PKCS#12", { pfx: toPkcs12(client, passphrase), passphrase }, "client"],
    ["with the certificates above it", { cert: `${below.cert}${chain.cert}`, key: below.key }, "below"],
  ])("lets a certificate in: %s [HTTP-AUTH-004]", async (_name, tls, name) => {
    const { url } = await serveTls(twoWay, whoami);
    expect(await ask(url, { ca: authority.cert, ...tls })).toBe(`hello ${name}`);
  });

  it.each([
    ["TLSv1.3", 116, "certificate_required", "FAILURE"],
    ["TLSv1.2", 40, "handshake_failure", "UNAUTHORIZED"],
  ] as const)(
    "refuses who has none in %s, however much there is to send [HTTP-AUTH-004] [HTTP-TLS-001] [HTTP-TLS-002]",
    async (maxVersion, description, name, statusType) => {
      const { url, failures } = await serveTls({ ...twoWay, maxVersion });
      for (const body of ["x", new Uint8Array(5_000_000)]) {
        const fault = await failure(transport({ tls: { ca: authority.cert } })(post(url, { body })));
        expect(tlsAlertOf(fault)).toMatchObject({ description, name, statusType, local: false });
      }
      expect(failures).toEqual(["ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE", "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE"]);
    },
  );

  it("refuses who is certified by a stranger", async () => {
    const { url } = await serveTls(twoWay);
    // Node's own servers cut the connection, without an alert.
    const fault = await failure(ask(url, { ca: authority.cert, ...stranger.issue({ name: "client" }) }));
    expect(fault).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/) });
  });
});

describe("alerts", () => {
  const all = [
    10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 60, 70, 71, 80, 86, 90, 100, 109, 110, 111, 112, 113, 114, 115, 116,
    120,
  ];

  it("are recognised as OpenSSL reports them, each of them [HTTP-TLS-001] [HTTP-TLS-002] [HTTP-TLS-003]", async () => {
    let next = 0;
    const port = await serveRaw((socket) => socket.end(Uint8Array.of(0x15, 3, 3, 0, 2, 2, next)));
    const fetch = transport();
    for (next of all) {
      const alert = tlsAlertOf(await failure(fetch(post(`https://localhost:${port}`))));
      const statusType = [40, 41, 42, 43, 48, 49].includes(next) ? "UNAUTHORIZED" : "FAILURE";
      expect(alert).toMatchObject({ description: next, hex: `02${next.toString(16).padStart(2, "0")}`, statusType, local: false });
      // The code alone would do, should the text change.
      expect(tlsAlertOf(Object.assign(new Error(), { code: alert?.code }))).toEqual(alert);
    }
  });

  it("come when versions do not meet [HTTP-TLS-002]", async () => {
    const { url } = await serveTls({ ...server, minVersion: "TLSv1.3" });
    const fault = await failure(ask(url, { ca: authority.cert, maxVersion: "TLSv1.2" }));
    expect(tlsAlertOf(fault)).toMatchObject({ description: 70, statusType: "FAILURE", local: false });
    expect(describeTlsFailure(fault)).toContain("alert 70, protocol_version: it wants another version of TLS");
    const older = await serveTls({ ...server, maxVersion: "TLSv1.2" });
    const own = await failure(ask(older.url, { ca: authority.cert, minVersion: "TLSv1.3" }));
    expect(tlsAlertOf(own)).toMatchObject({ description: 70 });
  });

  it("come when ciphers do not meet [HTTP-TLS-001]", async () => {
    const { url } = await serveTls({ ...server, maxVersion: "TLSv1.2", ciphers: "NULL-SHA256:@SECLEVEL=0" });
    expect(tlsAlertOf(await failure(ask(url, { ca: authority.cert })))).toMatchObject({
      description: 40,
      statusType: "UNAUTHORIZED",
      local: false,
    });
  });

  it("stand for what does not speak TLS at all [HTTP-TLS-004]", async () => {
    const port = await serveRaw((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const fault = await failure(ask(`https://localhost:${port}`, {}));
    expect(tlsAlertOf(fault)).toMatchObject({ hex: "0246", statusType: "FAILURE", local: true });
    expect(describeTlsFailure(fault)).toContain("does not speak TLS");
  });

  it("are none when the connection is just cut", async () => {
    const port = await serveRaw((socket) => socket.end());
    const fault = await failure(ask(`https://localhost:${port}`, {}));
    expect(fault).toMatchObject({ code: "ECONNRESET" });
    expect([tlsAlertOf(fault), describeTlsFailure(fault)]).toEqual([undefined, undefined]);
  });
});

describe("servers", () => {
  const old = authority.issue({ name: "old", hosts: ["localhost"], notBefore: new Date(0), notAfter: new Date(day) });
  const elsewhere = authority.issue({ name: "elsewhere", hosts: ["taxii.example.com"] });
  const alone = selfSigned({ name: "alone", hosts: ["localhost"] });
  const unknown = stranger.issue({ name: "unknown", hosts: ["localhost"] });
  const early = authority.issue({
    name: "early",
    hosts: ["localhost"],
    notBefore: new Date(Date.now() + day),
    notAfter: new Date(Date.now() + 2 * day),
  });

  it.each([
    ["expired", old, "022d", "FAILURE", /^the certificate "CN=old", issued by "CN=Test Authority", expired on Jan 2 00:00:00 1970 GMT;/],
    ["not valid yet", early, "022a", "UNAUTHORIZED", /^the certificate "CN=early", issued by "CN=Test Authority", is not valid before /],
    [
      "of another host",
      elsewhere,
      "022a",
      "UNAUTHORIZED",
      /^the certificate of the server is for DNS:taxii.example.com, not for localhost;/,
    ],
    [
      "of nobody",
      alone,
      "0230",
      "UNAUTHORIZED",
      /^the certificate "CN=alone", issued by "CN=alone", is not trusted: nobody but itself vouches for it;/,
    ],
    [
      "of a stranger",
      unknown,
      "0230",
      "UNAUTHORIZED",
      /^the certificate "CN=unknown", issued by "CN=Strange Authority", is not trusted: its issuer is not known here;/,
    ],
    [
      "of a stranger who comes along",
      { ...unknown, cert: `${unknown.cert}${stranger.cert}` },
      "0230",
      "UNAUTHORIZED",
      /^the certificate "CN=Strange Authority", issued by "CN=Strange Authority", is not trusted: nobody/,
    ],
  ] as const)(
    "are refused with a certificate that is %s [HTTP-AUTH-001] [HTTP-TLS-004]",
    async (_name, certified, hex, statusType, sentence) => {
      const { url } = await serveTls(certified);
      for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
        const fault = await failure(ask(url, { ca: authority.cert, maxVersion }));
        expect(tlsAlertOf(fault)).toMatchObject({ hex, statusType, local: true });
        expect(describeTlsFailure(fault)).toMatch(sentence);
        // The certificate is there for those who ask, and not in every log.
        expect(Object.keys(fault)).not.toContain(hex === "022a" ? "raw" : "cert");
      }
      expect(await ask(url, { insecure: true })).toBe("hello");
    },
  );

  it("are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says [HTTP-AUTH-001]", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const { url } = await serveTls(alone);
    expect(tlsAlertOf(await failure(ask(url, {})))).toMatchObject({ hex: "0230" });
    expect(tlsAlertOf(await failure(ask(url, { insecure: false })))).toMatchObject({ hex: "0230" });
  });

  it("are asked for by name, and may be asked for by another", async () => {
    const { port } = await serveTls({ ...elsewhere, SNICallback: undefined }, ({ socket }, response) => {
      response.end(String((socket as TLSSocket & { servername?: string | false }).servername));
    });
    expect(await ask(`https://127.0.0.1:${port}`, { ca: authority.cert, servername: "taxii.example.com" })).toBe("taxii.example.com");
    const { port: other } = await serveTls(server, ({ socket }, response) => {
      response.end(String((socket as TLSSocket & { servername?: string | false }).servername));
    });
    expect(await ask(`https://localhost:${other}`, { ca: authority.cert })).toBe("localhost");
    // Addresses are no names.
    expect(await ask(`https://127.0.0.1:${other}`, { ca: authority.cert })).toBe("false");
  });

  it("of old versions are talked to only when that is wanted", async () => {
    const { url } = await serveTls({ ...server, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
    expect(tlsAlertOf(await failure(ask(url, { ca: authority.cert })))).toMatchObject({ hex: "0246" });
    expect(await ask(url, { ca: authority.cert, minVersion: "TLSv1" })).toBe("hello");
  });
});

describe("authorities", () => {
  it("replace those of Node, and may be several, in PEM or DER", async () => {
    const { url } = await serveTls(server);
    expect(tlsAlertOf(await failure(ask(url, {})))).toMatchObject({ hex: "0230" });
    expect(tlsAlertOf(await failure(ask(url, { ca: stranger.cert })))).toMatchObject({ hex: "0230" });
    const der = new X509Certificate(authority.cert).raw;
    for (const ca of [`# both\n${stranger.cert}\n${authority.cert}`, [stranger.cert, Buffer.from(authority.cert)], der])
      expect(await ask(url, { ca })).toBe("hello");
  });

  it("of the system come to them", async () => {
    const file = join(folder, "system.pem");
    writeFileSync(file, `${stranger.cert}${authority.cert}`);
    vi.stubEnv("SSL_CERT_FILE", file);
    const { url } = await serveTls(server);
    expect(await ask(url, { systemCa: true })).toBe("hello");
    expect(await ask(url, { systemCa: true, ca: stranger.cert })).toBe("hello");
  });

  it("of the system are looked for where systems keep them", () => {
    const file = join(folder, "bundle.pem");
    const empty = join(folder, "empty.pem");
    writeFileSync(file, `${authority.cert}\n${authority.key}\n${stranger.cert}`);
    writeFileSync(empty, "");
    const missing = join(folder, "missing.pem");
    const subjects = systemRoots([missing, empty, file], () => []).map((pem) => new X509Certificate(pem).subject);
    expect(subjects).toEqual(["CN=Test Authority", "CN=Strange Authority"]);
    const message = `tls.systemCa: the authorities of the system are not at ${missing}, ${empty}; set SSL_CERT_FILE`;
    expect(() => systemRoots([missing, empty], () => [])).toThrow(message);
    expect(systemRoots([missing], (kind) => [`those of ${kind}`])).toEqual(["those of system"]);
  });

  it("of Node are what it says, or those it is built with and those of NODE_EXTRA_CA_CERTS", () => {
    const file = join(folder, "extra.pem");
    writeFileSync(file, authority.cert);
    const subjects = (path: string): string[] => defaultRoots(path, () => []).map((pem) => new X509Certificate(pem).subject);
    const builtIn = subjects("");
    expect(builtIn.length).toBeGreaterThan(50);
    expect(subjects(join(folder, "missing.pem"))).toEqual(builtIn);
    expect(subjects(file)).toEqual([...builtIn, "CN=Test Authority"]);
    expect(defaultRoots(file, (kind) => [`those of ${kind}`])).toEqual(["those of default"]);
  });
});
