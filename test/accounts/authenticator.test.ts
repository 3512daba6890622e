import { describe, expect, it } from "vitest";
import { createToken } from "../../src/accounts/index.js";
import type { StatusError } from "../../src/message/status-error.js";
import { account, basic, cheapHash, createKit, token } from "./kit.js";

const alice = account("alice", { passwordHash: cheapHash, permissions: { feed: ["read"] } });
const right = basic("alice", "right");
const wrong = basic("alice", "wrong");

function kitWithAlice(options: Parameters<typeof createKit>[0] = {}) {
  const kit = createKit(options);
  kit.directory.accounts = [alice, account("bob", { passwordHash: cheapHash, disabled: true }), account("carol")];
  return kit;
}

async function refusal(login: Promise<unknown>): Promise<StatusError> {
  const error: unknown = await login.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "StatusError" });
  return error as StatusError;
}

describe("passwords", () => {
  it("[SEC-ID-001] the right one gives the account with what it may do; no credentials give nobody", async () => {
    const { login, failures } = kitWithAlice();
    expect(await login({ authorization: right })).toEqual({ name: "alice", admin: false, permissions: { feed: ["read"] } });
    expect(await login()).toBeUndefined();
    expect(failures).toEqual([]);
  });

  it("all that is wrong is refused with the same words; the reason goes to the observers only", async () => {
    const { login, failures } = kitWithAlice();
    const fields = [wrong, basic("mallory", "x"), basic("bob", "right"), basic("bob", "x"), basic("carol", ""), "Basic ?", "Digest x"];
    const refusals = [];
    for (const authorization of fields) refusals.push(await refusal(login({ authorization })));
    expect(new Set(refusals.map(({ code, message }) => `${code} ${message}`)).size).toBe(1);
    expect(refusals[0]?.code).toBe("UNAUTHORIZED");
    expect(failures.map(({ account: name, reason }) => [name, reason])).toEqual([
      ["alice", "password"],
      ["mallory", "unknown"],
      ["bob", "disabled"],
      ["bob", "password"],
      ["carol", "password"],
      [undefined, "malformed"],
      [undefined, "malformed"],
    ]);
    expect(failures[0]?.address).toBe("192.0.2.1");
    expect(JSON.stringify([failures, refusals])).not.toContain("wrong");
  });

  it("a hash that cannot be read is a wrong password to the peer, and a fault to the operator", async () => {
    const faults: unknown[] = [];
    const { login, directory } = createKit({ onFault: (fault) => faults.push(fault) });
    directory.accounts = [account("alice", { passwordHash: "garbage" })];
    expect((await refusal(login({ authorization: right }))).code).toBe("UNAUTHORIZED");
    expect(faults).toMatchObject([{ code: "BAD_PASSWORD_HASH" }]);
  });
});

describe("tokens", () => {
  it("give their account until they expire or are taken away", async () => {
    const secret = createToken();
    const { login, directory, clock, failures } = kitWithAlice();
    directory.tokens = [token(secret, { expires: clock.now + 30_000 })];
    const bearer = { authorization: `Bearer ${secret}` };
    expect(await login(bearer)).toMatchObject({ name: "alice" });
    clock.now += 30_000;
    expect((await refusal(login(bearer))).code).toBe("UNAUTHORIZED");
    expect((await refusal(login({ authorization: `Bearer ${createToken()}` }))).code).toBe("UNAUTHORIZED");
    expect(failures.map(({ account: name, reason }) => [name, reason])).toEqual([
      ["alice", "token"],
      [undefined, "token"],
    ]);
  });

  it("of accounts that are disabled or gone give nothing", async () => {
    const secrets = [createToken(), createToken()];
    const { login, directory, failures } = kitWithAlice();
    directory.tokens = secrets.map((secret, index) => token(secret, { account: index === 0 ? "bob" : "gone" }));
    for (const secret of secrets) expect((await refusal(login({ authorization: `Bearer ${secret}` }))).code).toBe("UNAUTHORIZED");
    expect(failures.map(({ reason }) => reason)).toEqual(["disabled", "unknown"]);
  });

  it("are random, and recognisable", () => {
    expect(createToken()).toMatch(/^taxii_[A-Za-z0-9_-]{43}$/);
    expect(createToken()).not.toBe(createToken());
  });
});

describe("client certificates", () => {
  it("[HTTP-AUTH-004] give the account that has one of their identities; Authorization comes first", async () => {
    const { login, directory } = kitWithAlice();
    directory.accounts.push(account("dave", { certificates: ["CN=dave"] }));
    expect(await login({ certificates: ["ab:cd", "CN=dave"] })).toMatchObject({ name: "dave" });
    expect(await login({ certificates: ["CN=dave"], authorization: right })).toMatchObject({ name: "alice" });
  });

  it("of nobody, or of a disabled account, are refused, unless they are not looked at", async () => {
    const { login, directory, failures } = kitWithAlice();
    directory.accounts.push(account("dave", { certificates: ["CN=dave"], disabled: true }));
    expect((await refusal(login({ certificates: ["CN=dave"] }))).code).toBe("UNAUTHORIZED");
    expect((await refusal(login({ certificates: ["CN=eve"] }))).code).toBe("UNAUTHORIZED");
    expect(failures.map(({ reason }) => reason)).toEqual(["disabled", "unknown"]);
    expect(await createKit({ certificates: false }).login({ certificates: ["CN=eve"] })).toBeUndefined();
  });
});

