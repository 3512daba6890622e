import { describe, expect, it } from "vitest";
import { mergeSettings, type Settings } from "../../../src/cli/connection/settings.js";

function merge(...sources: Partial<Settings>[]) {
  const notes: string[] = [];
  const merged = mergeSettings(
    sources.map((source, index) => ({ source: `source ${index}`, ...source })),
    (note) => notes.push(note),
  );
  return { merged, notes };
}

const url = "https://taxii.example.com/discovery";

describe("mergeSettings", () => {
  it("takes what the first source says", () => {
    const { merged } = merge({ timeout: 1, strict: undefined }, { timeout: 2, strict: true, url }, { url: "https://other.example/" });
    expect(merged).toMatchObject({ timeout: 1, strict: true, url });
  });

  it("never sends credentials of a source to another origin than that of the source's URL", () => {
    const profile: Partial<Settings> = {
      url,
      username: "u",
      password: "p",
      token: undefined,
      cert: "c",
      headers: { "X-Key": "k" },
      ca: "authorities.pem",
      insecure: true,
      cleartextAuth: true,
      version: "1.0",
    };
    const { merged, notes } = merge({ url: "https://evil.example/" }, {}, profile);
    expect(merged).toEqual({ url: "https://evil.example/", ca: "authorities.pem" });
    expect(notes).toEqual(["source 2 is for https://taxii.example.com; its credentials, and what else is only for it, are left out"]);
    expect(merge({ url: `${url}/other` }, {}, profile).merged).toMatchObject({ username: "u", password: "p", cert: "c" });
    expect(merge({ url: "http://taxii.example.com/discovery" }, profile).merged).not.toHaveProperty("password");
    expect(merge({ url: "https://evil.example/" }, { url, timeout: 7 })).toEqual({
      merged: { url: "https://evil.example/", timeout: 7 },
      notes: [],
    });
    const trusted = { ...profile, authOrigins: ["https://evil.example"] };
    expect(merge({ url: "https://evil.example/" }, trusted).merged).toMatchObject({ username: "u", headers: { "X-Key": "k" } });
  });

  it("keeps a user and the password for this user together", () => {
    expect(merge({ username: "a" }, { password: "p" }).merged).toMatchObject({ username: "a", password: "p" });
    expect(merge({ username: "a" }, { username: "b", password: "p" }).merged.password).toBeUndefined();
    expect(merge({ username: "a" }, { username: "a", passwordFile: "f" }).merged).toMatchObject({ passwordFile: "f" });
    expect(merge({ passwordFile: "f" }, { username: "b", password: "p" }).merged).toMatchObject({ username: "b", passwordFile: "f" });
    expect(merge({ passwordFile: "f" }, { username: "b", password: "p" }).merged.password).toBeUndefined();
  });

  it("lets the first source that names somebody decide between user and token", () => {
    expect(merge({ username: "a", password: "" }, { token: "t" }).merged).toMatchObject({ username: "a", password: "", token: undefined });
    expect(merge({ tokenFile: "t" }, { username: "a", password: "p", jwtUrl: url }).merged).toEqual({ token: undefined, tokenFile: "t" });
  });

  it("keeps certificate, key and the key's password together", () => {
    const profile = { cert: "c", key: "k", keyPassword: "p" };
    expect(merge({ pfx: "x" }, profile).merged).toEqual({ pfx: "x", cert: undefined, key: undefined });
    expect(merge({ keyPasswordFile: "f" }, profile).merged).toMatchObject({ cert: "c", keyPasswordFile: "f", keyPassword: undefined });
    expect(merge({ cert: "c2" }, { keyPassword: "env" }, profile).merged).toMatchObject({ cert: "c2", keyPassword: "env" });
    expect(merge({ cert: "c2" }, { keyPassword: "env" }, profile).merged.key).toBeUndefined();
  });

  it("adds header fields up", () => {
    expect(merge({ headers: { A: "1" } }, { headers: { A: "2", B: "3" } }).merged.headers).toEqual({ A: "1", B: "3" });
  });
});
