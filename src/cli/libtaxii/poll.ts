/** The scripts that ask for content: poll_client, poll_client_10, fulfillment_client. */

import { Option } from "commander";
import { PollRequest as PollRequest10 } from "../../../generated/taxii10/index.js";
import { PollFulfillment, PollRequest as PollRequest11 } from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import type { Timestamp } from "../../message/timestamp.js";
import { wholeNumber } from "../arguments.js";
import type { Environment } from "../environment.js";
import { timestampFrom } from "../timestamps.js";
import type { CommonFlags, Script } from "./flags.js";
import { receive } from "./receiving.js";
import { type FileFlags, fileOptions } from "./saved-blocks.js";

/** What the flags about the range of a poll give. */
interface RangeFlags {
  readonly beginTimestamp?: string | undefined;
  readonly endTimestamp?: string | undefined;
  readonly subscriptionId?: string | undefined;
}

/** What the flags of poll_client give. */
export interface PollFlags extends CommonFlags, FileFlags, RangeFlags {
  readonly collection: string;
}

function rangeOptions(): Option[] {
  return [
    new Option("--begin-timestamp <timestamp>", "only content labelled later than this; default: from the first"),
    new Option("--end-timestamp <timestamp>", "only content labelled up to this; default: to the last"),
    new Option("--subscription-id <id>", "poll on behalf of this subscription"),
  ];
}

const collectionOption = (): Option => new Option("--collection <name>", "the collection").default("default");

/** The flags of poll_client beside the common ones. */
export function pollOptions(): Option[] {
  return [collectionOption(), ...rangeOptions(), ...fileOptions()];
}

/** The range the flags name. @throws UsageError for what is no timestamp */
export function rangeFrom(
  { beginTimestamp: begin, endTimestamp: end }: RangeFlags,
  environment: Environment,
): { readonly exclusiveBeginTimestamp?: Timestamp | undefined; readonly inclusiveEndTimestamp?: Timestamp | undefined } {
  return {
    exclusiveBeginTimestamp: begin === undefined ? undefined : timestampFrom(begin, "--begin-timestamp", environment),
    inclusiveEndTimestamp: end === undefined ? undefined : timestampFrom(end, "--end-timestamp", environment),
  };
}

export const pollClient: Script<PollFlags> = {
  description: "Poll a collection of a TAXII 1.1 service; the content goes to files.",
  options: pollOptions(),
  example: "-u https://taxii.example.com/poll --collection indicators --dest-dir blocks",
  run(flags, environment) {
    const { collection: collectionName, subscriptionId } = flags;
    const parameters = subscriptionId === undefined ? { pollParameters: {} } : { subscriptionId };
    return receive(create(PollRequest11, { collectionName, ...rangeFrom(flags, environment), ...parameters }), flags, environment);
  },
};

interface PollFlags10 extends CommonFlags, FileFlags, RangeFlags {
  readonly feed: string;
}

export const pollClient10: Script<PollFlags10> = {
  description: "Poll a feed of a TAXII 1.0 service; the content goes to files.",
  options: [new Option("--feed <name>", "the feed").default("default"), ...rangeOptions(), ...fileOptions()],
  example: "-u https://taxii.example.com/poll --feed indicators --dest-dir blocks",
  run(flags, environment) {
    const { feed: feedName, subscriptionId } = flags;
    return receive(create(PollRequest10, { feedName, subscriptionId, ...rangeFrom(flags, environment) }), flags, environment);
  },
};

interface FulfillmentFlags extends CommonFlags, FileFlags {
  readonly collection: string;
  readonly resultId: string;
  readonly resultPartNumber: number;
}

export const fulfillmentClient: Script<FulfillmentFlags> = {
  description: "Get a part of a result that a TAXII 1.1 service announced to a poll; the content goes to files.",
  options: [
    collectionOption(),
    new Option("--result-id <id>", "the result").makeOptionMandatory(),
    new Option("--result-part-number <number>", "the part").argParser(wholeNumber(1)).default(1),
    ...fileOptions(),
  ],
  example: "-u https://taxii.example.com/poll --collection indicators --result-id 42 --result-part-number 2",
  run(flags, environment) {
    const { collection: collectionName, resultId, resultPartNumber } = flags;
    return receive(create(PollFulfillment, { collectionName, resultId, resultPartNumber }), flags, environment);
  },
};
