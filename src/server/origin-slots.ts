/** Holds a place among the requests that are under way to one origin. */
export interface OriginSlots {
  /** Waits for a place. Whoever got one must {@link leave}. */
  enter(origin: string): void | Promise<void>
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
    enter(name) {
      const origin = origins.get(name) ?? { taken: 0, waiting: [] }
      origins.set(name, origin)
      if (origin.taken < most) {
        origin.taken += 1
        return undefined
      }
      return new Promise((resolve) => {
        origin.waiting.push(resolve)
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
