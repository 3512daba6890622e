/** Who may do what. */

import { describe, expect, test } from "vitest";
import { type AccessRequest, type Account, allowAll, byPermissions } from "../../src/server/access.js";

function request(account: Account | undefined, right: AccessRequest["right"], name: string): AccessRequest {
  return { account, right, collection: { name }, service: undefined };
}

describe("by permissions", () => {
  const authorize = byPermissions({ open: ["read"] });
  const ann: Account = { name: "ann", permissions: { a: ["read"], b: ["write"] } };

  test.each<[Account | undefined, AccessRequest["right"], string, boolean]>([
    [ann, "read", "a", true],
    [ann, "write", "a", false],
    [ann, "read", "b", false],
    [ann, "write", "b", true],
    [ann, "read", "c", false],
    // What everybody may do an account may do as well.
    [ann, "read", "open", true],
    [ann, "write", "open", false],
    [undefined, "read", "open", true],
    [undefined, "read", "a", false],
    [{ name: "root", admin: true }, "write", "c", true],
    [{ name: "none" }, "read", "a", false],
    // Names are a peer's, and no properties of objects.
    [ann, "read", "constructor", false],
    [ann, "read", "__proto__", false],
  ])("%j may %s %s: %s", (account, right, name, expected) => {
    expect(authorize(request(account, right, name))).toBe(expected);
  });

  test("what is not granted is refused; without accounts everything is allowed", () => {
    expect(byPermissions()(request(undefined, "read", "open"))).toBe(false);
    expect(allowAll(request(undefined, "write", "open"))).toBe(true);
  });
});
