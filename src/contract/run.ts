/** The run: a survey, then one check after the other. */

import { type Check, Ending, type Group, type Level, type Needs, type Outcome } from "./check.js";
import { checks as allChecks } from "./checks/index.js";
import { subscriptionRequest } from "./documents.js";
import { type Made, Probe } from "./probe.js";
import { Session } from "./session.js";
import { type Survey, survey } from "./survey.js";
import { shown } from "./texts.js";
import type { TaxiiVersion } from "./version.js";
import { type Accounts, type Fetch, makeWire, type Reach } from "./wire.js";

/** What to check, and how to get there. */
export interface CheckServiceOptions {
  /** Address of a discovery service. */
  readonly url: string;
  /** The feed to poll. Default: the one that shows most. */
  readonly collection?: string | undefined;
  /** A collection to write to: content is sent to it, and subscriptions are made and removed. Default: nothing is written anywhere. */
  readonly write?: string | undefined;
  /** Header fields with credentials, such as `{ Authorization: "Basic …" }`. They go to {@link origins} only. */
  readonly auth?: Readonly<Record<string, string>> | undefined;
  /** Credentials of a second account, which is to see nothing of the first one's subscriptions and results. */
  readonly otherAuth?: Readonly<Record<string, string>> | undefined;
  /** Further origins, such as `https://feeds.example.com`, that belong to the server. Default: that of `url` alone is asked. */
  readonly origins?: readonly string[] | undefined;
  /** Whether what is advertised is asked at the origin of `url`, as behind a proxy. Default: false. */
  readonly rewriteOrigin?: boolean | undefined;
  /** Carries the requests. Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Rows to check, where `*` stands for any characters: `SVC-POLL-*`. Default: all. */
  readonly select?: readonly string[] | undefined;
  /** Versions to check. Default: both. */
  readonly versions?: readonly TaxiiVersion[] | undefined;
  /** Milliseconds one check may take. Default: 30,000. */
  readonly timeout?: number | undefined;
  /** Ends the run. */
  readonly signal?: AbortSignal | undefined;
}

/** How one check ended in one version. */
export interface CheckResult {
  /** Of the check; unique within a version. */
  readonly id: string;
  /** Row of the conformance table. */
  readonly clause: string;
  /** Further rows that break with it. */
  readonly also: readonly string[];
  readonly level: Level;
  readonly group: Group;
  /** What holds when it holds. */
  readonly title: string;
  readonly version: TaxiiVersion;
  readonly outcome: Outcome;
  /** Why; empty when there is nothing to say. Texts of the server in it are made printable, and cut. */
  readonly detail: string;
}

const defaultTimeout = 30_000;
const newestFirst: readonly TaxiiVersion[] = ["1.1", "1.0"];

/**
 * Checks a TAXII service against the conformance table. Results come one by one; the order is that of the groups.
 *
 * ```ts
 * for await (const { clause, outcome, detail } of checkService({ url: "https://taxii.example.com/taxii-discovery-service/" }))
 *   if (outcome === "broken") console.log(clause, detail);
 * ```
 *
 * Nothing is changed at the server unless `write` names a collection. Subscriptions are removed again, also when a check fails.
 *
 * @throws TypeError when `url`, `origins` or `select` cannot be used; the reason of `signal` when that is aborted
 */
export async function* checkService(options: CheckServiceOptions): AsyncGenerator<CheckResult, void, undefined> {
  const selected = selectChecks(options.select);
  const run = new Run(options);
  const surveys = await run.surveyAll();
  options.signal?.throwIfAborted();
  for (const [entry, version] of pairs(selected, options.versions ?? newestFirst, surveys)) {
    options.signal?.throwIfAborted();
    yield await run.one(entry, version, surveys);
  }
}

/** Checks and the versions each of them is run in. */
function pairs(
  selected: readonly Entry[],
  versions: readonly TaxiiVersion[],
  surveys: ReadonlyMap<TaxiiVersion, Survey | Ending>,
): (readonly [Entry, TaxiiVersion])[] {
  return selected.flatMap((entry) => {
    const wanted = newestFirst.filter((version) => versions.includes(version) && (entry.check.versions ?? newestFirst).includes(version));
    const spoken = wanted.filter((version) => !(surveys.get(version) instanceof Ending));
    const chosen = entry.check.once === true ? [...spoken, ...wanted].slice(0, 1) : wanted;
    return chosen.map((version) => [entry, version] as const);
  });
}

/** A check and where it stands. */
interface Entry {
  readonly check: Check;
  readonly group: Group;
}

function selectChecks(select: readonly string[] = ["*"]): readonly Entry[] {
  const patterns = select.map((text) => ({ text, pattern: new RegExp(`^${text.split("*").map(literally).join(".*")}$`, "i") }));
  const names = ({ check }: Entry): readonly string[] => [check.id, check.clause, ...(check.also ?? [])];
  const unused = patterns.find(({ pattern }) => !allChecks.some((entry) => names(entry).some((name) => pattern.test(name))));
  if (unused !== undefined) throw new TypeError(`there is no check for ${JSON.stringify(unused.text)}`);
  return allChecks.filter((entry) => names(entry).some((name) => patterns.some(({ pattern }) => pattern.test(name))));
}

function literally(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}

/** One run. */
class Run {
  readonly #options: CheckServiceOptions;
  readonly #accounts: Accounts;
  readonly #reach: Reach;

  constructor(options: CheckServiceOptions) {
    this.#options = options;
    this.#accounts = { first: options.auth ?? {}, other: options.otherAuth };
    this.#reach = reachOf(options);
  }

