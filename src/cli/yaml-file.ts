/** YAML files that users write: checked, and wrong places named by line and column, without what stands there. */

import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import type { z } from "zod";
import { UsageError } from "./failure.js";
import { printableLine } from "./output.js";
import { keysAt } from "./schema-tree.js";
import { closest } from "./suggestion.js";

/**
 * Reads a document of YAML.
 *
 * @param name what to call it in errors
 * @param version of YAML; in 1.1, `yes` and `on` are true. Default: 1.2.
 * @throws UsageError with `NAME:LINE:COLUMN: what is wrong` for each place. What stands there is not repeated, because it may
 * be a secret.
 */
export function readYaml<T>(source: string, schema: z.ZodType<T>, name: string, version: "1.1" | "1.2" = "1.2"): T {
  const lines = new LineCounter();
  // Errors of the library show the line, and its messages what stands there; codes do not.
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, stringKeys: true, logLevel: "error", version });
  const report = (problems: readonly Problem[]): never => {
    const sorted = problems.toSorted((one, other) => one.offset - other.offset);
    const places = sorted.map(({ offset, text }) => {
      const { line, col } = lines.linePos(offset);
      return `${printableLine(name)}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${printableLine(text)}`;
    });
    throw new UsageError(places.join("\n"));
  };
  const faults = [...[...document.errors, ...document.warnings].map(syntaxProblem), ...danglingAliases(document)];
  if (faults.length > 0) return report(faults);
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  return report(result.error.issues.flatMap(innermost).flatMap((issue) => valueProblems(document, issue, schema)));
}

interface Problem {
  /** Characters from the beginning. */
  readonly offset: number;
  readonly text: string;
}

const aliasText = "a value that begins with * refers to something; put a text in quotes";

const syntax: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  BAD_ALIAS: aliasText,
  BAD_INDENT: "the indentation does not fit",
  BAD_SCALAR_START: "a value cannot begin like this; put it in quotes",
  DUPLICATE_KEY: "the key is there twice",
  MISSING_CHAR: "a character is missing, such as a quote, a bracket or a colon",
  MULTIPLE_DOCS: "there is a second document in the file",
  TAB_AS_INDENT: "a tab cannot be used for indentation",
  TAG_RESOLVE_FAILED: "a value that begins with ! is a tag; put a text in quotes",
};

function syntaxProblem({ code, pos: [offset] }: YAMLError): Problem {
  return { offset, text: `this is not YAML: ${syntax[code] ?? code}` };
}

/** Aliases of nothing: mostly passwords that happen to begin with an asterisk. */
function danglingAliases(document: Document): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) problems.push({ offset: alias.range?.[0] ?? 0, text: `this is not YAML: ${aliasText}` });
    },
  });
  return problems;
}

/** Where a value may be one of several, the issues of the one that it looks like, when it looks like one. */
function innermost(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const alike = issue.errors.filter((issues) => issues.some(({ path }) => path.length > 0) || issues[0]?.code === "unrecognized_keys");
  const [only] = alike;
  if (only === undefined || alike.length > 1) return [issue];
  return only.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(innermost);
}

function valueProblems(document: Document, issue: z.core.$ZodIssue, schema: z.ZodType): Problem[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      // What is known there in other circumstances is no slip of the pen.
      const meant = known.includes(key) ? undefined : closest(key, known);
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      return { offset: keyOffset(document, path, key), text: `there is no key ${[...path, key].join(".")}${hint}` };
    });
  }
  return [{ offset: valueOffset(document, path), text: path.length === 0 ? issue.message : `${path.join(".")}: ${issue.message}` }];
}

/** Where a value stands; for one that is missing, where it belongs. */
function valueOffset(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyOffset(document: Document, path: readonly (string | number)[], key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const found = isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) : undefined;
  return (found !== undefined && isScalar(found.key) ? found.key.range?.[0] : undefined) ?? 0;
}
