/**
 * Does some work for each item, several at a time, and gives what comes of it as it comes. It takes
 * no further item while nobody takes the results.
 *
 * @param work - Must not reject.
 */
export async function* inParallel<Item, Result>(
  items: Iterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const rest = items[Symbol.iterator]()
  const running = new Map<number, Promise<readonly [number, Result]>>()
  let started = 0
  for (;;) {
    while (running.size < concurrency) {
      const next = rest.next()
      if (next.done) break
      const place = started++
      running.set(
        place,
        work(next.value).then((result) => [place, result] as const),
      )
    }
    if (running.size === 0) return
    const [place, result] = await Promise.race(running.values())
    running.delete(place)
    yield result
  }
}
