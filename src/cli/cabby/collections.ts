/** `taxii-collections`: the collections of a server, or its feeds. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { protocolOf, versionOfBinding } from "../../http/headers.js";
import { TransportError } from "../../http/transport-error.js";
import { create } from "../../message/create.js";
import { reportFailure } from "../failure.js";
import { exitCodes } from "../output.js";
import type { CabbyCommand } from "./command.js";
import { printParts } from "./print.js";
import type { Session } from "./session.js";

export const collections: CabbyCommand = {
  description: "List the collections of a TAXII server, or its feeds in TAXII 1.0.",
  example: "--discovery https://taxii.example.com/services/discovery",
  async run(_flags, session) {
    const addresses = session.address === undefined ? await managingServices(session) : [session.address];
    const codes: number[] = [];
    for (const address of addresses) {
      try {
        await printCollections(address, session);
      } catch (error) {
        // The other services may still answer; a sole one fails as a whole.
        if (addresses.length === 1 || session.environment.signal.aborted) throw error;
        codes.push(reportFailure(session.program, error, session.environment));
      }
    }
    return codes[0] ?? exitCodes.ok;
  },
};

async function printCollections(address: string, session: Session): Promise<void> {
  const options = { address, signal: session.environment.signal };
  session.detail(`asking ${address}`);
  if (session.version === "1.0") {
    const { feeds } = await session.client.send(create(taxii10.FeedInformationRequest, {}), options);
    await printParts(taxii10.FeedRecord, feeds, session);
  } else {
    const reply = await session.client.send(create(taxii11.CollectionInformationRequest, {}), options);
    await printParts(taxii11.CollectionRecord, reply.collections, session);
  }
}

/** Every service that lists collections and speaks the version, each once. @throws TransportError `NO_SERVICE` when there is none */
async function managingServices({ client, version, environment }: Session): Promise<readonly string[]> {
  const instances = await client.discover({ signal: environment.signal });
  const addresses = instances
    .filter(({ serviceType }) => serviceType === "COLLECTION_MANAGEMENT")
    .filter(({ messageBindings }) => messageBindings.some((binding) => versionOfBinding(binding.trim().toLowerCase()) === version))
    .flatMap(({ address }) => (URL.canParse(address, client.url) ? [new URL(address, client.url).href] : []))
    .filter((address) => protocolOf(address) !== undefined);
  if (addresses.length === 0)
    throw new TransportError("NO_SERVICE", `the discovery service lists no service for collections that speaks TAXII ${version}`);
  return [...new Set(addresses)];
}
