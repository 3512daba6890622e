/** The log: pino's lines of JSON on standard error, or the same as text for people. Without secrets in either case. */

import { type Logger, pino, stdSerializers } from "pino";
import type { Environment } from "../environment.js";
import { printableLine } from "../output.js";
import { withoutSecrets } from "../secrets.js";
import { maskedText } from "./config/masked.js";
import type { ServerConfig } from "./config/schema.js";

/** Fields that are never shown, wherever they stand. */
const redacted = ["authorization", "proxy-authorization", "cookie", "set-cookie", "password", "passwordHash", "token"];

/** Makes the log of a process. */
export function createLog({ level, format }: ServerConfig["log"], environment: Environment): Logger {
  const { output } = environment;
  const write = (line: string): void => {
    const safe = withoutSecrets(environment, maskedText(line));
    output.err(format === "json" ? withoutControls(safe) : asText(safe));
  };
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${environment.now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: stdSerializers.errWithCause },
      redact: { paths: redacted.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: "***" },
    },
    { write },
  );
}

/** JSON lets characters stand that a terminal acts on, or that some take for the end of a line; all of them are within texts. */
function withoutControls(line: string): string {
  return line.replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A line of JSON for people: time, level, what happened, and the rest as NAME=VALUE. */
function asText(line: string): string {
  const { time, level, msg, pid: _, error, ...rest } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${valueText(value)}`);
  const stack = typeof error === "object" && error !== null && "stack" in error ? error.stack : undefined;
  const head = [String(time), String(level).toUpperCase().padEnd(5), typeof msg === "string" ? msg : "", ...fields]
    .map(printableLine)
    .join(" ");
  const below = typeof stack === "string" ? stack.split("\n").map((part) => `\n    ${printableLine(part)}`) : [];
  return `${head}${below.join("")}\n`;
}

function valueText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[\s="]/.test(text) ? JSON.stringify(text) : text;
}
