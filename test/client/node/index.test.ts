import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import * as portable from "../../../src/client/index.js";
import * as node from "../../../src/client/node/index.js";
import { createClient, fileState, nodeFetch, TransportError } from "../../../src/client/node/index.js";
import { requestListener } from "../../../src/server/node/index.js";
import { createKit } from "../../server/kit.js";
import { createAuthority } from "../../support/certificates.js";
import { failure, serve, serveRaw, serveTls } from "./kit.js";

const authority = createAuthority("Test Authority");
const ca = authority.cert;
const certified = authority.issue({ name: "server", hosts: ["localhost"] });
const client = authority.issue({ name: "client" });
const folder = mkdtempSync(join(tmpdir(), "taxii-client-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("it has all of the portable client, and more", () => {
  expect(Object.keys(node)).toEqual(expect.arrayContaining([...Object.keys(portable), "nodeFetch", "fileState"]));
  expect(node.createClient).not.toBe(portable.createClient);
});

test("pushes and polls over two-way TLS, and goes on where it was [HTTP-AUTH-004]", async () => {
  const { server } = await createKit();
  const { url } = await serveTls({ ...certified, ca, requestCert: true, rejectUnauthorized: true }, requestListener(server));
  const options = { proxy: "none", tls: { ca, ...client }, connectTimeout: 5000, maxInflation: 100 };
  const state = fileState(join(folder, "state.json"));
  const poll = async (): Promise<string[]> => {
    const texts: string[] = [];
    for await (const { content } of createClient(`${url}/discovery`, options).poll("feed", { state }))
      texts.push("text" in content ? content.text : content.xml);
    return texts;
  };
  const block = (text: string) => ({ contentBinding: { bindingId: "urn:stix" }, content: { text } });
  await createClient(`${url}/discovery`, options).push([block("one"), block("two")], { collection: "feed" });
  expect(await poll()).toEqual(["one", "two"]);
  expect(await poll()).toEqual([]);
  await createClient(`${url}/discovery`, options).push([block("three")], { collection: "feed" });
  expect(await poll()).toEqual(["three"]);
});

test("TLS failures have their alert [HTTP-TLS-001] [HTTP-TLS-003] [HTTP-TLS-004]", async () => {
  const { url } = await serveTls(certified);
  const fault = await failure(createClient(url, { proxy: "none", retry: false }).discover());
  expect(fault).toMatchObject({ code: "TLS", alert: "0230", statusType: "UNAUTHORIZED" });
  const refusing = await serveRaw((socket) => socket.end(Uint8Array.of(0x15, 3, 3, 0, 2, 2, 45)));
  const refused = await failure(createClient(`https://localhost:${refusing}`, { proxy: "none", retry: false }).discover());
  expect(refused).toMatchObject({ code: "TLS", alert: "022d", statusType: "FAILURE" });
});

test("a proxy that refuses is an answer without a message [HTTP-MAP-007]", async () => {
  const port = await serveRaw((socket) => socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"));
  const proxy = `http://user:secret@127.0.0.1:${port}`;
  for (const url of ["https://taxii.example.com/", "http://taxii.example.com/"]) {
    const fault = await failure(createClient(url, { proxy, retry: false }).discover());
    expect(fault).toBeInstanceOf(TransportError);
    expect(fault).toMatchObject({ code: "NOT_TAXII", status: 407, statusType: "UNAUTHORIZED" });
    expect(fault.message).not.toContain("secret");
  }
});

test("bombs end at the limit that was set [HTTP-GEN-005]", async () => {
  const bomb = gzipSync(new Uint8Array(3_000_000).fill(32));
  const url = await serve((_request, response) => response.writeHead(200, { "Content-Encoding": "gzip" }).end(bomb));
  const fault = await failure(createClient(url, { proxy: "none", maxInflation: 2, retry: false }).discover());
  expect(fault).toMatchObject({ code: "TOO_LARGE", message: expect.stringContaining("more than 2 times its size") });
});

test("options of the transport do not go with a fetch of one's own", () => {
  const fetch = nodeFetch();
  expect(createClient("https://taxii.example.com/", { fetch, tls: undefined }).url).toBe("https://taxii.example.com/");
  for (const [name, value] of Object.entries({ proxy: "none", tls: {}, connectTimeout: 1, maxInflation: 1 })) {
    expect(() => createClient("https://taxii.example.com/", { fetch, [name]: value })).toThrow(
      `${name} has no effect with a fetch of one's own`,
    );
  }
  expect(() => createClient("https://taxii.example.com/", { tls: { cert: "x" } })).toThrow(TypeError);
  expect(() => createClient("ftp://taxii.example.com/")).toThrow(TypeError);
});

test("a process trusts NODE_EXTRA_CA_CERTS, checks whatever NODE_TLS_REJECT_UNAUTHORIZED says, and ends by itself [HTTP-AUTH-001]", async () => {
  const { url } = await serveTls(certified);
  const extra = join(folder, "extra.pem");
  writeFileSync(extra, ca);
  const script = fileURLToPath(new URL("../../support/node-client.ts", import.meta.url));
  const run = async (variables: NodeJS.ProcessEnv): Promise<string> => {
    const environment = { ...process.env, NODE_EXTRA_CA_CERTS: "", NODE_TLS_REJECT_UNAUTHORIZED: "0", NODE_NO_WARNINGS: "1", ...variables };
    return (await promisify(execFile)(process.execPath, ["--import", "tsx", script, url], { env: environment })).stdout;
  };
  expect(await Promise.all([run({ NODE_EXTRA_CA_CERTS: extra }), run({})])).toEqual(["hello", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"]);
});
