import fc from "fast-check";
import { expect, it } from "vitest";
import { readCredentials } from "../../src/accounts/credentials.js";
import { basic } from "./kit.js";

it("[HTTP-AUTH-002] reads Basic and Bearer, in any case", () => {
  expect(readCredentials("Basic YWxpY2U6c2VjcmV0")).toEqual({ scheme: "basic", name: "alice", password: "secret" });
  expect(readCredentials("bASIC  YWxpY2U6c2VjcmV0")).toEqual({ scheme: "basic", name: "alice", password: "secret" });
  expect(readCredentials("bearer taxii_AbC-_.~+/x==")).toEqual({ scheme: "bearer", token: "taxii_AbC-_.~+/x==" });
});

it("the first colon ends the name, whatever name and password are", () => {
  const name = fc.string({ unit: "grapheme" }).filter((text) => !text.includes(":"));
  fc.assert(
    fc.property(name, fc.string({ unit: "grapheme" }), (given, password) => {
      expect(readCredentials(basic(given, password))).toEqual({ scheme: "basic", name: given, password });
    }),
  );
});

it("reads ISO 8859-1 where it is no UTF-8, as Python's requests sends it", () => {
  const field = `Basic ${Buffer.from("alice:pässword", "latin1").toString("base64")}`;
  expect(readCredentials(field)).toEqual({ scheme: "basic", name: "alice", password: "pässword" });
});

it.each([
  "",
  "Basic",
  "Basic ",
  "Basic no-base64!",
  "Basic YWxpY2U=",
  "Basic YWxpY2U6c2VjcmV0, Basic YWxpY2U6c2VjcmV0",
  "Bearer two words",
  "Bearer täken",
  'Digest username="alice"',
  "Negotiate abc",
  `Bearer ${"x".repeat(5000)}`,
])("what is neither is malformed: %j", (field) => {
  expect(readCredentials(field)).toEqual({ scheme: "malformed" });
});
