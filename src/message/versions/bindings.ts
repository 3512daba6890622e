/** Lists of content bindings, which in TAXII 1.0 are identifiers without subtypes. */

import type { ContentBindingId, ContentBindingIdInit } from "../../../generated/taxii11/index.js";
import type { Step } from "../rule.js";
import { NotInVersion10Error } from "./not-in-version-10.js";

/** The entries for identifiers of TAXII 1.0: each covers all subtypes, as it does there (VER-X-007). */
export function bindings11(ids: readonly string[]): ContentBindingIdInit[] {
  return ids.map((bindingId) => ({ bindingId }));
}

/** The identifiers of what is offered, each once: who asks for a format there gets every subtype of it (VER-X-007). */
export function offeredBindings10(bindings: readonly ContentBindingId[]): string[] {
  return [...new Set(bindings.map(({ bindingId }) => bindingId))];
}

/**
 * The identifiers of what is asked for.
 *
 * @throws NotInVersion10Error when an entry asks for certain subtypes: the answer would have others as well (VER-X-007)
 */
export function wantedBindings10(bindings: readonly ContentBindingId[], ...path: readonly Step[]): string[] {
  return bindings.map(({ bindingId, subtypes }, index) => {
    if (subtypes.length > 0) throw new NotInVersion10Error([...path, index, "subtypes"], "a content binding covers all its subtypes there");
    return bindingId;
  });
}
