/** `taxii validate`: one line a file, or one JSON object a line. */

import { validateXml, type XmlVerdict } from "../../message/validate-xml.js";
import { exitCodes, type Output, printable, readInput, reasonOf } from "../output.js";

export interface ValidateCommandOptions {
  readonly json?: boolean;
  readonly schemaOnly?: boolean;
}

/** Judges each file; the exit code says whether all are well. */
export function validateFiles(files: readonly string[], options: ValidateCommandOptions, output: Output): number {
  let allWell = true;
  for (const file of files) {
    const verdict = judge(file, options);
    allWell &&= verdict.ok;
    output.out(options.json === true ? jsonLine(file, verdict) : textLines(file, verdict));
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

function textLines(file: string, verdict: FileVerdict): string {
  const name = printable(file);
  if ("unreadable" in verdict) return `${name}:0:0: UNREADABLE ${verdict.unreadable}\n`;
  const errors = verdict.issues.filter(({ severity }) => severity === "error");
  const warnings = verdict.issues.filter(({ severity }) => severity === "warning");
  const shown = warnings.map(
    (issue) => `${name}:${issue.line}:${issue.column}: warning ${issue.rule ?? issue.code} ${printable(issue.message)}\n`,
  );
  if (errors.length === 0) return `${name}: ok ${verdict.version ?? ""} ${verdict.messageType ?? ""}\n${shown.join("")}`;
  return (
    errors.map((issue) => `${name}:${issue.line}:${issue.column}: ${issue.rule ?? issue.code} ${printable(issue.message)}\n`).join("") +
    shown.join("")
  );
}
