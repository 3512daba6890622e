/** Options that are left out, where they are undefined. */

/** The options that are given. */
export type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is undefined, so that it does not take the place of something, such as a default. */
export function given<T extends object>(options: T | undefined): Given<T> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Given<T>;
}
