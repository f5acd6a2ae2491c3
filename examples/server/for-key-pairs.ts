import type { VapidKeyPairs } from './vapid-key-pairs.ts'

/**
 * Holds what is made of the key pairs of the moment, and makes it anew when these have changed.
 *
 * @param keys - Asked each time, so that keys can rotate while the process runs.
 * @returns What gives it. It throws what `make` throws; when the pairs cannot be read, the last ones
 * do.
 */
export function forKeyPairs<Made>(
  keys: () => Promise<VapidKeyPairs>,
  make: (pairs: VapidKeyPairs) => Made,
): () => Promise<Made> {
  let held: { readonly pairs: VapidKeyPairs; readonly made: Made } | undefined
  return async () => {
    const pairs = await keys().catch((error: unknown) => {
      if (held) return held.pairs
      throw error
    })
    if (!held || namesOf(held.pairs) !== namesOf(pairs)) held = { pairs, made: make(pairs) }
    return held.made
  }
}

function namesOf(pairs: VapidKeyPairs): string {
  return pairs.map(({ publicKey }) => publicKey).join()
}
