/** Random choices that a seed repeats. */
export interface Random {
  /** From 0 up to, not including, 1. */
  readonly next: () => number
  /** A whole number from 0 up to, not including, `end`. */
  readonly below: (end: number) => number
  readonly octets: (length: number) => Buffer
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item
}

/** Makes a generator (Mulberry32): the same seed gives the same choices. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    next,
    below,
    octets: (length) => Buffer.from(Array.from({ length }, () => below(256))),
    pick: (items) => items[below(items.length)] ?? items[0],
  }
}
