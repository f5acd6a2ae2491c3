import { reportErrors } from './report-errors.ts'

/** One value and those who want to know when it changes. */
export interface StateStore<State> {
  readonly get: () => State
  /** Keeps the old snapshot, and tells nobody, when the new one says the same. */
  readonly set: (state: State) => void
  /** @returns The undoing of it. */
  readonly onChange: (listener: () => void) => () => void
}

/** Holds a plain state; `get` and `onChange` fit React's `useSyncExternalStore` as they are. */
export function createStateStore<State extends object>(initial: State): StateStore<State> {
  const listeners = new Set<{ listener: () => void }>()
  let current = initial
  return {
    get: () => current,
    set(state) {
      if (JSON.stringify(current) === JSON.stringify(state)) return
      current = state
      for (const { listener } of listeners) reportErrors(listener)
    },
    onChange(listener) {
      // Boxed, so that a listener added twice is told twice and undone once each.
      const entry = { listener }
      listeners.add(entry)
      return () => {
        listeners.delete(entry)
      }
    },
  }
}
