import { withDeadline } from '../shared/deadline.ts'
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
  let begin: () => void = () => undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  withDeadline(begun, waitMs, 'The wait for another tab', signal, 'reload-page').catch((error) =>
    waiting.abort(error),
  )
  const request = locks.request(name, { signal: waiting.signal }, () => {
    begin()
    return work()
  })
  return request.finally(begin)
}
