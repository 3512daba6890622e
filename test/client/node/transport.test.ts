import { setTimeout as sleep } from "node:timers/promises";
import { constants, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isTaxiiError } from "../../../src/errors.js";
import { TransportError } from "../../../src/http/transport-error.js";
import { failure, post, serve, serveRaw, transport } from "./kit.js";

/** Answers with these bytes, and then ends the connection. */
async function answering(text: string | Uint8Array, how: "end" | "resetAndDestroy" = "end"): Promise<string> {
  const port = await serveRaw((socket) => socket.write(typeof text === "string" ? Buffer.from(text, "latin1") : text, () => socket[how]()));
  return `http://127.0.0.1:${port}/`;
}

describe("requests", () => {
  it("go out as they are, with the codings that are understood [HTTP-GEN-005]", async () => {
    const url = await serve((request, response) => response.end(JSON.stringify([request.method, request.url, request.headers])));
    const answer = await transport()(
      post(`${url}/a%20b/?c=d#e`, { body: "<é/>", headers: { "X-TAXII-Accept": "a", "Content-Type": "application/xml" } }),
    );
    expect(await answer.json()).toEqual([
      "POST",
      "/a%20b/?c=d",
      {
        host: new URL(url).host,
        connection: "keep-alive",
        "accept-encoding": "gzip, deflate",
        "user-agent": "taxii",
        "content-length": "5",
        "content-type": "application/xml",
        "x-taxii-accept": "a",
      },
    ]);
  });

  it("keep the codings and the name that the caller wants", async () => {
    const url = await serve((request, response) => response.end(`${request.headers["accept-encoding"]} ${request.headers["user-agent"]}`));
    const answer = await transport()(post(url, { headers: { "Accept-Encoding": "identity", "User-Agent": "me" } }));
    expect(await answer.text()).toBe("identity me");
  });

  it("stream what is a stream, and say the length of what is not", async () => {
    const url = await serve((request, response) => {
      const { "content-length": length, "transfer-encoding": coding } = request.headers;
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => response.end(JSON.stringify([length, coding, body])));
    });
    const fetch = transport();
    const sent = async (body: BodyInit | null): Promise<unknown> => (await fetch(post(url, { body, duplex: "half" }))).json();
    expect(await sent("abc")).toEqual(["3", null, "abc"]);
    expect(await sent(new Uint8Array(1_000_000).fill(97))).toEqual(["1000000", null, "a".repeat(1_000_000)]);
    expect(await sent("")).toEqual(["0", null, ""]);
    expect(await sent(null)).toEqual(["0", null, ""]);
    const pieces = ["one ", "two ", "three"].map((text) => new TextEncoder().encode(text));
    const stream = new ReadableStream({
      async pull(controller) {
        await sleep(1);
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
    });
    expect(await sent(stream)).toEqual([null, "chunked", "one two three"]);
  });

  it("fail with what makes their stream fail", async () => {
    const url = await serve((_request, response) => response.end());
    const fault = new Error("no more");
    const body = new ReadableStream({
      async pull(controller) {
        await sleep(1);
        controller.error(fault);
      },
    });
    expect(await failure(transport()(post(url, { body, duplex: "half" })))).toBe(fault);
  });

  it("may be answered before they are sent", async () => {
    const url = await serve((_request, response) => response.writeHead(413, { "Content-Length": "2" }).end("no"));
    let cancelled = false;
    const body = new ReadableStream({
      async pull(controller) {
        await sleep(1);
        controller.enqueue(new Uint8Array(1000));
      },
      cancel() {
        cancelled = true;
      },
    });
    const answer = await transport()(post(url, { body, duplex: "half" }));
    expect([answer.status, await answer.text()]).toEqual([413, "no"]);
    await expect.poll(() => cancelled).toBe(true);
  });

  it("use connections again", async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("hello");
    });
    const fetch = transport();
    for (let count = 0; count < 5; count++) expect(await (await fetch(post(url))).text()).toBe("hello");
    // A connection is free again only a moment after its answer is read.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it("cannot carry credentials of a proxy, which the server would get", async () => {
    const fault = await failure(transport()(post("http://127.0.0.1:1/", { headers: { "Proxy-Authorization": "Basic c2VjcmV0" } })));
    expect(fault.message).toBe("Proxy-Authorization cannot be given as a header; give the credentials in the proxy's URL");
  });
});

