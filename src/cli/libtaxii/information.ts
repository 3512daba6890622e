/** The scripts that only ask what there is: discovery_client, collection_information_client, and those of TAXII 1.0. */

import { DiscoveryRequest as DiscoveryRequest10, FeedInformationRequest } from "../../../generated/taxii10/index.js";
import { CollectionInformationRequest, DiscoveryRequest as DiscoveryRequest11 } from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import type { AnyRequest } from "../../message/exchanges.js";
import { exitCodes } from "../output.js";
import { addressOf, defaultPaths } from "./address.js";
import { exchange } from "./exchange.js";
import type { Script } from "./flags.js";

function asking(description: string, path: keyof typeof defaultPaths, request: () => AnyRequest): Script {
  return {
    description,
    example: `-u https://taxii.example.com/${path === "discovery" ? "discovery" : "collections"}`,
    async run(flags, environment) {
      await exchange(request(), addressOf(flags, defaultPaths[path], environment), flags, environment);
      return exitCodes.ok;
    },
  };
}

export const discoveryClient = asking("Ask a TAXII 1.1 discovery service for its services.", "discovery", () =>
  create(DiscoveryRequest11, {}),
);

export const discoveryClient10 = asking("Ask a TAXII 1.0 discovery service for its services.", "discovery", () =>
  create(DiscoveryRequest10, {}),
);

export const collectionInformationClient = asking("Ask a TAXII 1.1 collection management service for its collections.", "data", () =>
  create(CollectionInformationRequest, {}),
);

export const feedInformationClient10 = asking("Ask a TAXII 1.0 feed management service for its feeds.", "data", () =>
  create(FeedInformationRequest, {}),
);
