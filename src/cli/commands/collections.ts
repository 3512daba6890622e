/** `taxii collections`: the collections of a server. */

import type { Command } from "commander";
import { CollectionInformationResponse, CollectionRecord } from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import { act } from "../arguments.js";
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
import { collectionText } from "../listing.js";
import { exitCodes } from "../output.js";
import { type FormFlags, formOf, formOptions } from "../output-form.js";
import { printRecords, type RecordKind } from "../records.js";

type Flags = ConnectionFlags & FormFlags & AddressFlags;

/** Adds `collections`. */
export function addCollections(program: Command, environment: Environment): void {
  const command = urlArgument(program.command("collections").description("List the collections of a server; in TAXII 1.0, its feeds."));
  formOptions(command, {
    json: "one JSON object a line for each collection, with libtaxii's keys",
    xml: "a Collection_Information_Response of TAXII 1.1",
  });
  connectionOptions(addressOption(command));
  addNotes(command, {
    examples: [
      "taxii collections https://taxii.example.com/taxii-discovery-service",
      "taxii collections --profile example --json | jq -r .collection_name",
    ],
  });
  act(command, async (url: string | undefined, flags: Flags) => {
    const { signal, output } = environment;
    const client = await openClient(flags, environment, url);
    await printRecords(await client.collections({ signal, address: flags.address }), formOf(flags), collections, output);
    return exitCodes.ok;
  });
}

const collections: RecordKind<CollectionRecord> = {
  shape: CollectionRecord,
  text: collectionText,
  message: (records) => create(CollectionInformationResponse, { inResponseTo: "0", collections: records }),
  none: "The server names no collections.",
};
