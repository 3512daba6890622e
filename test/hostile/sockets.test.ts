/** Connections that do not behave: whatever comes over them, the server says what is wrong or hangs up, and goes on. */

import { describe, expect, test } from "vitest";
import { discoveryXml, expectNoLeak, expectToWork, fieldsOf, messageOf, requestBytes, start, type Target } from "./kit.js";
import { path } from "./services.js";
import { type Answer, exchange, Wire } from "./wire.js";

/** Time limits that a test can wait for. */
const quick = { headersTimeout: 300, requestTimeout: 600, keepAliveTimeout: 300, idleTimeout: 600 };

const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
const taxii = Object.entries(fieldsOf())
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join("");
const whole = requestBytes(discoveryXml).toString("latin1");

function statuses(answers: readonly Answer[]): number[] {
  return answers.map(({ status }) => status);
}

/** Sends bytes at once and leaves the connection open: what comes back, and that the server ends it. */
async function untilCut({ port }: Target, bytes: string): Promise<readonly Answer[]> {
  const wire = await Wire.open(port);
  await wire.send(bytes);
  return wire.answers();
}

describe("a slow peer", () => {
  test.each([
    ["a head", head],
    ["a head that never ends, line by line", head],
    ["a body", `${head}${taxii}Content-Length: 1000\r\n\r\n<`],
    ["a body in chunks", `${head}${taxii}Transfer-Encoding: chunked\r\n\r\n1\r\n<\r\n`],
  ])("that sends %s without end is given up after a while", async (what, beginning) => {
    const server = await start({ listen: quick });
    const wire = await Wire.open(server.port);
    await wire.send(beginning);
    let lines = 0;
    while (wire.isOpen) {
      lines += 1;
      await wire.send(what.includes("chunks") ? "1\r\n \r\n" : what.includes("head") ? `X-${lines}: a\r\n` : " ");
      await Promise.race([wire.closed, new Promise((resolve) => setTimeout(resolve, 50))]);
      if (lines % 4 === 0) await expectToWork(server);
    }
    expect(statuses(await wire.answers())).toEqual([408]);
    await expectToWork(server);
  });

  test("does not keep others waiting, also when there are hundreds", async () => {
    const server = await start({ listen: quick });
    const wires = await Promise.all(Array.from({ length: 300 }, () => Wire.open(server.port)));
    await Promise.all(wires.map((wire, at) => wire.send(at % 2 === 0 ? head : `${head}${taxii}Content-Length: 100\r\n\r\n<`)));
    await expectToWork(server);
    await Promise.all(wires.map(({ closed }) => closed));
    await expectToWork(server);
  });

  test("that says nothing at all after its request is not kept for ever", async () => {
    const server = await start({ listen: quick });
    expect(statuses(await untilCut(server, whole))).toEqual([200]);
    await expectToWork(server);
  });
});

describe("connections over the limit", () => {
  test("are closed, and those within it are served", async () => {
    const server = await start({ listen: { maxConnections: 5 } });
    const kept = await Promise.all(Array.from({ length: 5 }, () => Wire.open(server.port)));
    for (const wire of kept) {
      await wire.send(whole);
      expect((await wire.answer()).status).toBe(200);
    }
    const others = await Promise.all(Array.from({ length: 20 }, () => Wire.open(server.port)));
    for (const wire of others) expect(await wire.answers()).toEqual([]);
    for (const wire of kept) {
      await wire.send(whole);
      expect(await wire.answers(2)).toHaveLength(2);
      wire.cut();
      await wire.closed;
    }
    await expect.poll(() => exchange(server.port, whole).then(statuses), { timeout: 10_000 }).toEqual([200]);
  });
});

describe("half of a connection", () => {
  test.each([
    ["nothing", "", []],
    ["half a line", "POST /ta", [400]],
    ["half a head", head, [400]],
    ["half a body", `${head}${taxii}Content-Length: 500\r\n\r\n${discoveryXml}`, [400]],
    ["half a chunk", `${head}${taxii}Transfer-Encoding: chunked\r\n\r\nfff\r\n<`, [400]],
    ["chunks without end", `${head}${taxii}Transfer-Encoding: chunked\r\n\r\n1\r\n<\r\n`, [400]],
  ])("with %s gets no TAXII", async (_, bytes, expected) => {
    const server = await start();
    const wire = await Wire.open(server.port);
    await wire.send(bytes);
    wire.end();
    expect(statuses(await wire.answers())).toEqual(expected);
    await expectToWork(server);
  });

  test("that is cut off in the middle of anything hurts nobody", async () => {
    const server = await start();
    for (let length = 0; length < whole.length; length += 23) {
      const wire = await Wire.open(server.port);
      await wire.send(whole.slice(0, length));
      wire.cut();
    }
    await expectToWork(server);
  });
});

