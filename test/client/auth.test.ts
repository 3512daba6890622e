/** Ways to say who one is: what is sent, what is refused, what never shows. */

import { describe, expect, it, test } from "vitest";
import { type Auth, type AuthScheme, basic, bearer, type Fetch, header, jwtLogin, TransportError } from "../../src/client/index.js";

const url = new URL("https://taxii.test/poll");
const signal = new AbortController().signal;
const refusing: Fetch = () => Promise.reject(new Error("no network here"));

async function headersOf(auth: Auth, fetch: Fetch = refusing): Promise<Readonly<Record<string, string>>> {
  return typeof auth === "function" ? auth(url) : auth.headers(url, { fetch, signal });
}

function schemeOf(auth: Auth): AuthScheme {
  if (typeof auth === "function") throw new Error("expected a scheme");
  return auth;
}

test("Basic takes empty passwords, colons in them, and any characters [HTTP-AUTH-002]", async () => {
  const sent = async (user: string, password: string): Promise<string> =>
    Buffer.from(((await headersOf(basic(user, password)))["Authorization"] ?? "").replace("Basic ", ""), "base64").toString("utf8");
  expect(await sent("key", "")).toBe("key:");
  expect(await sent("user", "a:b:c")).toBe("user:a:b:c");
  expect(await sent("üser", "pässwörd€")).toBe("üser:pässwörd€");
  expect(() => basic("a:b", "c")).toThrow(TypeError);
});

test("a bearer token and fields of one's own have to be fit for a header, and do not show when they are not", async () => {
  expect(await headersOf(bearer("a.b-c"))).toEqual({ Authorization: "Bearer a.b-c" });
  expect(await headersOf(header("X-Api-Key", "k e y"))).toEqual({ "X-Api-Key": "k e y" });
  for (const wrong of ["", "a b", "secret\r\nX: y", "sécret"]) expect(() => bearer(wrong)).toThrow(TypeError);
  for (const make of [() => bearer("secret\r\nX: y"), () => header("X", "secret\nY: z"), () => header("no name", "secret")])
    expect(make).toThrow(expect.objectContaining({ message: expect.not.stringContaining("secret") }));
});

describe("a login endpoint", () => {
  const login = { url: "https://taxii.test/login", username: "me", password: "pass" };

  function endpoint(answer: (attempt: number) => Response) {
    const requests: { body: unknown; redirect: string; headers: Headers }[] = [];
    const fetch: Fetch = async (request) => {
      requests.push({ body: await request.json(), redirect: request.redirect, headers: request.headers });
      return answer(requests.length);
    };
    return { fetch, requests };
  }

  it("gives the token of all requests, asked for once, also when they begin together", async () => {
    const { fetch, requests } = endpoint((attempt) => Response.json({ token: `t${attempt}` }));
    const auth = jwtLogin(login);
    const all = await Promise.all([headersOf(auth, fetch), headersOf(auth, fetch), headersOf(auth, fetch)]);
    expect(all).toEqual(Array(3).fill({ Authorization: "Bearer t1" }));
    expect(requests).toMatchObject([{ body: { username: "me", password: "pass" }, redirect: "manual" }]);
    expect(requests[0]?.headers.get("content-type")).toBe("application/json");
    expect(await schemeOf(auth).renew?.(url, { fetch, signal })).toBe(true);
    expect(await headersOf(auth, fetch)).toEqual({ Authorization: "Bearer t2" });
  });

  it.each([
    ["an answer without token", () => Response.json({ jwt: "x" }), "gave no"],
    ["a token that is none", () => Response.json({ token: 1 }), "gave no"],
    ["an empty body", () => new Response(""), "gave no"],
    ["a page", () => new Response("<html>pass"), "gave no"],
    ["a token with line breaks", () => Response.json({ token: "a\r\nX: b" }), "no header field can carry"],
    ["a refusal", () => Response.json({ token: "no" }, { status: 403 }), "HTTP 403"],
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://elsewhere.test/" } }), "HTTP 302"],
    ["an endless answer", () => new Response("x".repeat(100_000)), "too large"],
  ])("that gives %s is an error, and asked again the next time", async (_, answer, message) => {
    const { fetch, requests } = endpoint(answer);
    const auth = jwtLogin(login);
    const failure: unknown = await headersOf(auth, fetch).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TransportError);
    expect(String(failure)).toContain(message);
    expect(String(failure)).not.toContain("pass");
    await headersOf(auth, fetch).catch(() => undefined);
    expect(requests).toHaveLength(2);
  });

  it("that cannot be reached is named without its query", async () => {
    const auth = jwtLogin({ ...login, url: "https://taxii.test/login?key=secret" });
    await expect(headersOf(auth)).rejects.toMatchObject({
      code: "LOGIN",
      statusType: "UNAUTHORIZED",
      message: "the login at https://taxii.test/login could not be reached",
    });
  });

  it("is not sent a password in clear text by accident [HTTP-AUTH-003]", () => {
    expect(() => jwtLogin({ ...login, url: "http://taxii.test/login" })).toThrow("clear text");
    jwtLogin({ ...login, url: "http://taxii.test/login", cleartext: true });
    jwtLogin({ ...login, url: "http://127.0.0.1:1/login" });
  });
});
