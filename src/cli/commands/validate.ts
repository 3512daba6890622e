/** `taxii validate`: one line a file, or one JSON object a line. */

import { type DocumentIssue, validateXml, type XmlVerdict } from "../../message/validate-xml.js";
import { exitCodes, type Output, printable, readInput, reasonOf } from "../output.js";

export interface ValidateCommandOptions {
  readonly json?: boolean;
  readonly schemaOnly?: boolean;
  /** Whether every problem and warning gets a line, not just the first problem of a file. */
  readonly all?: boolean;
}

/** Judges each file; the exit code says whether all are well. */
export function validateFiles(files: readonly string[], options: ValidateCommandOptions, output: Output): number {
  let allWell = true;
  for (const file of files) {
    const verdict = judge(file, options);
    allWell &&= verdict.ok;
    output.out(options.json === true ? jsonLine(file, verdict) : textLines(file, verdict, options.all ?? false));
  }
  return allWell ? exitCodes.ok : exitCodes.notOk;
}

/** A file that cannot be read is a verdict as well: the others go on. */
type FileVerdict = XmlVerdict | { readonly ok: false; readonly unreadable: string };

function judge(file: string, options: ValidateCommandOptions): FileVerdict {
  let bytes: Uint8Array;
  try {
    bytes = readInput(file);
  } catch (error) {
    return { ok: false, unreadable: reasonOf(error) };
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
