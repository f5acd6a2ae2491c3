/** Gives what a promise does, or rejects with the signal's reason: whichever is first. */
export function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error)
    const settle = (): void => signal.removeEventListener('abort', stop)
    signal.addEventListener('abort', stop)
    promise.then(resolve, reject).finally(settle)
    if (signal.aborted) stop()
  })
}
