/** How often the event loop comes round while something is done: nobody else gets a turn otherwise. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let next: NodeJS.Immediate | undefined;
  const again = (): void => {
    next = setImmediate(() => {
      turns++;
      again();
    });
  };
  again();
  await work().finally(() => clearImmediate(next));
  return turns;
}
