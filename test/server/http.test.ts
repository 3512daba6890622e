import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DiscoveryRequest as DiscoveryRequest10, StatusMessage as StatusMessage10 } from "../../generated/taxii10/index.js";
import { DiscoveryRequest, PollRequest } from "../../generated/taxii11/index.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { requestHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { StatusError } from "../../src/message/status-error.js";
import { allowAll, createServer, discovery, type HttpRequest, handle, poll } from "../../src/server/index.js";
import { createKit, headers10, http10, pollRequest, readReply, readStatus, summary, write, xml10, xml11 } from "./kit.js";

const discoveryRequest = create(DiscoveryRequest, { messageId: "urn:Id:%41" });
const discoveryXml = write(discoveryRequest);
const responseHeaders = {
  "content-type": "application/xml",
  "x-taxii-content-type": xml11,
  "x-taxii-protocol": http10,
  "x-taxii-services": "urn:taxii.mitre.org:services:1.1",
};

test("replies carry the TAXII header fields, and no X-TAXII-Accept [HTTP-RSP-002] [HTTP-XA-006] [HTTP-XCT-001] [HTTP-XP-001] [HTTP-XS-001]", async () => {
  const { post } = await createKit();
  const response = await post("/discovery", discoveryXml);
  const { "content-length": length, "x-request-id": requestId, ...headers } = Object.fromEntries(response.headers);
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(response.status).toBe(200);
  expect(headers).toEqual(responseHeaders);
  expect(Number(length)).toBe((await response.arrayBuffer()).byteLength);
});

test("ids are repeated exactly [XML-ID-003]", async () => {
  const { ask } = await createKit();
  expect(await ask("/discovery", discoveryRequest)).toMatchObject({ inResponseTo: "urn:Id:%41" });
});

test("unknown addresses, other methods and OPTIONS are answered by HTTP [HTTP-RSP-004] [HTTP-REQ-004] [HTTP-GEN-006] [HTTP-GEN-008]", async () => {
  const { post, server } = await createKit();
  for (const path of ["/", "/Discovery", "/discovery/", "/discovery/x", "//discovery", "/%64iscovery/", "/__proto__", "/constructor"]) {
    expect((await post(path, discoveryXml)).status).toBe(404);
  }
  // Queries have no meaning and do no harm (HTTP-GEN-006).
  expect((await post("/discovery?tenant=7", discoveryXml)).status).toBe(200);
  for (const method of ["GET", "PUT", "HEAD", "DELETE"]) {
    const response = await server.fetch(new Request("http://taxii.test/discovery", { method }));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  }
  const options = await server.fetch(new Request("http://taxii.test/discovery", { method: "OPTIONS" }));
  expect([options.status, options.headers.get("allow"), [...options.headers.keys()]]).toEqual([
    204,
    "POST, OPTIONS",
    ["allow", "x-request-id"],
  ]);
});

test("an Accept without XML is 406, without TAXII message [HTTP-ACC-006]", async () => {
  const { post } = await createKit();
  const response = await post("/discovery", discoveryXml, { Accept: "application/json" });
  expect(response.status).toBe(406);
  expect(response.headers.has("X-TAXII-Content-Type")).toBe(false);
  expect((await post("/discovery", discoveryXml, { Accept: "*/*" })).status).toBe(200);
});

test.each([
  [{ "Content-Type": 'Application/XML;charset="utf-8"' }],
  [{ "Content-Type": undefined }],
  [{ Accept: undefined, "X-TAXII-Accept": undefined }],
  [{ "X-TAXII-Accept": `urn:example:json, ${xml10}  ${xml11}` }],
])("header fields %j are fine [HTTP-CT-004] [HTTP-CT-005] [HTTP-XA-004] [HTTP-XA-005]", async (headers) => {
  const { post } = await createKit();
  // A string body would bring a Content-Type of its own.
  const response = await post("/discovery", new TextEncoder().encode(discoveryXml), headers);
  expect(await readReply(response)).toMatchObject({ $type: "taxii11.DiscoveryResponse" });
});

test.each([["X-TAXII-Content-Type"], ["X-TAXII-Protocol"], ["X-TAXII-Services"]])(
  "a request without %s is told so, by its id [HTTP-ERR-001]",
  async (name) => {
    const { post } = await createKit();
    const response = await post("/discovery", discoveryXml, { [name]: undefined });
    expect(response.status).toBe(200);
    expect(await readStatus(response)).toMatchObject({
      statusType: "BAD_MESSAGE",
      inResponseTo: "urn:Id:%41",
      message: expect.stringContaining(name),
    });
  },
);

