/** Query formats: the open content of a query as a typed value, where its format is known. */

import { type Content, checkedXml, isXmlContent, type XmlContent } from "../binding/content.js";
import type { Layout, Shape } from "../binding/index.js";
import { ParseError, type ParseErrorCode } from "../errors.js";
import type { Limits } from "../xml/limits.js";
import type { Problem } from "./read-context.js";
import { XmlReader } from "./xml-reader.js";
import { XmlWriter } from "./xml-writer.js";

/** A query format: what is within the queries of this format, and within what says how far a service supports them. */
export interface QueryFormatShapes {
  /** What `format_id` says. */
  readonly formatId: string;
  /** The shape of the element in a `Query`. */
  readonly query: Shape;
  /** The shape of the element in a `Supported_Query`. Default: none; a format without options has nothing there. */
  readonly info?: Shape | undefined;
}

/** The shape of the body, or undefined when the format is not known. */
export function bodyShape(formats: readonly QueryFormatShapes[], part: NonNullable<Layout["query"]>, formatId: unknown): Shape | undefined {
  return formats.find((format) => format.formatId === formatId)?.[part];
}

/**
 * The typed value of a body; undefined when it is not what its format says, and goes on as it is.
 *
 * @param partial whether it may lack elements: enough for showing it
 */
export function parseBody(shape: Shape, content: Content, limits: Limits, partial = false): object | undefined {
  if (!isXmlContent(content)) return undefined;
  const onProblem = (code: ParseErrorCode, describe: () => Problem): void => {
    if (code === "MISSING_ELEMENT") return;
    const problem = describe();
    throw new ParseError(code, problem.reason, problem);
  };
  const reader = new XmlReader([shape], { limits, ...(partial ? { onProblem } : {}) });
  try {
    reader.write(content.xml);
    reader.close();
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
  return typeof reader.result === "object" && reader.result !== null ? reader.result : undefined;
}

/** The body that holds `value`. */
export function writeBody(shape: Shape, value: object): XmlContent {
  return checkedXml(new XmlWriter(shape, { declaration: false }).document(value));
}
