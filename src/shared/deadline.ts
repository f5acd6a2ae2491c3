import { PushwellError, type Remedy } from './errors.ts'

/**
 * Waits for a promise, but not for ever.
 *
 * @param what - Names what is waited for, as the subject of a sentence.
 * @param signal - Ends the wait before.
 * @param remedy - What helps once it has taken too long.
 * @throws PushwellError with the code `timeout` once `timeoutMs` have gone by, or `aborted`. What
 * comes of the promise after that is ignored, also a rejection.
 */
export function withDeadline<Value>(
  promise: PromiseLike<Value>,
  timeoutMs: number,
  what: string,
  signal?: AbortSignal,
  remedy: Remedy = 'check-network',
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new PushwellError('aborted', `${what} was given up.`))
    const timer = setTimeout(() => {
      const sentence = `${what} did not finish within ${timeoutMs} ms.`
      reject(new PushwellError('timeout', sentence, { remedy }))
    }, timeoutMs)
    const release = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    promise.then(resolve, reject).then(release, release)
  })
}
