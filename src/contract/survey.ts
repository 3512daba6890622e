/** The survey: what a server offers in one version, found out before the checks begin. */

import type { CollectionRecord, PollResponse, ServiceContactInfo, ServiceInstance } from "../../generated/taxii11/index.js";
import { queryFormats } from "../constants.js";
import { Ending } from "./check.js";
import { subscriptionRequest } from "./documents.js";
import { labelsOf } from "./labels.js";
import { type AdvertisedQueries, queriesAt } from "./query-support.js";
import { describe } from "./reply.js";
import type { Session } from "./session.js";
import { shown } from "./texts.js";
import { identifiers } from "./version.js";
import type { Reach } from "./wire.js";

/** A collection that can be polled, and what a first poll of it gave. */
export interface Polled {
  readonly record: CollectionRecord;
  readonly address: string;
  readonly response: PollResponse;
  /** Different labels of the blocks, oldest first. */
  readonly labels: readonly string[];
}

/** A collection to write to. */
export interface Target {
  readonly record: CollectionRecord;
  readonly inbox: string | undefined;
  readonly polling: string | undefined;
  readonly subscriptions: string | undefined;
  /** What can be asked about it; undefined where its poll service evaluates no queries of the default format. */
  readonly queries: AdvertisedQueries | undefined;
  /** Subscriptions that were there before: a check that made the same would remove them. */
  readonly subscribed: number;
}

/** What a server offers in one version. */
export interface Survey {
  /** Services of this version at the origins that are asked, and available. */
  readonly services: readonly ServiceInstance[];
  /** What discovery said in full. */
  readonly advertised: readonly ServiceInstance[];
  readonly collections: readonly CollectionRecord[];
  /** The feed that is polled. */
  readonly feed: Polled | undefined;
  readonly set: Polled | undefined;
  /** All collections that were polled. */
  readonly polled: readonly Polled[];
  /** A feed whose result came in parts. */
  readonly parted: Polled | undefined;
  /** A collection whose poll is answered later, where that is allowed. */
  readonly asynchronous: { readonly name: string; readonly address: string } | undefined;
  /** The collection to write to, when one was named and is there. */
  readonly target: Target | undefined;
  /** Whether a poll service evaluates queries of the default format. */
  readonly queries: boolean;
}

/** What the survey is told. */
export interface SurveyOptions {
  readonly url: string;
  readonly collection: string | undefined;
  readonly write: string | undefined;
  readonly reach: Reach;
}

/** The address that is asked of those a record lists. */
type Near = (contacts: readonly ServiceContactInfo[]) => string | undefined;

/** Feeds that are polled to find one with content, and one in parts. */
const mostCandidates = 5;

/**
 * Finds out what a server offers in the version of `session`.
 *
 * @throws Ending when discovery gives nothing to go on
 */
export async function survey(session: Session, options: SurveyOptions): Promise<Survey> {
  const { url, reach } = options;
  const reply = await session.discover(url);
  if (reply.message?.$type !== "taxii11.DiscoveryResponse" || reply.version !== session.version)
    throw new Ending("not reachable", `${shown(url)} is no discovery service of TAXII ${session.version}: ${describe(reply)}`);
  const advertised = reply.message.serviceInstances;
  const { message } = identifiers[session.version];
  const services = advertised.filter((service) => service.available !== false && isAsked(service, message, reach));
  const collections = await collectionsOf(session, services);
  const near: Near = (contacts) => contacts.find((contact) => isAsked(contact, message, reach))?.address;
  const candidates = candidatesOf(collections, near, options.collection);
  const polls = await pollAll(session, candidates);
  return {
    services,
    advertised,
    collections,
    feed: bestFeed(polls, options.collection),
    polled: polls,
    set: polls.find(({ record }) => record.collectionType === "DATA_SET"),
    parted: polls.find(({ record, response }) => record.collectionType === "DATA_FEED" && response.more && response.resultId !== undefined),
    asynchronous: await findAsynchronous(session, candidates),
    target: await targetOf(session, collections, options.write, near, services),
    queries: services.some(
      ({ serviceType, supportedQueries }) =>
        serviceType === "POLL" && supportedQueries.some(({ formatId }) => formatId === queryFormats.default10),
    ),
  };
}

