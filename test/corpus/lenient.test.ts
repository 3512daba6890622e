/**
 * The documents with faults, read leniently: of those that are well-formed, every message that says what it is is read. What is
 * refused is listed here with the reason, and nothing else is.
 */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import { type Deviation, fromXml, ParseError } from "../../src/index.js";
import { typeFaults } from "../codec/lenient-reading.js";

const folder = new URL("../../../shared/vectors/invalid/", import.meta.url);
const shapes = [...taxii11.messages, ...taxii10.messages];

/** Documents that are well-formed and not valid, and that nobody could read for sure. */
const refused: Readonly<Record<string, string>> = {
  "1.0/059-root-no-namespace.xml": "without a namespace, a root is of no version",
  "1.0/062-root-namespace-trailing-slash.xml": "another namespace is another language",
  "1.0/065-root-soap-wrapped.xml": "an envelope around a message is none",
  "1.0/180-sub-req-bad-action.xml": "an action nobody knows cannot be carried out",
  "1.0/182-sub-req-no-action.xml": "nor can no action",
  "1.1/058-root-unknown-message-type.xml": "no message has this name",
  "1.1/061-root-no-namespace.xml": "without a namespace, a root is of no version",
  "1.1/063-root-namespace-case.xml": "namespaces are compared to the letter",
  "1.1/065-root-lower-case-root.xml": "and so are names of messages",
  "1.1/203-sub-req-no-action.xml": "no action cannot be carried out",
  "1.1/336-poll-resp-part-number-huge.xml": "no number of JavaScript holds it: a limit",
  "1.1/378-fulfil-no-result-id.xml": "it asks for no result in particular",
};

interface Document {
  readonly file: string;
  readonly what: string;
  readonly category: string;
  readonly wellFormed: boolean;
  readonly namespaceWellFormed: boolean;
  readonly schemaValid: boolean;
}

interface Outcome {
  readonly value: unknown;
  readonly error: unknown;
  readonly deviations: readonly Deviation[];
}

function attempt(file: string, lenient: boolean): Outcome {
  const deviations: Deviation[] = [];
  const onDeviation = (deviation: Deviation): number => deviations.push(deviation);
  try {
    return { value: fromXml(shapes, readFileSync(new URL(file, folder)), { lenient, onDeviation }), error: undefined, deviations };
  } catch (error) {
    return { value: undefined, error, deviations };
  }
}

function check(document: Document): void {
  const { file } = document;
  const [strict, lenient] = [attempt(file, false), attempt(file, true)];
  if (lenient.error !== undefined) expect(lenient.error).toBeInstanceOf(ParseError);
  if (strict.error === undefined) {
    expect(lenient).toEqual(strict);
    return;
  }
  if (lenient.error === undefined) expect(lenient.deviations).not.toEqual([]);
  if (lenient.value !== undefined) {
    const shape = shapes.find(
      ({ name }) => typeof lenient.value === "object" && lenient.value !== null && Reflect.get(lenient.value, "$type") === name,
    );
    expect(shape === undefined ? ["no message"] : typeFaults(shape.schema, lenient.value)).toEqual([]);
  }
  if (!document.wellFormed || !document.namespaceWellFormed || document.schemaValid || isForbidden(strict.error)) return;
  expect(lenient.error === undefined ? "read" : "refused", String(lenient.error)).toBe(Object.hasOwn(refused, file) ? "refused" : "read");
}

/** What is no matter of the schema: documents with a DOCTYPE. */
function isForbidden(error: unknown): boolean {
  return error instanceof ParseError && error.code === "XML_FORBIDDEN";
}

if (!existsSync(new URL("index.json", folder))) {
  test.skip(`the documents with faults are not at ${folder.pathname}`, () => {});
} else {
  const index: { readonly documents: readonly Document[] } = JSON.parse(readFileSync(new URL("index.json", folder), "utf8"));

  describe("documents with faults, read leniently", () => {
    test.each(index.documents.map((document) => [document.file, document.what, document] as const))("%s: %s", (_file, _what, document) => {
      check(document);
    });
  });

  test("what is refused is there, and is invalid for its structure or values alone", () => {
    const files = new Map(index.documents.map((document) => [document.file, document]));
    for (const file of Object.keys(refused)) expect(files.get(file)).toMatchObject({ wellFormed: true, schemaValid: false });
  });
}
