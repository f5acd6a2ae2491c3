import { canonicalApplicationServerKey } from '../shared/application-server-key.ts'
import type { KeyResponse } from '../shared/protocol.ts'
import { answerDelete } from './answer-delete.ts'
import { answerPut } from './answer-put.ts'
import { answerReceipts } from './answer-receipts.ts'
import { jsonResponse } from './json-response.ts'
import { problemResponse } from './problem-response.ts'
import { StoreFailure } from './store-failure.ts'
import type { SubscriptionHandlerOptions } from './subscription-handler-options.ts'

/** Answers one request of the sync protocol. Never rejects. */
export type SubscriptionHandler = (request: Request) => Promise<Response>

/**
 * Makes the backend's half of the sync protocol, version 1 (`docs/sync-protocol.yaml`), for any
 * runtime with the Web's `Request` and `Response`.
 *
 * Bodies are only taken as `application/json`: a page of another origin cannot send that without a
 * CORS preflight.
 *
 * @throws TypeError with the code `invalid-application-server-key`.
 */
export function createSubscriptionHandler(
  options: SubscriptionHandlerOptions,
): SubscriptionHandler {
  const { path, onError, onReceipts } = options
  const key = canonicalApplicationServerKey(options.applicationServerKey)
  return async (request) => {
    const route = routeOf(new URL(request.url).pathname, path)
    if (!route || (route.method === 'POST' && !onReceipts)) return problemResponse(404, 'not-found')
    if (request.method !== route.method) {
      return problemResponse(405, 'method-not-allowed', undefined, { Allow: route.method })
    }
    try {
      if (route.method === 'PUT') return await answerPut(request, key, options)
      if (route.method === 'DELETE') return await answerDelete(request, route.id, options)
      if (onReceipts && route.method === 'POST') {
        return await answerReceipts(request, onReceipts, options)
      }
      return jsonResponse({ applicationServerKey: key } satisfies KeyResponse)
    } catch (error) {
      const failed = error instanceof StoreFailure
      onError?.(failed ? error.cause : error)
      return failed
        ? problemResponse(503, 'store-failed', 'Try again later.')
        : problemResponse(500, 'internal')
    }
  }
}

type Route = { readonly method: 'GET' | 'PUT' | 'DELETE' | 'POST'; readonly id: string }

function routeOf(pathname: string, path: string | undefined): Route | null {
  const [found, name = '', id = ''] =
    /\/(key|receipts|subscriptions(?:\/([\da-f]{64}))?)$/.exec(pathname) ?? []
  const prefix = pathname.slice(0, -(found?.length ?? 0))
  if (!found || (path !== undefined && prefix !== path.replace(/\/$/, ''))) return null
  const method = ({ key: 'GET', receipts: 'POST' } as const)[name] ?? (id ? 'DELETE' : 'PUT')
  return { method, id }
}
