import type { RegistrationRecord } from '../shared/registration-record.ts'
import type { DrainReason } from '../shared/sync-retry.ts'
import { settledAt } from './key-move.ts'
import type { PagePlatform } from './page-platform.ts'

/** What makes a client look again while its page stays open. */
export interface WakeUps {
  /** Listens to the network, the focus and the permission. */
  listen(): void
  /** Sets the timer for what has to wait; the last call counts. */
  schedule(record: RegistrationRecord | undefined, settleMs: number): void
}

/** Milliseconds after which something that was due and did not get done is tried again. */
const overduePauseMs = 60_000

/** Longest time that a timer takes (2³¹ − 1 milliseconds). */
const longestTimerMs = 2_147_483_647

/** Calls `wake` when something outside may have changed; what it rejects with is in the record. */
export function createWakeUps(
  page: () => PagePlatform,
  signal: AbortSignal | undefined,
  wake: (reason: DrainReason) => Promise<unknown>,
): WakeUps {
  let timer: ReturnType<typeof setTimeout> | undefined
  /** The moment that the timer last woke the page for. */
  let wokenFor: number | undefined
  const call = (reason: DrainReason) => {
    if (!signal?.aborted) wake(reason).catch(() => undefined)
  }
  signal?.addEventListener('abort', () => clearTimeout(timer))
  return {
    listen() {
      const { events, permissions } = page()
      const options = signal && { signal }
      events?.addEventListener('online', () => call('online'), options)
      // Safari never tells of a changed permission (https://webkit.org/b/259432): the focus does.
      events?.addEventListener('focus', () => call('focus'), options)
      const seen = () => page().isVisible() && call('focus')
      events?.addEventListener('visibilitychange', seen, options)
      permissions?.query({ name: 'notifications' }).then(
        (status) => status.addEventListener('change', () => call('focus'), options),
        () => undefined,
      )
    },
    schedule(record, settleMs) {
      clearTimeout(timer)
      const { retry, keyMove } = record ?? {}
      const at = retry?.nextTry ?? (keyMove && settledAt(keyMove, settleMs))
      if (at === undefined || at === Infinity || signal?.aborted) return
      // Where the waking failed before it came to what was due, that moment stays in the record.
      const pauseMs = at === wokenFor ? overduePauseMs : Math.max(at - page().now(), 0)
      timer = setTimeout(
        () => {
          if (pauseMs < longestTimerMs) wokenFor = at
          call('timer')
        },
        Math.min(pauseMs + 1, longestTimerMs),
      )
    },
  }
}