describe("many requests at once on one connection [HTTP-GEN-001]", () => {
  test("are answered in their order, one by one", async () => {
    const server = await start();
    const ids = Array.from({ length: 50 }, (_, at) => String(1000 + at));
    const answers = await exchange(
      server.port,
      ids.map((id) => requestBytes(discoveryXml.replace('"77"', `"${id}"`)).toString()).join(""),
      50,
    );
    expect(answers.map(messageOf)).toMatchObject(ids.map((inResponseTo) => ({ inResponseTo })));
  });

  test("are not answered behind one that is broken", async () => {
    const server = await start();
    const answers = await untilCut(server, `${whole}${head}Content-Length: -1\r\n\r\n${whole}`);
    // What is broken may be found before the first answer is out; then that is the one answer.
    expect([[200, 400], [400]]).toContainEqual(statuses(answers));
  });

  test("are answered behind ones that are refused, whose bodies are not taken for requests", async () => {
    const server = await start({ server: { maxRequestBytes: 4000 } });
    const long = requestBytes(`${" ".repeat(3000)}${whole.repeat(3)}`).toString();
    const unknown = requestBytes(whole, { ...fieldsOf(), "Content-Encoding": "br" }).toString();
    const elsewhere = requestBytes(whole, fieldsOf(), "POST /elsewhere HTTP/1.1").toString();
    expect(statuses(await exchange(server.port, `${long}${unknown}${elsewhere}${whole}`, 4))).toEqual([413, 415, 404, 200]);
  });
});

describe("a request that can be read in two ways [HTTP-GEN-001]", () => {
  const body = discoveryXml;
  const smuggled = `GET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n`;
  test.each([
    ["two different lengths", `Content-Length: ${body.length}\r\nContent-Length: 5\r\n`],
    ["two equal lengths", `Content-Length: ${body.length}\r\nContent-Length: ${body.length}\r\n`],
    ["a list of lengths", `Content-Length: ${body.length}, ${body.length}\r\n`],
    ["a negative length", "Content-Length: -1\r\n"],
    ["a length with a sign", `Content-Length: +${body.length}\r\n`],
    ["a length with letters", `Content-Length: ${body.length}x\r\n`],
    ["a length in hexadecimal", "Content-Length: 0x10\r\n"],
    ["a length beyond all numbers", `Content-Length: ${"9".repeat(30)}\r\n`],
    ["a length of nothing", "Content-Length: \r\n"],
    ["length and chunks", `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n`],
    ["chunks and length", `Transfer-Encoding: chunked\r\nContent-Length: ${body.length}\r\n`],
    ["chunks that are not last", "Transfer-Encoding: chunked, identity\r\n"],
    ["chunks by another name", "Transfer-Encoding: xchunked\r\n"],
    ["a space before the colon", `Content-Length : ${body.length}\r\n`],
    ["a field that goes on on the next line", `X-A: a\r\n b\r\nContent-Length : ${body.length}\r\n`],
    ["a bare carriage return", `X-A: a\rContent-Length: ${body.length}\r\n`],
    ["NUL in a field", `X-A: a\0b\r\nContent-Length: ${body.length}\r\n`],
    ["no name", `: a\r\nContent-Length: ${body.length}\r\n`],
    ["a name with a space", `X A: a\r\nContent-Length: ${body.length}\r\n`],
  ])("%s: is refused, and nothing behind it is answered", async (_, fields) => {
    const server = await start();
    const answers = await untilCut(server, `${head}${taxii}${fields}\r\n${body}${smuggled}`);
    expect(statuses(answers)).toEqual([400]);
    await expectToWork(server);
  });

  test.each([
    ["a size that is none", "zz\r\n<\r\n0\r\n\r\n"],
    ["a negative size", "-1\r\n<\r\n0\r\n\r\n"],
    ["a size beyond all numbers", `${"f".repeat(20)}\r\n<\r\n0\r\n\r\n`],
    ["a size that is wrong", `5\r\n${body}\r\n0\r\n\r\n`],
    ["an extension without end", `1;${"a".repeat(100_000)}\r\n<\r\n0\r\n\r\n`],
    ["trailers without end", `1\r\n<\r\n0\r\n${"X: a\r\n".repeat(20_000)}\r\n`],
  ])("chunks with %s: are refused, and nothing behind them is answered", async (_, chunks) => {
    const server = await start();
    const answers = await untilCut(server, `${head}${taxii}Transfer-Encoding: chunked\r\n\r\n${chunks}${smuggled}`);
    expect(statuses(answers).filter((status) => ![400, 413, 431].includes(status))).toEqual([]);
    await expectToWork(server);
  });

  test("extensions of chunks, and trailers, have no meaning", async () => {
    const server = await start();
    const size = body.length.toString(16);
    const chunks = `${size};a=b;c="d"\r\n${body}\r\n0;e\r\nX-TAXII-Content-Type: urn:evil\r\nHost: evil\r\n\r\n`;
    const answers = await exchange(server.port, `${head}${taxii}Transfer-Encoding: chunked\r\n\r\n${chunks}${whole}`, 2);
    expect(statuses(answers)).toEqual([200, 200]);
  });

  test("a length that is too short makes a bad message, and what is left over none at all", async () => {
    const server = await start();
    const answers = await untilCut(server, `${head}${taxii}Content-Length: 50\r\n\r\n${body}`);
    expect([[200, 400], [400]]).toContainEqual(statuses(answers));
    for (const answer of answers.slice(0, -1)) expect(messageOf(answer)).toMatchObject({ statusType: "BAD_MESSAGE" });
    await expectToWork(server);
  });
});

