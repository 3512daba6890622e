/** The form of targeting expressions, by which Default Query says where to look. */

import { isNcName } from "../characters.js";

/** Whether `vocabulary` is one of STIX, whose names are those of elements and attributes (QRY-STX-001, QRY-STX-002). */
export function isStixVocabulary(vocabulary: string): boolean {
  return vocabulary.startsWith("urn:stix.mitre.org:xml:") || vocabulary.startsWith("urn:oasis:cti:stix:xml:");
}

/**
 * What is wrong with the form of a targeting expression, or undefined. Of vocabularies other than STIX nothing is known but
 * that an expression is nodes with slashes between them.
 *
 * @param expression with the white space at its ends, which does not count (QRY-TE-008)
 */
export function problemOfTarget(expression: string, vocabulary: string): string | undefined {
  const target = expression.trim();
  return problemOfSlashes(target) ?? (isStixVocabulary(vocabulary) ? problemOfSteps(target.split("/")) : undefined);
}

/** One or more nodes with single slashes between them (QRY-TE-001). */
export function problemOfSlashes(target: string): string | undefined {
  if (target === "") return "expected a targeting expression, found nothing";
  if (target.startsWith("/")) return "a targeting expression cannot begin with a slash";
  if (target.endsWith("/")) return "a targeting expression cannot end with a slash";
  return target.includes("//") ? "expected a name between the slashes" : undefined;
}

function problemOfSteps(steps: readonly string[]): string | undefined {
  for (const [index, step] of steps.entries()) {
    if (step === "*" || step === "**") continue;
    const isAttribute = step.startsWith("@");
    // Neither prefixes nor a wildcard for attributes exist (QRY-STX-005, QRY-TE-007).
    if (!isNcName(isAttribute ? step.slice(1) : step)) return `expected a name, @name, * or **, found ${JSON.stringify(step)}`;
    if (isAttribute && index < steps.length - 1) return `nothing can come behind the attribute ${step}`;
  }
  return undefined;
}
