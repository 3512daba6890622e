/** `taxii validate`: one line a file, or one JSON object a line. */

import { Argument, type Command } from "commander";
import { type DocumentIssue, validateXml, type XmlVerdict } from "../../message/validate-xml.js";
import { act } from "../arguments.js";
import type { Environment } from "../environment.js";
import { fileErrorText } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes, printable } from "../output.js";

interface ValidateCommandOptions {
  readonly json?: boolean;
  readonly schemaOnly?: boolean;
  /** Whether every problem and warning gets a line, not just the first problem of a file. */
  readonly all?: boolean;
}

/** Adds `validate`. */
export function addValidate(program: Command, environment: Environment): void {
  const command = program
    .command("validate")
    .description("Check TAXII messages against the schema and the rules of the specification.")
    .addArgument(new Argument("<files...>", "XML documents; - is standard input"))
    .option("--json", "one JSON object a line instead of text")
    .option("--all", "a line for every problem and warning, not just for the first problem of a file")
    .option("--schema-only", "ask the XML Schema only, not the rules");
  addNotes(command, {
    notes: "Prints a line a file: FILE: ok VERSION MESSAGE, or FILE:LINE:COLUMN: CODE REASON.",
    exitCodes: { 0: "all files are well", 1: "some are not, or cannot be read", 2: "the command line is wrong" },
    examples: ["taxii validate poll-response.xml", "taxii validate --json *.xml", "curl … | taxii validate -"],
  });
  act(command, (files: string[], options: ValidateCommandOptions) => validateFiles(files, options, environment));
}

/** Judges each file; the exit code says whether all are well. */
async function validateFiles(files: readonly string[], options: ValidateCommandOptions, environment: Environment): Promise<number> {
  let allWell = true;
  for (const file of files) {
    const verdict = await judge(file, options, environment);
    allWell &&= verdict.ok;
    await environment.output.out(options.json === true ? jsonLine(file, verdict) : textLines(file, verdict, options.all ?? false));
  }
  return allWell ? exitCodes.ok : exitCodes.notOk;
}

/** A file that cannot be read is a verdict as well: the others go on. */
type FileVerdict = XmlVerdict | { readonly ok: false; readonly unreadable: string };

async function judge(file: string, options: ValidateCommandOptions, environment: Environment): Promise<FileVerdict> {
  let bytes: Uint8Array;
  try {
    bytes = await environment.readInput(file);
  } catch (error) {
    return { ok: false, unreadable: fileErrorText(error) };
  }
  return validateXml(bytes, { schemaOnly: options.schemaOnly ?? false });
}

function jsonLine(file: string, verdict: FileVerdict): string {
  if ("unreadable" in verdict) {
    const issue = {
      code: "UNREADABLE",
      message: verdict.unreadable,
      line: 0,
      column: 0,
      path: "",
      rule: null,
      clause: null,
      severity: "error",
    };
    return line({ file, ok: false, wellFormed: false, schemaValid: false, version: null, messageType: null, issues: [issue] });
  }
  const { ok, wellFormed, schemaValid, version, messageType, issues } = verdict;
  return line({
    file,
    ok,
    wellFormed,
    schemaValid,
    version: version ?? null,
    messageType: messageType ?? null,
    issues: issues.map(({ rule, clause, ...issue }) => ({ ...issue, rule: rule ?? null, clause: clause ?? null })),
  });
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

function textLines(file: string, verdict: FileVerdict, all: boolean): string {
  const name = printable(file);
  if ("unreadable" in verdict) return `${name}:0:0: UNREADABLE ${verdict.unreadable}\n`;
  const { version, messageType, issues } = verdict;
  const errors = issues.filter(({ severity }) => severity === "error").map((issue) => issueText(name, issue));
  const warnings = issues.filter(({ severity }) => severity === "warning").map((issue) => issueText(name, issue, "warning "));
  const [first] = errors;
  const lines =
    first === undefined ? [`${name}: ok ${version ?? ""} ${messageType ?? ""}`] : all ? errors : [first + more(errors.length - 1)];
  return [...lines, ...(all ? warnings : [])].map((text) => `${text}\n`).join("");
}

function issueText(name: string, { line: row, column, code, message, rule }: DocumentIssue, mark = ""): string {
  return `${name}:${row}:${column}: ${mark}${code} ${printable(message)}${rule === undefined ? "" : ` [${rule}]`}`;
}

const more = (count: number): string => (count === 0 ? "" : ` (and ${count} more; see --all)`);
