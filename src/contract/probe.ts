/** What a check has in its hands: the service's addresses, what the survey found, and exchanges. */

import type { PollResponse, SubscriptionRecord } from "../../generated/taxii11/index.js";
import { applies, Ending } from "./check.js";
import { type Block, emptyInboxMessage, inboxMessage, type PollWishes, type SubscriptionWishes, subscriptionRequest } from "./documents.js";
import { expectMessage, expectStatus, type Reply } from "./reply.js";
import { type Posting, Session } from "./session.js";
import type { Polled, Survey, Target } from "./survey.js";
import { shown, uniqueWord } from "./texts.js";
import type { TaxiiVersion } from "./version.js";
import type { Wire } from "./wire.js";

/** A subscription that a check made, and that has to go again. */
export interface Made {
  readonly address: string;
  readonly collection: string;
  readonly id: string;
  readonly version: TaxiiVersion;
  readonly account: "first" | "other";
}

/** What a check is about. */
export interface Subject {
  readonly url: string;
  readonly wire: Wire;
  readonly version: TaxiiVersion;
  /** By version, for those the server speaks. */
  readonly surveys: ReadonlyMap<TaxiiVersion, Survey>;
  /** Told of every subscription that is made. */
  readonly onSubscribed: (made: Made) => void;
}

/** What a check has in its hands. */
export class Probe extends Session {
  readonly url: string;
  readonly survey: Survey;
  readonly #subject: Subject;

  constructor(subject: Subject) {
    super(subject.wire, subject.version);
    const found = subject.surveys.get(subject.version);
    applies(found !== undefined, `TAXII ${subject.version} is not spoken, or not to be checked`);
    this.url = subject.url;
    this.survey = found;
    this.#subject = subject;
  }

  /** A probe for another version. @throws Ending as not applicable where the server does not speak it */
  in(version: TaxiiVersion): Probe {
    return new Probe({ ...this.#subject, version });
  }

  /** The address of a service. @throws Ending as not applicable when there is none */
  address(type: "COLLECTION_MANAGEMENT" | "INBOX" | "POLL"): string {
    const service = this.survey.services.find(({ serviceType }) => serviceType === type);
    if (service === undefined) throw new Ending("not applicable", `there is no ${type} service of TAXII ${this.version}`);
    return service.address;
  }

  /** The feed to poll. @throws Ending as not applicable when there is none */
  get feed(): Polled {
    const { feed } = this.survey;
    if (feed === undefined) throw new Ending("not applicable", "there is no feed that can be polled");
    return feed;
  }

  /** The name of some collection. */
  get anyCollection(): string {
    return this.survey.feed?.record.collectionName ?? this.survey.collections[0]?.collectionName ?? "contract-test";
  }

  /** The collection to write to. @throws Ending as not applicable when none was named */
  get target(): Target {
    const { target } = this.survey;
    if (target === undefined) throw new Ending("not applicable", "no collection to write to was named, or it is not there");
    return target;
  }

  /** Polls the feed. */
  poll(wishes: Partial<PollWishes> = {}, posting?: Posting): Promise<Reply> {
    const { record, address } = this.feed;
    return this.pollAt(address, { collection: record.collectionName, ...wishes }, posting);
  }

  /** Polls the feed, and expects content. */
  async fetchFeed(wishes: Partial<PollWishes> = {}): Promise<PollResponse> {
    return expectMessage(await this.poll(wishes), "PollResponse");
  }

  /** Polls the collection to write to, and expects content. */
  async fetchTarget(wishes: Partial<PollWishes> = {}): Promise<PollResponse> {
    const { record, polling } = this.target;
    applies(polling !== undefined, "the collection to write to cannot be polled");
    return expectMessage(await this.pollAt(polling, { collection: record.collectionName, ...wishes }), "PollResponse");
  }

  /** A binding the collection to write to takes. */
  get binding(): string {
    const { record, inbox } = this.target;
    const taken = record.receivingInboxServices.find(({ address }) => address === inbox)?.contentBindings ?? [];
    return (record.contentBindings[0] ?? taken[0])?.bindingId ?? "urn:example:contract-test";
  }

  /** A block for the collection to write to. Its text is its own. */
  block(rest: Partial<Block> = {}): Block {
    return { binding: this.binding, text: `contract test ${uniqueWord()}`, ...rest };
  }

  /** Sends blocks to the inbox of the collection to write to, and to no other unless `names` says so. */
  async push(blocks: readonly Block[], names?: readonly string[], source?: string): Promise<Reply> {
    const { record, inbox } = this.target;
    applies(inbox !== undefined, "the collection to write to has no inbox");
    return this.post(inbox, inboxMessage(names ?? [record.collectionName], blocks, source));
  }

  /** Sends an inbox message without blocks. */
  pushNothing(): Promise<Reply> {
    const { record, inbox } = this.target;
    applies(inbox !== undefined, "the collection to write to has no inbox");
    return this.post(inbox, emptyInboxMessage(this.version, record.collectionName));
  }

  /** Puts blocks into the collection to write to. @throws Ending when they are not taken */
  async put(...blocks: Block[]): Promise<void> {
    expectStatus(await this.push(blocks), "SUCCESS");
  }

  /** Sends a subscription request about the collection to write to. What comes to be is removed when the check is over. */
  async manage(action: string, wishes: Partial<SubscriptionWishes> = {}, account: "first" | "other" = "first"): Promise<Reply> {
    const { record, subscriptions } = this.target;
    applies(subscriptions !== undefined, "the collection to write to takes no subscriptions");
    const all = { collection: record.collectionName, action, ...wishes };
    const reply = await this.post(subscriptions, subscriptionRequest(this.version, all), { account });
    if (action === "SUBSCRIBE" && reply.message?.$type === "taxii11.SubscriptionManagementResponse") {
      for (const { subscriptionId: id } of reply.message.subscriptions)
        this.#subject.onSubscribed({ address: subscriptions, collection: all.collection, id, version: this.version, account });
    }
    return reply;
  }

  /** As {@link manage}, and expects one subscription. */
  async subscription(action: string, wishes: Partial<SubscriptionWishes> = {}): Promise<SubscriptionRecord> {
    const { subscriptions } = expectMessage(await this.manage(action, wishes), "SubscriptionManagementResponse");
    const [first] = subscriptions;
    if (first === undefined || subscriptions.length > 1)
      throw new Ending("broken", `expected one Subscription in answer to ${action}, found ${subscriptions.length}`);
    return first;
  }

  /** All subscriptions to the collection to write to. */
  async subscriptions(wishes: Partial<SubscriptionWishes> = {}): Promise<readonly SubscriptionRecord[]> {
    return expectMessage(await this.manage("STATUS", wishes), "SubscriptionManagementResponse").subscriptions;
  }
}

/** Ids and addresses in a sentence. */
export function listed(texts: readonly string[]): string {
  return texts.length === 0 ? "none" : texts.map(shown).join(", ");
}
