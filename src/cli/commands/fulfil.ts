/** `taxii fulfil`: a result that was announced before. */

import type { Command } from "commander";
import { act, wholeNumber } from "../arguments.js";
import {
  type AddressFlags,
  addressOption,
  type ConnectionFlags,
  connectionOptions,
  openClient,
  urlArgument,
} from "../connection-options.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";
import { Reception, type ReceptionFlags, receptionOptions } from "../poll/reception.js";

interface Flags extends ConnectionFlags, AddressFlags, ReceptionFlags {
  readonly result: string;
  readonly part?: number | undefined;
}

/** Adds `fulfil`. */
export function addFulfil(program: Command, environment: Environment): void {
  const command = urlArgument(
    program.command("fulfil").alias("fulfill").description("Fetch a result that a poll was promised, or the rest of one (TAXII 1.1)."),
  );
  command
    .requiredOption("-c, --collection <name>", "name of the collection that was polled")
    .requiredOption("-r, --result <id>", "id of the result")
    .option("--part <number>", "part to begin with; default: 1", wholeNumber(1));
  connectionOptions(addressOption(receptionOptions(command)));
  addNotes(command, {
    examples: ["taxii fulfil https://taxii.example.com/discovery --collection indicators --result urn:uuid:91f2 --part 3"],
  });
  act(command, async (url: string | undefined, flags: Flags) => {
    const { signal } = environment;
    const { collection, result, part, address } = flags;
    const reception = new Reception(flags, environment);
    const client = await openClient(flags, environment, url);
    const { onPart, onPending } = reception;
    await reception.receive(client.fulfil(collection, result, { part, signal, address, onPart, onPending }));
    return exitCodes.ok;
  });
}
