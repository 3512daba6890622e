/** All that comes, as a list. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** All that comes in lists, as one list. */
export async function collectLists<T>(lists: AsyncIterable<readonly T[]>): Promise<T[]> {
  return (await collect(lists)).flat();
}
