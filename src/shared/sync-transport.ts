import { PushwellError } from './errors.ts'
import type { PutSubscriptionRequest, PutSubscriptionResponse } from './protocol.ts'

/** How the backend is told. The built-in one speaks the sync protocol; an app may bring its own. */
export interface SyncTransport {
  /** Stores a subscription. Must be idempotent, and must reject unless it is stored. */
  put(request: PutSubscriptionRequest): Promise<PutSubscriptionResponse>
  /**
   * Forgets a subscription. Must resolve also when the backend does not know it.
   *
   * @param id - SHA-256 of the endpoint, 64 hexadecimal digits.
   */
  remove(id: string): Promise<void>
}

/** Where and how the sync protocol is spoken. */
export interface HttpTransportOptions {
  /** The protocol's root; `/subscriptions` is added to it. */
  readonly url: string
  /** Asked for before every request, so that a token in it is never stale. */
  readonly headers?: (() => HeadersInit | Promise<HeadersInit>) | undefined
  /** Milliseconds until a request is given up. */
  readonly timeoutMs: number
  readonly fetch: typeof fetch
}

/**
 * Speaks the sync protocol version 1 over `fetch`, with the page's cookies (`credentials:
 * 'include'`).
 *
 * @throws PushwellError from its methods: `backend-refused` (400–499 but 429: trying again does
 * not help) or `backend-failed` (429, 500–599, or an answer that is not of the protocol: try again
 * later); what `fetch` throws when no answer comes.
 */
export function createHttpTransport(options: HttpTransportOptions): SyncTransport {
  const { headers: ask, timeoutMs, fetch } = options
  const root = `${options.url.replace(/\/$/, '')}/subscriptions`
  const send = async (url: string, method: 'PUT' | 'DELETE', body?: string) => {
    const headers = new Headers(await ask?.())
    if (body) headers.set('content-type', 'application/json')
    const signal = AbortSignal.timeout(timeoutMs)
    const init = { method, headers, body: body ?? null, signal }
    // A redirect leads to a sign-in page, whose 200 would pass for an answer.
    return fetch(url, { ...init, credentials: 'include', redirect: 'error' })
  }
  return {
    async put(request) {
      const response = await send(root, 'PUT', JSON.stringify(request))
      const answer = (await response.json().catch(() => null)) as PutSubscriptionResponse | null
      if (response.ok && answer?.status) return answer
      throw unexpectedAnswer('PUT', response)
    },
    async remove(id) {
      const response = await send(`${root}/${id}`, 'DELETE')
      if (response.status !== 204) throw unexpectedAnswer('DELETE', response)
    },
  }
}

function unexpectedAnswer(method: string, { status }: Response): PushwellError {
  return new PushwellError(
    status >= 400 && status < 500 && status !== 429 ? 'backend-refused' : 'backend-failed',
    `The backend answered ${method} with status ${status}, not in the sync protocol. Check sync.url; prepare() tries again.`,
  )
}
