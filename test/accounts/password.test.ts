import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashPassword, isPasswordHash, PasswordHashError, verifyPassword } from "../../src/accounts/index.js";
import { parseHash } from "../../src/accounts/password-format.js";
import { cheapHash } from "./kit.js";

describe("hashes of our own", () => {
  it("are scrypt with its parameters, salted, and right for their password only", async () => {
    const [one, other] = await Promise.all([hashPassword("secret"), hashPassword("secret")]);
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(other);
    expect(await verifyPassword("secret", one)).toBe(true);
    expect(await verifyPassword("Secret", one)).toBe(false);
    expect(await verifyPassword("", one)).toBe(false);
  });

  it("take a password in whichever composition it is typed", async () => {
    // Made by Python's hashlib.scrypt of "café" composed.
    const hash = "$scrypt$ln=4,r=1,p=1$c2FsdHNhbHQ$nGqiZ4H0yuxJjIPgX4vmYgmeJSxgRO8Gz6X7OnJ53oo";
    expect(await verifyPassword("caf\u00e9", hash)).toBe(true);
    expect(await verifyPassword("cafe\u0301", hash)).toBe(true);
    expect(await verifyPassword("cafe", hash)).toBe(false);
  });
});

describe("hashes of other programs", () => {
  // Made by Python's hashlib, as werkzeug and Django do.
  const foreign = {
    "werkzeug scrypt": cheapHash,
    "werkzeug pbkdf2 sha1": "pbkdf2:sha1:1000$salt$6e3b4c5fcfbd209363935d6b6dc0d9995f0d43c7",
    "werkzeug pbkdf2 sha256": "pbkdf2:sha256:1000$salt$43ff4abeeb3daff679a510ff57d781157df5bf92e14a4406d90e38783400a6b9",
    "werkzeug pbkdf2 sha512":
      "pbkdf2:sha512:1000$salt$fe3772a2af6eeeaeaa3630df6ec5e44e1d269e5fb9c3262c2a70f73eb8e5016bbc593c868ce044110c630735aa8c08e39f4112732957cc2effbf85098dad552f",
    "Django pbkdf2": "pbkdf2_sha256$1000$salt$Q/9Kvus9r/Z5pRD/V9eBFX31v5LhSkQG2Q44eDQAprk=",
  };

  it.each(Object.entries(foreign))("%s", async (_, hash) => {
    expect(isPasswordHash(hash)).toBe(true);
    expect(await verifyPassword("right", hash)).toBe(true);
    expect(await verifyPassword("wrong", hash)).toBe(false);
  });

  it("with the parameters that werkzeug has by default, and a password beyond ASCII", async () => {
    const hash =
      "scrypt:32768:8:1$NaCl$7fdff6153139c9ea3fd76a633812b726418d40fb0f2b1652ba13ba432a67d6959cdb97c8aea81c3f1ed730a59b988b8a43e61ba24bbf52b060ed1a290c112829";
    expect(await verifyPassword("pässword", hash)).toBe(true);
    expect(await verifyPassword("password", hash)).toBe(false);
  });
});

describe("hashes that are none, or cost too much", () => {
  const hex = "00".repeat(32);
  const bad = {
    empty: "",
    plain: "hunter22",
    "no hash": "$scrypt$ln=15,r=8,p=1$c2FsdA",
    "a hash of two bytes, which anything might match": "pbkdf2:sha256:1000$salt$abcd",
    "odd hexadecimal": "pbkdf2:sha256:1000$salt$abc",
    "an unknown digest": `pbkdf2:md5:1000$salt$${hex}`,
    "no iterations": `pbkdf2:sha256:0$salt$${hex}`,
    "too many iterations": `pbkdf2:sha256:10000001$salt$${hex}`,
    "N that is no power of two": `scrypt:1000:8:1$salt$${hex}`,
    "N of 1": `scrypt:1:8:1$salt$${hex}`,
    "r of 0": `scrypt:16:0:1$salt$${hex}`,
    "p of 0": `scrypt:16:1:0$salt$${hex}`,
    "more than 256 MiB": `scrypt:1048576:8:1$salt$${hex}`,
    "more than 256 MiB, by ln": `$scrypt$ln=63,r=8,p=1$c2FsdA$${"A".repeat(43)}`,
    "p beyond the cap": `scrypt:16:1:17$salt$${hex}`,
    "very long": `pbkdf2:sha256:1000$${"s".repeat(2000)}$${hex}`,
  };

  it.each(Object.entries(bad))("%s", async (_, hash) => {
    expect(isPasswordHash(hash)).toBe(false);
    const failure: unknown = await verifyPassword("x", hash).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PasswordHashError);
    expect(String(failure)).not.toContain("hunter22");
  });

  it("any text is read or refused, never something else", () => {
    const pieces = fc.constantFrom("$", ":", "scrypt", "pbkdf2", "sha256", "ln=", "1", "99", "salt", "abcdef", "=", ",r=8,p=1");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        try {
          expect(parseHash(parts.join("")).hash.length).toBeGreaterThanOrEqual(16);
        } catch (error) {
          expect(error).toBeInstanceOf(PasswordHashError);
        }
      }),
    );
  });
});
