/** The inbox service: takes content in, all of a message or none of it (SVC-INBOX). */

import { type ContentBindingIdInit, InboxMessage, type StatusMessage } from "../../../generated/taxii11/index.js";
import type { MatchOptions } from "../../message/content-binding.js";
import { statusMessage } from "../../message/status-error.js";
import type { Arrival, Collection, DestinationRule, Label } from "../../storage/index.js";
import type { Context } from "../context.js";
import { handle } from "../handler.js";
import { type CollectionServiceOptions, defineService, type Service } from "../service.js";
import { type Step, step } from "../steps.js";
import { acceptContent, type ContentRules, checkBlocks, type Routing } from "./inbox-content.js";
import { resolveDestinations } from "./inbox-destinations.js";
import { type KeepMessages, type Saving, saveBlocks } from "./inbox-store.js";

export type { DestinationRule } from "../../storage/index.js";

/** A message and what became of it. */
export interface Saved extends Saving {
  /** The label of each arrival; undefined for one that was there already. */
  readonly labels: readonly (Label | undefined)[];
}

/** The steps of an inbox, in their order. */
export interface InboxSteps {
  /** Finds the collections a message may go to, and refuses those it may not. */
  readonly resolveDestinations: Step<InboxMessage, readonly Collection[]>;
  /** Sorts blocks into collections, and refuses or leaves out what is not taken. */
  readonly acceptContent: Step<Routing, readonly Arrival[]>;
  /** Stores what was accepted. */
  readonly saveBlocks: Step<Saving, Saved["labels"]>;
  readonly buildReply: Step<Saved, StatusMessage>;
}

export interface InboxOptions extends CollectionServiceOptions {
  /**
   * Whether destinations are named. Where none is, content goes to every collection of the inbox that takes its binding and that
   * the sender may write to. Default: `optional`.
   */
  readonly destination?: DestinationRule | undefined;
  /** Content the inbox takes. Default: any that the destination takes. */
  readonly contentBindings?: readonly ContentBindingIdInit[] | undefined;
  /**
   * What is done about a block in a binding that is not taken: the message is refused, or the block is left out, also when none is
   * left (SVC-INBOX-005, SVC-INBOX-014). Default: `refuse`.
   */
  readonly unacceptable?: "refuse" | "skip" | undefined;
  /** Whether a block is left out for a collection that has it already: equal binding, subtype and content. Default: `keep`. */
  readonly duplicates?: "keep" | "drop" | undefined;
  /**
   * What is kept of messages beside their content: `none`; `receipt`, who sent what and when; `raw`, the document as well.
   * Default: `receipt`.
   */
  readonly keepMessages?: KeepMessages | undefined;
  /** Whether signature and remark of a block, which tell where it comes from, are passed on (SIG-MSG-008). Default: `keep`. */
  readonly provenance?: "keep" | "strip" | undefined;
  /** Content blocks in a message; more are refused with `DENIED`. Default: 100,000. */
  readonly maxBlocks?: number | undefined;
  /** Characters of content in a block; a message with more is refused with `DENIED`. Default: what fits into a request. */
  readonly maxBlockSize?: number | undefined;
  /** What the specification leaves open about matching. Default: as `coversBinding` has it. */
  readonly matching?: MatchOptions | undefined;
  /** Steps in place of the built-in ones. */
  readonly steps?: Partial<InboxSteps> | undefined;
}

/**
 * An inbox service.
 *
 * @throws TypeError as `defineService` does, or when a limit is no number
 */
export function inbox(options: InboxOptions): Service {
  const { destination = "optional", duplicates = "keep", keepMessages = "receipt", steps = {} } = options;
  const rules = rulesOf(options);
  const resolve = step((message: InboxMessage, context) => resolveDestinations(message, context, destination), steps.resolveDestinations);
  const accept = step((routing: Routing, context) => acceptContent(routing, context, rules), steps.acceptContent);
  const save = step((saving: Saving, context) => saveBlocks(saving, context, { duplicates, keepMessages }), steps.saveBlocks);
  const reply = step(({ message }: Saved) => statusMessage("SUCCESS", { inResponseTo: message.messageId }), steps.buildReply);
  return defineService(options, {
    type: "INBOX",
    contentBindings: options.contentBindings,
    handlers: [
      handle(InboxMessage, async (message, context) => {
        checkBlocks(message, rules);
        const destinations = await resolve(message, context);
        const arrivals = await accept({ message, destinations }, context);
        const saved: Saved = { message, arrivals, labels: await save({ message, arrivals }, context) };
        tell(saved, context);
        return reply(saved, context);
      }),
    ],
  });
}

function rulesOf({ unacceptable, provenance, maxBlocks, maxBlockSize, matching }: InboxOptions): ContentRules {
  for (const [name, value] of Object.entries({ maxBlocks, maxBlockSize })) {
    if (value !== undefined && !(value >= 0)) throw new TypeError(`${name} of an inbox has to be a number from 0, found ${value}`);
  }
  return {
    unacceptable: unacceptable ?? "refuse",
    provenance: provenance ?? "keep",
    maxBlocks: maxBlocks ?? 100_000,
    maxBlockSize: maxBlockSize ?? Number.POSITIVE_INFINITY,
    matching: matching ?? {},
  };
}

function tell({ message, arrivals, labels }: Saved, { emit, requestId, account, service }: Context): void {
  const stored = labels.filter((label) => label !== undefined);
  if (stored.length === 0) return;
  const collections = new Set<string>();
  for (const [index, arrival] of arrivals.entries()) {
    if (labels[index] !== undefined) for (const name of arrival.collections) collections.add(name);
  }
  emit("contentStored", { requestId, account, service, message, collections: [...collections], labels: stored });
}
