/** What the doctor finds, step by step. */

import type { Environment } from "../environment.js";
import { exitCodes, printableLine } from "../output.js";
import { withoutSecrets } from "../secrets.js";

/** The steps in their order. */
export type StepName =
  | "url"
  | "proxy"
  | "dns"
  | "tcp"
  | "tls"
  | "http"
  | "authentication"
  | "versions"
  | "discovery"
  | "addresses"
  | "collections"
  | "poll"
  | "clock"
  | "deviations";

export type Outcome = "ok" | "skipped" | "warning" | "failed";

/** One thing a step found. */
export interface Note {
  readonly outcome: Exclude<Outcome, "skipped">;
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
  /** What the program exits with when nothing before failed; for failures. */
  readonly exitCode?: number | undefined;
}

/** What a step found. */
export interface Finding {
  readonly step: StepName;
  readonly outcome: Outcome;
  readonly summary: string;
  readonly notes: readonly Note[];
}

/** Nothing is wrong with it, but it is worth knowing. */
export function remark(text: string): Note {
  return { outcome: "ok", text };
}

/** It may work, or stop working. */
export function warning(text: string, advice?: string): Note {
  return { outcome: "warning", text, advice };
}

/** It does not work. @param exitCode one of `exitCodes` */
export function failure(text: string, exitCode: number, advice?: string): Note {
  return { outcome: "failed", text, advice, exitCode };
}

const severity: readonly Outcome[] = ["ok", "warning", "failed"];

/** The finding of a step, as bad as the worst of its notes. */
export function finding(step: StepName, summary: string, notes: readonly Note[] = []): Finding {
  const worst = Math.max(0, ...notes.map(({ outcome }) => severity.indexOf(outcome)));
  return { step, outcome: severity[worst] ?? "ok", summary, notes };
}

/** A step that could not, or need not, be done. */
export function skipped(step: StepName, why: string): Finding {
  return { step, outcome: "skipped", summary: why, notes: [] };
}

/** What the program exits with: the code of the first failure, or 0. */
export function exitCodeOfFindings(findings: readonly Finding[]): number {
  const failures = findings.flatMap(({ notes }) => notes.filter(({ outcome }) => outcome === "failed"));
  const [first] = failures;
  return first === undefined ? exitCodes.ok : (first.exitCode ?? exitCodes.badData);
}

const outcomeWidth = 9;
const stepWidth = 16;
const indent = " ".repeat(outcomeWidth);

/** How much of a peer's text is shown. */
const longestText = 1000;

function shower(environment: Environment): (text: string) => string {
  return (text) => {
    const shown = printableLine(withoutSecrets(environment, text));
    return shown.length > longestText ? `${shown.slice(0, longestText - 1)}…` : shown;
  };
}

/** A finding for people: a line for the step, a line for each note, and below it what to do. */
export function findingText({ step, outcome, summary, notes }: Finding, environment: Environment): string {
  const show = shower(environment);
  const lines = notes.flatMap(({ outcome: of, text, advice }) => [
    `${indent}- ${of === "ok" ? "" : `${of}: `}${show(text)}`,
    ...(advice === undefined ? [] : [`${indent}  > ${show(advice)}`]),
  ]);
  return [`${outcome.padEnd(outcomeWidth)}${step.padEnd(stepWidth)}${show(summary)}`, ...lines].map((line) => `${line}\n`).join("");
}

/** A finding as one line of JSON. */
export function findingJson({ step, outcome, summary, notes }: Finding, environment: Environment): string {
  const show = shower(environment);
  const shown = notes.map(({ outcome: of, text, advice }) => ({
    outcome: of,
    text: show(text),
    ...(advice === undefined ? {} : { advice: show(advice) }),
  }));
  return `${JSON.stringify({ step, outcome, summary: show(summary), notes: shown })}\n`;
}
