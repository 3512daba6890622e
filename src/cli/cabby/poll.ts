/** `taxii-poll`: the content of a collection. */

import { Option } from "commander";
import { UsageError } from "../failure.js";
import { exitCodes } from "../output.js";
import { type BlockFlags, blockSink, blocksText, partText } from "./blocks.js";
import type { CabbyCommand } from "./command.js";
import { type CommonFlags, limitOption, type RangeFlags, rangeOf, rangeOptions } from "./flags.js";
import type { Session } from "./session.js";

interface PollFlags extends CommonFlags, BlockFlags, RangeFlags {
  readonly limit?: number | undefined;
  /** Separated by commas. */
  readonly bindings?: string | undefined;
  readonly subscription?: string | undefined;
  readonly countOnly?: true | undefined;
}

export const poll: CabbyCommand<PollFlags> = {
  description: "Poll the content of a collection.",
  options: [
    new Option("-c, --collection <name>", "collection to poll; required").makeOptionMandatory(),
    new Option("--dest-dir <folder>", "write each block to a file in this folder instead of printing it"),
    limitOption("stop behind this many blocks"),
    new Option("-r, --raw", "whole content blocks, not only their content; text, or XML with -x and in files"),
    ...rangeOptions(),
    new Option("-b, --bindings <list>", "only content in these bindings, separated by commas"),
    new Option("-s, --subscription <id>", "poll on behalf of this subscription"),
    new Option("--count-only", "print how many blocks there are"),
  ],
  example: "--discovery https://taxii.example.com/services/discovery -c indicators --begin 2024-01-01 --dest-dir blocks",
  async run(flags, session) {
    if (flags.limit === 0) return exitCodes.ok;
    return flags.countOnly === true ? printCount(flags, session) : pollBlocks(flags, session);
  },
};

async function pollBlocks(flags: PollFlags, session: Session): Promise<number> {
  const sink = await blockSink(flags, session);
  const content = session.client.poll(flags.collection, {
    ...selectionOf(flags, session),
    onPart: (part) => session.detail(partText(part)),
    onPending: (_status, delay) => session.note(`the server needs time; asking again in ${Math.ceil(delay / 1000)} seconds`),
  });
  let count = 0;
  try {
    for await (const block of content) {
      await sink(block);
      count++;
      if (count === flags.limit) break;
    }
  } finally {
    session.note(`${blocksText(count)} polled`);
  }
  return exitCodes.ok;
}

/** Prints the number alone, for scripts. */
async function printCount(flags: PollFlags, session: Session): Promise<number> {
  // A request with a subscription has no place to ask for a count.
  if (flags.subscription !== undefined) throw new UsageError("--count-only cannot be used together with --subscription");
  if (session.version === "1.0") throw new UsageError("--count-only cannot be used with TAXII 1.0, which counts nothing");
  const count = await session.client.count(flags.collection, selectionOf(flags, session));
  if (count === undefined) {
    session.note("the server does not say how many blocks there are");
    return exitCodes.refused;
  }
  if (count.partialCount) session.note("the count is partial: there are more");
  await session.environment.output.out(`${count.value}\n`);
  return exitCodes.ok;
}

function selectionOf({ begin, end, bindings, subscription }: PollFlags, { address, environment, note }: Session) {
  const contentBindings = (bindings ?? "").split(",").flatMap((binding) => (binding.trim() === "" ? [] : [binding.trim()]));
  if (subscription !== undefined && contentBindings.length > 0) note("--bindings has no effect: the bindings of the subscription hold");
  return {
    ...rangeOf({ begin, end }, environment),
    contentBindings: subscription === undefined ? contentBindings : undefined,
    subscriptionId: subscription,
    address,
    signal: environment.signal,
  };
}
