/**
 * Remembers which defaults a reader filled in, so that a writer can leave them out again: what was absent stays absent.
 * Kept beside the objects, which stay plain.
 */

const filledIn = new WeakMap<object, Set<string>>();

/** Notes that `property` of `value` was absent and has its default. */
export function markDefaulted(value: object, property: string): void {
  const known = filledIn.get(value);
  if (known === undefined) filledIn.set(value, new Set([property]));
  else known.add(property);
}

/** Whether `property` of `value` was absent where it was read. */
export function isDefaulted(value: object, property: string): boolean {
  return filledIn.get(value)?.has(property) ?? false;
}
