/** The frame of an element that becomes an object: its attributes. */

import type { AttributeField } from "../binding/index.js";
import type { ParseErrorCode } from "../errors.js";
import type { Attribute, StartTag } from "../xml/source.js";
import { checkForeignAttributes, plainAttribute } from "./attributes.js";
import type { Compiled } from "./compiled.js";
import { markDefaulted } from "./defaulted.js";
import { type Deliver, type Draft, discard, Frame } from "./frame.js";
import { parseLeaf } from "./leaf-reader.js";
import { mayDefault, textStandIn } from "./lenient-values.js";
import { quote } from "./quote.js";
import type { ReadContext } from "./read-context.js";

/** A frame with a draft and attributes. */
export abstract class ShapeFrame extends Frame {
  protected readonly compiled: Compiled;
  /** The value so far. */
  readonly draft: Draft = {};

  constructor(context: ReadContext, tag: StartTag, step: string, compiled: Compiled, deliver: Deliver) {
    super(context, step, deliver);
    this.compiled = compiled;
    if (compiled.shape.role === "message") this.draft["$type"] = compiled.shape.name;
    context.settings.places?.set(this.draft, context.source.place());
    this.#readAttributes(tag, step);
  }

  /**
   * Nothing can stand for what is missing, so that a lenient reading leaves the element out; the root is an error.
   *
   * @param step the element's step, before it is open
   */
  protected giveUp(code: ParseErrorCode, reason: string, step?: string): void {
    const root = this.context.stack[0];
    if (root === undefined || root === this) throw this.context.error(code, reason, undefined, step);
    this.context.report(code, `${reason}; the element is left out`, undefined, step);
    this.deliver = discard;
  }

  #readAttributes(tag: StartTag, step: string): void {
    const { attributes } = tag;
    let known = 0;
    for (const field of this.compiled.attributes) {
      const attribute = plainAttribute(attributes, field.wire);
      if (attribute !== undefined) {
        known++;
        const read = parseLeaf(
          this.context,
          field.leaf,
          attribute.value,
          () => `the attribute ${field.wire} of <${tag.local}>`,
          undefined,
          (value) => {
            this.draft[field.property] = value;
          },
          step,
        );
        if (!read) this.#unread(field, attribute, tag, step);
      } else if (field.required) {
        this.#lacks(field, tag, step);
      } else if (field.default !== undefined) {
        this.#fillIn(field);
      }
    }
    if (known < attributes.length) {
      const { shape } = this.compiled;
      checkForeignAttributes(this.context, tag, step, shape.type, shape.namespace, this.compiled);
    }
  }

  #fillIn({ property, default: value }: AttributeField): void {
    this.draft[property] = value;
    markDefaulted(this.draft, property);
  }

  #lacks(field: AttributeField, tag: StartTag, step: string): void {
    const reason = `<${tag.local}> lacks the attribute ${field.wire}; expected ${field.leaf.expected}`;
    if (this.context.settings.lenient === undefined) this.context.report("MISSING_ATTRIBUTE", reason, undefined, step);
    else this.#standIn(field, "MISSING_ATTRIBUTE", reason, step);
  }

  /** An attribute whose value cannot be read, which was reported: to a lenient reading it is as good as absent. */
  #unread(field: AttributeField, { value }: Attribute, tag: StartTag, step: string): void {
    if (this.context.settings.lenient === undefined) return;
    const { default: absent, required, wire, leaf } = field;
    if (absent !== undefined && mayDefault(wire, value)) this.#fillIn(field);
    else if (absent !== undefined || required)
      this.#standIn(field, "BAD_VALUE", `the attribute ${wire} of <${tag.local}> is ${quote(value)}; expected ${leaf.expected}`, step);
  }

  #standIn({ leaf, wire, property }: AttributeField, code: ParseErrorCode, reason: string, step: string): void {
    const value = textStandIn(leaf, wire);
    if (value === undefined) {
      this.giveUp(code, reason, step);
      return;
    }
    this.draft[property] = value;
    this.context.report(code, `${reason}; ${quote(value)} stands for it`, undefined, step);
  }
}