  /** What the server offers, by version; an ending for a version it does not speak. */
  async surveyAll(): Promise<ReadonlyMap<TaxiiVersion, Survey | Ending>> {
    const { url, collection, write, versions = newestFirst } = this.#options;
    const found = new Map<TaxiiVersion, Survey | Ending>();
    for (const version of newestFirst.filter((candidate) => versions.includes(candidate))) {
      const session = new Session(this.#wire(), version);
      found.set(version, await this.#ending(() => survey(session, { url, collection, write, reach: this.#reach })));
    }
    return found;
  }

  /** Runs a check in a version. Never throws but for the caller's signal. */
  async one({ check, group }: Entry, version: TaxiiVersion, surveys: ReadonlyMap<TaxiiVersion, Survey | Ending>): Promise<CheckResult> {
    const { id, clause, also = [], level, title } = check;
    const made: Made[] = [];
    const end = await this.#ending(async () => {
      const spoken = new Map([...surveys].flatMap(([key, value]) => (value instanceof Ending ? [] : [[key, value] as const])));
      const missing = surveys.get(version);
      if (missing instanceof Ending) throw spoken.size === 0 ? missing : new Ending("not applicable", missing.message);
      const probe = new Probe({
        url: this.#options.url,
        wire: this.#wire(),
        version,
        surveys: spoken,
        onSubscribed: (one) => made.push(one),
      });
      const unmet = missing === undefined ? undefined : this.#unmet(check.needs ?? {}, missing);
      if (unmet !== undefined) throw new Ending("not applicable", unmet);
      return await check.run(probe);
    });
    await this.#remove(made);
    this.#options.signal?.throwIfAborted();
    const outcome = end instanceof Ending ? end.outcome : "holds";
    return { id, clause, also, level, group, title, version, outcome, detail: end instanceof Ending ? end.message : (end ?? "") };
  }

  /** Why a check is not applicable; undefined when it is. */
  #unmet(needs: Needs, { services, feed, set, parted, asynchronous, queries, target }: Survey): string | undefined {
    const { subscriptions, evaluates } = needs;
    const write = needs.write ?? evaluates;
    if ((write ?? subscriptions) === true && this.#options.write === undefined) return "no collection to write to was named";
    if ((write ?? subscriptions) === true && target === undefined) return "the collection to write to is not there";
    if (write === true && (target?.inbox ?? target?.polling) === undefined)
      return "the collection to write to has no inbox or cannot be polled";
    if (evaluates === true && target?.queries === undefined)
      return "the collection to write to is not at a service that evaluates queries of the default format";
    if (subscriptions === true && target?.subscriptions === undefined) return "the collection to write to takes no subscriptions";
    if (subscriptions === true && (target?.subscribed ?? 0) > 0)
      return "the account has subscriptions to the collection to write to, which a check might remove";
    if (needs.credentials === true && this.#options.auth === undefined) return "no credentials were given";
    if (needs.otherCredentials === true && this.#options.otherAuth === undefined) return "no credentials of a second account were given";
    if (needs.service !== undefined && !services.some(({ serviceType }) => serviceType === needs.service))
      return `there is no ${needs.service} service`;
    if (needs.labels !== undefined && feed === undefined) return "there is no feed that can be polled";
    if ((needs.labels ?? 0) > (feed?.labels.length ?? 0)) return `no feed shows ${needs.labels} records of different labels`;
    if (needs.set === true && set === undefined) return "there is no data set that can be polled";
    if (needs.parts === true && parted === undefined) return "no result came in parts";
    if (needs.asynchronous === true && asynchronous === undefined) return "no poll is answered later";
    if (needs.queries === true && !queries) return "no service evaluates queries of the default format";
    return undefined;
  }

  /** Takes the subscriptions of a check away, also after the caller's signal. */
  async #remove(made: readonly Made[]): Promise<void> {
    for (const { address, collection, id, version, account } of made) {
      const session = new Session(makeWire(this.#fetch, this.#accounts, this.#reach, AbortSignal.timeout(this.#timeout)), version);
      const body = subscriptionRequest(version, { collection, action: "UNSUBSCRIBE", id });
      await session.post(address, body, { account }).catch(() => undefined);
    }
  }

  /** What `action` gives, or how it ended. */
  async #ending<T>(action: () => Promise<T>): Promise<T | Ending> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof Ending) return error;
      const text = error instanceof Error ? error.message : String(error);
      return new Ending("not reachable", `the check came to no end: ${shown(text)}`, { cause: error });
    }
  }

  get #fetch(): Fetch {
    return this.#options.fetch ?? ((request) => fetch(request));
  }

  get #timeout(): number {
    return this.#options.timeout ?? defaultTimeout;
  }

  /** Sends the requests of one check, within its time. */
  #wire(): ReturnType<typeof makeWire> {
    const { signal } = this.#options;
    const time = AbortSignal.timeout(this.#timeout);
    return makeWire(this.#fetch, this.#accounts, this.#reach, signal === undefined ? time : AbortSignal.any([signal, time]));
  }
}

/** Only what belongs to the server is asked: what it advertises may be anywhere. */
function reachOf({ url, origins = [], rewriteOrigin = false }: CheckServiceOptions): Reach {
  const own = originOf(url);
  const known = new Set([own, ...origins.map(originOf)]);
  return {
    at(address) {
      const parsed = URL.canParse(address) ? new URL(address) : undefined;
      if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return undefined;
      if (rewriteOrigin) return `${own}${parsed.pathname}${parsed.search}`;
      return known.has(parsed.origin) ? address : undefined;
    },
  };
}

/** @throws TypeError when `text` is no http or https URL */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new TypeError(`expected an http or https URL, found ${JSON.stringify(text)}`);
  if (`${url.username}${url.password}` !== "") throw new TypeError("the URL contains credentials; give them as auth");
  return url.origin;
}
