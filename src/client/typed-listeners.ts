import { reportErrors } from './report-errors.ts'

/** Listeners by the type that they are for. */
export interface TypedListeners<Value> {
  readonly add: (type: string, listener: (value: Value) => void) => () => void
  readonly has: (type: string) => boolean
  readonly tell: (type: string, value: Value) => void
}

/** Makes an empty set of listeners. */
export function createListeners<Value>(): TypedListeners<Value> {
  const entries = new Set<{ type: string; listener: (value: Value) => void }>()
  const of = (type: string) => [...entries].filter((entry) => entry.type === type)
  return {
    add(type, listener) {
      const entry = { type, listener }
      entries.add(entry)
      return () => {
        entries.delete(entry)
      }
    },
    has: (type) => of(type).length > 0,
    tell(type, value) {
      for (const { listener } of of(type)) reportErrors(() => listener(value))
    },
  }
}
