/** Command lines as argparse reads them, for programs whose namesakes are written in Python: put into the form commander reads. */

import type { Command, Option } from "commander";
import { runCommand } from "./arguments.js";
import type { Environment } from "./environment.js";
import { reportFailure, UsageError } from "./failure.js";

/**
 * Runs a command on arguments as argparse takes them; see {@link expandAbbreviations}.
 *
 * @returns the exit code
 */
export async function runLikeArgparse(command: Command, args: readonly string[], environment: Environment): Promise<number> {
  let expanded: readonly string[];
  try {
    expanded = expandAbbreviations(command, args);
  } catch (error) {
    return reportFailure(command.name(), error, environment);
  }
  return runCommand(command, expanded, environment);
}

/**
 * Spells out what argparse lets people shorten. Long options may be cut to a beginning that no other has (`--coll` for
 * `--collection`); short ones may stand together (`-xv`) and have their value behind them, with or without `=` (`-cfeed`,
 * `-c=feed`). In the result each option has its full name and its value in the same argument (`--collection=feed`). What the
 * command does not know is left for commander to refuse, without its value, which might be a password.
 *
 * @throws UsageError for beginnings of several options, and for values that are missing or not allowed
 */
export function expandAbbreviations(command: Command, args: readonly string[]): string[] {
  // The option for help is none of the command's own.
  const known = [...new Set([...command.options, ...command.createHelp().visibleOptions(command)])];
  const expanded: string[] = [];
  const waiting = [...args];
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    if (arg === "--") return [...expanded, arg, ...waiting];
    if (arg.startsWith("--")) expanded.push(...expandLong(arg, known, waiting));
    else if (arg.startsWith("-") && arg !== "-") expanded.push(...expandShort(arg, known, waiting));
    else expanded.push(arg);
  }
  return expanded;
}

function expandLong(arg: string, known: readonly Option[], waiting: string[]): string[] {
  const [name, value] = splitAtEquals(arg);
  const option = findLong(name, known);
  return option === undefined ? [name] : withValue(option, value, known, waiting);
}

/** @throws UsageError when several options begin with `name` */
function findLong(name: string, known: readonly Option[]): Option | undefined {
  const exact = known.find(({ long }) => long === name);
  if (exact !== undefined) return exact;
  const candidates = known.filter(({ long }) => long?.startsWith(name));
  if (candidates.length > 1) {
    const names = candidates.map(({ long }) => long).join(", ");
    throw new UsageError(`${name} is ambiguous: it could be any of ${names}`);
  }
  return candidates[0];
}

/** The options of an argument with one dash: several without values, the last one perhaps with a value. */
function expandShort(arg: string, known: readonly Option[], waiting: string[]): string[] {
  const expanded: string[] = [];
  let rest = arg.slice(1);
  while (rest !== "") {
    const flag = `-${rest[0] ?? ""}`;
    rest = rest.slice(1);
    const option = known.find(({ short }) => short === flag);
    if (option === undefined) return [...expanded, flag];
    const hasValue = rest.startsWith("=") || (option.required && rest !== "");
    expanded.push(...withValue(option, hasValue ? rest.replace(/^=/, "") : undefined, known, waiting));
    if (hasValue) break;
  }
  return expanded;
}

/** An option in full, with the value given to it or else the argument behind it, which is then used up. */
function withValue(option: Option, explicit: string | undefined, known: readonly Option[], waiting: string[]): string[] {
  const name = option.long ?? option.short ?? "";
  if (!option.required) {
    if (explicit !== undefined) throw new UsageError(`${name} takes no value, but was given one`);
    return [name];
  }
  const value = explicit ?? valueBehind(name, known, waiting);
  if (value === undefined) return [name];
  return option.long === undefined ? [name, value] : [`${name}=${value}`];
}

/** @throws UsageError when an option stands where the value should */
function valueBehind(name: string, known: readonly Option[], waiting: string[]): string | undefined {
  const next = waiting[0];
  const [flag] = splitAtEquals(next ?? "");
  if (known.some(({ long, short }) => flag === long || flag === short))
    throw new UsageError(`${name} needs a value, but ${flag} follows; a value that begins with a dash is given as ${name}=VALUE`);
  return waiting.shift();
}

function splitAtEquals(arg: string): [name: string, value: string | undefined] {
  const at = arg.indexOf("=");
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)];
}
