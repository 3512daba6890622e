/** `taxii-discovery`: the services of a server. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import { exitCodes } from "../output.js";
import type { CabbyCommand } from "./command.js";
import { printParts } from "./print.js";

export const discovery: CabbyCommand = {
  description: "List the services of a TAXII server.",
  example: "--host taxii.example.com --https --path /services/discovery",
  async run(_flags, session) {
    const { client, version, address, environment } = session;
    const options = { address, signal: environment.signal };
    if (version === "1.0") {
      const { serviceInstances } = await client.send(create(taxii10.DiscoveryRequest, {}), options);
      await printParts(taxii10.ServiceInstance, serviceInstances, session);
    } else {
      const { serviceInstances } = await client.send(create(taxii11.DiscoveryRequest, {}), options);
      await printParts(taxii11.ServiceInstance, serviceInstances, session);
    }
    return exitCodes.ok;
  },
};
