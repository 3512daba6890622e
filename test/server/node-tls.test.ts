import { request as httpsRequest, type RequestOptions } from "node:https";
import type { TLSSocket } from "node:tls";
import { afterEach, expect, test } from "vitest";
import type { HttpRequest, HttpResponse } from "../../src/server/index.js";
import { type Listening, type ListenOptions, listen, type TlsOptions } from "../../src/server/node/index.js";
import { createAuthority } from "../support/certificates.js";

const authority = createAuthority("Test Authority");
const ca = authority.cert;
const certified = authority.issue({ name: "server", hosts: ["localhost"] });
const alice = authority.issue({ name: "alice", hosts: ["alice.example.com"] });
const stranger = createAuthority("Somebody").issue({ name: "mallory" });

const open: Listening[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(tls: Partial<TlsOptions> = {}, options: ListenOptions = {}): Promise<Listening> {
  const handle = async ({ url, peer }: HttpRequest): Promise<HttpResponse> => ({
    status: 200,
    headers: {},
    body: new TextEncoder().encode(JSON.stringify([new URL(url).protocol, peer?.certificates])),
  });
  const listening = await listen({ handle }, { grace: 100, tls: { ...certified, ...tls }, ...options });
  open.push(listening);
  return listening;
}

/** Asks with a connection of its own. */
function ask(port: number, options: RequestOptions = {}): Promise<{ body: string; issuedTo: string | string[] | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = httpsRequest({ host: "127.0.0.1", port, servername: "localhost", ca, agent: false, ...options }, (response) => {
      const issuedTo = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ body, issuedTo })).on("error", reject);
    });
    asked.on("error", reject).end();
  });
}

test("over TLS the scheme is https, and versions before 1.2 are refused [HTTP-AUTH-005]", async () => {
  const { url, port } = await start();
  expect(url).toBe(`https://127.0.0.1:${port}`);
  expect((await ask(port)).body).toBe('["https:",[]]');
  await expect(ask(port, { minVersion: "TLSv1.1", maxVersion: "TLSv1.1" })).rejects.toThrow();
});

test("a client certificate says who somebody is, if somebody known vouches for it [HTTP-AUTH-004]", async () => {
  const { port } = await start({ ca, requestClientCertificate: true });
  expect((await ask(port)).body).toBe('["https:",[]]');
  const [, identities] = JSON.parse((await ask(port, alice)).body) as [string, string[]];
  expect(identities).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/), "cn:alice", "dns:alice.example.com"]);
  await expect(ask(port, stranger)).rejects.toThrow();
  const strict = await start({ ca, requestClientCertificate: "required" });
  await expect(ask(strict.port)).rejects.toThrow();
  expect((await ask(strict.port, alice)).body).toContain("cn:alice");
});

test("certificates can be exchanged while it runs, and bad ones change nothing", async () => {
  const listening = await start();
  const renewed = authority.issue({ name: "renewed", hosts: ["localhost"] });
  expect((await ask(listening.port)).issuedTo).toBe("server");
  expect(() => listening.setTls({ ...certified, cert: "no certificate" })).toThrow();
  expect((await ask(listening.port)).issuedTo).toBe("server");
  listening.setTls(renewed);
  expect((await ask(listening.port)).issuedTo).toBe("renewed");
  const plain = await listen({ handle: async () => ({ status: 200, headers: {}, body: undefined }) });
  open.push(plain);
  expect(() => plain.setTls(renewed)).toThrow(TypeError);
});
