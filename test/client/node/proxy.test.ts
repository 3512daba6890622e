import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { proxySelector, type Variables } from "../../../src/client/node/proxy.js";
import { tlsAlertOf } from "../../../src/http/tls-alert.js";
import { TransportError } from "../../../src/http/transport-error.js";
import { createAuthority } from "../../support/certificates.js";
import { type HttpProxy, startProxy } from "../../support/http-proxy.js";
import { closing, everything, failure, post, serve, serveRaw, serveTls, transport } from "./kit.js";

describe("the environment", () => {
  const variables = { HTTPS_PROXY: "http://secure.example:3128", HTTP_PROXY: "http://plain.example:3128" };
  const chosen = (target: string, environment: Variables): string | undefined =>
    proxySelector("environment", environment)(new URL(target))?.origin;

  it("says which proxy, by the scheme of the address", () => {
    expect(chosen("https://taxii.example.com/", variables)).toBe("http://secure.example:3128");
    expect(chosen("http://taxii.example.com/", variables)).toBe("http://plain.example:3128");
    expect(chosen("https://taxii.example.com/", { HTTP_PROXY: "http://plain.example" })).toBeUndefined();
    expect(chosen("https://taxii.example.com/", {})).toBeUndefined();
  });

  it("says it in lower case first, and without a scheme as well", () => {
    expect(chosen("https://a.example/", { ...variables, https_proxy: "other.example:8080" })).toBe("http://other.example:8080");
    expect(chosen("https://a.example/", { ...variables, https_proxy: "" })).toBeUndefined();
    expect(chosen("http://a.example/", { http_proxy: " https://p.example:443/ " })).toBe("https://p.example");
  });

  it("is not believed where a request can set it", () => {
    expect(chosen("http://a.example/", { ...variables, REQUEST_METHOD: "POST" })).toBeUndefined();
    expect(chosen("http://a.example/", { http_proxy: "http://p.example", REQUEST_METHOD: "POST" })).toBe("http://p.example");
    expect(chosen("https://a.example/", { ...variables, REQUEST_METHOD: "POST" })).toBe("http://secure.example:3128");
  });

  it("does not count for this machine", () => {
    for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"]) expect(chosen(`http://${host}:9000/`, variables)).toBeUndefined();
  });

  it.each<[string, string, boolean]>([
    ["*", "https://a.example/", true],
    ["x.example *", "https://a.example/", true],
    ["a.example", "https://a.example/", true],
    ["A.EXAMPLE", "https://a.example./", true],
    ["a.example", "https://b.a.example/", true],
    [".a.example", "https://b.a.example/", true],
    [".a.example", "https://a.example/", true],
    ["*.a.example", "https://b.a.example/", true],
    ["a.example", "https://ba.example/", false],
    ["a.example", "https://a.example.org/", false],
    ["x.example, a.example", "https://a.example/", true],
    ["a.example:443", "https://a.example/", true],
    ["a.example:8443", "https://a.example/", false],
    ["a.example:8443", "https://b.a.example:8443/", true],
    ["a.example:80", "http://a.example/", true],
    ["10.1.2.3", "https://10.1.2.3/", true],
    ["10.1.2.3:8443", "https://10.1.2.3/", false],
    ["10.1.2.0/24", "https://10.1.2.3/", true],
    ["10.1.2.0/24", "https://10.1.3.3/", false],
    ["10.1.2.0/24", "https://a.example/", false],
    ["10.1.2.0/99", "https://10.1.2.3/", false],
    ["2001:db8::1", "https://[2001:db8::1]/", true],
    ["[2001:db8::1]", "https://[2001:db8::1]/", true],
    ["[2001:db8::1]:8443", "https://[2001:db8::1]/", false],
    ["[2001:db8::1]:443", "https://[2001:db8::1]/", true],
    ["2001:db8::/32", "https://[2001:db8:1::1]/", true],
    ["2001:db8::/32", "https://[2001:db9::1]/", false],
    ["2001:db8::/32", "https://10.1.2.3/", false],
    ["", "https://a.example/", false],
    [" , ", "https://a.example/", false],
  ])("makes exceptions: NO_PROXY=%s and %s: %s", (list, target, excepted) => {
    expect(chosen(target, { ...variables, NO_PROXY: list }) === undefined).toBe(excepted);
    expect(chosen(target, { ...variables, NO_PROXY: "*", no_proxy: list }) === undefined).toBe(excepted);
  });

  it("is not asked when there is an option", () => {
    expect(proxySelector("none", variables)(new URL("https://a.example/"))).toBeUndefined();
    const select = proxySelector(new URL("http://p.example:8080/"), { ...variables, NO_PROXY: "*" });
    expect(select(new URL("http://127.0.0.1/"))?.origin).toBe("http://p.example:8080");
  });
});

