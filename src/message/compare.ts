/** Messages compared by what they mean. */

import { type Content, isXmlContent } from "../binding/content.js";
import type { Leaf, Shape } from "../binding/index.js";
import { canonicalMarkup } from "../codec/canonical.js";
import { type Child, type Compiled, compile } from "../codec/compiled.js";
import { formatPath } from "../codec/xml-writer.js";

/** One difference between two values. */
export interface Difference {
  /** Where: properties from the value down, `contentBlocks[2].timestampLabel`; indices are those of the first value. */
  readonly path: string;
  /** What the first value has; undefined for nothing. */
  readonly a: unknown;
  /** What the second value has; undefined for nothing. */
  readonly b: unknown;
}

/** Lists whose order means something: content blocks come as the producer orders them. */
const ordered: ReadonlySet<string> = new Set(["contentBlocks"]);

/**
 * Whether two values mean the same: one instant written in two zones is equal, a default left out equals the default
 * given, lists compare in any order except content blocks, markup compares by names and text whatever its prefixes.
 * Every field counts, padding and prose included.
 */
export function equals<T>(shape: Shape<T>, a: T, b: T): boolean {
  return diff(shape, a, b).length === 0;
}

/** Every difference between two values, by the measure of {@link equals}. */
export function diff<T>(shape: Shape<T>, a: T, b: T): Difference[] {
  const comparison = new Comparison();
  comparison.shaped(compile(shape), a, b);
  return comparison.differences;
}

class Comparison {
  readonly differences: Difference[] = [];
  readonly #path: (string | number)[] = [];

  shaped(compiled: Compiled, a: unknown, b: unknown): void {
    if (!isObject(a) || !isObject(b)) {
      this.#different(a, b, Object.is(a, b));
      return;
    }
    for (const { property, leaf, default: fallback } of compiled.attributes)
      this.#property(property, a, b, fallback, (x, y) => this.#leaf(leaf, x, y));
    if (compiled.value !== undefined) {
      const { property, leaf } = compiled.value;
      this.#property(property, a, b, undefined, (x, y) => this.#leaf(leaf, x, y));
    }
    if (compiled.content !== undefined) this.#property(compiled.content.property, a, b, undefined, (x, y) => this.#content(x, y));
    else this.#children(compiled, a, b);
  }

  #children(compiled: Compiled, a: object, b: object): void {
    const items = new Set<string>();
    for (const child of compiled.children) {
      const { field } = child;
      if (child.items !== undefined) items.add(child.items);
      else if (field.many)
        this.#property(field.property, a, b, [], (x, y) =>
          this.#list(x, y, ordered.has(field.property), (p, q) => this.#child(child, p, q)),
        );
      else this.#property(field.property, a, b, field.default, (x, y) => this.#child(child, x, y));
    }
    for (const property of items) {
      const alternatives = compiled.children.filter((child) => child.items === property);
      this.#property(property, a, b, [], (x, y) => this.#list(x, y, false, (p, q) => this.#item(alternatives, p, q)));
    }
    const { wildcard } = compiled;
    if (wildcard !== undefined && !wildcard.tagged) {
      this.#property(wildcard.property, a, b, [], (x, y) => this.#list(x, y, true, (p, q) => this.#content(p, q)));
    }
  }

  #child({ field, target }: Child, a: unknown, b: unknown): void {
    if (field.keep !== undefined) this.#content(a, b);
    else if (target.kind === "leaf") this.#leaf(target, a, b);
    else this.shaped(compile(target), a, b);
  }

  #item(alternatives: readonly Child[], a: unknown, b: unknown): void {
    const [key] = isObject(a) ? Object.keys(a) : [];
    const child = alternatives.find(({ field }) => field.property === key);
    if (key === undefined || !isObject(a) || !isObject(b) || !(key in b)) this.#different(a, b, false);
    else if (child === undefined) this.#property(key, a, b, undefined, (x, y) => this.#content(x, y));
    else this.#property(key, a, b, undefined, (x, y) => this.#child(child, x, y));
  }

  #property(property: string, a: object, b: object, fallback: unknown, compare: (a: unknown, b: unknown) => void): void {
    const x: unknown = Reflect.get(a, property) ?? fallback;
    const y: unknown = Reflect.get(b, property) ?? fallback;
    if (x === undefined && y === undefined) return;
    this.#path.push(property);
    if (x === undefined || y === undefined) this.#different(x, y, false);
    else compare(x, y);
    this.#path.pop();
  }

  #list(a: unknown, b: unknown, inOrder: boolean, compare: (a: unknown, b: unknown) => void): void {
    if (!Array.isArray(a) || !Array.isArray(b)) {
      this.#different(a, b, false);
      return;
    }
    const [left, right] = inOrder ? [indices(a), indices(b)] : this.#unmatched(a, b, compare);
    for (let at = 0; at < Math.max(left.length, right.length); at++) {
      const [x, y] = [left[at], right[at]];
      this.#path.push(x ?? y ?? at);
      if (x === undefined || y === undefined)
        this.#different(x === undefined ? undefined : a[x], y === undefined ? undefined : b[y], false);
      else compare(a[x], b[y]);
      this.#path.pop();
    }
  }

  /** What is left of two lists when equal elements are paired off, in their order. */
  #unmatched(a: readonly unknown[], b: readonly unknown[], compare: (a: unknown, b: unknown) => void): [number[], number[]] {
    const right = indices(b);
    const left = indices(a).filter((index) => {
      const partner = right.findIndex((candidate) => this.#same(() => compare(a[index], b[candidate])));
      if (partner < 0) return true;
      right.splice(partner, 1);
      return false;
    });
    return [left, right];
  }

  /** Whether a comparison finds nothing; what it finds is forgotten. */
  #same(compare: () => void): boolean {
    const before = this.differences.length;
    compare();
    const same = this.differences.length === before;
    this.differences.length = before;
    return same;
  }

  #leaf(leaf: Leaf<unknown>, a: unknown, b: unknown): void {
    this.#different(a, b, Object.is(a, b) || leaf.same(a, b));
  }

  #content(a: unknown, b: unknown): void {
    this.#different(a, b, isContentLike(a) && isContentLike(b) && sameContent(a, b));
  }

  #different(a: unknown, b: unknown, same: boolean): void {
    if (!same) this.differences.push({ path: formatPath(this.#path), a, b });
  }
}

function sameContent(a: Content, b: Content): boolean {
  if (!isXmlContent(a) || !isXmlContent(b)) return !isXmlContent(a) && !isXmlContent(b) && a.text === b.text;
  return a.xml === b.xml || canonicalMarkup(a.xml) === canonicalMarkup(b.xml);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isContentLike(value: unknown): value is Content {
  return isObject(value) && ("xml" in value || "text" in value);
}

function indices(list: readonly unknown[]): number[] {
  return list.map((_, index) => index);
}
