/** What the scripts that ask for content do with the answer: blocks to files, and a word on how to get the rest. */

import type { PollRequest as PollRequest10 } from "../../../generated/taxii10/index.js";
import type { PollFulfillment, PollRequest as PollRequest11 } from "../../../generated/taxii11/index.js";
import type { AnyMessage } from "../../message/exchanges.js";
import { StatusError } from "../../message/status-error.js";
import type { Environment } from "../environment.js";
import { exitCodes } from "../output.js";
import { addressOf, defaultPaths, quoted, shownAddress } from "./address.js";
import type { NamedReply } from "./block-names.js";
import { exchange, printerFor } from "./exchange.js";
import type { CommonFlags } from "./flags.js";
import type { Printer } from "./printing.js";
import { type FileFlags, SavedBlocks } from "./saved-blocks.js";

/** A request that is answered with content. */
export type ContentRequest = PollRequest10 | PollRequest11 | PollFulfillment;

/**
 * Sends a request for content, prints it and the reply, and writes the blocks to files as they arrive. What was written is
 * told at the end, also when the reply breaks off.
 *
 * @returns the exit code
 */
export async function receive(request: ContentRequest, flags: CommonFlags & FileFlags, environment: Environment): Promise<number> {
  const url = addressOf(flags, defaultPaths.data, environment);
  const printer = printerFor(flags, environment);
  const files = await SavedBlocks.open(flags, environment);
  let named: NamedReply = { collection: "", part: 1 };
  try {
    const reply = await exchange(request, url, flags, environment, {
      onReply: (message) => {
        named = namesIn(message);
      },
      onBlock: (block) => files.save(named, block),
    });
    await tellNextPart(reply, url, printer, environment);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.code === "PENDING" && "collectionName" in request) await tellLaterResult(error, request.collectionName, url, printer);
    // Some servers say so when there is nothing to send.
    if (error.code !== "SUCCESS") throw error;
    environment.output.err("warning: the server answers with a Status Message SUCCESS; taken as no content\n");
    return exitCodes.ok;
  } finally {
    await files.report(printer);
  }
}

function namesIn(message: AnyMessage): NamedReply {
  if (message.$type === "taxii10.PollResponse") return { collection: message.feedName, part: 1 };
  if (message.$type === "taxii11.PollResponse") return { collection: message.collectionName, part: message.resultPartNumber };
  throw new TypeError(`expected a Poll_Response, found ${message.$type}`);
}

async function tellNextPart(reply: AnyMessage, url: URL, printer: Printer, { output }: Environment): Promise<void> {
  if (reply.$type !== "taxii11.PollResponse" || !reply.more) return;
  const { collectionName, resultId, resultPartNumber } = reply;
  if (resultId === undefined) output.err("warning: the server announces more parts, but no result id to ask for them\n");
  else await tellCommand("There is more. The next part", collectionName, resultId, resultPartNumber + 1, url, printer);
}

/** A result that takes time can be fetched once it is there. */
async function tellLaterResult(error: StatusError, collection: string, url: URL, printer: Printer): Promise<void> {
  const [resultId] = error.details("RESULT_ID");
  if (resultId === undefined) return;
  const [wait = "?"] = error.details("ESTIMATED_WAIT");
  await tellCommand(
    `The result takes time, ${wait} seconds by the server's estimate. Its first part`,
    collection,
    resultId,
    1,
    url,
    printer,
  );
}

async function tellCommand(what: string, collection: string, resultId: string, part: number, url: URL, printer: Printer): Promise<void> {
  await printer.line(`${what} is what this command gets; add the flags for connection and files:`);
  const flags = { url: shownAddress(url), collection, "result-id": resultId, "result-part-number": String(part) };
  const words = Object.entries(flags).map(([name, value]) => ` --${name} ${quoted(value)}`);
  await printer.line(`  fulfillment_client${words.join("")}\n`);
}
