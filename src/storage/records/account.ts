/** Accounts and tokens on their way into a storage. */

import type { AccountRecord, TokenRecord } from "../directory.js";
import { Check } from "./check.js";

const control = /[\0-\x1f\x7f-\x9f\u2028\u2029]/;
const sha256 = /^[0-9a-f]{64}$/;

/** A copy to keep. @throws ValidationError naming what cannot be */
export function keepAccount(account: AccountRecord): AccountRecord {
  const { name, passwordHash, admin, disabled, permissions, certificates } = account;
  const check = new Check("the account");
  check.name("name", name);
  check.that(!name.includes(":"), "name", "no colon, which Basic credentials cannot carry", name);
  check.that(!control.test(name), "name", "no control characters", name);
  if (passwordHash !== undefined) {
    check.that(passwordHash !== "" && !control.test(passwordHash) && passwordHash.isWellFormed(), "passwordHash", "a hash of a password");
  }
  check.flag("admin", admin);
  check.flag("disabled", disabled);
  for (const [collection, rights] of Object.entries(permissions)) {
    for (const right of rights) check.oneOf(`permissions[${JSON.stringify(collection)}]`, right, ["read", "write"]);
  }
  for (const [index, identity] of certificates.entries()) check.name(`certificates[${index}]`, identity);
  check.done();
  return {
    name,
    passwordHash,
    admin,
    disabled,
    // Made from entries, so that a collection called `__proto__` is one like the others.
    permissions: Object.fromEntries(Object.entries(permissions).map(([collection, rights]) => [collection, [...new Set(rights)]])),
    certificates: [...new Set(certificates)],
  };
}

/** A copy to keep. @throws ValidationError naming what cannot be */
export function keepToken(token: TokenRecord): TokenRecord {
  const { id, account, hash, label, created, expires } = token;
  const check = new Check("the token");
  check.name("id", id);
  check.name("account", account);
  check.that(sha256.test(hash), "hash", "64 hexadecimal digits in lower case");
  check.text("label", label);
  check.integer("created", created);
  check.optionalInteger("expires", expires);
  check.done();
  return { id, account, hash, label, created, expires };
}
