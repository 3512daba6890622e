/** `taxii discovery`: the services of a server. */

import type { Command } from "commander";
import { DiscoveryResponse, ServiceInstance } from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import { act } from "../arguments.js";
import { type ConnectionFlags, connectionOptions, openClient, urlArgument } from "../connection-options.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { serviceText } from "../listing.js";
import { exitCodes } from "../output.js";
import { type FormFlags, formOf, formOptions } from "../output-form.js";
import { printRecords, type RecordKind } from "../records.js";

type Flags = ConnectionFlags & FormFlags;

/** Adds `discovery`. */
export function addDiscovery(program: Command, environment: Environment): void {
  const command = urlArgument(program.command("discovery").description("List the services of a server."));
  formOptions(command, {
    json: "one JSON object a line for each service, with libtaxii's keys",
    xml: "a Discovery_Response of TAXII 1.1",
  });
  connectionOptions(command);
  addNotes(command, {
    examples: [
      "taxii discovery https://taxii.example.com/taxii-discovery-service",
      "taxii discovery --profile example --json | jq -r .service_address",
    ],
  });
  act(command, async (url: string | undefined, flags: Flags) => {
    const client = await openClient(flags, environment, url);
    await printRecords(await client.discover({ signal: environment.signal }), formOf(flags), services, environment.output);
    return exitCodes.ok;
  });
}

const services: RecordKind<ServiceInstance> = {
  shape: ServiceInstance,
  text: serviceText,
  message: (serviceInstances) => create(DiscoveryResponse, { inResponseTo: "0", serviceInstances }),
  none: "The server names no services.",
};
