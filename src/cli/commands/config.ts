/** `taxii config`: is a configuration right, and what does it come to? */

import type { Command } from "commander";
import { stringify } from "yaml";
import { act } from "../arguments.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes, printable } from "../output.js";
import { masked } from "../server/config/masked.js";
import { readServerConfig } from "../server/config/read.js";
import { dangersOf } from "../server/config/safety.js";

const configExitCodes = { 0: "it is right", 2: "it is wrong, or not safe; each place is named" } as const;

/** Adds `config` with its commands. */
export function addConfig(program: Command, environment: Environment): void {
  const group = program.command("config").description("Configurations of servers: are they right, and what do they come to?");
  addNotes(group, { exitCodes: configExitCodes, examples: ["taxii config check taxii.yaml", "taxii config show taxii.yaml"] });
  addCheck(group, environment);
  addShow(group, environment);
}

function addCheck(group: Command, environment: Environment): void {
  const command = group
    .command("check")
    .description("Check a configuration, with what the environment adds to it.")
    .argument("<file>", "configuration, YAML or JSON; - is standard input");
  addNotes(command, { exitCodes: configExitCodes, examples: ["taxii config check taxii.yaml"] });
  act(command, async (file: string) => {
    const dangers = dangersOf(await readServerConfig(file, environment));
    if (dangers.length > 0) throw new UsageError(dangers.map((danger) => `${file}: ${danger}`).join("\n"));
    await environment.output.out("OK\n");
    return exitCodes.ok;
  });
}

function addShow(group: Command, environment: Environment): void {
  const command = group
    .command("show")
    .description("Show what a configuration comes to, with defaults and environment; secrets are masked.")
    .argument("<file>", "configuration, YAML or JSON; - is standard input")
    .option("--json", "JSON instead of YAML");
  addNotes(command, { exitCodes: configExitCodes, examples: ["taxii config show taxii.yaml"] });
  act(command, async (file: string, { json = false }: { readonly json?: boolean }) => {
    const shown = masked(await readServerConfig(file, environment));
    await environment.output.out(json ? `${JSON.stringify(shown, undefined, 2)}\n` : printable(stringify(shown)));
    return exitCodes.ok;
  });
}
