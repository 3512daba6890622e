/** The text verb: messages for people, as libtaxii shows them. */

import type { Shape } from "../binding/index.js";
import { formOf } from "./json-form.js";
import type { QueryFormatShapes } from "./json-query.js";
import { TextWriter } from "./text-writer.js";

/** Options of {@link toText}. */
export interface ToTextOptions {
  /** Query formats whose queries are shown; of others only the format is. Default: none. */
  readonly formats?: readonly QueryFormatShapes[];
  /** Local name of the element, for components that have several, such as `Subscription_Service`. Default: the shape's own. */
  readonly element?: string;
}

/**
 * A message, or a part of one, for people: libtaxii's `to_text` to the letter, its indentation and its `None` included, but
 * for the addresses of objects in it. Content is not shown, only its length: characters of text, bytes of XML in UTF-8.
 * No program should read this.
 *
 * Nothing is checked; what is not valid is shown as it is.
 */
export function toText<T extends object>(shape: Shape<T>, value: T, options: ToTextOptions = {}): string {
  return new TextWriter(options.formats ?? []).write({ shape, element: formOf(shape, options.element).element, value, indent: "" });
}