describe("URLs of proxies", () => {
  const authorization = (url: string): string =>
    Buffer.from((proxySelector(url)(new URL("http://a.example/"))?.authorization ?? "").slice(6), "base64").toString();

  it("may have credentials, percent-encoded", () => {
    expect(authorization("http://us%40er:p%3A%2F%C3%A9@p.example/")).toBe("us@er:p:/é");
    expect(authorization("http://key@p.example/")).toBe("key:");
    expect(authorization("http://:secret@p.example/")).toBe(":secret");
    expect(proxySelector("http://p.example/")(new URL("http://a.example/"))?.authorization).toBeUndefined();
  });

  it("may lack the scheme", () => {
    expect(authorization("user:p%40ss@p.example:3128")).toBe("user:p@ss");
  });

  it.each([
    ["proxy", "user:geheim@:80", "proxy is no URL"],
    ["proxy", "http://user:geheim@", "proxy is no URL; expected one such as http://proxy.example.com:3128"],
    ["proxy", "http://user:geheim@p:x", "proxy is no URL"],
    ["proxy", "", "proxy is no URL"],
    ["proxy", "socks5://user:geheim@p.example:1080", 'proxy is a URL with the scheme "socks5"; expected http or https'],
    ["HTTPS_PROXY", "socks5://user:geheim@p.example:1080", 'HTTPS_PROXY is a URL with the scheme "socks5"; expected http or https'],
    ["HTTP_PROXY", "user:geheim@p.example:port", "HTTP_PROXY is no URL"],
    [
      "proxy",
      "http://user:geheim%zz@p.example",
      "the credentials in proxy are not percent-encoded as they must be: a % stands for itself only as %25",
    ],
  ])("that are none are refused, without showing them: %s %#", (name, value, message) => {
    const select = (): unknown => (name === "proxy" ? proxySelector(value) : proxySelector("environment", { [name]: value }));
    expect(select).toThrow(TypeError);
    expect(select).toThrow(message);
    try {
      select();
    } catch (error) {
      expect(everything(error)).not.toContain("geheim");
    }
  });
});

