/** Works on all of them, so many at a time. */
export async function inTurn<Item>(
  items: readonly Item[],
  inFlight: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values()
  const workOn = async (): Promise<void> => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: inFlight }, workOn))
}
