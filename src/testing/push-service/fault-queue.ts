import { rangeError, typeError } from '../../shared/errors.ts'

/** Whom a fault strikes: the one options shape of all faults. */
export interface FaultReach {
  /**
   * How many requests or messages it strikes before it is over.
   *
   * @default 1, or with a `share` as many as come until the faults are cleared
   */
  readonly count?: number
  /**
   * The part of all requests or messages that it strikes, by chance: above 0, up to 1.
   *
   * @default 1
   */
  readonly share?: number
}

/** Faults of one kind that are due, first in, first out. */
export interface FaultQueue<Fault> {
  /** @throws RangeError when the reach cannot be used. */
  add(fault: Fault, reach: FaultReach): void
  /** Gives the fault that strikes now, or `null` when all goes well. */
  take(): Fault | null
  clear(): void
}

/**
 * Makes an empty queue.
 *
 * @param random - Gives a number from 0 up to, not including, 1.
 */
export function createFaultQueue<Fault>(random: () => number): FaultQueue<Fault> {
  const faults: { readonly fault: Fault; readonly share: number; left: number }[] = []
  return {
    add(fault, reach) {
      faults.push({ fault, ...checkReach(reach) })
    },
    take() {
      const index = faults.findIndex(({ share }) => share === 1 || random() < share)
      const next = faults[index]
      if (!next) return null
      next.left -= 1
      if (next.left === 0) faults.splice(index, 1)
      return next.fault
    },
    clear() {
      faults.length = 0
    },
  }
}

function checkReach(reach: FaultReach): { readonly share: number; readonly left: number } {
  if (typeof reach !== 'object' || reach === null) {
    throw typeError('invalid-argument', 'options must be an object with "count" and "share".')
  }
  const { share = 1, count = reach.share === undefined ? 1 : Number.POSITIVE_INFINITY } = reach
  if (!(Number.isSafeInteger(count) || count === Number.POSITIVE_INFINITY) || count < 1) {
    throw rangeError('invalid-argument', 'count must be a whole number, at least 1, or Infinity.')
  }
  if (typeof share !== 'number' || !(share > 0 && share <= 1)) {
    throw rangeError('invalid-argument', 'share must be a number above 0, up to 1.')
  }
  return { share, left: count }
}