describe("through a proxy", () => {
  const authority = createAuthority("Test Authority");
  const server = authority.issue({ name: "server", hosts: ["localhost", "taxii.test"] });
  const client = authority.issue({ name: "client" });
  const ca = authority.cert;
  const secret = "p@ss:wörd";
  let plain: HttpProxy;
  let guarded: HttpProxy;

  beforeAll(async () => {
    [plain, guarded] = await Promise.all([startProxy(), startProxy(`user:${secret}`)]);
  });
  afterAll(() => Promise.all([plain.close(), guarded.close()]));
  afterEach(() => vi.unstubAllEnvs());

  const at = ({ port }: HttpProxy, credentials = ""): string => `http://${credentials}127.0.0.1:${port}`;
  const right = `user:${encodeURIComponent(secret)}@`;

  it("http addresses are forwarded, and the server never sees the credentials", async () => {
    const url = await serve((request, response) => response.end(JSON.stringify([request.method, request.url, request.headers])));
    const port = new URL(url).port;
    for (const proxy of [at(plain), at(guarded, right)]) {
      const answer = await transport({ proxy })(post(`http://taxii.test:${port}/a?b=c`, { body: "abc" }));
      const [method, path, headers] = (await answer.json()) as [string, string, Record<string, string>];
      expect([method, path, headers["host"], headers["content-length"]]).toEqual(["POST", "/a?b=c", `taxii.test:${port}`, "3"]);
      expect(headers).not.toHaveProperty("proxy-authorization");
    }
    expect(plain.seen).toContain(`forward taxii.test:${port}`);
    expect(guarded.seen).toContain(`forward taxii.test:${port}`);
  });

  it("https addresses are connected to, and checked as without it [HTTP-AUTH-001]", async () => {
    const { port } = await serveTls(server, (request, response) => response.end(JSON.stringify(request.headers)));
    for (const proxy of [at(plain), at(guarded, right)]) {
      const answer = await transport({ proxy, tls: { ca } })(post(`https://taxii.test:${port}/`));
      expect(await answer.json()).not.toHaveProperty("proxy-authorization");
      expect(tlsAlertOf(await failure(transport({ proxy })(post(`https://taxii.test:${port}/`))))).toMatchObject({
        hex: "0230",
        local: true,
      });
      expect(tlsAlertOf(await failure(transport({ proxy, tls: { ca } })(post(`https://other.test:${port}/`))))).toMatchObject({
        hex: "022a",
        local: true,
      });
      expect((await transport({ proxy, tls: { insecure: true } })(post(`https://other.test:${port}/`))).status).toBe(200);
    }
    expect(plain.seen).toContain(`connect taxii.test:${port}`);
  });

  it("the client shows its certificate to the server [HTTP-AUTH-004]", async () => {
    const { port } = await serveTls({ ...server, ca, requestCert: true, rejectUnauthorized: true });
    const address = `https://taxii.test:${port}/`;
    expect(await (await transport({ proxy: at(plain), tls: { ca, ...client } })(post(address))).text()).toBe("hello");
    expect(tlsAlertOf(await failure(transport({ proxy: at(plain), tls: { ca } })(post(address))))).toMatchObject({
      name: "certificate_required",
    });
  });

  it("wrong credentials are 407, for either kind of address [HTTP-MAP-007]", async () => {
    const { port } = await serveTls(server);
    for (const proxy of [at(guarded), at(guarded, "user:wrong@")]) {
      const fault = await failure(transport({ proxy, tls: { ca } })(post(`https://taxii.test:${port}/`)));
      expect(fault).toBeInstanceOf(TransportError);
      expect(fault).toMatchObject({
        code: "NOT_TAXII",
        status: 407,
        statusType: "UNAUTHORIZED",
        headers: { "proxy-authenticate": expect.any(String) },
      });
      expect(fault.message).toBe(`the proxy ${at(guarded)} refused to connect to taxii.test:${port}, with HTTP 407`);
      expect((await transport({ proxy })(post(`http://taxii.test:${port}/`))).status).toBe(407);
    }
  });

  it("a refusal says so, without the credentials [HTTP-MAP-005]", async () => {
    const fault = await failure(transport({ proxy: at(guarded, right) })(post("https://taxii.test:9/")));
    expect(fault).toMatchObject({ code: "NOT_TAXII", status: 403, statusType: "UNAUTHORIZED" });
    const unreachable = await failure(transport({ proxy: `http://${right}127.0.0.1:1` })(post("https://taxii.test/")));
    expect(unreachable).toMatchObject({
      code: "NETWORK",
      message: "the proxy http://127.0.0.1:1 could not be reached: connect ECONNREFUSED 127.0.0.1:1",
    });
    expect(unreachable.cause).toMatchObject({ code: "ECONNREFUSED" });
    const forwarding = await failure(transport({ proxy: `http://${right}127.0.0.1:1` })(post("http://taxii.test/")));
    expect(forwarding.message).toBe(unreachable.message);
    for (const error of [fault, unreachable, forwarding]) expect(everything(error)).not.toMatch(/p@ss|p%40ss|dXNlcjpw/);
  });

  it("a proxy that does not answer is given up after a while", async () => {
    const port = await serveRaw(() => undefined);
    const fault = await failure(transport({ proxy: `http://127.0.0.1:${port}`, connectTimeout: 50 })(post("https://taxii.test/")));
    expect(fault).toMatchObject({ code: "NETWORK", message: expect.stringContaining("could not be reached") });
    expect(fault.cause).toMatchObject({ code: "UND_ERR_HEADERS_TIMEOUT" });
    const silent = await serveRaw((socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    const late = await failure(transport({ proxy: `http://127.0.0.1:${silent}`, connectTimeout: 50 })(post("https://taxii.test/")));
    expect(late).toMatchObject({ code: "UND_ERR_CONNECT_TIMEOUT" });
    expect(late).not.toBeInstanceOf(TransportError);
  });

  it("connections are used again", async () => {
    const { port } = await serveTls(server);
    const fetch = transport({ proxy: at(plain), tls: { ca } });
    const before = plain.seen.length;
    for (let count = 0; count < 5; count++) expect(await (await fetch(post(`https://taxii.test:${port}/`))).text()).toBe("hello");
    expect(plain.seen.length - before).toBeLessThanOrEqual(2);
  });

  it("signals end what waits for the proxy", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const port = await serveRaw(() => controller.abort(reason));
    const fetch = transport({ proxy: `http://127.0.0.1:${port}` });
    expect(await failure(fetch(post("https://taxii.test/", { signal: controller.signal })))).toBe(reason);
  });

  it("the environment is what counts when nothing is said", async () => {
    vi.stubEnv("HTTP_PROXY", at(plain));
    vi.stubEnv("http_proxy", undefined);
    vi.stubEnv("no_proxy", "other.test");
    vi.stubEnv("REQUEST_METHOD", undefined);
    const url = await serve((_request, response) => response.end("hello"));
    const port = new URL(url).port;
    const fetch = transport({ proxy: undefined });
    expect(await (await fetch(post(`http://taxii.test:${port}/`))).text()).toBe("hello");
    expect(plain.seen).toContain(`forward taxii.test:${port}`);
    // For this machine it is not asked.
    expect(await (await fetch(post(`http://127.0.0.1:${port}/`))).text()).toBe("hello");
    expect(plain.seen).not.toContain(`forward 127.0.0.1:${port}`);
    expect(await failure(fetch(post(`http://other.test:${port}/`)))).toMatchObject({ syscall: "getaddrinfo" });
  });

  describe("that itself speaks TLS", () => {
    /** Joins the two ends of each connection that is asked for; forwards nothing. */
    async function secureProxy(certified: { readonly cert: string; readonly key: string }) {
      const seen: (string | undefined)[] = [];
      const proxy = createTlsServer({ ...certified, ca, requestCert: true, rejectUnauthorized: false }, (request, response) => {
        seen.push(`forward ${request.url}`);
        response.end("from the proxy");
      });
      proxy.on("connect", (request, socket) => {
        seen.push(`connect ${request.url} ${request.headers["proxy-authorization"]} ${String(Reflect.get(socket, "authorized"))}`);
        const through = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          through.pipe(socket).pipe(through);
        });
        for (const one of [socket, through]) one.on("error", () => undefined);
        closing({ close: () => through.destroy() });
      });
      await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
      closing({ close: () => new Promise((resolve) => proxy.close(resolve).closeAllConnections()) });
      return { seen, port: (proxy.address() as AddressInfo).port };
    }

    it("is connected through, and not shown who the client is", async () => {
      const { port, seen } = await secureProxy(server);
      const target = await serveTls({ ...server, ca, requestCert: true, rejectUnauthorized: true });
      const fetch = transport({ proxy: `https://user:pass@localhost:${port}`, tls: { ca, ...client } });
      expect(await (await fetch(post(`https://taxii.test:${target.port}/`))).text()).toBe("hello");
      expect(await (await fetch(post("http://taxii.test/a"))).text()).toBe("from the proxy");
      expect(seen).toEqual([`connect taxii.test:${target.port} Basic dXNlcjpwYXNz false`, "forward http://taxii.test/a"]);
    });

    it("is checked, also where the server is not [HTTP-AUTH-001]", async () => {
      const { port } = await secureProxy(createAuthority("Stranger").issue({ name: "proxy", hosts: ["localhost"] }));
      for (const address of ["https://taxii.test/", "http://taxii.test/"]) {
        const fault = await failure(transport({ proxy: `https://localhost:${port}`, tls: { ca, insecure: true } })(post(address)));
        expect(fault).toMatchObject({
          code: "NETWORK",
          message: expect.stringContaining(`the proxy https://localhost:${port} could not be reached: `),
        });
        expect(tlsAlertOf(fault)).toMatchObject({ hex: "0230" });
      }
      const wrong = await secureProxy(authority.issue({ name: "proxy", hosts: ["other.test"] }));
      const fault = await failure(transport({ proxy: `https://localhost:${wrong.port}`, tls: { ca } })(post("https://taxii.test/")));
      expect(tlsAlertOf(fault)).toMatchObject({ hex: "022a" });
    });
  });

  it("that talks nonsense is an error", async () => {
    const port = await serveRaw((socket) => socket.end("220 smtp\r\n"));
    const fault = await failure(transport({ proxy: `http://127.0.0.1:${port}` })(post("https://taxii.test/")));
    expect(fault).toMatchObject({ code: "NETWORK", message: expect.stringContaining("could not be reached") });
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing({ close: () => server.close() });
    const cut = await failure(
      transport({ proxy: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })(post("https://taxii.test/")),
    );
    expect(cut).toMatchObject({ code: "NETWORK" });
  });
});
