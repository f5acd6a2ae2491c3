import { canonicalApplicationServerKey } from '../shared/application-server-key.ts'
import type { KeyResponse } from '../shared/protocol.ts'
import { answerDelete } from './answer-delete.ts'
import { answerPut } from './answer-put.ts'
import { answerReceipts } from './answer-receipts.ts'
import { createCrossOrigin } from './cross-origin.ts'
import { checkEndpointPolicy } from './endpoint-policy.ts'
import { jsonResponse } from './json-response.ts'
import { limitRequest } from './limit-request.ts'
import { problemResponse } from './problem-response.ts'
import { StoreFailure } from './store-failure.ts'
import type { SubscriptionHandlerOptions } from './subscription-handler-options.ts'

/** Answers one request of the sync protocol. Never rejects. */
export type SubscriptionHandler = (request: Request) => Promise<Response>

/**
 * Makes the backend's half of the sync protocol, version 1 (`docs/sync-protocol.yaml`), for any
 * runtime with the Web's `Request` and `Response`.
 *
 * What changes anything is a PUT, a DELETE or a body of `application/json`, and bodies are taken as
 * nothing else: a page of another origin can send none of these without a CORS preflight, so cookies
 * need no token beside them.
 *
 * @throws TypeError with the code `invalid-application-server-key`; or `invalid-argument` for what
 * is no origin, or a host that no endpoint can have.
 */
export function createSubscriptionHandler(
  options: SubscriptionHandlerOptions,
): SubscriptionHandler {
  const { path, cors, onError, onReceipts } = options
  const key = canonicalApplicationServerKey(options.applicationServerKey)
  checkEndpointPolicy(options.endpoints)
  const crossOriginOf = cors && createCrossOrigin(cors)
  const answer = async (request: Request, route: Route | null): Promise<Response> => {
    if (!route) return problemResponse(404, 'not-found')
    if (request.method !== route.method) {
      return problemResponse(405, 'method-not-allowed', undefined, { Allow: route.method })
    }
    const limited = await limitRequest(request, options)
    if (limited) return limited
    if (route.method === 'PUT') return answerPut(request, key, options)
    if (route.method === 'DELETE') return answerDelete(request, route.id, options)
    if (onReceipts && route.method === 'POST') return answerReceipts(request, onReceipts, options)
    return jsonResponse({ applicationServerKey: key } satisfies KeyResponse)
  }
  const fail = (error: unknown): Response => {
    const failed = error instanceof StoreFailure
    report(failed ? error.cause : error, onError)
    return failed
      ? problemResponse(503, 'store-failed', 'Try again later.')
      : problemResponse(500, 'internal')
  }
  return async (request) => {
    try {
      const found = routeOf(new URL(request.url).pathname, path)
      const route = found?.method === 'POST' && !onReceipts ? null : found
      const crossOrigin = crossOriginOf?.(request)
      const preflight = route && crossOrigin?.preflight(route.method)
      if (preflight) return preflight
      const response = await answer(request, route).catch(fail)
      return crossOrigin?.expose(response) ?? response
    } catch (error) {
      return fail(error)
    }
  }
}

/** Whatever the app does with it, at once or later: the request is answered. */
function report(thrown: unknown, onError: ((error: unknown) => unknown) | undefined): void {
  const told = (async () => onError?.(thrown))()
  told.catch(() => undefined)
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
