/** How commands end when something is wrong: a line or two for people, and an exit code. */

import { CommanderError } from "commander";
import { charactersOf } from "../binding/content.js";
import { PushError } from "../client/push.js";
import { UnsupportedQueryError } from "../client/query-check.js";
import { ParseError, ValidationError } from "../errors.js";
import { TransportError } from "../http/transport-error.js";
import { StatusError } from "../message/status-error.js";
import { NotInVersion10Error } from "../message/versions/index.js";
import { StorageError } from "../storage/index.js";
import type { Environment } from "./environment.js";
import { InterruptedError } from "./interrupted.js";
import { exitCodes, OutputClosedError, printable, printableLine } from "./output.js";
import { withoutSecrets } from "./secrets.js";

/** The command line, or a file it names, cannot be used: exit code 2. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

/**
 * Prints `PROGRAM: what happened` on standard error, with the details of a status on lines of their own. Never a secret,
 * never a stack.
 *
 * @returns the exit code for it
 */
export function reportFailure(program: string, error: unknown, environment: Environment): number {
  const code = exitCodeOf(error, environment.signal);
  const text = failureText(error, environment);
  if (text !== "") environment.output.err(`${program}: ${text}\n`);
  return code;
}

/** What there is to say about an error: a line, and the details of a status on lines of their own. Without secrets. */
export function failureText(error: unknown, environment: Environment): string {
  return withoutSecrets(environment, describeFailure(error, environment.signal) ?? "");
}

/** The exit code for an error. */
export function exitCodeOf(error: unknown, signal?: AbortSignal): number {
  if (error instanceof OutputClosedError) return exitCodes.ok;
  const interruption = interruptionBehind(error, signal);
  if (interruption !== undefined) return 128 + interruption.number;
  if (error instanceof UsageError || error instanceof ValidationError) return exitCodes.usage;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof StatusError || error instanceof UnsupportedQueryError) return exitCodes.refused;
  if (error instanceof TransportError) return exitCodeOfTransport(error);
  if (error instanceof PushError) return exitCodeOf(error.cause, signal);
  // What was asked for is there in TAXII 1.1 only.
  if (error instanceof NotInVersion10Error) return exitCodes.usage;
  if (error instanceof StorageError) return exitCodes.notOk;
  return exitCodes.badData;
}

function exitCodeOfTransport({ code, status }: TransportError): number {
  if (code === "AMBIGUOUS_SERVICE") return exitCodes.usage;
  if (code === "NO_SERVICE") return exitCodes.refused;
  if (code === "NETWORK" || code === "TLS" || code === "TIMEOUT") return exitCodes.network;
  if (code === "LOGIN" && status === undefined) return exitCodes.network;
  // An HTTP status stands for a Status Message (HTTP-MAP-003 and following).
  return status !== undefined && status >= 400 ? exitCodes.refused : exitCodes.badData;
}

/** What there is to say about an error, without secrets taken out; undefined for nothing. */
function describeFailure(error: unknown, signal: AbortSignal): string | undefined {
  // Commander has said it.
  if (error instanceof OutputClosedError || error instanceof CommanderError) return undefined;
  if (interruptionBehind(error, signal) !== undefined) return "interrupted";
  if (error instanceof StatusError) return [printableLine(error.message), ...statusDetails(error)].join("\n  ");
  if (error instanceof TransportError) return `${transportStatus(error)}${printableLine(error.message)}`;
  if (error instanceof ParseError) return `${error.code}: ${printableLine(error.message)}`;
  if (isFileError(error)) return fileErrorText(error);
  return printable(error instanceof Error ? error.message : String(error));
}

function transportStatus({ status, statusType }: TransportError): string {
  return status !== undefined && status >= 400 ? `${statusType}: ` : "";
}

/** The details of a Status Message, a line each. */
export function statusDetails({ status }: StatusError): string[] {
  return (status.statusDetail?.details ?? []).map(({ name, content }) => `${printableLine(name)}: ${printableLine(charactersOf(content))}`);
}

function interruptionBehind(error: unknown, signal: AbortSignal | undefined): InterruptedError | undefined {
  if (error instanceof InterruptedError) return error;
  const reason: unknown = signal?.aborted === true ? signal.reason : undefined;
  const isAbort = error === reason || (error instanceof Error && (error.name === "AbortError" || error.cause === reason));
  return reason instanceof InterruptedError && isAbort ? reason : undefined;
}

interface FileError extends Error {
  readonly code: string;
  readonly path?: unknown;
}

function isFileError(error: unknown): error is FileError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && ("path" in error || "syscall" in error);
}

const fileReasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  EEXIST: "it exists",
  ENOSPC: "no space left on the device",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
};

/**
 * `FILE: why`, for an error of the file system.
 *
 * @param file what to call the file where the error does not name it
 */
export function fileErrorText(error: unknown, file?: string): string {
  if (!isFileError(error)) return printableLine(error instanceof Error ? error.message : String(error));
  const path = typeof error.path === "string" ? error.path : file;
  const reason = fileReasons[error.code] ?? printableLine(error.message);
  return path === undefined ? reason : `${printableLine(path)}: ${reason}`;
}
