import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DiscoveryResponse, StatusMessage } from "../../generated/taxii11/index.js";
import { type Connection, connect } from "../../src/cli/connection.js";
import { reportFailure, UsageError } from "../../src/cli/failure.js";
import type { Fetch } from "../../src/client/options.js";
import { create } from "../../src/message/create.js";
import { createPeer, respond } from "../client/peer.js";
import { testEnvironment } from "./environment.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-connection-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const url = "https://taxii.example.com/discovery";

function discoveryService(serviceInstances = create(DiscoveryResponse, { inResponseTo: "0" }).serviceInstances) {
  return createPeer(({ message }) => create(DiscoveryResponse, { inResponseTo: message.messageId, serviceInstances }));
}

async function headersSent(connection: Partial<Connection>): Promise<Headers> {
  const peer = discoveryService();
  const client = await connect({ url, ...connection }, testEnvironment({ fetch: peer.fetch }));
  await client.discover();
  return peer.sent.at(-1)?.headers ?? new Headers();
}

const refusal = (connection: Partial<Connection>, fetch?: Fetch): Promise<unknown> =>
  connect({ url, ...connection }, testEnvironment({ fetch })).then(
    () => "no error",
    (error: unknown) => error,
  );

describe("connect", () => {
  it("says who the user is in the way that was given", async () => {
    expect((await headersSent({})).get("authorization")).toBeNull();
    expect((await headersSent({ username: "u", password: "a:é" })).get("authorization")).toBe(
      `Basic ${Buffer.from("u:a:é").toString("base64")}`,
    );
    expect((await headersSent({ username: "u" })).get("authorization")).toBe(`Basic ${Buffer.from("u:").toString("base64")}`);
    expect((await headersSent({ token: "abc" })).get("authorization")).toBe("Bearer abc");
  });

  it("logs in where it is told to", async () => {
    const peer = discoveryService();
    const login = "https://taxii.example.com/login";
    const fetch: Fetch = async (request) => (request.url === login ? Response.json({ token: "xyz" }) : peer.fetch(request));
    const client = await connect({ url, username: "u", password: "p", jwtUrl: login }, testEnvironment({ fetch }));
    await client.discover();
    expect(peer.sent[0]?.headers.get("authorization")).toBe("Bearer xyz");
  });

  it("sends further header fields, and its own name where that is given", async () => {
    const headers = await headersSent({ headers: { "X-Key": "k" }, userAgent: "me/1" });
    expect([headers.get("x-key"), headers.get("user-agent")]).toEqual(["k", "me/1"]);
  });

  it.each<[string, Partial<Connection>, string]>([
    ["a token and a user", { token: "t", username: "u" }, "both a token and a user name are given"],
    ["a login without user", { jwtUrl: url }, "a login needs a user name and a password"],
    ["a URL that is none", { url: "taxii.example.com" }, "expected an http or https URL"],
    ["credentials over plain HTTP", { url: "http://taxii.example.com/", token: "t" }, "or allow credentials in clear text"],
    ["a login over plain HTTP", { username: "u", jwtUrl: "http://taxii.example.com/" }, "or allow credentials in clear text"],
    ["a colon in a user name", { username: "a:b" }, "cannot contain a colon"],
    ["two certificates", { pfx: "a.p12", cert: "a.pem" }, "both a PKCS#12 file and PEM files"],
    ["a key without certificate", { key: "key.pem" }, "the key key.pem is given without its certificate"],
    ["a missing file", { ca: "/nonexistent/ca.pem" }, "the file of authorities cannot be read: /nonexistent/ca.pem: there is no such file"],
  ])("refuses %s", async (_, connection, message) => {
    const error = await refusal(connection);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain(message);
  });

  it("speaks of files, not of the client's options, when one cannot be used", async () => {
    const broken = join(folder, "broken.pem");
    writeFileSync(broken, "no PEM");
    for (const [connection, name] of [
      [{ cert: broken }, "the certificate file"],
      [{ ca: broken }, "the file of authorities"],
      [{ pfx: broken }, "the PKCS#12 file"],
    ] as const) {
      const error = await refusal(connection);
      expect(error).toBeInstanceOf(UsageError);
      expect((error as Error).message).toContain(name);
      expect((error as Error).message).not.toContain("tls.");
    }
  });

  it("warns of each kind of deviation once", async () => {
    const { fetch } = discoveryService();
    const environment = testEnvironment({
      fetch: async (request) => {
        const response = await fetch(request);
        response.headers.delete("X-TAXII-Content-Type");
        return response;
      },
    });
    const client = await connect({ url }, environment);
    await client.discover();
    const text = "warning: X-TAXII-Content-Type is missing; the message is of TAXII 1.1 (https://taxii.example.com/discovery)\n";
    expect(environment.err).toBe(text);
    await client.discover();
    expect(environment.err).toBe(text);
    await expect((await connect({ url, strict: true }, environment)).discover()).rejects.toThrow("X-TAXII-Content-Type");
  });

  it("keeps secrets out of whatever is printed later", async () => {
    const peer = createPeer(({ message }) =>
      create(StatusMessage, { inResponseTo: message.messageId, statusType: "UNAUTHORIZED", message: "no user with password hunter2" }),
    );
    const environment = testEnvironment({ fetch: peer.fetch });
    const client = await connect({ url, username: "u", password: "hunter2" }, environment);
    const error: unknown = await client.discover().catch((caught: unknown) => caught);
    expect(reportFailure("taxii", error, environment)).toBe(1);
    expect(environment.err).toBe("taxii: UNAUTHORIZED: no user with password …\n");
  });

  it("asks again as often as it is told", async () => {
    let asked = 0;
    const fetch: Fetch = async (request) => {
      asked += 1;
      return asked === 1 ? new Response("", { status: 503, headers: { "Retry-After": "0" } }) : discoveryService().fetch(request);
    };
    const environment = testEnvironment({ fetch });
    await expect((await connect({ url, retries: 0 }, environment)).discover()).rejects.toThrow(/503/);
    asked = 0;
    await (await connect({ url, retries: 1 }, environment)).discover();
    expect(asked).toBe(2);
  });

  it("puts its own origin into advertised addresses where it is told to", async () => {
    const asked: string[] = [];
    const peer = createPeer(({ url: address, message }) => {
      asked.push(address);
      return message.$type === "taxii11.DiscoveryRequest"
        ? create(DiscoveryResponse, {
            inResponseTo: message.messageId,
            serviceInstances: [
              {
                serviceType: "COLLECTION_MANAGEMENT",
                serviceVersion: "urn:taxii.mitre.org:services:1.1",
                protocolBinding: "urn:taxii.mitre.org:protocol:http:1.0",
                messageBindings: ["urn:taxii.mitre.org:message:xml:1.1"],
                address: "http://localhost:9000/collections",
              },
            ],
          })
        : respond(create(StatusMessage, { inResponseTo: message.messageId, statusType: "DENIED" }));
    });
    const client = await connect({ url, rewriteOrigin: true, retries: 0 }, testEnvironment({ fetch: peer.fetch }));
    await expect(client.collections()).rejects.toThrow("DENIED");
    expect(asked).toEqual([url, "https://taxii.example.com/collections"]);
  });
});
