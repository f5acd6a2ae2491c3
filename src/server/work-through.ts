/** How a source is worked through. */
export interface WorkThroughOptions {
  /** Items that are worked on at a time. */
  readonly concurrency: number
  /** Items that have been put aside at a time: they do not count as being worked on. */
  readonly mostAside: number
  readonly signal: AbortSignal | undefined
}

/** Where an item waits without keeping others from being worked on. */
export interface Aside {
  /** @returns Whether there is room; who is told that there is must {@link end}. */
  readonly begin: () => boolean
  /** Waits until it may be worked on again, which comes before anything that is read. */
  readonly end: () => Promise<void>
}

/**
 * Works on the items of any source, some at a time, and gives results as they come. Neither runs
 * ahead of the other: nothing is read while there are as many results waiting, or items being
 * worked on, as are allowed at a time.
 *
 * It throws what the source or the work throws, once what is under way has given its results: of
 * what was done, nothing is left unsaid. It throws the signal's reason once the results that are
 * there are taken. Whoever stops early, or throws, ends the source as well.
 */
export async function* workThrough<Item, Result>(
  source: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item, aside: Aside) => Promise<Result>,
  { concurrency, mostAside, signal }: WorkThroughOptions,
): AsyncGenerator<Result, void, undefined> {
  const items = iteratorOf(source)
  const results: Result[] = []
  let working = 0
  let asides = 0
  const returning: Array<() => void> = []
  const reading = { isUnderWay: false, isOver: false }
  let failure: { readonly error: unknown } | undefined
  let wake = (): void => {}

  const fail = (error: unknown): void => {
    failure ??= { error }
    wake()
  }
  const failWork = (error: unknown): void => {
    working -= 1
    fail(error)
  }
  const failSource = (error: unknown): void => {
    reading.isOver = true
    fail(error)
  }
  const aside: Aside = {
    begin() {
      if (asides >= mostAside) return false
      asides += 1
      working -= 1
      wake()
      return true
    },
    end: () =>
      new Promise((resolve) => {
        returning.push(resolve)
        wake()
      }),
  }
  const finish = (result: Result): void => {
    working -= 1
    results.push(result)
    wake()
  }
  const start = (item: Item): void => {
    working += 1
    work(item, aside).then(finish, failWork)
  }
  const take = ({ done, value }: IteratorResult<Item, unknown>): void => {
    reading.isUnderWay = false
    if (done) reading.isOver = true
    else if (!hasStopped()) start(value)
    wake()
  }
  const hasStopped = (): boolean => failure !== undefined || signal?.aborted === true
  const hasRoom = (): boolean => working + results.length < concurrency
  const read = (): void => {
    reading.isUnderWay = true
    try {
      const next = items.next()
      if ('then' in next) next.then(take, failSource)
      else take(next)
    } catch (error) {
      failSource(error)
    }
  }
  const canRead = (): boolean =>
    !hasStopped() && !reading.isUnderWay && !reading.isOver && hasRoom()
  const isOver = (): boolean =>
    signal?.aborted || ((failure !== undefined || reading.isOver) && working + asides === 0)
  const takeBack = (): void => {
    asides -= 1
    working += 1
    returning.shift()?.()
  }

  const stop = (): void => wake()
  signal?.addEventListener('abort', stop)
  try {
    signal?.throwIfAborted()
    for (;;) {
      while (returning.length > 0 && hasRoom()) takeBack()
      while (canRead()) read()
      if (results.length > 0) yield* results.splice(0)
      else if (isOver()) break
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    signal?.throwIfAborted()
    if (failure) throw failure.error
  } finally {
    signal?.removeEventListener('abort', stop)
    // A source that hangs must not hold up whoever stops.
    if (!reading.isOver) void Promise.resolve(items.return?.()).catch(() => {})
  }
}

interface AnyIterator<Item> {
  next(): IteratorResult<Item, unknown> | Promise<IteratorResult<Item, unknown>>
  return?(): unknown
}

function iteratorOf<Item>(source: Iterable<Item> | AsyncIterable<Item>): AnyIterator<Item> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
}
