/** Who sent a request: passwords, bearer tokens and client certificates against the directory. */

import { StatusError } from "../message/status-error.js";
import type { Account, Authenticate } from "../server/access.js";
import type { Emit, LoginFailed } from "../server/events.js";
import type { HttpRequest } from "../server/http.js";
import type { AccountRecord, Directory } from "../storage/index.js";
import { type BasicCredentials, readCredentials } from "./credentials.js";
import { Gate, GateFullError } from "./gate.js";
import { type Attempt, Lockout, type LockoutOptions } from "./lockout.js";
import { nobodysHash, verifyPassword } from "./password.js";
import { hashToken } from "./token.js";
import { VerifiedCredentials } from "./verified.js";

/** What is asked of a directory. */
export type AccountDirectory = Pick<Directory, "revision" | "account" | "accountOfCertificate" | "token">;

export interface AuthenticatorOptions {
  /** Where accounts and tokens are. */
  readonly storage: { readonly directory: AccountDirectory };
  /** Is told of failed logins. */
  readonly emit?: Emit | undefined;
  /** Is told of faults that peers are not told of, such as a password hash that cannot be read. Default: nobody. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** Seconds that verified credentials are remembered; 0 for not at all. Default: 60. */
  readonly cacheSeconds?: number | undefined;
  /** How failed logins slow down further ones; false for not at all. */
  readonly lockout?: LockoutOptions | false | undefined;
  /** Passwords that are hashed at once; further ones wait for up to two seconds and then get RETRY. Default: 4. */
  readonly maxHashing?: number | undefined;
  /** Whether client certificates identify accounts. Default: true. */
  readonly certificates?: boolean | undefined;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: (() => number) | undefined;
}

/**
 * Makes the function that tells who sent a request (SEC-ID-001): `Authorization: Basic` and `Bearer`, otherwise the first
 * identity of the client certificate. Without credentials it is nobody in particular.
 *
 * Wrong ones are refused with `UNAUTHORIZED`, also by services that are open to everybody: whoever sends credentials means to
 * be somebody. Which part was wrong is told to `emit` only. An account that does not exist takes as long as a wrong password.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticate {
  const authenticator = new Authenticator(options);
  return (request) => authenticator.authenticate(request);
}

/** The account, or why there is none. */
type Outcome = AccountRecord | LoginFailed["reason"];

/** Milliseconds that a login waits for its turn. */
const patience = 2000;

class Authenticator {
  readonly #directory: AccountDirectory;
  readonly #emit: Emit | undefined;
  readonly #onFault: (error: unknown) => void;
  readonly #certificates: boolean;
  readonly #lockout: Lockout | undefined;
  readonly #gate: Gate;
  readonly #verified: VerifiedCredentials;
  readonly #verifying = new Map<string, Promise<Outcome>>();
  readonly #now: () => number;

  constructor({
    storage,
    emit,
    onFault,
    cacheSeconds = 60,
    lockout,
    maxHashing = 4,
    certificates = true,
    now = Date.now,
  }: AuthenticatorOptions) {
    this.#directory = storage.directory;
    this.#emit = emit;
    this.#onFault = onFault ?? (() => undefined);
    this.#certificates = certificates;
    this.#lockout = lockout === false ? undefined : new Lockout(lockout);
    this.#gate = new Gate({ slots: maxHashing, waiting: 16 * maxHashing, patience });
    this.#verified = new VerifiedCredentials(storage.directory, { keep: cacheSeconds * 1000, now });
    this.#now = now;
  }

  async authenticate(request: HttpRequest): Promise<Account | undefined> {
    const address = request.peer?.address;
    const field = request.headers.get("authorization");
    if (field !== null) {
      const credentials = readCredentials(field);
      if (credentials.scheme === "basic") return this.#byPassword(credentials, address);
      if (credentials.scheme === "bearer") return this.#byToken(credentials.token, address);
      throw this.#refuse({ account: undefined, address, reason: "malformed" });
    }
    const identities = this.#certificates ? (request.peer?.certificates ?? []) : [];
    return identities.length === 0 ? undefined : this.#byCertificate(identities, address);
  }