function isAsked({ address, messageBindings }: ServiceContactInfo, binding: string, reach: Reach): boolean {
  return messageBindings.includes(binding) && reach.at(address) !== undefined;
}

async function collectionsOf(session: Session, services: readonly ServiceInstance[]): Promise<readonly CollectionRecord[]> {
  const management = services.find(({ serviceType }) => serviceType === "COLLECTION_MANAGEMENT");
  if (management === undefined) return [];
  const { message } = await session.inform(management.address);
  return message?.$type === "taxii11.CollectionInformationResponse" ? message.collections : [];
}

/** A collection, and where to poll it. */
interface Candidate {
  readonly record: CollectionRecord;
  readonly address: string;
}

function candidatesOf(collections: readonly CollectionRecord[], near: Near, wanted: string | undefined): readonly Candidate[] {
  const usable = collections.filter(({ available }) => available !== false);
  const isWanted = ({ collectionName }: CollectionRecord): boolean => collectionName === wanted;
  const feeds = usable.filter(({ collectionType }) => collectionType === "DATA_FEED");
  const first = [...feeds.filter(isWanted), ...feeds.filter((record) => !isWanted(record))].slice(0, mostCandidates);
  const sets = usable.filter(({ collectionType }) => collectionType === "DATA_SET").slice(0, 1);
  return [...first, ...sets].flatMap((record) => {
    const address = near(record.pollingServices);
    return address === undefined ? [] : [{ record, address }];
  });
}

async function pollAll(session: Session, candidates: readonly Candidate[]): Promise<Polled[]> {
  const polls: Polled[] = [];
  for (const { record, address } of candidates) {
    const { message } = await session.pollAt(address, { collection: record.collectionName });
    if (message?.$type === "taxii11.PollResponse") polls.push({ record, address, response: message, labels: labelsOf(message) });
  }
  return polls;
}

/** The one that was named; otherwise the one that shows most: many labels, and all of them in one part. */
function bestFeed(polls: readonly Polled[], wanted: string | undefined): Polled | undefined {
  const feeds = polls.filter(({ record }) => record.collectionType === "DATA_FEED");
  const worth = ({ labels, response }: Polled): number => Math.min(labels.length, 3) * 2 + (response.more ? 0 : 1);
  const sorted = [...feeds].sort((a, b) => worth(b) - worth(a));
  return sorted.find(({ record }) => record.collectionName === wanted) ?? sorted[0];
}

async function findAsynchronous(session: Session, candidates: readonly Candidate[]): Promise<Survey["asynchronous"]> {
  if (session.version === "1.0") return undefined;
  for (const { record, address } of candidates) {
    const name = record.collectionName;
    const { message } = await session.pollAt(address, { collection: name, allowAsynch: true });
    if (message?.$type === "taxii11.StatusMessage" && message.statusType === "PENDING") return { name, address };
  }
  return undefined;
}

async function targetOf(
  session: Session,
  collections: readonly CollectionRecord[],
  name: string | undefined,
  near: Near,
  services: readonly ServiceInstance[],
): Promise<Target | undefined> {
  const record = collections.find(({ collectionName }) => collectionName === name);
  if (record === undefined) return undefined;
  const subscriptions = near(record.subscriptionServices);
  const polling = near(record.pollingServices);
  return {
    record,
    inbox: near(record.receivingInboxServices) ?? services.find(({ serviceType }) => serviceType === "INBOX")?.address,
    polling,
    subscriptions,
    queries: polling === undefined ? undefined : queriesAt(services, polling),
    subscribed: subscriptions === undefined ? 0 : await countSubscriptions(session, subscriptions, record.collectionName),
  };
}

async function countSubscriptions(session: Session, address: string, collection: string): Promise<number> {
  const body = subscriptionRequest(session.version, { collection, action: "STATUS" });
  const { message } = await session.post(address, body);
  return message?.$type === "taxii11.SubscriptionManagementResponse" ? message.subscriptions.length : 0;
}
