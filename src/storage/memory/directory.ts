/** Accounts, tokens and services in memory. */

import type { AccountRecord, Directory, ServiceRecord, TokenRecord } from "../directory.js";
import { keepAccount, keepToken } from "../records/account.js";
import { alreadyExists, noSuchAccount } from "../records/errors.js";
import { frozen } from "../records/freeze.js";
import { keepService } from "../records/service.js";
import { compareCodePoints } from "../records/text.js";
import type { MemoryContext } from "./context.js";

/** What accounts own. */
interface Owned {
  /** Removes all that an account owns. */
  forget(filter: { readonly owner: string }): void;
}

export class MemoryDirectory implements Directory {
  readonly #context: Pick<MemoryContext, "revision" | "touch">;
  readonly #owned: readonly Owned[];
  readonly #accounts = new Map<string, AccountRecord>();
  /** By hash. */
  readonly #tokens = new Map<string, TokenRecord>();
  readonly #services = new Map<string, ServiceRecord>();

  constructor(context: Pick<MemoryContext, "revision" | "touch">, ...owned: readonly Owned[]) {
    this.#context = context;
    this.#owned = owned;
  }

  async revision(): Promise<number> {
    return this.#context.revision();
  }

  async account(name: string): Promise<AccountRecord | undefined> {
    return this.#accounts.get(name);
  }

  async accountOfCertificate(identity: string): Promise<AccountRecord | undefined> {
    return [...this.#accounts.values()].find(({ certificates }) => certificates.includes(identity));
  }

  async accounts(): Promise<readonly AccountRecord[]> {
    return [...this.#accounts.values()].sort((a, b) => compareCodePoints(a.name, b.name));
  }

  async putAccount(account: AccountRecord): Promise<void> {
    const kept = frozen(keepAccount(account));
    for (const { name, certificates } of this.#accounts.values()) {
      const taken = name === kept.name ? undefined : certificates.find((identity) => kept.certificates.includes(identity));
      if (taken !== undefined) throw alreadyExists("an account with the certificate identity", taken);
    }
    this.#accounts.set(kept.name, kept);
    this.#context.touch();
  }

  async removeAccount(name: string): Promise<boolean> {
    if (!this.#accounts.delete(name)) return false;
    for (const { hash, account } of [...this.#tokens.values()]) if (account === name) this.#tokens.delete(hash);
    for (const owned of this.#owned) owned.forget({ owner: name });
    this.#context.touch();
    return true;
  }

  async token(hash: string): Promise<TokenRecord | undefined> {
    return this.#tokens.get(hash);
  }

  async tokens(account?: string): Promise<readonly TokenRecord[]> {
    const all = [...this.#tokens.values()].sort((a, b) => a.created - b.created);
    return account === undefined ? all : all.filter((token) => token.account === account);
  }

  async addToken(token: TokenRecord): Promise<void> {
    const kept = frozen(keepToken(token));
    if (!this.#accounts.has(kept.account)) throw noSuchAccount(kept.account);
    if (this.#tokens.has(kept.hash) || this.#tokenOf(kept.id) !== undefined)
      throw alreadyExists("a token with this hash, or with the id", kept.id);
    this.#tokens.set(kept.hash, kept);
    this.#context.touch();
  }

  async removeToken(id: string): Promise<boolean> {
    const token = this.#tokenOf(id);
    if (token === undefined) return false;
    this.#tokens.delete(token.hash);
    this.#context.touch();
    return true;
  }

  async services(): Promise<readonly ServiceRecord[]> {
    return [...this.#services.values()].sort((a, b) => compareCodePoints(a.id, b.id));
  }

  async putService(service: ServiceRecord): Promise<void> {
    const kept = frozen(keepService(service));
    this.#services.set(kept.id, kept);
    this.#context.touch();
  }

  async removeService(id: string): Promise<boolean> {
    if (!this.#services.delete(id)) return false;
    this.#context.touch();
    return true;
  }

  #tokenOf(id: string): TokenRecord | undefined {
    return [...this.#tokens.values()].find((token) => token.id === id);
  }
}