describe("a target", () => {
  const paths: readonly (readonly [string, number])[] = [
    [path, 200],
    [`${path}?a=${"b".repeat(10_000)}`, 200],
    [`http://evil.example${path}`, 200],
    [`HTTP://user:password@evil.example:1${path}?x`, 200],
    [`http://evil.example/elsewhere`, 404],
    [`//evil.example${path}`, 404],
    [`/${path}`, 404],
    [`${path}/`, 404],
    [`${path}/..`, 404],
    ["/..", 404],
    ["/../../../../etc/passwd", 404],
    ["/%2e%2e/%2e%2e/etc/passwd", 404],
    ["/..%2f..%2fetc%2fpasswd", 404],
    ["/..\\..\\windows", 404],
    ["/\\evil.example/", 404],
    [`${path}%00`, 404],
    [`${path}%0d%0aX-Evil:%20yes`, 404],
    [`${path};a=b`, 404],
    ["/%", 404],
    ["/%zz", 404],
    ["/%ff%fe", 404],
    ["/<script>alert(1)</script>", 404],
    ["/__proto__", 404],
    ["/constructor", 404],
    ["*", 400],
    ["?a", 400],
    ["evil.example", 400],
    ["javascript:alert(1)", 400],
    ["http://", 400],
    ["http://[::1", 400],
    [`/${"a".repeat(100_000)}`, 431],
    [`/${"../".repeat(4000)}`, 404],
  ];
  test.each(paths.map(([target, status]) => [target.slice(0, 60), status, target] as const))(
    "%s… is answered %i",
    async (_, expected, target) => {
      const server = await start();
      const [answer] = await exchange(server.port, requestBytes(discoveryXml, fieldsOf(), `POST ${target} HTTP/1.1`));
      if (answer === undefined) throw new Error("there was no answer");
      expect(answer.status).toBe(expected);
      expectNoLeak(answer);
      expect(answer.body.toString()).not.toMatch(/evil|script|passwd/);
      await expectToWork(server);
    },
  );

  test.each(["\0", "\r", "\n", "\x01", "\x7f", " "])("with %j in it is no target", async (character) => {
    const server = await start();
    const answers = await untilCut(server, requestBytes(discoveryXml, fieldsOf(), `POST ${path}${character}x HTTP/1.1`).toString());
    expect(statuses(answers)).toEqual([400]);
    await expectToWork(server);
  });

  test("in a line that is none is refused", async () => {
    const server = await start();
    for (const line of [
      "POST",
      `POST ${path}`,
      `POST ${path} HTTP/9.9`,
      `POST ${path} FTP/1.1`,
      "",
      "\0\0\0",
      `<xml/>`,
      "\x16\x03\x01\x02\0\x01",
    ])
      expect(statuses(await untilCut(server, `${line}\r\nHost: a\r\n\r\n\r\n`)), line).toEqual([400]);
    await expectToWork(server);
  });
});

