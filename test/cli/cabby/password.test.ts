/** Where passwords come from. */

import { describe, expect, it } from "vitest";
import { type Login, passwordOf } from "../../../src/cli/cabby/password.js";
import { testEnvironment } from "../environment.js";

const login: Login = { flag: "--password", username: "ann", password: undefined };

describe("a password", () => {
  it("is that of the command line, also an empty one", async () => {
    const environment = testEnvironment({ env: { TAXII_PASSWORD: "other" } });
    expect(await passwordOf({ ...login, password: "hush" }, environment)).toBe("hush");
    expect(await passwordOf({ ...login, password: "" }, environment)).toBe("");
  });

  it("is otherwise that of the environment", async () => {
    const environment = testEnvironment({ env: { TAXII_PASSWORD: "hush", TAXII_POLL_PASSWORD: "" } });
    expect(await passwordOf(login, environment)).toBe("hush");
    expect(await passwordOf({ ...login, variable: "TAXII_POLL_PASSWORD" }, environment)).toBe("");
  });

  it("is otherwise asked for, and not shown", async () => {
    const environment = testEnvironment({ answers: ["hush"] });
    expect(await passwordOf({ ...login, username: "ann\x1b[31m" }, environment)).toBe("hush");
    expect(environment.questions).toEqual([{ question: "Password of ann\\u001b[31m: ", hidden: true }]);
  });

  it("is missed where nobody can be asked", async () => {
    await expect(passwordOf(login, testEnvironment())).rejects.toThrow(
      "--username needs --password or the variable TAXII_PASSWORD as well; --password= for an empty one",
    );
    await expect(passwordOf({ ...login, flag: "--inbox-password" }, testEnvironment())).rejects.toThrow(
      "--inbox-username needs --inbox-password",
    );
  });

  it("is needed by nobody without a name", async () => {
    expect(await passwordOf({ ...login, username: undefined }, testEnvironment({ env: { TAXII_PASSWORD: "hush" } }))).toBeUndefined();
    await expect(passwordOf({ ...login, username: undefined, password: "hush" }, testEnvironment())).rejects.toThrow(
      "--password needs --username as well",
    );
  });
});