describe("verified credentials", () => {
  it("are remembered for a minute, and looked up again behind it", async () => {
    const { login, directory, clock } = kitWithAlice();
    for (let time = 0; time < 5; time += 1) await login({ authorization: right });
    expect(directory.asked).toMatchObject({ account: 1, revision: 1 });
    clock.now += 59_999;
    await login({ authorization: right });
    expect(directory.asked).toMatchObject({ account: 1, revision: 2 });
    clock.now += 1;
    await login({ authorization: right });
    expect(directory.asked.account).toBe(2);
  });

  it("are forgotten within a second when the directory changes", async () => {
    const { login, directory, clock } = kitWithAlice();
    await login({ authorization: right });
    directory.accounts = [{ ...alice, disabled: true }];
    directory.current += 1;
    clock.now += 1000;
    expect((await refusal(login({ authorization: right }))).code).toBe("UNAUTHORIZED");
  });

  it("are not remembered when the directory changed while they were verified", async () => {
    const { login, directory, clock } = kitWithAlice();
    await login();
    const lookUp = directory.account.bind(directory);
    directory.account = async (name) => {
      const found = await lookUp(name);
      directory.current += 1;
      clock.now += 1000;
      await login({ authorization: "Bearer somebody-elses" }).catch(() => undefined);
      return found;
    };
    await login({ authorization: right });
    directory.account = lookUp;
    const { account: before } = directory.asked;
    await login({ authorization: right });
    expect(directory.asked.account).toBe(before + 1);
  });

  it("are verified anew when the directory changed since others began to verify the same", async () => {
    const { login, directory, clock } = kitWithAlice();
    const lookUp = directory.account.bind(directory);
    let second: Promise<unknown> = Promise.resolve();
    directory.account = async (name) => {
      directory.account = lookUp;
      const found = await lookUp(name);
      directory.accounts = [{ ...alice, disabled: true }];
      directory.current += 1;
      clock.now += 1000;
      second = refusal(login({ authorization: right }));
      await new Promise((resolve) => setTimeout(resolve));
      return found;
    };
    await login({ authorization: right });
    expect(await second).toMatchObject({ code: "UNAUTHORIZED" });
    expect((await refusal(login({ authorization: right }))).code).toBe("UNAUTHORIZED");
  });

  it("are not remembered at all when so told", async () => {
    const { login, directory } = kitWithAlice({ cacheSeconds: 0 });
    await login({ authorization: right });
    await login({ authorization: right });
    expect(directory.asked.account).toBe(2);
  });

  it("that come at the same time are verified once", async () => {
    const { login, directory } = kitWithAlice();
    const accounts = await Promise.all(Array.from({ length: 30 }, () => login({ authorization: right })));
    expect(accounts.every((found) => found?.name === "alice")).toBe(true);
    expect(directory.asked.account).toBe(1);
  });
});

describe("lock-out", () => {
  it("refuses further attempts without a look, the right password included, until the time is over", async () => {
    const { login, directory, clock, failures } = kitWithAlice();
    for (let failure = 0; failure < 6; failure += 1) await refusal(login({ authorization: wrong }));
    const { account: before } = directory.asked;
    const error = await refusal(login({ authorization: right }));
    expect([error.code, error.message]).toEqual([
      "UNAUTHORIZED",
      "UNAUTHORIZED: There were too many failed logins. Try again in 1 seconds.",
    ]);
    expect(directory.asked.account).toBe(before);
    expect(failures.at(-1)).toMatchObject({ account: "alice", reason: "locked" });
    expect(await login({ authorization: right, address: "198.51.100.1" })).toMatchObject({ name: "alice" });
    clock.now += 1000;
    expect(await login({ authorization: right })).toMatchObject({ name: "alice" });
  });

  it("is not got round by asking many times at once", async () => {
    const { login, directory } = kitWithAlice({ maxHashing: 1 });
    const guesses = Array.from({ length: 17 }, (_, number) => login({ authorization: basic("alice", `guess ${number}`) }));
    expect((await Promise.allSettled(guesses)).every(({ status }) => status === "rejected")).toBe(true);
    expect(directory.asked.account).toBe(6);
  });

  it("is not done where the address is not known, or it is switched off", async () => {
    const unknown = kitWithAlice();
    const off = kitWithAlice({ lockout: false });
    for (let failure = 0; failure < 10; failure += 1) {
      await refusal(unknown.login({ authorization: wrong, address: undefined }));
      await refusal(off.login({ authorization: wrong }));
    }
    expect(await unknown.login({ authorization: right, address: undefined })).toMatchObject({ name: "alice" });
    expect(await off.login({ authorization: right })).toMatchObject({ name: "alice" });
  });
});

it("more logins at once than can be hashed are told to come back", async () => {
  const { login } = kitWithAlice({ maxHashing: 1, lockout: false });
  const logins = Array.from({ length: 20 }, (_, number) => login({ authorization: basic("alice", `guess ${number}`) }));
  const codes = (await Promise.allSettled(logins)).map((result) =>
    result.status === "rejected" ? (result.reason as StatusError) : undefined,
  );
  const busy = codes.filter((error) => error?.code === "RETRY");
  expect(busy).toHaveLength(3);
  expect(busy[0]?.details("ESTIMATED_WAIT")).toEqual(["2"]);
});
