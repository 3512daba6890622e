/** Targeting expressions, read. */

/** One step: a name; `*`, one node whatever its name; `**`, a run of nodes. */
export type Step =
  | { readonly kind: "element"; readonly name: string }
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "one" }
  | { readonly kind: "run" };

/** The steps of an expression whose form was checked; white space at its ends does not count (QRY-TE-008). */
export function stepsOf(expression: string): Step[] {
  return expression.trim().split("/").map(stepOf);
}

function stepOf(text: string): Step {
  if (text === "*") return { kind: "one" };
  if (text === "**") return { kind: "run" };
  return text.startsWith("@") ? { kind: "attribute", name: text.slice(1) } : { kind: "element", name: text };
}
