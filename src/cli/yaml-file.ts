/** YAML files that users write: checked, and wrong places named by line and column, without what stands there. */

import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import type { z } from "zod";
import { UsageError } from "./failure.js";
import { printableLine } from "./output.js";

/**
 * Reads a document of YAML 1.2.
 *
 * @param name what to call it in errors
 * @throws UsageError with `NAME:LINE:COLUMN: what is wrong` for each place. What stands there is not repeated, because it may
 * be a secret.
 */
export function readYaml<T>(source: string, schema: z.ZodType<T>, name: string): T {
  const lines = new LineCounter();
  // Errors of the library show the line, and its messages what stands there; codes do not.
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, stringKeys: true, logLevel: "error" });
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
  return report(result.error.issues.map((issue) => valueProblem(document, issue)));
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

function valueProblem(document: Document, issue: z.core.$ZodIssue): Problem {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    return { offset: keyOffset(document, path, key), text: `there is no key ${[...path, key].join(".")}` };
  }
  const node = document.getIn(path, true);
  const [offset = 0] = (isNode(node) ? node.range : document.contents?.range) ?? [];
  return { offset, text: path.length === 0 ? issue.message : `${path.join(".")}: ${issue.message}` };
}

function keyOffset(document: Document, path: readonly (string | number)[], key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const found = isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) : undefined;
  return (found !== undefined && isScalar(found.key) ? found.key.range?.[0] : undefined) ?? 0;
}
