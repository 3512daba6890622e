/** What the commands of operators print: lines for people, or JSON for programs. */

import { type Command, Option } from "commander";
import type { Output } from "../output.js";
import { printableLine } from "../output.js";
import { jsonLine } from "../output-form.js";

/** The flag as commander gives it. */
export interface JsonFlag {
  readonly json?: boolean | undefined;
}

/** Adds `--json`. */
export function jsonOption(command: Command): Command {
  return command.addOption(new Option("--json", "one JSON object a line"));
}

/** A line or more about a thing: a title, and rows of what there is to know. */
export interface Entry {
  readonly title: string;
  /** Rows without text are left out. */
  readonly rows: readonly (readonly [label: string, value: string | undefined])[];
}

/** Prints things one after another as they come; says `none` on standard error when there are none. */
export async function printThings<T extends object>(
  things: Iterable<T> | AsyncIterable<T>,
  { json = false }: JsonFlag,
  entry: (thing: T) => Entry,
  none: string,
  output: Output,
): Promise<void> {
  let any = false;
  for await (const thing of things) {
    any = true;
    await output.out(json ? jsonLine(thing) : entryText(entry(thing)));
  }
  if (!any) output.err(`${none}\n`);
}

function entryText({ title, rows }: Entry): string {
  const lines = rows.flatMap(([label, value]) =>
    value === undefined || value === "" ? [] : [`  ${`${label}:`.padEnd(15)}${printableLine(value)}\n`],
  );
  return `${printableLine(title)}\n${lines.join("")}`;
}

/** Says what was done: a sentence for people, the thing as JSON for programs. */
export async function printDone(thing: object, { json = false }: JsonFlag, sentence: string, output: Output): Promise<void> {
  await output.out(json ? jsonLine(thing) : `${printableLine(sentence)}\n`);
}

/** A point in time as people and programs read it; undefined for none. */
export function isoTime(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}
