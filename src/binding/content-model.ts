/** Content models as regular expressions over child elements, which is what an XSD content model is. */

/** How an element matched by a wildcard is validated. */
export type ProcessContents = "lax" | "skip" | "strict";

/** Namespaces a wildcard matches: all of them, or all but the target namespace and none (`##other`). */
export type WildcardNamespace = "##any" | "##other";

export interface Wildcard {
  readonly op: "any";
  readonly namespace: WildcardNamespace;
  readonly process: ProcessContents;
}

interface Group {
  readonly op: "seq" | "alt";
  readonly parts: readonly Model[];
}

interface Repeat {
  readonly op: "opt" | "many" | "some";
  readonly part: Model;
}

/** A content model. A string is one child element, by its local name. */
export type Model = string | Wildcard | Group | Repeat;

/** All of `parts`, in this order. */
export const seq = (...parts: readonly Model[]): Model => ({ op: "seq", parts });
/** Exactly one of `parts`. */
export const alt = (...parts: readonly Model[]): Model => ({ op: "alt", parts });
/** `part`, or nothing; several arguments are a sequence. */
export const opt = (...parts: readonly Model[]): Model => ({ op: "opt", part: single(parts) });
/** `part` any number of times, also never. */
export const many = (...parts: readonly Model[]): Model => ({ op: "many", part: single(parts) });
/** `part` once or more. */
export const some = (...parts: readonly Model[]): Model => ({ op: "some", part: single(parts) });
/** Any element of the given namespaces. */
export const any = (namespace: WildcardNamespace, process: ProcessContents): Model => ({ op: "any", namespace, process });

function single(parts: readonly Model[]): Model {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : seq(...parts);
}

/** The child elements a model names, each once, in order of first appearance. */
export function namesOf(model: Model): string[] {
  const names = new Set<string>();
  const visit = (part: Model): void => {
    if (typeof part === "string") names.add(part);
    else if ("parts" in part) part.parts.forEach(visit);
    else if ("part" in part) visit(part.part);
  };
  visit(model);
  return [...names];
}
