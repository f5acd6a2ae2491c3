/** How groups are made. */
export interface GroupOptions {
  /** The most that a group has. */
  readonly size: number
  /** How long the first of a group waits for others, in milliseconds. */
  readonly waitMs: number
}

/** Gathers what comes into groups; none is empty. */
export async function* inGroups<Item>(
  source: AsyncIterator<Item>,
  { size, waitMs }: GroupOptions,
): AsyncGenerator<readonly Item[]> {
  let next = source.next()
  for (;;) {
    const first = await next
    if (first.done) return
    const group = [first.value]
    next = source.next()
    const { promise: late, cancel } = timeout(waitMs)
    while (group.length < size) {
      const following = await Promise.race([next, late])
      if (following === 'late' || following.done) break
      group.push(following.value)
      next = source.next()
    }
    cancel()
    yield group
  }
}

function timeout(milliseconds: number) {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'late')
  })
  return { promise, cancel: () => clearTimeout(timer) }
}
