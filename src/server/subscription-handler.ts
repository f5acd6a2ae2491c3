import {
  type ApplicationServerKey,
  canonicalApplicationServerKey,
} from '../shared/application-server-key.ts'
import type { ArgumentError } from '../shared/errors.ts'
import {
  type KeyResponse,
  type PutSubscriptionRequest,
  type PutSubscriptionResponse,
  subscriptionId,
} from '../shared/protocol.ts'
import type { EndpointPolicy } from './endpoint-policy.ts'
import { problemResponse } from './problem-response.ts'
import { parsePutRequest } from './put-request.ts'
import { readBody } from './read-body.ts'
import type { SubscriptionRecord, SubscriptionStore } from './subscription-store.ts'

/** Who sends a request. */
export interface Authorized {
  /** The app's name for the user, or `null` for a visitor who may subscribe without signing in. */
  readonly recipient: string | null
}

/** How a subscription handler is made. */
export interface SubscriptionHandlerOptions {
  readonly store: SubscriptionStore
  /**
   * Says who sends a PUT or DELETE, from its cookies or headers, never from its body (which it must
   * not read). `null` answers 401; a `Response` is answered as it is. `GET /key` is not asked
   * about: the key is public.
   */
  readonly authorize: (
    request: Request,
  ) => Authorized | Response | null | Promise<Authorized | Response | null>
  /** The VAPID public key that new subscriptions are to be made with. */
  readonly applicationServerKey: ApplicationServerKey
  /**
   * The path that the handler is mounted at, as `/push`. When absent, only the end of a path is
   * looked at, so that it answers wherever it is mounted.
   */
  readonly path?: string
  /**
   * Which addresses endpoints may have: the same as the sender's.
   *
   * @default 'public'
   */
  readonly endpoints?: EndpointPolicy
  /** Called with what the store, or `authorize`, threw: the browser is told nothing of it. */
  readonly onError?: (error: unknown) => void
  /**
   * Gives the time in milliseconds since 1970.
   *
   * @default Date.now
   */
  readonly now?: () => number
}

/** Answers one request of the sync protocol. Never rejects. */
export type SubscriptionHandler = (request: Request) => Promise<Response>

const maximumBodyOctets = 65_536

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
  const { path, onError } = options
  const key = canonicalApplicationServerKey(options.applicationServerKey)
  return async (request) => {
    const route = routeOf(new URL(request.url).pathname, path)
    if (!route) return problemResponse(404, 'not-found')
    if (request.method !== route.method) {
      return problemResponse(405, 'method-not-allowed', undefined, { Allow: route.method })
    }
    try {
      if (route.method === 'GET') return json({ applicationServerKey: key } satisfies KeyResponse)
      const who = await options.authorize(request)
      if (!who) return problemResponse(401, 'unauthorized')
      // Not instanceof: servers for Node put a Response of their own in the place of the global.
      if (!('recipient' in who)) return who
      if (route.method === 'PUT') return await put(request, who, key, options)
      await stored(() => options.store.remove(route.id, { recipient: who.recipient }))
      return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } })
    } catch (error) {
      const failed = error instanceof StoreFailure
      onError?.(failed ? error.cause : error)
      return failed
        ? problemResponse(503, 'store-failed', 'Try again later.')
        : problemResponse(500, 'internal')
    }
  }
}

type Route = { readonly method: 'GET' | 'PUT' | 'DELETE'; readonly id: string }

function routeOf(pathname: string, path: string | undefined): Route | null {
  const [found, name, id = ''] = /\/(key|subscriptions(?:\/([\da-f]{64}))?)$/.exec(pathname) ?? []
  const prefix = pathname.slice(0, -(found?.length ?? 0))
  if (!found || (path !== undefined && prefix !== path.replace(/\/$/, ''))) return null
  return { method: name === 'key' ? 'GET' : id ? 'DELETE' : 'PUT', id }
}

async function put(
  request: Request,
  { recipient }: Authorized,
  key: string,
  { store, endpoints, now = Date.now }: SubscriptionHandlerOptions,
): Promise<Response> {
  const body = await readRequest(request, endpoints)
  if (!('subscription' in body)) return body
  const { subscription, applicationServerKey, client } = body
  const id = await subscriptionId(subscription.endpoint)
  const replaces = body.replaces && (await subscriptionId(body.replaces))
  const known =
    (await stored(() => store.get(id))) ??
    (replaces ? await stored(() => store.get(replaces)) : null)
  const updatedAt = now()
  const record: SubscriptionRecord = {
    id,
    subscription,
    applicationServerKey,
    recipient,
    tags: body.tags ?? tagsThatStay(known, recipient),
    client,
    createdAt: known?.createdAt ?? updatedAt,
    updatedAt,
  }
  await stored(() => store.put(record, replaces && replaces !== id ? { replaces } : {}))
  const answer: PutSubscriptionResponse =
    applicationServerKey === key
      ? { status: 'ok' }
      : { status: 'rotate', applicationServerKey: key }
  return json(answer)
}

/** A PUT that names no tags leaves them, unless the device has passed from one user to another. */
function tagsThatStay(
  known: SubscriptionRecord | null,
  recipient: string | null,
): readonly string[] {
  const same = known && (known.recipient === null || known.recipient === recipient)
  return same ? known.tags : []
}

async function readRequest(
  request: Request,
  endpoints: EndpointPolicy | undefined,
): Promise<PutSubscriptionRequest | Response> {
  if (!/^application\/json *(;|$)/i.test(request.headers.get('Content-Type') ?? '')) {
    return problemResponse(415, 'not-json', 'Content-Type must be application/json.')
  }
  const octets = await readBody(request.body, maximumBodyOctets)
  if (octets.length > maximumBodyOctets) {
    return problemResponse(
      413,
      'too-large',
      `The body must be at most ${maximumBodyOctets} octets.`,
    )
  }
  const value = parseJson(octets)
  if (value === undefined) {
    return problemResponse(400, 'not-json', 'The body must be JSON in UTF-8.')
  }
  try {
    return await parsePutRequest(value, endpoints)
  } catch (error) {
    const { code = '', message } = error as Partial<ArgumentError>
    // Only our own codes, in lower case, come with sentences for strangers; Node's do not.
    if (/^[a-z-]+$/.test(code)) return problemResponse(400, code, message)
    throw error
  }
}

function parseJson(octets: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets))
  } catch {
    return undefined
  }
}

/** Tells the store's failures, which pass, from all others. */
class StoreFailure extends Error {}

async function stored<Value>(operation: () => Promise<Value>): Promise<Value> {
  try {
    return await operation()
  } catch (cause) {
    throw new StoreFailure('The store failed.', { cause })
  }
}

function json(value: KeyResponse | PutSubscriptionResponse): Response {
  return new Response(JSON.stringify(value), {
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  })
}