test("without TAXII header fields and without TAXII in the body it is bad HTTP [HTTP-ERR-001]", async () => {
  const { post } = await createKit();
  for (const body of ["a=b", "<html/>", ""]) {
    const response = await post("/discovery", body, { "X-TAXII-Content-Type": undefined, "X-TAXII-Services": undefined });
    expect(response.status).toBe(400);
    expect(await readStatus(response)).toMatchObject({ statusType: "BAD_MESSAGE", inResponseTo: "0" });
  }
});

test.each([
  ["X-TAXII-Protocol", "urn:taxii.mitre.org:protocol:https:1.0"],
  ["X-TAXII-Protocol", "garbage"],
  ["X-TAXII-Services", "urn:taxii.mitre.org:services:1.0"],
  ["X-TAXII-Services", "urn:example:services:9"],
])("%s of %s is a bad message [HTTP-XP-002] [HTTP-XP-004] [HTTP-XS-002] [HTTP-XS-004]", async (name, value) => {
  const { post } = await createKit();
  const status = await readStatus(await post("/discovery", discoveryXml, { [name]: value }));
  expect(status).toMatchObject({
    statusType: "BAD_MESSAGE",
    inResponseTo: "urn:Id:%41",
    message: expect.stringContaining(`${name} is "${value}"; expected`),
  });
});

test("a public URL settles protocol and addresses [HTTP-XP-005]", async () => {
  const { post } = await createKit({ server: { publicUrl: "https://taxii.example.com/sub/" } });
  const response = await post("/discovery", discoveryXml, { "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:https:1.0" });
  expect(response.headers.get("X-TAXII-Protocol")).toBe("urn:taxii.mitre.org:protocol:https:1.0");
  expect(await readReply(response)).toMatchObject({
    serviceInstances: expect.arrayContaining([
      expect.objectContaining({ address: "https://taxii.example.com/sub/poll", protocolBinding: "urn:taxii.mitre.org:protocol:https:1.0" }),
    ]),
  });
  expect(await readStatus(await post("/discovery", discoveryXml))).toMatchObject({ statusType: "BAD_MESSAGE" });
});

test("message bindings that are not spoken are named with those that are [HTTP-ERR-003] [HTTP-XA-009] [HTTP-XA-010] [HTTP-CT-003]", async () => {
  const { post } = await createKit();
  const unknown = await post("/discovery", "{}", { "X-TAXII-Content-Type": "urn:example:json" });
  expect(unknown.status).toBe(200);
  expect(summary(await readStatus(unknown), "SUPPORTED_BINDING")).toEqual(["UNSUPPORTED_MESSAGE", [xml11, xml10]]);
  for (const accept of ["urn:example:json", xml10]) {
    const unwanted = await post("/discovery", discoveryXml, { "X-TAXII-Accept": accept });
    expect(unwanted.status).toBe(406);
    const status = await readStatus(unwanted);
    expect(summary(status, "SUPPORTED_BINDING")).toEqual(["UNSUPPORTED_MESSAGE", [xml11, xml10]]);
    expect(status.inResponseTo).toBe("urn:Id:%41");
  }
  const type = await post("/discovery", discoveryXml, { "Content-Type": "application/json" });
  expect(type.status).toBe(415);
  expect(summary(await readStatus(type), "SUPPORTED_BINDING")).toEqual(["UNSUPPORTED_MESSAGE", [xml11, xml10]]);
});

test("a version that is not spoken is refused in that version, with those that are [XML-STS-010]", async () => {
  const { post } = await createKit({ server: { services: [discovery({ path: "/discovery", versions: ["1.1"] })] } });
  const request = create(DiscoveryRequest10, { messageId: "007" });
  const response = await post("/discovery", toXml(DiscoveryRequest10, request), headers10);
  expect(response.headers.get("X-TAXII-Content-Type")).toBe(xml10);
  expect(response.headers.get("X-TAXII-Services")).toBe("urn:taxii.mitre.org:services:1.0");
  const status = fromXml(StatusMessage10, await response.text());
  expect(status).toMatchObject({ statusType: "UNSUPPORTED_MESSAGE", inResponseTo: "007", statusDetail: xml11 });
  // The header says 1.0, the body is 1.1: answered in what the header says (HTTP-XCT-004).
  const crossed = await post("/discovery", discoveryXml, headers10);
  expect(fromXml(StatusMessage10, await crossed.text())).toMatchObject({ inResponseTo: "0" });
});

