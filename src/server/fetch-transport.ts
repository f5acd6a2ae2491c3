import type { PushTransport } from './push-transport.ts'
import { readBody } from './read-body.ts'

/** What `fetch` has to do for a sender. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Makes requests with `fetch`, which every runtime has. */
export function createFetchTransport(fetch: Fetch): PushTransport {
  return async ({ endpoint, headers, body, timeoutMs, signal }) => {
    // Not AbortSignal.timeout: its timer stays until it ends, long after the answer.
    const controller = new AbortController()
    const stop = (): void => controller.abort(signal?.reason)
    const timer = setTimeout(() => controller.abort(timeoutError()), timeoutMs)
    signal?.addEventListener('abort', stop)
    try {
      signal?.throwIfAborted()
      const init: RequestInit = { method: 'POST', headers, body, redirect: 'manual' }
      const response = await fetch(endpoint, { ...init, signal: controller.signal })
      // Also of a success, so that the connection can be used again. What comes of the body changes
      // nothing: the status has been given.
      const text = await readBody(response.body, 4096).then(
        (octets) => new TextDecoder().decode(octets),
        () => '',
      )
      return {
        httpStatus: response.status,
        header: (name) => response.headers.get(name),
        body: text,
      }
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
  }
}

/** Makes what a transport rejects with once the time is up. */
function timeoutError(): DOMException {
  return new DOMException('The push service did not answer in time.', 'TimeoutError')
}
