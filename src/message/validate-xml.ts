/** Whole verdicts on XML documents: never an exception, every problem at once. */

import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import * as xmldsig from "../../generated/xmldsig/index.js";
import type { GlobalElements, Shape } from "../binding/index.js";
import type { Problem } from "../codec/read-context.js";
import { feed, type ReadOptions } from "../codec/xml.js";
import { XmlReader } from "../codec/xml-reader.js";
import { isTaxiiError, ParseError, type ParseErrorCode } from "../errors.js";
import { defaultLimits } from "../xml/limits.js";
import type { Place } from "../xml/source.js";
import type { TaxiiVersion } from "./ids.js";
import { validate } from "./validate.js";

/** One problem of a document. */
export interface DocumentIssue {
  /** A code of ParseError for faults of the document, `RULE` for a rule that is broken. */
  readonly code: ParseErrorCode | "RULE" | "INVALID_VALUE";
  readonly message: string;
  /** 1-based; of rules, the element whose value the rule is about. 0 when there is no place. */
  readonly line: number;
  readonly column: number;
  /** Elements from the root for faults of the document, properties for rules. */
  readonly path: string;
  /** Id of the rule; absent for faults of the document. */
  readonly rule?: string | undefined;
  readonly clause?: string | undefined;
  /** A `warning` does not make a document wrong. */
  readonly severity: "error" | "warning";
}

/** What {@link validateXml} found. */
export interface XmlVerdict {
  /** Whether nothing is wrong: well-formed, valid by the schema, no rule broken, nothing forbidden. */
  readonly ok: boolean;
  readonly wellFormed: boolean;
  /** The verdict of the XML Schema alone, open content validated laxly as the published schemas say. */
  readonly schemaValid: boolean;
  /** Of the root element; undefined when it is no TAXII message. */
  readonly version: TaxiiVersion | undefined;
  /** Element name of the message, `Poll_Response`. */
  readonly messageType: string | undefined;
  readonly issues: readonly DocumentIssue[];
}

export interface ValidateXmlOptions extends Omit<ReadOptions, "lenient" | "onDeviation"> {
  /** Whether rules are left out, and only the schema is asked. Default: false. */
  readonly schemaOnly?: boolean;
  /** Messages beside those of TAXII 1.0 and 1.1. */
  readonly messages?: readonly Shape[];
  /** Schemas whose elements are validated within open content, beside those of the messages. */
  readonly globals?: readonly GlobalElements[];
}

// Beyond this many, a document is not worth more words.
const mostIssues = 1000;

const notWellFormed: ReadonlySet<string> = new Set(["XML_MALFORMED", "TRUNCATED", "BAD_ENCODING"]);

/** Codes that say nothing about the schema's verdict. */
const besideSchema: ReadonlySet<string> = new Set(["XML_FORBIDDEN", "LIMIT_EXCEEDED"]);

/**
 * Judges a document, as libtaxii's SchemaValidator does and further: every problem of structure that reading can go on
 * behind, each with its place, then every rule that is broken. Never throws for what is in the document.
 */
export function validateXml(document: string | Uint8Array, options: ValidateXmlOptions = {}): XmlVerdict {
  const limits = { ...defaultLimits, ...options.limits };
  const problems: Problem[] = [];
  let breaksSchema = false;
  const places = new WeakMap<object, Place>();
  const reader = new XmlReader([...(options.messages ?? []), ...taxii11.messages, ...taxii10.messages], {
    limits,
    onProblem: (code, describe) => {
      breaksSchema ||= !besideSchema.has(code);
      if (problems.length < mostIssues) problems.push(describe());
    },
    globals: [taxii11.globals, taxii10.globals, xmldsig.globals, ...(options.globals ?? [])],
    places,
  });
  const fatal = attempt(() => feed(reader, document, limits, options.charset));
  if (fatal !== undefined) problems.push(fatal);
  const schemaValid = reader.root !== undefined && fatal === undefined && !breaksSchema;
  const issues = problems.map(issueOf);
  if (schemaValid && options.schemaOnly !== true && reader.root !== undefined)
    issues.push(...ruleIssues(reader.root, reader.result, places));
  return {
    ok: schemaValid && issues.every(({ severity }) => severity === "warning"),
    wellFormed: fatal === undefined || !notWellFormed.has(fatal.code),
    schemaValid,
    version: versionOf(reader.root),
    messageType: reader.root?.element,
    issues,
  };
}

function attempt(read: () => void): Problem | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!isTaxiiError(error) || !(error instanceof ParseError)) throw error;
    return { code: error.code, reason: error.reason, line: error.line, column: error.column, path: error.path };
  }
}

function issueOf({ code, reason, line, column, path }: Problem): DocumentIssue {
  return { code, message: reason, line, column, path, severity: "error" };
}

function ruleIssues(shape: Shape, value: unknown, places: WeakMap<object, Place>): DocumentIssue[] {
  return validate(shape, value).issues.map((issue) => ({
    code: issue.rule === undefined ? "INVALID_VALUE" : "RULE",
    message: issue.message,
    ...placeOf(value, issue.path, places),
    path: issue.path,
    rule: issue.rule,
    clause: issue.clause,
    severity: issue.severity,
  }));
}

/** Where the innermost object on `path` begins. */
function placeOf(value: unknown, path: string, places: WeakMap<object, Place>): Place {
  let place: Place = { line: 0, column: 0 };
  let at: unknown = value;
  for (const step of ["", ...path.split(/[.[\]]+/).filter((part) => part !== "")]) {
    if (step !== "") at = typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined;
    if (typeof at === "object" && at !== null) place = places.get(at) ?? place;
  }
  return place;
}

function versionOf(shape: Shape | undefined): TaxiiVersion | undefined {
  if (shape?.namespace === taxii10.globals.namespace) return "1.0";
  return shape?.namespace === taxii11.globals.namespace ? "1.1" : undefined;
}
