/** Content bindings as flags have them: `urn:example:a`, or with subtypes `urn:example:a,urn:example:a1`. */

import type { ContentBindingIdInit } from "../../generated/taxii11/index.js";
import { UsageError } from "./failure.js";

/** @throws UsageError for one that is empty */
export function bindingsOf(flags: readonly string[] | undefined): ContentBindingIdInit[] {
  return (flags ?? []).map((flag) => {
    const [bindingId = "", ...subtypes] = flag.split(",").map((part) => part.trim());
    if (bindingId === "" || subtypes.includes("")) {
      throw new UsageError(`--binding is ${JSON.stringify(flag)}; expected a binding, or BINDING,SUBTYPE`);
    }
    return { bindingId, subtypes: subtypes.map((subtypeId) => ({ subtypeId })) };
  });
}
