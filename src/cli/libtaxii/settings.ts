/** `--from-file`: options from an ini file, in the place of the flag that names it. */

import { type Command, InvalidArgumentError } from "commander";
import type { Environment } from "../environment.js";
import { fileErrorText, UsageError } from "../failure.js";
import { fromFile } from "./flags.js";
import { type IniOption, readIniSection } from "./ini.js";

const section = "libtaxii";

/**
 * Puts the options of each file where the file is named, so that they override what stands before and are overridden by what
 * stands behind. Options have the names of the long flags. Those a script does not have are passed over: scripts share files.
 * Flags without value are switched on by being there, whatever their value says.
 *
 * @param args in full; see `expandAbbreviations`
 * @throws UsageError for a file that cannot be read or used, with the line where there is one
 */
export async function includeFiles(command: Command, args: readonly string[], environment: Environment): Promise<string[]> {
  const included: string[] = [];
  for (const arg of args) {
    if (arg.startsWith(`${fromFile}=`)) included.push(...(await argumentsIn(arg.slice(fromFile.length + 1), command, environment)));
    else included.push(arg);
  }
  return included;
}

async function argumentsIn(file: string, command: Command, environment: Environment): Promise<string[]> {
  const options = readIniSection(await readText(file, environment), section, file);
  return options.flatMap((option) => argumentsOf(option, command, file));
}

async function readText(file: string, environment: Environment): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await environment.readInput(file);
  } catch (error) {
    throw new UsageError(`${fromFile} cannot be read: ${fileErrorText(error)}`, { cause: error });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`${file}: expected text in UTF-8`, { cause: error });
  }
}

function argumentsOf({ name, value, line }: IniOption, command: Command, file: string): string[] {
  const flag = `--${name}`;
  if (flag === fromFile) throw new UsageError(`${file}:${line}: a file cannot name another one with ${name}`);
  const option = command.options.find(({ long }) => long === flag);
  if (option === undefined) return [];
  if (!option.required) return [flag];
  try {
    option.parseArg?.(value, undefined);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new UsageError(`${file}:${line}: ${name}: ${error.message}`, { cause: error });
    throw error;
  }
  return [`${flag}=${value}`];
}
