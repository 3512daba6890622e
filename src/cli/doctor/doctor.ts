/** The doctor: walks from the address to the content, and says at each step what is well, what is not, and what to do. */

import { nodeFetch } from "../../client/node/index.js";
import { proxySelector } from "../../client/node/proxy.js";
import { proxySecurity, serverSecurity } from "../../client/node/tls.js";
import type { ClientWarning, Fetch } from "../../client/options.js";
import { type Connection, connect, inOurWords, tlsOptions } from "../connection.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { examineAddresses } from "./addresses-step.js";
import { examineAuthentication } from "./authentication-step.js";
import { examineCollections } from "./collections-step.js";
import { examineDiscovery } from "./discovery-step.js";
import { askForDiscovery, type Examination, isTaxiiAnswer, type Question } from "./examination.js";
import { examineClock, examineDeviations } from "./final-steps.js";
import { type Finding, type StepName, skipped } from "./finding.js";
import { examineHttp } from "./http-step.js";
import type { Patience } from "./network.js";
import { examineNetwork, type Network, type NetworkExamination } from "./network-examination.js";
import { examinePoll } from "./poll-step.js";
import { type Exchange, recording } from "./recorder.js";
import { examineUrl } from "./url-step.js";
import { examineVersions } from "./versions-step.js";

/** Seconds for a connection and the like, where the user names no time. */
const usualTimeout = 10;

/** The most deviations that are remembered. */
const mostWarnings = 10_000;

type Findings<T = void> = AsyncGenerator<Finding, T, undefined>;

/**
 * Examines a server. Requests only ask; nothing is changed there.
 *
 * @throws UsageError when a file or a proxy of the connection cannot be used; the reason of the environment's signal
 */
export async function* examine(connection: Connection, question: Question, environment: Environment): Findings {
  const { finding, url } = examineUrl(connection.url, hasCredentials(connection), connection.cleartextAuth ?? false);
  yield finding;
  if (url === undefined) return;
  const patience = { milliseconds: (connection.timeout ?? usualTimeout) * 1000, signal: environment.signal };
  const transport = await transportOf(url, connection, patience, environment);
  const network = transport.network === undefined ? withoutNetwork : yield* examineNetwork(transport.network);
  const isProxied = transport.network?.proxy !== undefined;
  const exchanges: Exchange[] = [];
  const warnings: ClientWarning[] = [];
  const client = await clientFor(connection, recording(transport.fetch, exchanges, environment.now), warnings, environment);
  const examination = { url, connection, client, exchanges, warnings, signal: environment.signal };
  yield* network.isConnected
    ? examineService(examination, network, question, isProxied, patience)
    : skippedSteps("there is no connection", "http", "authentication", "versions", "discovery", "addresses", "collections", "poll");
  yield examineClock(exchanges);
  yield examineDeviations(warnings, exchanges, connection.strict ?? false);
}

function hasCredentials({ username, token }: Connection): boolean {
  return (username ?? token) !== undefined;
}

/** Where a program carries requests itself, there is no network to look at. */
const withoutNetwork: Network = { isConnected: true, kinds: new Set() };

async function* skippedSteps(why: string, ...steps: readonly StepName[]): Findings {
  for (const step of steps) yield skipped(step, why);
}

/** What carries requests, and what is known of the network it uses. */
interface Transport {
  readonly fetch: Fetch;
  readonly network: NetworkExamination | undefined;
}

/** @throws UsageError */
async function transportOf(url: URL, connection: Connection, patience: Patience, { env, fetch, now }: Environment): Promise<Transport> {
  if (fetch !== undefined) return { fetch, network: undefined };
  const tls = await tlsOptions(connection);
  try {
    const proxy = proxySelector(connection.proxy, env)(url);
    const isProxyGiven = (connection.proxy ?? "environment") !== "environment";
    const security = { security: serverSecurity(tls), proxySecurity: proxySecurity(tls) };
    const network = { url, proxy, isProxyGiven, ...security, patience, now: now() };
    return { fetch: nodeFetch({ proxy: connection.proxy, tls, connectTimeout: patience.milliseconds }), network };
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new UsageError(inOurWords(error.message), { cause: error });
    throw error;
  }
}

/** A client that sends nothing twice. */
function clientFor(connection: Connection, fetch: Fetch, warnings: ClientWarning[], environment: Environment) {
  return connect({ ...connection, retries: 0 }, { ...environment, fetch }, (warning) => {
    if (warnings.length < mostWarnings) warnings.push(warning);
  });
}

/** The steps from HTTP to the content. */
async function* examineService(
  examination: Examination,
  { kinds }: Network,
  question: Question,
  isProxied: boolean,
  patience: Patience,
): Findings {
  const { url, connection } = examination;
  const attempt = await askForDiscovery("1.1", examination);
  yield examineHttp(attempt);
  yield examineAuthentication(connection, attempt);
  const older = await askForDiscovery("1.0", examination);
  yield examineVersions([attempt, older], connection);
  if (!isTaxiiAnswer(attempt) && !isTaxiiAnswer(older)) {
    yield* skippedSteps("there is no TAXII service to ask", "discovery", "addresses", "collections", "poll");
    return;
  }
  const { finding, services } = await examineDiscovery(examination);
  yield finding;
  yield await examineAddresses(services ?? [], {
    url,
    kinds,
    isProxied,
    hasCredentials: hasCredentials(connection),
    authOrigins: connection.authOrigins ?? [],
    isRewriting: connection.rewriteOrigin ?? false,
    patience,
  });
  const listing = await examineCollections(examination, services, question.collection);
  yield listing.finding;
  yield await examinePoll(examination, listing.collections, question);
}
