/** Lenient readings for tests, and what has to hold for every one of them. */

import type { z } from "zod";
import type { Accept, Accepted, Deviation, ReadOptions } from "../../src/index.js";
import { fromXml } from "../../src/index.js";

export const ns10 = "http://taxii.mitre.org/messages/taxii_xml_binding-1";
export const ns11 = "http://taxii.mitre.org/messages/taxii_xml_binding-1.1";

/** What was read, and what was told. */
export interface Reading<T> {
  readonly value: T;
  readonly deviations: readonly Deviation[];
}

/** Reads leniently. */
export function read<const A extends Accept>(accept: A, document: string | Uint8Array, options: ReadOptions = {}): Reading<Accepted<A>> {
  const deviations: Deviation[] = [];
  const value = fromXml(accept, document, { ...options, lenient: true, onDeviation: (deviation) => deviations.push(deviation) });
  return { value, deviations };
}

/** A message of TAXII 1.1, attributes and all. */
export function message11(name: string, attributes: string, inside = ""): string {
  return `<${name} xmlns="${ns11}" ${attributes}>${inside}</${name}>`;
}

/** A message of TAXII 1.0, attributes and all. */
export function message10(name: string, attributes: string, inside = ""): string {
  return `<${name} xmlns="${ns10}" ${attributes}>${inside}</${name}>`;
}

/** A poll response of TAXII 1.1 with all attributes it needs. */
export const response11 = (inside: string, attributes = ""): string =>
  message11("Poll_Response", `message_id="1" in_response_to="2" collection_name="c" ${attributes}`, inside);

/**
 * What a value has that its TypeScript type forbids. Lists may be empty, texts may be kept as sent, timestamps may be empty, and
 * of a choice nothing or too much may be there: the type says no more.
 */
export function typeFaults(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? []
    : parsed.error.issues.filter((issue) => !isTypeCorrect(issue, value)).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

function isTypeCorrect(issue: z.core.$ZodIssue, root: unknown): boolean {
  let value = root;
  for (const step of issue.path) value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
  switch (issue.code) {
    case "too_small":
      return Array.isArray(value);
    case "invalid_union":
      return typeof value === "string";
    case "custom":
      if (typeof value === "string") return value === "" || !issue.message.startsWith("expected a timestamp");
      return typeof value === "object" && / is missing$| cannot stand beside /.test(issue.message);
    default:
      return false;
  }
}
