import type { PushRequest } from '../server/push-transport.ts'

/** The time of one request, from its first wait to its answer. */
export interface Deadline {
  /** Aborted once the time is up, and when the request's own signal is. */
  readonly signal: AbortSignal
  readonly isOver: () => boolean
}

/** Has a request made within its time, and until its signal says otherwise. */
export async function withinTime<Result>(
  { timeoutMs, signal }: PushRequest,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  let isOver = false
  const stop = (): void => controller.abort(signal?.reason)
  const timer = setTimeout(() => {
    isOver = true
    controller.abort(new DOMException('The push service did not answer in time.', 'TimeoutError'))
  }, timeoutMs)
  signal?.addEventListener('abort', stop)
  try {
    return await work({ signal: controller.signal, isOver: () => isOver })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}