test("header field and body of different versions are a bad message [HTTP-XCT-004]", async () => {
  const { post } = await createKit();
  const body = toXml(DiscoveryRequest10, create(DiscoveryRequest10, { messageId: "7" }));
  expect(await readStatus(await post("/discovery", body))).toMatchObject({ statusType: "BAD_MESSAGE", inResponseTo: "7" });
});

test.each([
  ["<a", "0"],
  ["", "0"],
  ["<html/>", "0"],
  ["<!DOCTYPE a><a/>", "0"],
  [discoveryXml.slice(0, -3), "0"],
  [discoveryXml.replace("/>", "><x"), "urn:Id:%41"],
  [discoveryXml.replace("/>", "><x/></taxii_11:Discovery_Request>"), "urn:Id:%41"],
  [discoveryXml.replace("message_id", "id"), "0"],
  [discoveryXml.replace("urn:Id:%41", ""), "0"],
  [discoveryXml.replaceAll("Discovery_Request", "Weather_Request"), "urn:Id:%41"],
  [discoveryXml.replace("urn:Id:%41", "a%zz b&#60;"), "0"],
])("%j is a bad message, with the reader's sentence, for %s [XML-GEN-008] [HTTP-ERR-002] [SVC-STAT-002]", async (body, id) => {
  const { post } = await createKit();
  const response = await post("/discovery", body);
  expect(response.status).toBe(200);
  const { statusType, inResponseTo, message } = await readStatus(response);
  expect([statusType, inResponseTo]).toEqual(["BAD_MESSAGE", id]);
  expect(message).toMatch(/^[A-Z<].*\.$/);
});

test("the parse error says what and where", async () => {
  const { post } = await createKit();
  const status = await readStatus(
    await post("/poll", write(pollRequest()).replace("<taxii_11:Poll_Parameters", "<x/><taxii_11:Poll_Parameters")),
  );
  expect(status.message).toMatch(/<x> cannot come here; expected .*\(line 2, column \d+\)\.$/);
});

test("replies are no requests", async () => {
  const { post } = await createKit();
  const status = await readStatus(await post("/discovery", await (await post("/discovery", discoveryXml)).text()));
  expect(status).toMatchObject({ statusType: "BAD_MESSAGE", message: "Discovery_Response is no request." });
});

test("a message the service does not take is named with those it takes [SVC-GEN-005]", async () => {
  const { post } = await createKit();
  const status = await readStatus(await post("/inbox", write(pollRequest({ messageId: "p1" }))));
  expect(status).toMatchObject({
    statusType: "BAD_MESSAGE",
    inResponseTo: "p1",
    message: "This service does not take Poll_Request; it takes Inbox_Message.",
  });
});

test("several services can share an address [SVC-GEN-006]", async () => {
  const { storage } = await createKit();
  const server = createServer({ storage, services: [discovery({ path: "/all" }), poll({ path: "/all" })] });
  const { post } = await createKit({ server: { services: server.services } });
  expect(await readReply(await post("/all", discoveryXml))).toMatchObject({ $type: "taxii11.DiscoveryResponse" });
  expect(await readReply(await post("/all", write(pollRequest())))).toMatchObject({ $type: "taxii11.PollResponse" });
  expect(() => createServer({ storage, services: [poll({ path: "/a" }), poll({ path: "/a" })] })).toThrow("two POLL services");
});

test("paths and public URLs are checked when the server is made", async () => {
  for (const path of ["", "poll", "//poll", "/poll?x", "/poll#x"]) expect(() => poll({ path })).toThrow(TypeError);
  expect(poll({ path: "/a b/./c" }).path).toBe("/a%20b/c");
  const { storage } = await createKit();
  for (const publicUrl of ["taxii.example.com", "ftp://h"])
    expect(() => createServer({ storage, services: [], publicUrl })).toThrow(TypeError);
});

