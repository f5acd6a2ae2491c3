/** Holds a place among the requests that are under way to one origin. */
export interface OriginSlots {
  /**
   * Waits for a place. Whoever got one must {@link leave}.
   *
   * It rejects with the signal's reason, and then there is none to leave.
   */
  enter(origin: string, signal: AbortSignal | undefined): void | Promise<void>
  leave(origin: string): void
}

interface Origin {
  taken: number
  readonly waiting: Array<() => void>
}

/** Bounds how many requests are under way to one origin. */
export function createOriginSlots(most: number): OriginSlots {
  const origins = new Map<string, Origin>()
  return {
    enter(name, signal) {
      const origin = origins.get(name) ?? { taken: 0, waiting: [] }
      origins.set(name, origin)
      if (origin.taken < most) {
        origin.taken += 1
        return undefined
      }
      return new Promise((resolve, reject) => {
        const stop = (): void => {
          origin.waiting.splice(origin.waiting.indexOf(take), 1)
          reject(signal?.reason as Error)
        }
        const take = (): void => {
          signal?.removeEventListener('abort', stop)
          resolve()
        }
        origin.waiting.push(take)
        signal?.addEventListener('abort', stop, { once: true })
        if (signal?.aborted) stop()
      })
    },
    leave(name) {
      const origin = origins.get(name)
      const next = origin?.waiting.shift()
      // The place goes from hand to hand, so that nobody gets in between.
      if (next) next()
      else if (origin && --origin.taken === 0) origins.delete(name)
    },
  }
}
