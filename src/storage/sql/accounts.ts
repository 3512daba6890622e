/** Accounts as rows. */

import { sql } from "kysely";
import type { AccountRecord } from "../directory.js";
import { alreadyExists } from "../records/errors.js";
import { compareCodePoints } from "../records/text.js";
import { chunks } from "./chunks.js";
import type { Database } from "./schema.js";

/** One account by its name, or by the identity of one of its certificates. */
export type AccountFilter = { readonly name: string } | { readonly identity: string };

/** All accounts by name, or the one that is meant, in one query. */
export async function readAccounts(db: Database, filter?: AccountFilter): Promise<AccountRecord[]> {
  let query = db
    .selectFrom("accounts")
    .leftJoin("account_certificates", "account_certificates.account", "accounts.name")
    .selectAll("accounts")
    .select("identity")
    .orderBy("position");
  if (filter !== undefined) {
    query =
      "name" in filter
        ? query.where("name", "=", filter.name)
        : query.where("name", "=", db.selectFrom("account_certificates").select("account").where("identity", "=", filter.identity));
  }
  const accounts = new Map<string, AccountRecord & { readonly certificates: string[] }>();
  for (const { name, password_hash, admin, disabled, permissions, identity } of await query.execute()) {
    const account = accounts.get(name) ?? {
      name,
      passwordHash: password_hash ?? undefined,
      admin: admin === 1,
      disabled: disabled === 1,
      permissions: JSON.parse(permissions) as AccountRecord["permissions"],
      certificates: [],
    };
    if (identity !== null) account.certificates.push(identity);
    accounts.set(name, account);
  }
  return [...accounts.values()].sort((a, b) => compareCodePoints(a.name, b.name));
}

/**
 * Adds an account, or replaces it.
 *
 * @throws StorageError `ALREADY_EXISTS` when another account has one of its certificates
 */
export async function putAccount(transaction: Database, account: AccountRecord): Promise<void> {
  const { name, passwordHash, admin, disabled, permissions, certificates } = account;
  const row = {
    password_hash: passwordHash ?? null,
    admin: Number(admin),
    disabled: Number(disabled),
    permissions: JSON.stringify(permissions),
  };
  await transaction
    .insertInto("accounts")
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(row))
    .execute();
  await transaction.deleteFrom("account_certificates").where("account", "=", name).execute();
  const rows = certificates.map((identity, position) => ({ identity, account: name, position }));
  for (const some of chunks(rows)) {
    const put = await transaction
      .insertInto("account_certificates")
      .values(some)
      // Sets nothing new, so that the answer has the rows that are somebody else's too.
      .onConflict((conflict) => conflict.column("identity").doUpdateSet({ identity: sql.ref("excluded.identity") }))
      .returning(["identity", "account"])
      .execute();
    const taken = put.find((each) => each.account !== name);
    if (taken !== undefined) throw alreadyExists("an account with the certificate identity", taken.identity);
  }
}
