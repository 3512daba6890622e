/** Elements in a lenient reading: children in any order, known by their local names, the first one where there is one too many. */

import type { StartTag } from "../xml/source.js";
import { type Child, findChild } from "./compiled.js";
import { type Frame, SkippedFrame } from "./frame.js";
import { ElementsFrame, frameFor } from "./frames.js";
import { adoptAttributes, isNil } from "./lenient-attributes.js";
import { childStandIn, requiredChildren } from "./lenient-shapes.js";
import { quote } from "./quote.js";

/** An element with child elements, read leniently. */
export class LenientElementsFrame extends ElementsFrame {
  /** Properties with stand-ins for what may still come; undefined as long as nothing is handed out. */
  #provisional: Set<string> | undefined;

  override open(tag: StartTag): Frame {
    const { namespace, local } = tag;
    const child = findChild(this.compiled, namespace, local) ?? this.#namesake(local);
    if (child === undefined) return super.open(tag);
    if (child.namespace !== namespace) {
      const found = namespace === "" ? "no namespace" : `the namespace ${quote(namespace)}`;
      this.context.report("UNEXPECTED_ELEMENT", `<${local}> is in ${found}; expected ${child.namespace}`, undefined, local);
    }
    if (!child.field.many && child.items === undefined && this.#isThere(child)) return this.#repeated(tag, child);
    this.#provisional?.delete(child.field.property);
    return super.open(child.namespace === namespace ? tag : { ...tag, namespace: child.namespace });
  }

  protected override child(tag: StartTag, child: Child, step: string): Frame {
    if (tag.attributes.length === 0 || child.field.keep === "outer") return super.child(tag, child, step);
    if (isNil(tag)) {
      this.context.report("UNEXPECTED_ATTRIBUTE", `<${tag.local}> says that it is nil and is left out`, undefined, step);
      return new SkippedFrame(this.context, step);
    }
    const adopted = child.target.kind === "shape" ? adoptAttributes(this.context, tag, child.target, step) : tag;
    return super.child(adopted, child, step);
  }

  /** The first item that is handed out leaves the rest to the caller as well, who counts on what its type demands. */
  protected override push(property: string, value: unknown): void {
    const { settings, stack } = this.context;
    if (this.#provisional === undefined && stack[0] === this && settings.streamed?.has(property) === true) {
      const missing = this.#missing();
      this.#provisional = new Set(missing.map(({ field }) => field.property));
      for (const child of missing) this.draft[child.field.property] = childStandIn(child);
    }
    super.push(property, value);
  }

  protected override finishModel(): void {
    const missing = this.#missing();
    for (const child of missing) this.#standIn(child);
    // What can be incomplete beside that is a choice of which nothing is there; to the type, each of its parts is optional.
    if (missing.length === 0) super.finishModel();
  }

  /** The child of this name in another namespace. What is kept whole would stay in the wrong one, and wildcards want others. */
  #namesake(local: string): Child | undefined {
    if (this.compiled.wildcard !== undefined) return undefined;
    return this.compiled.byLocal.get(local)?.find(({ field }) => field.keep !== "outer");
  }

  #missing(): Child[] {
    return requiredChildren(this.compiled).filter((child) => !this.#isThere(child));
  }

  #isThere({ field: { property }, items }: Child): boolean {
    if (items !== undefined) return true;
    const value = this.draft[property];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && this.#provisional?.has(property) !== true;
  }

  /** One too many: the first one counts. */
  #repeated(tag: StartTag, { local, field, target }: Child): Frame {
    const mark = this.context.source.mark();
    const report = (how: string, step?: string): void => {
      this.context.report("UNEXPECTED_ELEMENT", `<${local}> is repeated${how}; the first one counts`, mark, step);
    };
    if (target.kind === "shape") {
      report("", local);
      return new SkippedFrame(this.context, local);
    }
    const first = this.draft[field.property];
    return frameFor(this.context, tag, local, target, (value) =>
      report(target.same(first, value) ? " with the same value" : ` with another value, ${quote(target.format(value))}`),
    );
  }

  #standIn(child: Child): void {
    const { field, local } = child;
    const reason = `${this.tag} ends without a usable <${local}>`;
    if (field.many) {
      this.context.report("MISSING_ELEMENT", reason);
      return;
    }
    const value = childStandIn(child);
    if (value === undefined) {
      this.giveUp("MISSING_ELEMENT", reason);
      return;
    }
    this.draft[field.property] = value;
    this.context.report("MISSING_ELEMENT", `${reason}; ${typeof value === "string" ? quote(value) : "an empty one"} stands for it`);
  }
}
