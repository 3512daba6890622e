/** Values that are written again and again: frozen whole, so that what was written of them once can be written again. */

import type { Shape } from "../binding/index.js";

/** How a value was written last: within which document, and as which element. */
interface Written {
  readonly shape: Shape;
  readonly tag: string;
  readonly text: string;
}

const kept = new WeakMap<object, Written | undefined>();

/** Freezes a complete value, with all that is in it, and lets writers remember what they made of it. */
export function keepWritten<T extends object>(value: T): T {
  freeze(value);
  kept.set(value, undefined);
  return value;
}

function freeze(value: object): void {
  Object.freeze(value);
  for (const inner of Object.values<unknown>({ ...value })) {
    if (typeof inner === "object" && inner !== null && !Object.isFrozen(inner)) freeze(inner);
  }
}

/** Whether writers remember what they made of `value`. */
export function isKept(value: object): boolean {
  return kept.has(value);
}

/** What was written of a value as `tag` within a document of `shape`; undefined when that is not known. */
export function writtenAs(value: object, shape: Shape, tag: string): string | undefined {
  const written = kept.get(value);
  return written?.shape === shape && written.tag === tag ? written.text : undefined;
}

/** Remembers what was written. */
export function rememberWritten(value: object, written: Written): void {
  kept.set(value, written);
}
