import { PushwellError } from './errors.ts'

/**
 * Waits for a promise, but not for ever.
 *
 * @param what - Names what is waited for, as the subject of a sentence.
 * @throws PushwellError with the code `timeout` once `timeoutMs` have gone by. What comes of the
 * promise after that is ignored, also a rejection.
 */
export function withDeadline<Value>(
  promise: PromiseLike<Value>,
  timeoutMs: number,
  what: string,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new PushwellError('timeout', `${what} did not finish within ${timeoutMs} ms.`))
    }, timeoutMs)
    promise.then(resolve, reject).then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    )
  })
}
