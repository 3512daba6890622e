import { Agent, request as httpRequest, type RequestOptions } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { DiscoveryRequest } from "../../generated/taxii11/index.js";
import { requestHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import type { HttpResponse, Server } from "../../src/server/index.js";
import { type Listening, type ListenOptions, listen } from "../../src/server/node/index.js";
import { turnsDuring } from "../support/turns.js";
import { createKit, http10, inboxMessage, write } from "./kit.js";

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

type Answering = Pick<Server, "handle">;

async function start(server: Answering, options: ListenOptions = {}): Promise<Listening> {
  const listening = await listen(server, { grace: 1000, ...options });
  open.push(listening);
  return listening;
}

function agent(): Agent {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  open.push({ close: () => kept.destroy() });
  return kept;
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly port: number | undefined;
}

/** Sends a request piece by piece, and says from which port of this side. */
function send(url: string, options: RequestOptions, pieces: readonly (string | Uint8Array)[] = []): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, options, (response) => {
      const port = response.socket.localPort;
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode, body, port }));
      response.on("error", reject);
    });
    outgoing.on("error", reject);
    const go = (): void => {
      for (const piece of pieces) outgoing.write(piece);
      outgoing.end();
    };
    if (outgoing.getHeader("expect") === undefined) go();
    else outgoing.once("continue", go);
    outgoing.flushHeaders();
  });
}

const headers = requestHeaders("1.1", http10);
const discovery = write(create(DiscoveryRequest, {}));

