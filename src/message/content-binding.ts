/** Content bindings: nesting expressions, and whether a block is in a format that a list of bindings covers. */

import { canonicalContentBinding } from "../constants.js";

/** A content format with, in TAXII 1.1, some of its subtypes. The parts of requests and collections that are lists of these fit. */
export interface AcceptedBinding {
  readonly bindingId: string;
  /** Subtypes the entry is narrowed to; none mean all of them (CB-MATCH-002). */
  readonly subtypes?: readonly { readonly subtypeId: string }[];
}

/** The format of a content block: a binding or a nesting expression, and the subtype it claims. */
export interface BlockBinding {
  readonly bindingId: string;
  readonly subtype?: { readonly subtypeId: string } | undefined;
}

const separator = "|";

/** Whether `expression` names several formats, one within the other: `W|A`. Content blocks only may have one (CB-NEST-006). */
export function isNesting(expression: string): boolean {
  return expression.includes(separator);
}

/**
 * The formats of a content block from the outermost to the innermost; a plain binding is one format (CB-NEST-001,
 * CB-NEST-002).
 *
 * @returns undefined for a malformed expression: a layer is empty or has spaces around it (CB-NEST-008)
 */
export function layersOf(expression: string): readonly string[] | undefined {
  // Asked for every block that comes in, and hardly any of them nests.
  const layers = isNesting(expression) ? expression.split(separator) : [expression];
  return layers.every((layer) => layer !== "" && layer.trim() === layer) ? layers : undefined;
}

/**
 * The nesting expression for content in the format `layers[0]`, in which there is content in the format `layers[1]`, and so
 * on (CB-NEST-002).
 *
 * @throws RangeError when a layer is empty, has spaces around it or is an expression itself: malformed ones are never made (CB-NEST-008)
 */
export function nest(...layers: readonly [string, ...string[]]): string {
  for (const layer of layers) {
    if (layer.trim() !== layer || layer === "" || isNesting(layer))
      throw new RangeError(`expected a content binding, found ${JSON.stringify(layer)}`);
  }
  return layers.join(separator);
}

/** What the specification leaves open about {@link coversBinding}. */
export interface MatchOptions {
  /**
   * Whether a block that names no subtype is kept from those who list subtypes. Default: false, as such a block makes no
   * claim and might be what they want (CB-MATCH-004).
   */
  readonly strictSubtypes?: boolean;
  /**
   * Identifiers for a layer that is a content block within content. They are covered by every list. Default: none, as no
   * message binding defines one (CB-NEST-005).
   */
  readonly contentBlockBindings?: readonly string[];
}

/**
 * Whether a list of content bindings covers a block. An empty list covers everything (CB-MATCH-001); entries add up, also
 * several for one binding (CB-MATCH-005). A nesting expression is covered when every layer is, in any order and any number
 * of times (CB-NEST-007); of a block that only names its wrapper, the wrapper decides (CB-MATCH-006). Identifiers are compared
 * character by character (XML-ID-009), apart from the spellings of S/MIME, which are one (CB-ID-002).
 */
export function coversBinding(accepted: readonly AcceptedBinding[], block: BlockBinding, options: MatchOptions = {}): boolean {
  if (accepted.length === 0) return true;
  const layers = layersOf(block.bindingId);
  if (layers === undefined) return false;
  return layers.every((layer) => {
    if (options.contentBlockBindings?.includes(layer)) return true;
    return accepted.some((entry) => coversLayer(entry, layer, block.subtype?.subtypeId, options.strictSubtypes ?? false));
  });
}

function coversLayer({ bindingId, subtypes = [] }: AcceptedBinding, layer: string, subtype: string | undefined, strict: boolean): boolean {
  if (canonicalContentBinding(bindingId) !== canonicalContentBinding(layer)) return false;
  if (subtypes.length === 0) return true;
  return subtype === undefined ? !strict : subtypes.some(({ subtypeId }) => subtypeId === subtype);
}

/**
 * What two lists of content bindings have in common, as entries of the first: which formats a request and a collection, or
 * a subscription and a poll, agree on. An empty list stands for all formats; undefined says that they agree on none, the
 * only case for `UNSUPPORTED_CONTENT` (CB-MATCH-009).
 */
export function commonBindings(
  first: readonly AcceptedBinding[],
  second: readonly AcceptedBinding[],
): readonly AcceptedBinding[] | undefined {
  if (first.length === 0) return second;
  if (second.length === 0) return first;
  const common = first.flatMap((one) => second.flatMap((other) => commonEntry(one, other)));
  return common.length === 0 ? undefined : common;
}

function commonEntry(one: AcceptedBinding, other: AcceptedBinding): AcceptedBinding[] {
  if (canonicalContentBinding(one.bindingId) !== canonicalContentBinding(other.bindingId)) return [];
  const { bindingId, subtypes = [] } = one;
  if (other.subtypes === undefined || other.subtypes.length === 0) return [one];
  if (subtypes.length === 0) return [{ bindingId, subtypes: other.subtypes }];
  const both = subtypes.filter(({ subtypeId }) => other.subtypes?.some((second) => second.subtypeId === subtypeId));
  return both.length === 0 ? [] : [{ bindingId, subtypes: both }];
}
