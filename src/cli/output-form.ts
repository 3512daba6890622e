/** The form of a command's output: text for people, JSON for programs, XML as TAXII has it. */

import { type Command, Option } from "commander";
import type { MessageForm } from "./message-text.js";

/** The flags as commander gives them. */
export interface FormFlags {
  readonly json?: boolean | undefined;
  readonly xml?: boolean | undefined;
}

/** Adds `--json` and `--xml`, which exclude each other. */
export function formOptions(command: Command, what: { readonly json: string; readonly xml: string }): Command {
  return command.addOption(new Option("--json", what.json).conflicts("xml")).addOption(new Option("--xml", what.xml).conflicts("json"));
}

/** The form that was asked for; `text` when none was. */
export function formOf({ json = false, xml = false }: FormFlags): MessageForm {
  return json ? "json" : xml ? "xml" : "text";
}

/** A value as a line of JSON. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
