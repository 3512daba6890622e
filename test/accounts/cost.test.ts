import { expect, it, vi } from "vitest";
import { nobodysHash, verifyPassword } from "../../src/accounts/password.js";
import { account, basic, cheapHash, createKit } from "./kit.js";

vi.mock("../../src/accounts/password.js", async (original) => {
  const real = await original<typeof import("../../src/accounts/password.js")>();
  return { ...real, verifyPassword: vi.fn(real.verifyPassword) };
});

it("an account that does not exist, or that has no password, costs a hash like any other", async () => {
  const { login, directory } = createKit();
  directory.accounts = [account("alice", { passwordHash: cheapHash }), account("carol")];
  for (const name of ["alice", "mallory", "carol"]) {
    vi.mocked(verifyPassword).mockClear();
    await expect(login({ authorization: basic(name, "wrong") })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    expect(vi.mocked(verifyPassword).mock.calls).toEqual([["wrong", name === "alice" ? cheapHash : nobodysHash]]);
  }
  // As costly as the hashes that are made here, and nobody's.
  expect(nobodysHash).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$/);
});