describe("a host [HTTP-GEN-001]", () => {
  const hosts = [
    "evil.example",
    "evil.example:99999",
    "evil.example/path",
    "evil.example?x",
    "evil.example#x",
    "user@evil.example",
    "evil.example\\x",
    "evil.example x",
    '"><script>alert(1)</script>',
    "<evil>",
    "[::1",
    "a,b",
    "..",
    "%0d%0aX-Evil: yes",
    "&amp;",
    "\xff\xfe",
    "",
    "a".repeat(10_000),
  ];
  test.each(hosts.map((host) => [host.slice(0, 60), host] as const))("%j… never breaks out of an address", async (_, host) => {
    const server = await start();
    const [answer] = await exchange(server.port, requestBytes(discoveryXml, { ...fieldsOf(), Host: host }));
    if (answer === undefined) throw new Error("there was no answer");
    expect([200, 400]).toContain(answer.status);
    expect(answer.fields.has("x-evil")).toBe(false);
    if (answer.status === 200) {
      const { serviceInstances } = messageOf(answer) as { serviceInstances?: readonly { address: string }[] };
      const addresses = (serviceInstances ?? []).map(({ address }) => new URL(address));
      expect(addresses.length).toBeGreaterThan(0);
      for (const { pathname, search, hash, username, href } of addresses) {
        expect([pathname, search, hash, username]).toEqual([path, "", "", ""]);
        expect(href).not.toMatch(/[<>"\s]/);
      }
    }
    await expectToWork(server);
  });

  test("and another one are none", async () => {
    const server = await start();
    for (const second of ["evil.example", "127.0.0.1"]) {
      const answers = await exchange(
        server.port,
        `${head}HOST: ${second}\r\n${taxii}Content-Length: ${discoveryXml.length}\r\n\r\n${discoveryXml}`,
      );
      expect(statuses(answers)).toEqual([400]);
    }
    expect(statuses(await exchange(server.port, `GET ${path} HTTP/1.1\r\n\r\n`))).toEqual([400]);
    await expectToWork(server);
  });

  test("is not taken from proxies that nobody trusts, nor badly from those that are trusted", async () => {
    for (const trustedProxies of [[], ["127.0.0.1"]]) {
      const server = await start({ listen: { trustedProxies } });
      const evil = ["evil.example", "a/b", "x\ty", '"<', "a,b,,"];
      for (const host of evil) {
        const fields = { ...fieldsOf(), "X-Forwarded-Host": host, "X-Forwarded-For": "8.8.8.8, <x>", "X-Forwarded-Proto": "gopher" };
        const [answer] = await exchange(server.port, requestBytes(discoveryXml, fields));
        if (answer === undefined) throw new Error("there was no answer");
        expect([200, 400]).toContain(answer.status);
        if (trustedProxies.length === 0) expect(answer.body.toString()).not.toContain("evil");
        if (answer.status === 200) expect(answer.body.toString()).not.toMatch(/a\/b|&lt;|&quot;/);
      }
    }
  });
});

describe("header fields", () => {
  test("that come back cannot bring others along", async () => {
    const server = await start({ server: { authenticate: () => undefined } });
    const evil = "x%0d%0aX-Evil: yes";
    const fields = {
      ...fieldsOf(),
      "X-Request-Id": evil,
      Origin: evil,
      Referer: evil,
      Authorization: evil,
      Cookie: evil,
      "X-TAXII-Content-Type": evil,
    };
    const [answer] = await exchange(server.port, requestBytes(discoveryXml, fields));
    expect(answer?.fields.has("x-evil")).toBe(false);
    // Our own, never what the peer says.
    expect(answer?.fields.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ["one that is long", `X-Long: ${"a".repeat(100_000)}\r\n`],
    ["many", "X-A: a\r\n".repeat(20_000)],
    ["a long name", `X-${"a".repeat(100_000)}: a\r\n`],
    ["a long list of what is accepted", `Accept: ${"a/b;q=0.1,".repeat(10_000)}\r\n`],
  ])("without measure are refused: %s", async (_, fields) => {
    const server = await start();
    expect(statuses(await untilCut(server, `${head}${fields}\r\n`))).toEqual([431]);
    await expectToWork(server);
  });

  test("that want another protocol, or something else first, get none [HTTP-GEN-004]", async () => {
    const server = await start({ listen: quick });
    const upgrade = await exchange(server.port, requestBytes(discoveryXml, { ...fieldsOf(), Connection: "Upgrade", Upgrade: "websocket" }));
    expect(statuses(upgrade)).toEqual([200]);
    const h2c = { ...fieldsOf(), Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA" };
    expect(statuses(await exchange(server.port, requestBytes(discoveryXml, h2c)))).toEqual([200]);
    expect(statuses(await untilCut(server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))).toEqual([400]);
    expect(statuses(await exchange(server.port, requestBytes(discoveryXml, { ...fieldsOf(), Expect: "200-maybe" })))).toEqual([417]);
    const waiting = `${head}${taxii}Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n`;
    expect(statuses(await untilCut(server, waiting))).toEqual([100, 408]);
    await expectToWork(server);
  });

  test("of a connection that is asked to be a tunnel lead nowhere", async () => {
    const server = await start();
    expect(
      statuses(await untilCut(server, "CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n")).filter((status) => status < 400),
    ).toEqual([]);
    expect(statuses(await exchange(server.port, requestBytes("", fieldsOf(), `TRACE ${path} HTTP/1.1`)))).toEqual([400]);
    await expectToWork(server);
  });
});
