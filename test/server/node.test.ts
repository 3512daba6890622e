import { Agent, request as httpRequest, type RequestOptions } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { DiscoveryRequest } from "../../generated/taxii11/index.js";
import { requestHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { type Listening, listen } from "../../src/server/node.js";
import { createKit, http10, inboxMessage, write } from "./kit.js";

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(server: { fetch: (request: Request) => Promise<Response> }, grace = 1000): Promise<Listening> {
  const listening = await listen(server, { grace });
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
    fetch(request) {
      seen.push(new URL(request.url).host);
      return server.fetch(request);
    },
  });
  expect(await raw(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toContain(`HTTP/1.1 ${status} `);
  expect(seen).toEqual(status === 400 ? [] : ["taxii.test"]);
});

test("when the peer goes, the reply is given up", async () => {
  const gone: string[] = [];
  let aborted = false;
  const { port } = await start({
    fetch: async (request) => {
      request.signal.addEventListener("abort", () => (aborted = true));
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
        cancel: () => void gone.push("body"),
      });
      return new Response(body);
    },
  });
  await new Promise<void>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    socket.once("data", () => socket.destroy()).once("close", () => resolve());
  });
  await expect.poll(() => [gone, aborted]).toEqual([["body"], true]);
});

test("a reply that breaks off does not look complete", async () => {
  let pulls = 0;
  const { url } = await start({
    fetch: async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            if (pulls++ < 3) controller.enqueue(new TextEncoder().encode("piece"));
            else throw new Error("broken");
          },
        }),
      ),
  });
  const response = await fetch(url, { method: "POST", body: "x" });
  await expect(response.text()).rejects.toThrow();
});

test("a handler that rejects costs one connection, not the server", async () => {
  let calls = 0;
  const { url } = await start({ fetch: () => (calls++ === 0 ? Promise.reject(new Error("no")) : Promise.resolve(new Response("yes"))) });
  await expect(fetch(url)).rejects.toThrow();
  expect(await (await fetch(url)).text()).toBe("yes");
});

test("closing answers what is under way, and cuts off what takes too long", async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const server = {
    fetch: async (request: Request) => {
      if (request.url.endsWith("/held")) await held;
      else if (request.url.endsWith("/never")) await new Promise(() => undefined);
      return new Response("done");
    },
  };
  const patient = await start(server);
  const answer = fetch(`${patient.url}/held`).then((response) => response.text());
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = patient.close();
  open.length = 0;
  release();
  expect(await answer).toBe("done");
  await closed;
  const impatient = await listen(server, { grace: 50 });
  const cut = fetch(`${impatient.url}/never`).catch(() => "cut");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await impatient.close();
  expect(await cut).toBe("cut");
});
