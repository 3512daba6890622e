/** `taxii doctor`: what is well with a server, what is not, and what to do. */

import type { Command } from "commander";
import { act } from "../arguments.js";
import { type ConnectionFlags, connectionOf, connectionOptions, urlArgument } from "../connection-options.js";
import { examine } from "../doctor/doctor.js";
import type { Question } from "../doctor/examination.js";
import { exitCodeOfFindings, type Finding, findingJson, findingText } from "../doctor/finding.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";

interface Flags extends ConnectionFlags, Question {
  readonly json?: boolean | undefined;
}

const notes = `
Walks from the address to the content: URL, proxy, DNS, TCP, TLS and certificates, HTTP, authentication, versions, discovery,
advertised addresses, collections, one poll, clocks, and deviations from the specification. Each step is ok, warning,
failed or skipped; below it stand the reasons, and behind > what to do about them.

Requests only ask: nothing is changed at the server, and no secret is shown.`;

/** Adds `doctor`. */
export function addDoctor(program: Command, environment: Environment): void {
  const command = urlArgument(program.command("doctor").description("Explain step by step what works with a server and what does not."));
  command
    .option("-c, --collection <name>", "collection to poll; default: the first one that is available")
    .option("-s, --subscription <id>", "poll on behalf of this subscription")
    .option("--address <url>", "where to poll, instead of what discovery and the collection say")
    .option("--json", "one JSON object a line for each step");
  connectionOptions(command);
  addNotes(command, {
    notes,
    exitCodes: {
      0: "all is well; there may be warnings",
      1: "the server refuses something",
      2: "the command line, the configuration or the address is wrong",
      3: "no connection, no TLS, or no answer in time",
      4: "an answer that cannot be read",
      130: "interrupted with Ctrl-C",
    },
    examples: [
      "taxii doctor https://taxii.example.com/taxii-discovery-service",
      "taxii doctor --profile example --collection indicators",
      "taxii doctor --profile example --json | jq -c 'select(.outcome != \"ok\")'",
    ],
  });
  act(command, async (url: string | undefined, flags: Flags) => {
    const connection = await connectionOf(flags, environment, url);
    const print = flags.json === true ? findingJson : findingText;
    const findings: Finding[] = [];
    for await (const finding of examine(connection, flags, environment)) {
      findings.push(finding);
      await environment.output.out(print(finding, environment));
    }
    return exitCodeOfFindings(findings);
  });
}
