/** `taxii account` and `taxii token`. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashToken, verifyPassword } from "../../../src/accounts/index.js";
import { type Admin, admin } from "./kit.js";

let cli: Admin;
beforeEach(async () => {
  cli = admin();
  await cli.use(async (storage) => {
    await storage.putCollection({ name: "a" });
    await storage.putCollection({ name: "b" });
  });
});
afterEach(() => cli.dispose());

describe("taxii account", () => {
  test("is added with a password that is asked for twice, listed without its hash, and removed", async () => {
    const added = await cli.run("account add alice --read a --write a --read b", { answers: ["pass word", "pass word"] });
    expect(added).toMatchObject({ code: 0, out: "Added alice.\n" });
    const account = await cli.use(({ directory }) => directory.account("alice"));
    expect(account).toMatchObject({ admin: false, disabled: false, permissions: { a: ["read", "write"], b: ["read"] } });
    expect(await verifyPassword("pass word", account?.passwordHash ?? "")).toBe(true);
    const listed = await cli.run("account list");
    expect(listed.out).toContain("alice\n  rights:        a (read, write), b (read)\n  password:      yes\n");
    const [json] = (await cli.run("account show alice --json")).json();
    expect(json).toEqual({
      name: "alice",
      admin: false,
      disabled: false,
      permissions: { a: ["read", "write"], b: ["read"] },
      certificates: [],
      password: true,
    });
    expect(await cli.run("account remove alice")).toMatchObject({ code: 0 });
    expect(await cli.run("account list")).toMatchObject({ out: "", err: "There are no accounts.\n" });
  });

  test("passwords that are not typed the same twice, are empty, or cannot be asked for add nothing", async () => {
    expect(await cli.run("account add a1", { answers: ["one", "two"] })).toMatchObject({ code: 2 });
    expect(await cli.run("account add a1 --password-file -", { input: "\n" })).toMatchObject({ code: 2 });
    expect((await cli.run("account add a1")).err).toContain("--password-file");
    expect(await cli.use(({ directory }) => directory.accounts())).toEqual([]);
  });

  test("is changed where flags say so, and stays as it is otherwise", async () => {
    writeFileSync(join(cli.folder, "secret"), "first\n");
    await cli.run(`account add bob --read a --certificate aa --password-file ${join(cli.folder, "secret")}`);
    await cli.run("account change bob --write b --revoke a --certificate bb --drop-certificate aa --admin --disable");
    const changed = await cli.use(({ directory }) => directory.account("bob"));
    expect(changed).toMatchObject({ admin: true, disabled: true, permissions: { b: ["write"] }, certificates: ["bb"] });
    expect(await verifyPassword("first", changed?.passwordHash ?? "")).toBe(true);
    await cli.run("account change bob --no-admin --enable --password-file -", { input: "second" });
    const again = await cli.use(({ directory }) => directory.account("bob"));
    expect(again).toMatchObject({ admin: false, disabled: false, permissions: { b: ["write"] } });
    expect(await verifyPassword("second", again?.passwordHash ?? "")).toBe(true);
    await cli.run("account change bob --no-password");
    expect(await cli.use(({ directory }) => directory.account("bob"))).toMatchObject({ passwordHash: undefined });
  });

  test("what somebody else changes while the password is being typed stays", async () => {
    await cli.run("account add alice --no-password");
    const meanwhile = async () => {
      await cli.run("account change alice --disable --write b");
      return "pass word";
    };
    expect(await cli.run("account change alice --change-password", { answers: [meanwhile, "pass word"] })).toMatchObject({ code: 0 });
    const changed = await cli.use(({ directory }) => directory.account("alice"));
    expect(changed).toMatchObject({ disabled: true, permissions: { b: ["write"] } });
    expect(await verifyPassword("pass word", changed?.passwordHash ?? "")).toBe(true);
  });

  test.each([
    ["account add alice --no-password --read nowhere", "there is no collection"],
    ["account change nobody --admin", "there is no account"],
    ["account remove nobody", "there is no account"],
    ["account show nobody", "there is no account"],
    ["account add 'a:b' --no-password", "name"],
  ])("%s is refused", async (line, text) => {
    const outcome = await cli.run(line);
    expect(outcome.code).toBe(2);
    expect(outcome.err).toContain(text);
  });

  test("there is no second of the same name", async () => {
    await cli.run("account add alice --no-password");
    expect(await cli.run("account add alice --no-password")).toMatchObject({ code: 2 });
  });

  test("without a database it says how to name one", async () => {
    const outcome = await cli.run("account list", { env: {} });
    expect(outcome).toMatchObject({ code: 2 });
    expect(outcome.err).toContain("--config or --database");
  });
});

describe("taxii token", () => {
  test("is printed once, kept as a hash, listed and removed", async () => {
    await cli.run("account add alice --no-password");
    const now = new Date("2024-05-31T00:00:00Z");
    const added = await cli.run("token add alice --label 'for the SIEM' --days 10", {
      now,
      env: { TAXII_DATABASE: join(cli.folder, "taxii.db") },
    });
    const token = added.out.trim();
    expect(token).toMatch(/^taxii_[\w-]{43}$/);
    const record = await cli.use(({ directory }) => directory.token(hashToken(token)));
    expect(record).toMatchObject({ account: "alice", label: "for the SIEM", expires: Date.parse("2024-06-10T00:00:00Z") });
    const listed = await cli.run("token list alice --json");
    expect(listed.out).not.toContain(token);
    expect(listed.out).not.toContain(hashToken(token));
    const [{ id } = {}] = listed.json();
    expect(id).toBe(record?.id);
    expect((await cli.run("token list")).out).toContain("for the SIEM");
    expect(await cli.run(`token remove ${String(id)}`)).toMatchObject({ code: 0 });
    expect(await cli.run(`token remove ${String(id)}`)).toMatchObject({ code: 2 });
    expect(await cli.use(({ directory }) => directory.token(hashToken(token)))).toBeUndefined();
  });

  test("needs an account", async () => {
    expect((await cli.run("token add nobody")).err).toContain("there is no account");
  });
});
