/** The error family of the package: one base class, stable codes. */

/** Codes of {@link ParseError}: what is wrong with a document. */
export type ParseErrorCode =
  | "XML_MALFORMED"
  | "XML_FORBIDDEN"
  | "TRUNCATED"
  | "BAD_ENCODING"
  | "LIMIT_EXCEEDED"
  | "UNKNOWN_MESSAGE"
  | "UNEXPECTED_ELEMENT"
  | "MISSING_ELEMENT"
  | "UNEXPECTED_ATTRIBUTE"
  | "MISSING_ATTRIBUTE"
  | "UNEXPECTED_TEXT"
  | "BAD_VALUE"
  | "BAD_TYPE"
  | "JSON_MALFORMED"
  | "UNEXPECTED_KEY"
  | "MISSING_KEY";

const mark = Symbol.for("taxii.error");

/** Base of every error this package throws on purpose. */
export class TaxiiError extends Error {
  /** Stable, upper snake case; listed in the README. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    Object.defineProperty(this, mark, { value: true });
  }
}

/** Whether `value` is a {@link TaxiiError}, also one made by another copy of this package. */
export function isTaxiiError(value: unknown): value is TaxiiError {
  return typeof value === "object" && value !== null && mark in value;
}

/** Where something stands in a document. Lines and columns count from 1, columns in UTF-16 units. */
export interface Location {
  readonly line: number;
  readonly column: number;
  /** Elements from the root, `Poll_Response/Content_Block[2]`, or the path of a JSON value. */
  readonly path: string;
}

/** A document cannot be read: not well-formed, over a limit, or not what the schema says. */
export class ParseError extends TaxiiError {
  declare readonly code: ParseErrorCode;
  /** 1-based; 0 when the fault has no place in the text (JSON values, empty input). */
  readonly line: number;
  /** 1-based, in UTF-16 units; 0 as for `line`. */
  readonly column: number;
  /** See {@link Location.path}; empty outside the root element. */
  readonly path: string;
  /** The message without its place. */
  readonly reason: string;

  constructor(code: ParseErrorCode, reason: string, at: Location, options?: ErrorOptions) {
    super(code, `${reason}${describePlace(at)}`, options);
    this.reason = reason;
    this.line = at.line;
    this.column = at.column;
    this.path = at.path;
  }
}

function describePlace(at: Location): string {
  if (at.line > 0) return ` (line ${at.line}, column ${at.column})`;
  return at.path === "" ? "" : ` (at ${at.path})`;
}

/** One thing that is wrong with a message. */
export interface Issue {
  /** Properties from the message down, `contentBlocks[2].timestampLabel`; empty for the message itself. */
  readonly path: string;
  /** A sentence: what was found, what was expected. */
  readonly message: string;
  /** Id of the rule that was broken, such as `taxii11/more-needs-result-id`; absent for faults of type or value. */
  readonly rule?: string | undefined;
  /** The requirement behind the rule: an id of the conformance checklist. */
  readonly clause?: string | undefined;
  /** `error` breaks a requirement; `warning` goes against a recommendation. */
  readonly severity: "error" | "warning";
}

/** A typed message does not hold what it must. Thrown where the caller asked for strictness, and by writers. */
export class ValidationError extends TaxiiError {
  readonly issues: readonly Issue[];

  constructor(subject: string, issues: readonly Issue[]) {
    const shown = issues.slice(0, 5).map((issue) => (issue.path === "" ? issue.message : `${issue.path}: ${issue.message}`));
    const rest = issues.length > shown.length ? `; and ${issues.length - shown.length} more` : "";
    super("INVALID_MESSAGE", `${subject} is not valid: ${shown.join("; ")}${rest}`);
    this.issues = issues;
  }
}
