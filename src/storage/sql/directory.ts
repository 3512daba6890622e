/** Accounts, tokens and services in tables. */

import type { AccountRecord, Directory, ServiceRecord, TokenRecord } from "../directory.js";
import { keepAccount, keepToken } from "../records/account.js";
import { alreadyExists, noSuchAccount } from "../records/errors.js";
import { copyService, keepService } from "../records/service.js";
import { compareCodePoints, isKeepable } from "../records/text.js";
import { type AccountFilter, putAccount, readAccounts } from "./accounts.js";
import type { SqlConnection } from "./connection.js";
import { keptAccount } from "./locks.js";
import { currentRevision, touch } from "./revision.js";
import type { Database } from "./schema.js";
import type { TokenRow } from "./schema-records.js";

/** See {@link Directory} for what each method does. */
export class SqlDirectory implements Directory {
  readonly #connection: SqlConnection;

  constructor(connection: SqlConnection) {
    this.#connection = connection;
  }

  async revision(): Promise<number> {
    return await this.#connection.read(currentRevision);
  }

  async account(name: string): Promise<AccountRecord | undefined> {
    return await this.#account(name, { name });
  }

  async accountOfCertificate(identity: string): Promise<AccountRecord | undefined> {
    return await this.#account(identity, { identity });
  }

  async accounts(): Promise<readonly AccountRecord[]> {
    return await this.#connection.read((db) => readAccounts(db));
  }

  async putAccount(account: AccountRecord): Promise<void> {
    const kept = keepAccount(account);
    await this.#change(async (transaction) => {
      await putAccount(transaction, kept);
      return true;
    });
  }

  async removeAccount(name: string): Promise<boolean> {
    if (!isKeepable(name)) return false;
    return await this.#change(async (transaction) => {
      const { numDeletedRows } = await transaction.deleteFrom("accounts").where("name", "=", name).executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) return false;
      await transaction.deleteFrom("subscriptions").where("owner", "=", name).execute();
      await transaction.deleteFrom("results").where("owner", "=", name).execute();
      return true;
    });
  }

  async token(hash: string): Promise<TokenRecord | undefined> {
    if (!isKeepable(hash)) return undefined;
    const row = await this.#connection.read((db) => db.selectFrom("tokens").selectAll().where("hash", "=", hash).executeTakeFirst());
    return row === undefined ? undefined : toToken(row);
  }

  async tokens(account?: string): Promise<readonly TokenRecord[]> {
    if (account !== undefined && !isKeepable(account)) return [];
    const rows = await this.#connection.read((db) => {
      const query = db.selectFrom("tokens").selectAll().orderBy("created").orderBy("seq");
      return (account === undefined ? query : query.where("account", "=", account)).execute();
    });
    return rows.map(toToken);
  }

  async addToken(token: TokenRecord): Promise<void> {
    const kept = keepToken(token);
    await this.#change(async (transaction) => {
      if (!(await keptAccount(transaction, this.#connection.dialect, kept.account))) throw noSuchAccount(kept.account);
      const { numInsertedOrUpdatedRows: inserted } = await transaction
        .insertInto("tokens")
        .values({ ...kept, expires: kept.expires ?? null })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (inserted === 0n) throw alreadyExists("a token with this hash, or with the id", kept.id);
      return true;
    });
  }

  async removeToken(id: string): Promise<boolean> {
    return await this.#remove("tokens", id);
  }

  async services(): Promise<readonly ServiceRecord[]> {
    const rows = await this.#connection.read((db) => db.selectFrom("services").selectAll().execute());
    return rows.sort((a, b) => compareCodePoints(a.id, b.id)).map(({ record }) => copyService(JSON.parse(record) as ServiceRecord));
  }

  async putService(service: ServiceRecord): Promise<void> {
    const kept = keepService(service);
    const record = JSON.stringify(kept);
    await this.#change(async (transaction) => {
      await transaction
        .insertInto("services")
        .values({ id: kept.id, record })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ record }))
        .execute();
      return true;
    });
  }

  async removeService(id: string): Promise<boolean> {
    return await this.#remove("services", id);
  }

  async #account(key: string, filter: AccountFilter): Promise<AccountRecord | undefined> {
    if (!isKeepable(key)) return undefined;
    const [account] = await this.#connection.read((db) => readAccounts(db, filter));
    return account;
  }

  async #remove(table: "tokens" | "services", id: string): Promise<boolean> {
    if (!isKeepable(id)) return false;
    return await this.#change(async (transaction) => {
      const { numDeletedRows } = await transaction.deleteFrom(table).where("id", "=", id).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    });
  }

  /** Does what says whether it changed something, and raises the revision if it did. */
  async #change(work: (transaction: Database) => Promise<boolean>): Promise<boolean> {
    return await this.#connection.write(async (transaction) => {
      const changed = await work(transaction);
      if (changed) await touch(transaction);
      return changed;
    });
  }
}

function toToken({ id, account, hash, label, created, expires }: Omit<TokenRow, "seq">): TokenRecord {
  return { id, account, hash, label, created, expires: expires ?? undefined };
}
