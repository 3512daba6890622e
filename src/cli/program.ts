/** The program `taxii`: its commands and their flags. */

import { readFileSync } from "node:fs";
import { Argument, Command, CommanderError, Option } from "commander";
import { convertFile, type Form, forms } from "./commands/convert.js";
import { serve } from "./commands/serve.js";
import { type ValidateCommandOptions, validateFiles } from "./commands/validate.js";
import { exitCodes, type Output, printable, processOutput, reasonOf } from "./output.js";

/** Runs the program with `args` (without `node` and script). Resolves to the exit code; `serve` resolves when it is stopped. */
export async function run(args: readonly string[], output: Output = processOutput): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = build(output, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    output.err(`taxii: ${reasonOf(error)}\n`);
    return exitCodes.badData;
  }
}

function build(output: Output, exit: (code: number) => void): Command {
  const program = new Command("taxii")
    .description("TAXII 1.0, 1.1 and Default Query on the command line.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.err(printableLines(text)) });
  program
    .command("validate")
    .description("Check TAXII messages against the schema and the rules of the specification.")
    .addArgument(new Argument("<files...>", "XML documents; - is standard input"))
    .option("--json", "one JSON object a line instead of text")
    .option("--all", "a line for every problem and warning, not just for the first problem of a file")
    .option("--schema-only", "ask the XML Schema only, not the rules")
    .addHelpText("after", validateHelp)
    .action((files: string[], options: ValidateCommandOptions) => exit(validateFiles(files, options, output)));
  program
    .command("convert")
    .description("Convert a TAXII message between XML and libtaxii's JSON, or to text.")
    .addArgument(new Argument("<file>", "XML or JSON; - is standard input"))
    .addOption(new Option("--to <form>", "what to write").choices([...forms]).makeOptionMandatory())
    .option("--pretty", "indent the output")
    .addHelpText("after", convertHelp)
    .action((file: string, options: { to: Form; pretty?: boolean }) => exit(convertFile(file, options, output)));
  program
    .command("serve")
    .description("Run a TAXII server.")
    .requiredOption("--config <file>", "configuration, JSON; see samples/taxii.json")
    .option("--port <number>", "port to listen on instead of the configured one; 0 takes a free one")
    .addHelpText("after", serveHelp)
    .action(async (options: { config: string; port?: string }) => exit(await serve(options, output)));
  return program;
}

const validateHelp = `
Prints a line a file: FILE: ok VERSION MESSAGE, or FILE:LINE:COLUMN: CODE REASON.
Exit codes: 0 all files are well, 1 some are not, 2 wrong usage.

Examples:
  taxii validate poll-response.xml
  taxii validate --json *.xml
  curl … | taxii validate -`;

const convertHelp = `
Exit codes: 0 converted, 1 the input cannot be read or written in that form, 2 wrong usage.

Examples:
  taxii convert --to json poll-response.xml
  taxii convert --to xml --pretty message.json`;

const serveHelp = `
Serves until SIGINT or SIGTERM.

Example:
  taxii serve --config samples/taxii.json`;

function packageVersion(): string {
  // The file lies two folders up from the sources, three from the built program.
  for (const path of ["../../package.json", "../../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { name?: string; version?: string };
      if (name === "taxii" && version !== undefined) return version;
    } catch {
      // The next place may have it.
    }
  }
  return "unknown";
}

function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
