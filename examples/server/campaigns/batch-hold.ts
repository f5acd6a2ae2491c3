/** Tells whether an attempt may go on with its batch. */
export interface BatchHold {
  /** Asks the database, once for all who ask at a time, when what it said last is not new. */
  mayBegin(): Promise<boolean>
  /** Takes note of what the database said to a question of that time. */
  note(held: boolean, askedAt: number): void
  /** Whether nothing more is to be begun. */
  isLost(): boolean
  /** @throws what the database threw when it was asked. */
  throwIfFailed(): void
}

/**
 * A process that is stopped for a while finds nothing changed when it goes on, while another may have
 * its batch. That takes the five seconds at least that lie between a worker's last sign of life and
 * the end of the ten that it is given: what is newer than this holds.
 */
const newForMs = 2000

/**
 * @param ask - Asks the database whether the batch is still this attempt's.
 * @param since - When the attempt took the batch.
 */
export function createBatchHold(
  ask: () => Promise<boolean>,
  { since, now }: { readonly since: number; readonly now: () => number },
): BatchHold {
  let held = true
  let knownAt = since
  let failure: unknown
  let asking: Promise<void> | undefined
  const note = (answer: boolean, askedAt: number) => {
    held &&= answer
    knownAt = Math.max(knownAt, askedAt)
  }
  const askNow = async () => {
    const askedAt = now()
    try {
      note(await ask(), askedAt)
    } catch (error) {
      failure = error
      held = false
    } finally {
      asking = undefined
    }
  }
  return {
    async mayBegin() {
      // A clock that was set back says nothing of how long ago it was.
      if (held && Math.abs(now() - knownAt) > newForMs) await (asking ??= askNow())
      return held
    },
    note,
    isLost: () => !held,
    throwIfFailed() {
      if (failure !== undefined) throw failure
    },
  }
}