test("gzip is unpacked; other codings and broken gzip are refused [HTTP-GEN-005]", async () => {
  const { post } = await createKit({ server: { maxRequestBytes: 10_000 } });
  expect(await readReply(await post("/discovery", new Uint8Array(gzipSync(discoveryXml)), { "Content-Encoding": "gzip" }))).toMatchObject({
    $type: "taxii11.DiscoveryResponse",
  });
  const cases = [
    ["br", "x", 415],
    ["gzip", "x", 400],
    ["gzip", new Uint8Array(gzipSync(new Uint8Array(1_000_000))), 413],
  ] as const;
  for (const [coding, body, http] of cases) {
    const response = await post("/discovery", body, { "Content-Encoding": coding });
    expect(response.status).toBe(http);
    expect(await readStatus(response)).toMatchObject({ statusType: "BAD_MESSAGE" });
  }
});

test("bodies over the limit are 413 [HTTP-REQ-005]", async () => {
  const { post } = await createKit({ server: { maxRequestBytes: 1000, limits: { maxDepth: 3 } } });
  const response = await post("/discovery", discoveryXml + " ".repeat(1000));
  expect(response.status).toBe(413);
  expect(await readStatus(response)).toMatchObject({ statusType: "BAD_MESSAGE" });
  const deep = write(pollRequest()).replace(
    /<taxii_11:Poll_Parameters.*?<\/taxii_11:Poll_Parameters>|<taxii_11:Poll_Parameters[^>]*\/>/,
    "<taxii_11:Poll_Parameters><taxii_11:Query format_id='q'><a><b/></a></taxii_11:Query></taxii_11:Poll_Parameters>",
  );
  expect((await readStatus(await post("/poll", deep))).message).toContain("maxDepth");
});

test("character sets come from the byte order mark, Content-Type, the declaration [HTTP-CT-006]", async () => {
  const { post } = await createKit();
  const xml = write(create(DiscoveryRequest, { messageId: "urn:é" })).replace("UTF-8", "ISO-8859-1");
  const latin1 = new Uint8Array(Buffer.from(xml, "latin1"));
  expect(await readReply(await post("/discovery", latin1))).toMatchObject({ inResponseTo: "urn:é" });
  expect(await readReply(await post("/discovery", latin1, { "Content-Type": "application/xml; charset=iso-8859-1" }))).toMatchObject({
    inResponseTo: "urn:é",
  });
  const utf16 = new Uint8Array(Buffer.from(`\ufeff${xml.replace("ISO-8859-1", "UTF-16")}`, "utf16le"));
  expect(await readReply(await post("/discovery", utf16))).toMatchObject({ inResponseTo: "urn:é" });
  const wrong = await post("/discovery", latin1, { "Content-Type": "application/xml; charset=utf-8" });
  expect(await readStatus(wrong)).toMatchObject({ statusType: "BAD_MESSAGE", inResponseTo: "0" });
});

test("who is not let in is told how to say who they are, by their id [HTTP-RSP-005] [HTTP-RSP-006] [HTTP-AUTH-002]", async () => {
  const authenticate = (request: HttpRequest) => {
    if (request.headers.get("authorization") === null) throw new StatusError("UNAUTHORIZED", { message: "Who are you?" });
    return { name: "somebody" };
  };
  const { post } = await createKit({ server: { authenticate } });
  const response = await post("/discovery", discoveryXml);
  expect(response.status).toBe(401);
  expect(response.headers.get("WWW-Authenticate")).toBe('Basic realm="taxii", charset="UTF-8"');
  expect(response.headers.get("X-TAXII-Content-Type")).toBe(xml11);
  expect(await readStatus(response)).toMatchObject({ statusType: "UNAUTHORIZED", inResponseTo: "urn:Id:%41", message: "Who are you?" });
  expect((await post("/discovery", discoveryXml, { Authorization: "x" })).status).toBe(200);
  const { post: postQuietly } = await createKit({ server: { authenticate, unauthorizedStatus: 200 } });
  const quiet = await postQuietly("/discovery", discoveryXml);
  expect([quiet.status, quiet.headers.has("WWW-Authenticate")]).toEqual([200, false]);
});

test("faults of the server's own are FAILURE, and are told to its owner only [SVC-STAT-014] [SEC-ID-004]", async () => {
  const failing = poll({
    path: "/poll",
    handlers: [
      handle(PollRequest, () => {
        throw new Error("password of the database: secret");
      }),
    ],
  });
  const { post, failures } = await createKit({ server: { services: [failing] } });
  const response = await post("/poll", write(pollRequest({ messageId: "p1" })));
  expect(response.status).toBe(200);
  expect(await readStatus(response)).toEqual(
    expect.objectContaining({
      statusType: "FAILURE",
      inResponseTo: "p1",
      message: "The request failed for a reason that lies with this server.",
    }),
  );
  expect(failures).toMatchObject([{ method: "POST", path: "/poll", error: { message: "password of the database: secret" } }]);
  const { post: postUnlogged } = await createKit({
    server: {
      services: [failing],
      onFailure() {
        throw new Error("log full");
      },
    },
  });
  expect(await readStatus(await postUnlogged("/poll", write(pollRequest())))).toMatchObject({ statusType: "FAILURE" });
});