test("it answers on a port of its own, on this machine only, and says where", async () => {
  const { server } = await createKit();
  const { url, port } = await start(server);
  expect(url).toBe(`http://127.0.0.1:${port}`);
  const { status, body } = await send(`${url}/discovery`, { method: "POST", headers }, [discovery]);
  expect(status).toBe(200);
  expect(body).toContain(`${url}/poll</`);
  await expect(listen(server, { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("bodies may come byte by byte, and with Expect [HTTP-GEN-003] [HTTP-GEN-004]", async () => {
  const { server } = await createKit();
  const { url } = await start(server);
  expect((await send(`${url}/discovery`, { method: "POST", headers }, [...discovery])).status).toBe(200);
  const large = write(
    inboxMessage([{ contentBinding: { bindingId: "urn:stix" }, content: { text: "x".repeat(2 * 1024 * 1024) } }], {
      destinationCollectionNames: ["feed"],
    }),
  );
  const { status, body } = await send(`${url}/inbox`, { method: "POST", headers: { ...headers, Expect: "100-continue" } }, [large]);
  expect(status).toBe(200);
  expect(body).toContain('status_type="SUCCESS"');
});

test("requests that are turned away unread leave the connection usable [HTTP-GEN-001]", async () => {
  const { server } = await createKit({ server: { maxRequestBytes: 10_000 } });
  const { url } = await start(server);
  const kept = agent();
  const long = Array.from({ length: 40 }, () => "x".repeat(50_000));
  const answers = [
    await send(`${url}/nowhere`, { method: "POST", headers, agent: kept }, long),
    await send(`${url}/discovery`, { method: "POST", headers, agent: kept }, long),
    await send(`${url}/discovery`, { method: "POST", headers: { ...headers, "Content-Length": "2000000" }, agent: kept }, long),
    await send(`${url}/discovery`, { method: "GET", agent: kept }),
    await send(`${url}/discovery`, { method: "TRACE", agent: kept }),
    await send(`${url}/discovery`, { method: "POST", headers, agent: kept }, [discovery]),
    // Last, as Node's client does not reuse a connection behind it.
    await send(`${url}/discovery`, { method: "HEAD", agent: kept }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 413, 413, 405, 400, 200, 405]);
  expect(answers[1]?.body).toContain("BAD_MESSAGE");
  expect(answers.map(({ port }) => port)).toEqual(answers.map(() => answers[0]?.port));
});

/** Sends bytes as they are and gives what comes back. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.end(text));
    socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

test("requests that come in one piece are answered one after the other, however their bodies are framed [HTTP-GEN-001]", async () => {
  const bodies: string[] = [];
  const { port } = await start({
    async handle({ body }) {
      const pieces: Uint8Array[] = [];
      for await (const piece of body ?? []) pieces.push(piece);
      bodies.push(Buffer.concat(pieces).toString("latin1"));
      return { status: 200, headers: {}, body: `answer ${bodies.length}.` };
    },
  });
  const post = (fields: string, body: string): string => `POST /inbox HTTP/1.1\r\nHost: taxii.test\r\n${fields}\r\n\r\n${body}`;
  const long = "x".repeat(40_000);
  const requests = [
    post("Content-Length: 5", "first"),
    post("Content-Length: 0", ""),
    post("Transfer-Encoding: chunked", "3\r\nsec\r\n4\r\nond!\r\n0\r\n\r\n"),
    post(`Content-Length: ${long.length}`, long),
    post("Content-Length: 4\r\nConnection: close", "last"),
  ];
  const answered = await raw(port, requests.join(""));
  expect(answered.match(/answer \d+\./g)).toEqual(["answer 1.", "answer 2.", "answer 3.", "answer 4.", "answer 5."]);
  expect(bodies).toEqual(["first", "", "second!", long, "last"]);
});

test.each([
  ["/discovery", "taxii.test", 405],
  ["http://evil.test/discovery", "taxii.test", 405],
  ["http://evil.test", "taxii.test", 404],
  ["//evil.test/discovery", "taxii.test", 404],
  ["*", "taxii.test", 400],
  ["/discovery", "a b", 400],
  ["/", "taxii.test/discovery?", 400],
  ["/discovery", "user@taxii.test", 400],
  ["/x/../discovery", "taxii.test", 405],
])("GET %s of Host %s is %i", async (target, host, status) => {
  const seen: string[] = [];
  const { server } = await createKit();
  const { port } = await start({
    handle(request) {
      seen.push(new URL(request.url).host);
      return server.handle(request);
    },
  });
  expect(await raw(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toContain(`HTTP/1.1 ${status} `);
  expect(seen).toEqual(status === 400 ? [] : ["taxii.test"]);
});

/** Pieces without end, of which is noted that they were given up. */
async function* endless(onEnd: () => void): AsyncGenerator<Uint8Array> {
  try {
    for (;;) yield new Uint8Array(100_000);
  } finally {
    onEnd();
  }
}

const answer = (text: string): HttpResponse => ({ status: 200, headers: {}, body: new TextEncoder().encode(text) });

test("when the peer goes, the reply is given up", async () => {
  const gone: string[] = [];
  const { port } = await start({
    handle: async ({ signal }) => {
      signal?.addEventListener("abort", () => void gone.push("signal"));
      return { status: 200, headers: {}, body: endless(() => void gone.push("body")) };
    },
  });
  await new Promise<void>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    socket.once("data", () => socket.destroy()).once("close", () => resolve());
  });
  await expect.poll(() => [...gone].sort()).toEqual(["body", "signal"]);
});

test("a peer that takes nothing of its reply is given up", async () => {
  let gone = false;
  const handle = async (): Promise<HttpResponse> => ({ status: 200, headers: {}, body: endless(() => (gone = true)) });
  const { port } = await start({ handle }, { idleTimeout: 100 });
  const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n")).on("error", () => undefined);
  open.push({ close: () => void socket.destroy() });
  await expect.poll(() => gone).toBe(true);
});

test("a long reply whose pieces are at hand lets others have their turn", async () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < 500; at++) yield new TextEncoder().encode("piece");
  }
  const { url } = await start({ handle: async () => ({ status: 200, headers: {}, body: pieces() }) });
  const turns = await turnsDuring(() => fetch(url).then((response) => response.arrayBuffer()));
  expect(turns).toBeGreaterThan(500);
});

test("a head that does not come, and one that is too long, do not hold a connection", async () => {
  const { server } = await createKit();
  const { port } = await start(server, { headersTimeout: 50, requestTimeout: 100, maxHeaderSize: 1000 });
  const slow = new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write("POST /discovery HTTP/1.1\r\nHo"));
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    socket.on("close", () => resolve(text)).on("error", () => undefined);
  });
  expect(await slow).toContain("408 Request Timeout");
  expect(await raw(port, `GET /discovery HTTP/1.1\r\nHost: h\r\nX: ${"x".repeat(2000)}\r\n\r\n`)).toContain("431 ");
});