  async #byPassword(credentials: BasicCredentials, address: string | undefined): Promise<Account> {
    const { name, password } = credentials;
    // Without address everybody would be locked out by anybody.
    const attempt = address === undefined ? undefined : { name, address };
    this.#refuseLocked(attempt);
    const digest = this.#verified.digest("basic", `${name}:${password}`);
    const known = await this.#verified.get(digest);
    if (known !== undefined) return known;
    const { revision } = this.#verified;
    // What others began to verify before the directory changed is not good enough.
    const outcome = await this.#verifyOnce(`${address ?? ""} ${revision} ${digest}`, credentials, attempt);
    if (typeof outcome === "string") throw this.#refuse({ account: name, address, reason: outcome });
    const account = accountOf(outcome);
    this.#verified.add(digest, account, revision);
    return account;
  }

  #refuseLocked(attempt: Attempt | undefined): void {
    const wait = attempt === undefined ? 0 : (this.#lockout?.wait(attempt, this.#now()) ?? 0);
    if (wait === 0 || attempt === undefined) return;
    this.#tell({ account: attempt.name, address: attempt.address, reason: "locked" });
    throw new StatusError("UNAUTHORIZED", {
      message: `There were too many failed logins. Try again in ${Math.ceil(wait / 1000)} seconds.`,
    });
  }

  /** Requests that come at the same time with the same credentials share one look: a client with many connections is common. */
  #verifyOnce(key: string, credentials: BasicCredentials, attempt: Attempt | undefined): Promise<Outcome> {
    const running = this.#verifying.get(key);
    if (running !== undefined) return running;
    const verifying = this.#verifyInTurn(credentials, attempt).finally(() => this.#verifying.delete(key));
    this.#verifying.set(key, verifying);
    return verifying;
  }

  async #verifyInTurn(credentials: BasicCredentials, attempt: Attempt | undefined): Promise<Outcome> {
    try {
      return await this.#gate.run(async () => {
        // Others that came at the same time may have failed while this one waited.
        this.#refuseLocked(attempt);
        const outcome = await this.#verify(credentials);
        // Before the next one has its turn.
        if (attempt !== undefined) this.#note(attempt, outcome);
        return outcome;
      });
    } catch (error) {
      if (!(error instanceof GateFullError)) throw error;
      throw new StatusError("RETRY", {
        message: "Too many logins are being checked at the moment.",
        details: { ESTIMATED_WAIT: "2" },
        cause: error,
      });
    }
  }

  #note(attempt: Attempt, outcome: Outcome): void {
    if (typeof outcome === "string") this.#lockout?.failed(attempt, this.#now());
    else this.#lockout?.succeeded(attempt);
  }

  async #verify({ name, password }: BasicCredentials): Promise<Outcome> {
    const account = await this.#directory.account(name);
    const right = await this.#isRight(password, account?.passwordHash);
    if (account === undefined) return "unknown";
    if (!right) return "password";
    return account.disabled ? "disabled" : account;
  }

  /** Hashes in every case, so that the time tells nothing. */
  async #isRight(password: string, hash: string | undefined): Promise<boolean> {
    try {
      return await verifyPassword(password, hash ?? nobodysHash);
    } catch (error) {
      this.#onFault(error);
      await verifyPassword(password, nobodysHash);
      return false;
    }
  }

  async #byToken(token: string, address: string | undefined): Promise<Account> {
    const digest = this.#verified.digest("bearer", token);
    const known = await this.#verified.get(digest);
    if (known !== undefined) return known;
    const { revision } = this.#verified;
    const record = await this.#directory.token(hashToken(token));
    const now = this.#now();
    // Tokens cannot be guessed, so failures lock nobody out: an expired one would shut the door on its whole network.
    if (record === undefined || (record.expires !== undefined && record.expires <= now))
      throw this.#refuse({ account: record?.account, address, reason: "token" });
    const account = this.#enabled(await this.#directory.account(record.account), record.account, address);
    this.#verified.add(digest, account, revision, record.expires);
    return account;
  }

  async #byCertificate(identities: readonly string[], address: string | undefined): Promise<Account> {
    const digest = this.#verified.digest("certificate", JSON.stringify(identities));
    const known = await this.#verified.get(digest);
    if (known !== undefined) return known;
    const { revision } = this.#verified;
    const account = this.#enabled(await this.#accountOfAny(identities), undefined, address);
    this.#verified.add(digest, account, revision);
    return account;
  }

  async #accountOfAny(identities: readonly string[]): Promise<AccountRecord | undefined> {
    for (const identity of identities) {
      const account = await this.#directory.accountOfCertificate(identity);
      if (account !== undefined) return account;
    }
    return undefined;
  }

  #enabled(account: AccountRecord | undefined, name: string | undefined, address: string | undefined): Account {
    if (account === undefined) throw this.#refuse({ account: name, address, reason: "unknown" });
    if (account.disabled) throw this.#refuse({ account: account.name, address, reason: "disabled" });
    return accountOf(account);
  }

  #tell(event: LoginFailed): void {
    this.#emit?.("loginFailed", event);
  }

  /** The same for every reason, so that nobody learns which accounts there are. */
  #refuse(event: LoginFailed): StatusError {
    this.#tell(event);
    return new StatusError("UNAUTHORIZED", { message: "The credentials are not accepted." });
  }
}

function accountOf({ name, admin, permissions }: AccountRecord): Account {
  return { name, admin, permissions };
}
