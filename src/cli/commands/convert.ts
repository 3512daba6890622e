/** `taxii convert`: a message from XML or JSON to XML, JSON or text. */

import { Argument, type Command, Option } from "commander";
import { fromXml } from "../../codec/xml.js";
import { fromJson } from "../../message/forms.js";
import { act } from "../arguments.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { anyMessage, type MessageForm, messageForms, messageIn } from "../message-text.js";
import { exitCodes, printable, reasonOf } from "../output.js";

interface ConvertCommandOptions {
  readonly to: MessageForm;
  readonly pretty?: boolean;
}

/** Adds `convert`. */
export function addConvert(program: Command, environment: Environment): void {
  const command = program
    .command("convert")
    .description("Convert a TAXII message between XML and libtaxii's JSON, or to text.")
    .addArgument(new Argument("<file>", "XML or JSON; - is standard input"))
    .addOption(new Option("--to <form>", "what to write").choices([...messageForms]).makeOptionMandatory())
    .option("--pretty", "indent the output");
  addNotes(command, {
    exitCodes: { 0: "converted", 2: "the command line is wrong", 4: "the input cannot be read, or not be written in that form" },
    examples: ["taxii convert --to json poll-response.xml", "taxii convert --to xml --pretty message.json"],
  });
  act(command, (file: string, options: ConvertCommandOptions) => convertFile(file, options, environment));
}

/** Converts one file. Nothing is written to standard output unless all went well. */
async function convertFile(file: string, { to, pretty }: ConvertCommandOptions, { readInput, output }: Environment): Promise<number> {
  let text: string;
  try {
    const bytes = await readInput(file);
    text = messageIn(to, isJson(bytes) ? fromJson(anyMessage, bytes) : fromXml(anyMessage, bytes), pretty);
  } catch (error) {
    output.err(`${printable(file)}: ${codeOf(error)}${reasonOf(error)}\n`);
    return exitCodes.badData;
  }
  await output.out(text);
  return exitCodes.ok;
}

/** JSON begins with a brace, XML never does. */
function isJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => ![0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d].includes(byte));
  return first === 0x7b;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? `${error.code} ` : "";
}
