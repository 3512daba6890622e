/** Attributes in a lenient reading. */

import type { Shape } from "../binding/index.js";
import { xmlNamespace, xsiNamespace } from "../xml/names.js";
import type { StartTag } from "../xml/source.js";
import { plainAttribute } from "./attributes.js";
import { compile } from "./compiled.js";
import { quote } from "./quote.js";
import type { ReadContext } from "./read-context.js";

/** Whether a tag says that its element has no value. */
export function isNil({ attributes }: StartTag): boolean {
  return attributes.some(
    ({ namespace, local, value }) => namespace === xsiNamespace && local === "nil" && /^\s*(?:true|1)\s*$/.test(value),
  );
}

/** `tag` with the attributes of `shape` that have a prefix as if they had none; they are reported. */
export function adoptAttributes(context: ReadContext, tag: StartTag, shape: Shape, step: string): StartTag {
  const declared = compile(shape).attributes;
  const attributes = tag.attributes.map((attribute) => {
    const { namespace, local } = attribute;
    const own = namespace === "" || namespace === xsiNamespace || namespace === xmlNamespace;
    if (own || !declared.some(({ wire }) => wire === local) || plainAttribute(tag.attributes, local) !== undefined) return attribute;
    const reason = `<${tag.local}> has the attribute ${local} in the namespace ${quote(namespace)}; expected it in none`;
    context.report("UNEXPECTED_ATTRIBUTE", reason, undefined, step);
    return { ...attribute, namespace: "" };
  });
  return { ...tag, attributes };
}