describe("answers", () => {
  it("have their status, reason and fields, repeated ones too", async () => {
    const url = await answering(
      "HTTP/1.1 503 Nicht \xc3\xa4 jetzt\r\nRetry-After: 7\r\nX-A: 1\r\nx-a: \xe4\r\n__proto__: p\r\nContent-Length: 2\r\n\r\nno",
    );
    const answer = await transport()(post(url));
    expect([answer.status, answer.statusText, await answer.text()]).toEqual([503, "Nicht ä jetzt", "no"]);
    expect(Object.fromEntries(answer.headers)).toEqual(
      Object.fromEntries([
        ["__proto__", "p"],
        ["content-length", "2"],
        ["retry-after", "7"],
        ["x-a", "1, ä"],
      ]),
    );
  });

  it("are not followed when they redirect [HTTP-GEN-007]", async () => {
    const requests: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      requests.push(request.url);
      response.writeHead(307, { Location: "/elsewhere" }).end();
    });
    const answer = await transport()(post(url, { redirect: "follow" }));
    expect([answer.status, answer.headers.get("location"), requests]).toEqual([307, "/elsewhere", ["/"]]);
  });

  it.each([204, 205, 304])("have no body with status %i, whatever the peer sends", async (status) => {
    const url = await serve((_request, response) => response.writeHead(status, { "Content-Encoding": "gzip" }).end());
    const answer = await transport()(post(url));
    expect([answer.status, answer.body]).toEqual([status, null]);
    const body = await answering(`HTTP/1.1 ${status} x\r\nContent-Length: 2\r\n\r\nhi`);
    expect((await transport()(post(body))).body).toBeNull();
  });

  it.each([
    ["HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n", "the answer has the status 999, which HTTP does not have"],
    ["HTTP/1.1 600 What\r\n\r\nbody", "the answer has the status 600, which HTTP does not have"],
    ["HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n", "the answer cannot be read: it does not follow HTTP/1.1"],
    ["220 mail.example.com ESMTP\r\n", "the answer cannot be read: it does not follow HTTP/1.1"],
    [`HTTP/1.1 200 OK\r\nX: ${"a".repeat(20_000)}\r\n\r\n`, "the answer cannot be read: its header is too long"],
  ])("that HTTP does not have are refused: %.20s", async (text, message) => {
    const fault = await failure(transport()(post(await answering(text))));
    expect(fault).toBeInstanceOf(TransportError);
    expect(fault).toMatchObject({ code: "NOT_TAXII", message });
  });

  it("that say two lengths are refused", async () => {
    await failure(transport()(post(await answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi"))));
  });

  it("may have a reason that a Response cannot hold", async () => {
    const answer = await transport()(post(await answering("HTTP/1.1 400 \xe2\x82\xac\x01\r\nContent-Length: 0\r\n\r\n")));
    expect([answer.status, answer.statusText]).toEqual([400, "??"]);
  });

  it.each([
    ["a body shorter than its length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "end"],
    ["a body shorter than its length, connection closed", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhello", "end"],
    ["a body shorter than its length, HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nhello", "end"],
    ["a body shorter than its length, connection reset", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "resetAndDestroy"],
    ["chunks without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "end"],
    [
      "chunks without an end, connection closed",
      "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "end",
    ],
    ["half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nhello", "end"],
  ] as const)("never end quietly: %s", async (_name, text, how) => {
    const { body } = await transport()(post(await answering(text, how)));
    const reader = body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("hello");
    const fault = await failure(Promise.resolve(reader?.read()));
    expect(fault).toMatchObject({ code: "NETWORK", message: expect.stringMatching(/^the answer breaks off: /), cause: expect.any(Error) });
  });

  it("that do not come are errors with the code of their cause", async () => {
    expect(await failure(transport()(post(await answering(""))))).toMatchObject({ code: "UND_ERR_SOCKET" });
    const port = await serveRaw(() => undefined);
    const closed = transport();
    await closed.close();
    expect((await failure(closed(post(`http://127.0.0.1:${port}`)))).message).toBe("the transport is closed");
    expect(await failure(transport()(post("http://127.0.0.1:1/")))).toMatchObject({
      code: "ECONNREFUSED",
      message: "connect ECONNREFUSED 127.0.0.1:1",
    });
    expect(await failure(transport()(post("http://localhost:1/")))).toMatchObject({
      code: "ECONNREFUSED",
      message: expect.stringContaining("127.0.0.1:1"),
    });
    expect(await failure(transport()(post("http://no-such-host.invalid/")))).toMatchObject({
      message: expect.stringContaining("no-such-host.invalid"),
    });
  });
});

describe("compressed bodies", () => {
  const text = "<taxii/>".repeat(1000);

  async function packed(coding: string, body: Uint8Array, fields: Record<string, string> = {}): Promise<string> {
    return serve((_request, response) => response.writeHead(200, { "Content-Encoding": coding, ...fields }).end(body));
  }

  it.each([
    ["gzip", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["GZip", Buffer.concat([gzipSync(text.slice(0, 100)), gzipSync(text.slice(100))])],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
  ])("are unpacked: %s [HTTP-GEN-005]", async (coding, body) => {
    const answer = await transport()(post(await packed(coding, body, { "Content-Length": String(body.length), "X-A": "b" })));
    expect(await answer.text()).toBe(text);
    expect([answer.headers.has("content-encoding"), answer.headers.has("content-length"), answer.headers.get("x-a")]).toEqual([
      false,
      false,
      "b",
    ]);
  });

  it("may be empty", async () => {
    expect(await (await transport()(post(await packed("gzip", new Uint8Array(0))))).text()).toBe("");
  });

  it.each(["br", "gzip, deflate", "identity", "constructor"])("in a coding that is not known stay as they are: %s", async (coding) => {
    const answer = await transport()(post(await packed(coding, Buffer.from("abc"))));
    expect([answer.headers.get("content-encoding"), await answer.text()]).toEqual([coding, "abc"]);
  });

  it("that break off, or are not what they say, are errors", async () => {
    for (const body of [
      gzipSync(text).subarray(0, -9),
      gzipSync(text).fill(0, 20, 40),
      deflateSync(text).subarray(0, -6),
      deflateRawSync(text).subarray(0, -6),
    ]) {
      const coding = body[0] === 0x1f ? "gzip" : "deflate";
      const fault = await failure((await transport()(post(await packed(coding, body)))).text());
      expect(isTaxiiError(fault) && fault.code).toBe("BAD_ENCODING");
    }
  });

  it("whose connection breaks say that, and not what it does to the coding", async () => {
    const head = Buffer.from("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1000\r\n\r\n");
    const answer = await transport()(post(await answering(Buffer.concat([head, gzipSync(text).subarray(0, 30)]))));
    expect(await failure(answer.text())).toMatchObject({ code: "NETWORK", cause: { code: "UND_ERR_SOCKET" } });
  });

  it("that unpack to too much are cut off, with the connection [HTTP-GEN-005]", async () => {
    const bomb = gzipSync(new Uint8Array(50_000_000), { level: constants.Z_BEST_COMPRESSION });
    let gone = false;
    const url = await serve((_request, response) => {
      response
        .on("close", () => (gone = true))
        .writeHead(200, { "Content-Encoding": "gzip" })
        .write(bomb);
    });
    const fault = await failure((await transport()(post(url))).text());
    expect(fault).toMatchObject({ code: "TOO_LARGE", message: "the body unpacks to more than 200 times its size" });
    await expect.poll(() => gone).toBe(true);
    const allowed = await transport({ maxInflation: 2000 })(post(await packed("gzip", bomb)));
    expect((await allowed.arrayBuffer()).byteLength).toBe(50_000_000);
  });
});

describe("bodies", () => {
  const megabyte = 1024 * 1024;

  /** A server that sends megabytes as fast as they are taken, and how many it got rid of. */
  async function fountain(megabytes: number) {
    const piece = new Uint8Array(megabyte).fill(97);
    const state = { sent: 0, gone: false };
    const url = await serve((_request, response) => {
      response.on("close", () => (state.gone = true));
      const go = (): void => {
        while (state.sent < megabytes && !response.destroyed) {
          state.sent++;
          if (!response.write(piece)) {
            response.once("drain", go);
            return;
          }
        }
        response.end();
      };
      go();
    });
    return { url, state };
  }

  it("are read no faster than they are wanted", async () => {
    const { url, state } = await fountain(200);
    const answer = await transport()(post(url));
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeLessThanOrEqual(megabyte);
    // As long as there is progress, it is the buffers of the system that fill.
    for (let before = -1; before !== state.sent; ) {
      before = state.sent;
      await sleep(100);
    }
    expect(state.sent).toBeLessThan(40);
    await reader?.cancel();
    await expect.poll(() => state.gone).toBe(true);
  });

  it("of any size take little memory", async () => {
    const { url } = await fountain(200);
    const before = process.memoryUsage();
    let length = 0;
    let most = 0;
    for await (const piece of (await transport()(post(url))).body ?? []) {
      length += piece.length;
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      most = Math.max(most, arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed);
    }
    expect(length).toBe(200 * megabyte);
    expect(most).toBeLessThan(100 * megabyte);
  });

  it("end their connection when they are cancelled while they wait for more", async () => {
    let gone = false;
    const url = await serve((_request, response) => {
      response.on("close", () => (gone = true)).write("hello");
    });
    const answer = await transport()(post(url));
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.value?.length).toBe(5);
    const pending = reader?.read();
    await reader?.cancel();
    expect(await pending).toEqual({ done: true, value: undefined });
    await expect.poll(() => gone).toBe(true);
  });

  it("end their connection when they are cancelled unread, compressed ones too", async () => {
    for (const coding of ["identity", "gzip"]) {
      let gone = false;
      const url = await serve((_request, response) => {
        response.on("close", () => (gone = true));
        response.writeHead(200, { "Content-Encoding": coding }).write(gzipSync("hello").subarray(0, 12));
      });
      const answer = await transport()(post(url));
      await answer.body?.cancel();
      await expect.poll(() => gone).toBe(true);
    }
  });
});

describe("signals", () => {
  const reason = new Error("enough");

  it("end a request before it begins", async () => {
    expect(await failure(transport()(post("http://127.0.0.1:1/", { signal: AbortSignal.abort(reason) })))).toBe(reason);
  });

  it("end a request whose body does not begin, and cancel that", async () => {
    const controller = new AbortController();
    let cancelled: unknown;
    const body = new ReadableStream({
      cancel(why) {
        cancelled = why;
      },
    });
    const pending = failure(transport()(post("http://127.0.0.1:1/", { body, duplex: "half", signal: controller.signal })));
    await sleep(1);
    controller.abort(reason);
    expect(await pending).toBe(reason);
    expect(cancelled).toBe(reason);
  });

  it("end a request that waits for its connection", async () => {
    const controller = new AbortController();
    // Connects, but does not answer the handshake.
    const port = await serveRaw(() => controller.abort(reason));
    expect(await failure(transport()(post(`https://127.0.0.1:${port}/`, { signal: controller.signal })))).toBe(reason);
  });

  it("end a request that waits for its answer, with the connection", async () => {
    const controller = new AbortController();
    let gone = false;
    const url = await serve((_request, response) => {
      response.on("close", () => (gone = true));
      controller.abort(reason);
    });
    expect(await failure(transport()(post(url, { signal: controller.signal })))).toBe(reason);
    await expect.poll(() => gone).toBe(true);
  });

  it.each(["identity", "gzip"])("end a body that is read, with the connection: %s", async (coding) => {
    const controller = new AbortController();
    let gone = false;
    const url = await serve((_request, response) => {
      response.on("close", () => (gone = true));
      response.writeHead(200, { "Content-Encoding": coding });
      response.write(gzipSync(Buffer.alloc(100_000, "abc"), { level: 0 }).subarray(0, 90_000));
    });
    const answer = await transport()(post(url, { signal: controller.signal }));
    const reader = answer.body?.getReader();
    await reader?.read();
    const pending = failure(
      (async () => {
        while ((await reader?.read())?.done === false);
      })(),
    );
    await sleep(20);
    controller.abort(reason);
    expect(await pending).toBe(reason);
    await expect.poll(() => gone).toBe(true);
  });

  it("end a body that nobody reads yet", async () => {
    const controller = new AbortController();
    const url = await serve((_request, response) => void response.write("hello"));
    const answer = await transport()(post(url, { signal: controller.signal }));
    controller.abort(reason);
    await sleep(10);
    expect(await failure(answer.text())).toBe(reason);
  });
});

describe("limits of time", () => {
  it("hold for connecting, TLS included, and for nothing else", async () => {
    const port = await serveRaw(() => undefined);
    const fault = await failure(transport({ connectTimeout: 50 })(post(`https://127.0.0.1:${port}/`)));
    expect(fault).toMatchObject({ code: "UND_ERR_CONNECT_TIMEOUT", message: "no connection within 50 ms" });
    const slow = await serve((_request, response) => void setTimeout(() => response.end("late"), 200));
    expect(await (await transport({ connectTimeout: 50 })(post(slow))).text()).toBe("late");
    expect(await (await transport({ connectTimeout: Number.POSITIVE_INFINITY })(post(slow))).text()).toBe("late");
  });

  it("are numbers that make sense", () => {
    for (const connectTimeout of [0, -1, Number.NaN, 2 ** 31]) expect(() => transport({ connectTimeout })).toThrow(RangeError);
    for (const maxInflation of [0, -1, Number.NaN]) expect(() => transport({ maxInflation })).toThrow("maxInflation");
  });
});

describe("close", () => {
  it("ends connections, also those in use", async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests++;
      if (request.url === "/body") response.write("hello");
    });
    const fetch = transport();
    const body = failure((await fetch(post(`${url}/body`))).text());
    const head = failure(fetch(post(`${url}/head`)));
    await expect.poll(() => requests).toBe(2);
    await fetch.close();
    await body;
    await head;
    await fetch.close();
  });
});
