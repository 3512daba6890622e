/** Content bindings as callers write them. */

import type { ContentBindingIdInit } from "../../../generated/taxii11/index.js";

/** A text is a binding with all its subtypes. */
export function bindingsOf(bindings: readonly (string | ContentBindingIdInit)[] = []): ContentBindingIdInit[] {
  return bindings.map((binding) => (typeof binding === "string" ? { bindingId: binding } : binding));
}