test("connections over the limit are closed", async () => {
  const { server } = await createKit();
  const { port } = await start(server, { maxConnections: 1 });
  const first = connect(port, "127.0.0.1");
  open.push({ close: () => void first.destroy() });
  await new Promise((resolve) => first.once("connect", resolve));
  await expect(raw(port, "").catch(() => "")).resolves.toBe("");
});

test("a reply that breaks off does not look complete", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < 3; at++) yield new TextEncoder().encode("piece");
    throw new Error("broken");
  }
  const { url } = await start({ handle: async () => ({ status: 200, headers: {}, body: broken() }) });
  await expect(fetch(url, { method: "POST", body: "x" }).then((response) => response.text())).rejects.toThrow();
});

test("a handler that rejects costs one connection, not the server", async () => {
  let calls = 0;
  const { url } = await start({ handle: () => (calls++ === 0 ? Promise.reject(new Error("no")) : Promise.resolve(answer("yes"))) });
  await expect(fetch(url)).rejects.toThrow();
  expect(await (await fetch(url)).text()).toBe("yes");
});

test("closing answers what is under way, and cuts off what takes too long", async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const server: Answering = {
    handle: async ({ url }) => {
      if (url.endsWith("/held")) await held;
      else if (url.endsWith("/never")) await new Promise(() => undefined);
      return answer("done");
    },
  };
  const patient = await start(server);
  const answered = fetch(`${patient.url}/held`).then((response) => response.text());
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = patient.close();
  open.length = 0;
  release();
  expect(await answered).toBe("done");
  await closed;
  const impatient = await listen(server, { grace: 50 });
  const cut = fetch(`${impatient.url}/never`).catch(() => "cut");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await impatient.close();
  expect(await cut).toBe("cut");
});

/** Asks, with header fields, as what a request is seen. */
async function seenWith(options: ListenOptions, fields: Record<string, string>): Promise<unknown> {
  let seen: unknown;
  const { url } = await start(
    {
      handle: async ({ url, peer, headers }) => {
        seen = [url, peer?.address, peer?.certificates, headers.get("X-Client-Cert")];
        return answer("");
      },
    },
    options,
  );
  await send(url, { headers: { Host: "h", ...fields } });
  return seen;
}

const forwarded = {
  "X-Forwarded-For": "6.6.6.6, 203.0.113.7, 10.0.0.9",
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Host": "taxii.example.com",
  "X-Client-Cert": "CN=alice",
};

test("what proxies state is believed of trusted ones only [HTTP-XP-005]", async () => {
  const clientCertificateHeader = "X-Client-Cert";
  const trustedProxies = ["127.0.0.0/8", "10.0.0.9", "fd00::/8"];
  expect(await seenWith({ clientCertificateHeader }, forwarded)).toEqual(["http://h/", "127.0.0.1", [], null]);
  // The client is the one the last trusted proxy speaks of; what that client says itself is not believed.
  expect(await seenWith({ clientCertificateHeader, trustedProxies }, forwarded)).toEqual([
    "https://taxii.example.com/",
    "203.0.113.7",
    ["CN=alice"],
    "CN=alice",
  ]);
  const standard = { Forwarded: 'for=6.6.6.6;proto=http, for="[2001:db8::1]:4711";proto=https;host=a.test', "X-Forwarded-For": "7.7.7.7" };
  expect(await seenWith({ trustedProxies, forwardedBy: "forwarded" }, standard)).toEqual(["https://a.test/", "2001:db8::1", [], null]);
  expect(await seenWith({ trustedProxies }, { "X-Forwarded-For": "unknown", "X-Forwarded-Proto": "gopher" })).toEqual([
    "http://h/",
    "127.0.0.1",
    [],
    null,
  ]);
  await expect(listen({ handle: async () => answer("") }, { trustedProxies: ["10.0.0.0/33"] })).rejects.toThrow("10.0.0.0/33");
});

test("other expectations than 100-continue fail, and nobody is asked for a body that is not wanted [HTTP-GEN-004]", async () => {
  const { server } = await createKit();
  const { port } = await start(server);
  const head = (path: string, expectation: string): string =>
    `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: ${expectation}\r\n\r\n`;
  expect(await raw(port, head("/discovery", "200-maybe"))).toMatch(/^HTTP\/1.1 417 /);
  const refused = await raw(port, head("/nowhere", "100-continue"));
  expect(refused).toMatch(/^HTTP\/1.1 404 /);
  expect(refused).toMatch(/\r\nConnection: close\r\n/i);
});
