/** A directory that counts what it is asked, and requests with credentials. */

import { type AuthenticatorOptions, createAuthenticator, hashToken } from "../../src/accounts/index.js";
import { emitter, type LoginFailed } from "../../src/server/events.js";
import type { HttpRequest } from "../../src/server/http.js";
import type { AccountRecord, TokenRecord } from "../../src/storage/index.js";

export function account(name: string, given: Partial<AccountRecord> = {}): AccountRecord {
  return { name, passwordHash: undefined, admin: false, disabled: false, permissions: {}, certificates: [], ...given };
}

export function token(secret: string, given: Partial<TokenRecord> = {}): TokenRecord {
  return { id: "t1", account: "alice", hash: hashToken(secret), label: "", created: 0, expires: undefined, ...given };
}

/** Cheap for tests: scrypt with N = 16. The password is `right`. */
export const cheapHash =
  "scrypt:16:1:1$salt$6f10f3580322dd075a48930d6f2dc68681d1ac7ca7b780a0a82684309edda75f7204ca728f7fae1cabb8770fbe51221e2e6f1ca1b7dd83d02befefb9ae85282d";

export class CountingDirectory {
  accounts: AccountRecord[] = [];
  tokens: TokenRecord[] = [];
  current = 1;
  asked = { revision: 0, account: 0, token: 0, certificate: 0 };

  async revision(): Promise<number> {
    this.asked.revision += 1;
    return this.current;
  }

  async account(name: string): Promise<AccountRecord | undefined> {
    this.asked.account += 1;
    return this.accounts.find((one) => one.name === name);
  }

  async accountOfCertificate(identity: string): Promise<AccountRecord | undefined> {
    this.asked.certificate += 1;
    return this.accounts.find(({ certificates }) => certificates.includes(identity));
  }

  async token(hash: string): Promise<TokenRecord | undefined> {
    this.asked.token += 1;
    return this.tokens.find((one) => one.hash === hash);
  }
}

export interface RequestParts {
  readonly authorization?: string | undefined;
  readonly address?: string | undefined;
  readonly certificates?: readonly string[];
}

export function request(parts: RequestParts = {}): HttpRequest {
  const { authorization, address, certificates = [] } = { address: "192.0.2.1", ...parts };
  const headers = new Headers(authorization === undefined ? {} : { authorization });
  return { method: "POST", url: "http://taxii.test/poll", headers, body: null, signal: undefined, peer: { address, certificates } };
}

export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`, "utf8").toString("base64")}`;
}

/** An authenticator over a directory, with a clock that stands until it is set, and the failures it tells of. */
export function createKit(options: Partial<AuthenticatorOptions> = {}) {
  const directory = new CountingDirectory();
  const failures: LoginFailed[] = [];
  const clock = { now: 1_000_000 };
  const authenticate = createAuthenticator({
    storage: { directory },
    emit: emitter([{ loginFailed: (event) => void failures.push(event) }], () => undefined),
    now: () => clock.now,
    ...options,
  });
  return {
    directory,
    failures,
    clock,
    /** The account, or the refusal. */
    login: async (parts: RequestParts = {}) => authenticate(request(parts)),
  };
}