test("what fails in TAXII is a Status Message with 200; every 200, and every TAXII body, has the header fields [HTTP-RSP-001] [HTTP-RSP-003] [HTTP-XCT-001]", async () => {
  const { post } = await createKit({ server: { maxRequestBytes: 5000 } });
  const poll = write(pollRequest({ collectionName: "nowhere" }));
  const cases: [string, string, Record<string, string | undefined>, number][] = [
    ["/poll", poll, {}, 200],
    ["/poll", "<a", {}, 200],
    ["/inbox", poll, {}, 200],
    ["/poll", poll, { "X-TAXII-Services": "x" }, 200],
    ["/poll", poll, { "X-TAXII-Content-Type": "x" }, 200],
    ["/poll", poll, { "X-TAXII-Accept": "x" }, 406],
    ["/poll", poll, { "Content-Type": "text/plain" }, 415],
    ["/poll", poll, { "Content-Encoding": "br" }, 415],
    ["/poll", " ".repeat(6000), {}, 413],
  ];
  for (const [path, body, headers, status] of cases) {
    const response = await post(path, body, headers);
    expect([path, headers, response.status]).toEqual([path, headers, status]);
    expect(Object.fromEntries(response.headers)).toMatchObject(responseHeaders);
    expect((await readStatus(response)).statusType).not.toBe("SUCCESS");
  }
});

test("field names are read in any case, bodies in any pieces [HTTP-GEN-002] [HTTP-GEN-003]", async () => {
  const { server } = await createKit();
  const fields = Object.entries(requestHeaders("1.1", http10)).map(([name, value]) => [name.toUpperCase(), value]);
  const bytes = new TextEncoder().encode(discoveryXml);
  const body = (async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte);
  })();
  const headers = new Headers(fields as [string, string][]);
  const request = { method: "POST", url: "http://taxii.test/discovery", headers, body, signal: undefined, peer: undefined };
  expect((await server.handle(request)).status).toBe(200);
  expect((await server.handle({ ...request, url: "no address" })).status).toBe(400);
});

test("a body that breaks off is the peer's fault, and no failure of the server", async () => {
  const { server, failures } = await createKit();
  const body = (async function* () {
    yield new TextEncoder().encode("<a");
    throw new Error("reset");
  })();
  const headers = new Headers(requestHeaders("1.1", http10));
  const request = { method: "POST", url: "http://taxii.test/discovery", headers, body, signal: undefined, peer: undefined };
  expect((await server.handle(request)).status).toBe(400);
  expect(failures).toEqual([]);
});

test("services for accounts turn away who has none, before the body is read [HTTP-RSP-006] [SEC-ID-001]", async () => {
  const authenticate = ({ headers }: HttpRequest) => {
    const name = headers.get("authorization");
    return name === null ? undefined : { name };
  };
  const services = [
    discovery({ path: "/closed", requiresAccount: true }),
    discovery({ path: "/half", requiresAccount: true }),
    poll({ path: "/half" }),
  ];
  const { post, server } = await createKit({ server: { authenticate, authorize: allowAll, services } });
  for (const path of ["/closed", "/half"]) {
    const response = await post(path, discoveryXml);
    expect(response.status).toBe(401);
    expect(await readStatus(response)).toMatchObject({ statusType: "UNAUTHORIZED", inResponseTo: "urn:Id:%41" });
    expect((await post(path, discoveryXml, { Authorization: "alice" })).status).toBe(200);
  }
  expect(await readReply(await post("/half", write(pollRequest())))).toMatchObject({ $type: "taxii11.PollResponse" });
  let read = 0;
  const body = (async function* () {
    for (; read < 10_000_000; read += 10_000) yield new Uint8Array(10_000).fill(32);
  })();
  const headers = new Headers(requestHeaders("1.1", http10));
  await server.handle({ method: "POST", url: "http://taxii.test/closed", headers, body, signal: undefined, peer: undefined });
  expect(read).toBeLessThan(100_000);
});
