import { PushwellError } from '../shared/errors.ts'
import type { PagePlatform } from './page-platform.ts'

/**
 * Does some work alone, over all tabs and the worker: what one has read, another must not change
 * before it is written. Where there are no locks, it is done at once.
 *
 * @param waitMs - How long the others are waited for.
 * @param signal - Ends the waiting before.
 * @throws PushwellError `timeout` or `aborted`; whatever the work throws.
 */
export async function takeTurn<Value>(
  { locks }: Pick<PagePlatform, 'locks'>,
  name: string,
  waitMs: number,
  signal: AbortSignal | undefined,
  work: () => Promise<Value>,
): Promise<Value> {
  if (!locks) return work()
  const waiting = new AbortController()
  const abort = () =>
    waiting.abort(new PushwellError('aborted', 'The wait for a turn was given up.'))
  const late = new PushwellError('timeout', 'Another tab did not finish in time.', {
    remedy: 'reload-page',
  })
  const timer = setTimeout(() => waiting.abort(late), waitMs)
  const stopWaiting = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  try {
    return await locks.request(name, { signal: waiting.signal }, () => {
      stopWaiting()
      return work()
    })
  } finally {
    stopWaiting()
  }
}
