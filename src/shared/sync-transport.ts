import { answerError } from './answer-error.ts'
import type { PushwellError } from './errors.ts'
import type { PutSubscriptionRequest, PutSubscriptionResponse } from './protocol.ts'

/** How the backend is told. The built-in one speaks the sync protocol; an app may bring its own. */
export interface SyncTransport {
  /**
   * Stores a subscription. Must be idempotent, and must reject unless it is stored.
   *
   * @throws A PushwellError says when to try again: `backend-unauthorized` not before somebody
   * signs in, any other with its `retryAfterMs`.
   */
  put(request: PutSubscriptionRequest, options: TransportOptions): Promise<PutSubscriptionResponse>
  /**
   * Forgets a subscription. Must resolve also when the backend does not know it.
   *
   * @param id - SHA-256 of the endpoint, 64 hexadecimal digits.
   * @param endpoint - The endpoint itself: whoever knows it owns it.
   */
  remove(id: string, endpoint: string, options: TransportOptions): Promise<void>
}

/** What goes with each request. */
export interface TransportOptions {
  /**
   * Aborts when the request is given up. What reached the backend later could undo what it was told
   * since.
   */
  readonly signal: AbortSignal
}

/** How requests are made. */
export interface SyncRequestOptions {
  /** Asked for before every request, so that a token in it is never stale. */
  readonly headers?: (() => HeadersInit | Promise<HeadersInit>) | undefined
  /** @default 'include' */
  readonly credentials?: RequestCredentials | undefined
  readonly fetch: typeof fetch
}

/** Where and how the sync protocol is spoken. */
export interface HttpTransportOptions extends SyncRequestOptions {
  /** The protocol's root; `/subscriptions` is added to it. */
  readonly url: string
}

/** Makes a request of the sync protocol. */
export async function requestSync(
  url: string,
  method: 'PUT' | 'DELETE' | 'POST',
  body: object,
  { headers: ask, credentials = 'include', fetch, signal }: SyncRequestOptions & TransportOptions,
): Promise<Response> {
  const headers = new Headers(await ask?.())
  signal.throwIfAborted()
  headers.set('content-type', 'application/json')
  const init = { method, headers, body: JSON.stringify(body), credentials, signal }
  // A redirect leads to a sign-in page, whose 200 would pass for an answer.
  return fetch(url, { ...init, redirect: 'error' })
}

/** Makes the error for an answer that is not of the sync protocol. */
export function syncError(response: Response): PushwellError {
  return answerError(response, 'It is not of the sync protocol: check sync.url.')
}

/**
 * Speaks the sync protocol version 1 over `fetch`, with the page's cookies.
 *
 * @throws PushwellError from its methods: `backend-unauthorized` (401, 403), `backend-refused`
 * (other 400–499 but 429: trying again does not help by itself) or `backend-failed` (429, 500–599,
 * or an answer that is not of the protocol: try again later); what `fetch` throws when no answer
 * comes.
 */
export function createHttpTransport({ url, ...options }: HttpTransportOptions): SyncTransport {
  const root = `${url.replace(/\/$/, '')}/subscriptions`
  return {
    async put(request, given) {
      const response = await requestSync(root, 'PUT', request, { ...options, ...given })
      const answer = (await response.json().catch(() => null)) as PutSubscriptionResponse | null
      if (response.ok && /^(ok|rotate)$/.test(answer?.status ?? '')) {
        return answer as PutSubscriptionResponse
      }
      throw syncError(response)
    },
    async remove(id, endpoint, given) {
      const all = { ...options, ...given }
      const response = await requestSync(`${root}/${id}`, 'DELETE', { endpoint }, all)
      if (response.status !== 204) throw syncError(response)
    },
  }
}
