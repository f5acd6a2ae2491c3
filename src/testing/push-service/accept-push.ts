import type { IncomingMessage } from 'node:http'
import { endpointOrigins } from './chromium/endpoint.ts'
import type { Delivery } from './delivery.ts'
import { parsePushRequest } from './push-request.ts'
import { readBody } from './read-body.ts'
import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import type { ServiceManner } from './service-manner.ts'
import { checkStrictly } from './strict-check.ts'
import { checkStrictAuthorization, checkStrictSubject } from './strict-vapid.ts'
import type { RegisteredSubscription, SubscriptionRegistry } from './subscription-registry.ts'
import type { UsedKeys } from './used-keys.ts'
import { checkVapid } from './vapid-check.ts'
import type { VapidResult } from './vapid-check.ts'

/** What becomes of one push request. */
export type PushOutcome =
  | {
      readonly ok: true
      readonly id: string
      readonly ttl: number
      readonly subscription: RegisteredSubscription
      /** To be called when the sender could not be told: it will send the same again. */
      readonly release: () => void
    }
  | { readonly ok: false; readonly refusal: Refusal }

/** What pushes are accepted into. */
export interface AcceptPushOptions {
  readonly registry: SubscriptionRegistry
  readonly delivery: Delivery
  readonly manner: ServiceManner
  /** Set in a strict service. */
  readonly usedKeys: UsedKeys | null
  /** `host:port` as it stands in endpoints. */
  readonly host: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly newId: () => string
  /** Whether what was accepted so far is kept as it must be. */
  readonly isKept: () => boolean
}

/** Seconds beyond 24 hours that the `exp` of a token may lie ahead, as real services let pass. */
const leniencySeconds = 10

/** Takes one push request (RFC 8030 §5): reads it, checks it, and hands it to the delivery. */
export async function acceptPush(
  request: IncomingMessage,
  path: string,
  options: AcceptPushOptions,
): Promise<PushOutcome> {
  const { registry, delivery, manner, usedKeys } = options
  const found = findSubscription(path, registry)
  if ('kind' in found) return refused(found)
  if (request.method !== 'POST') return refused(refuseMethod('POST'))
  const body = await readBody(request, manner.maxBodyOctets)
  if (!body) {
    const limit = manner.maxBodyOctets
    return refused(refuse('too-large', `The body is larger than ${limit} octets.`))
  }
  const vapid = await identify(request, found, options)
  if (!vapid.ok) return vapid
  const parsed = parsePushRequest(request.headers, body.length, manner)
  if (!parsed.ok) return parsed
  const { headers } = request
  const strict = usedKeys && (await checkStrictly({ headers, body, vapidKey: vapid.key }))
  if (strict) return refused(strict)
  // The browser may have unsubscribed while the token was being verified.
  const subscription = findSubscription(path, registry)
  if ('kind' in subscription) return refused(subscription)
  if (delivery.isFull(subscription)) {
    const reason = 'Too many messages wait for this subscription. Connect its browser.'
    return refused(refuse('queue-full', reason))
  }
  const claim = usedKeys?.claim(body) ?? { ok: true, release: () => {} }
  if (!claim.ok) return claim
  return store(request, { ...parsed.request, body, subscription, release: claim.release }, options)
}

/** Says that a resource knows one method only. */
export function refuseMethod(allowed: string): Refusal {
  const headers = { allow: `${allowed}, OPTIONS` }
  return refuse('method', `This resource takes ${allowed} only.`, headers)
}

function refused(refusal: Refusal): PushOutcome {
  return { ok: false, refusal }
}

function store(
  request: IncomingMessage,
  push: {
    readonly ttl: number
    readonly body: Uint8Array
    readonly subscription: RegisteredSubscription
    readonly release: () => void
  },
  { delivery, now, newId, isKept }: AcceptPushOptions,
): PushOutcome {
  const { subscription, release, ...content } = push
  const id = newId()
  const { endpoint } = subscription
  const headers = flatten(request)
  delivery.accept(subscription, { id, endpoint, ...content, headers, receivedAt: now() })
  if (isKept()) return { ok: true, id, ttl: content.ttl, subscription, release }
  // Not to be promised: the disk did not take it.
  delivery.cancel(id)
  release()
  return refused(refuse('queue-full', 'The service cannot store the message. Free its disk.'))
}

function findSubscription(
  path: string,
  registry: SubscriptionRegistry,
): RegisteredSubscription | Refusal {
  const subscription = registry.find(path.slice(path.lastIndexOf('/') + 1))
  if (!subscription || new URL(subscription.endpoint).pathname !== path) {
    return refuse('no-endpoint', 'There is no such endpoint on this service.')
  }
  if (subscription.end === null) return subscription
  return subscription.end === 'device-forgotten'
    ? refuse('device-gone', 'The browser of this subscription is gone. Delete the subscription.')
    : refuse('subscription-gone', 'This subscription has ended. Delete it.')
}

function identify(
  { headers }: IncomingMessage,
  { applicationServerKey, endpoint }: RegisteredSubscription,
  { host, now, manner, usedKeys }: AcceptPushOptions,
): Promise<VapidResult> {
  const isStrict = usedKeys !== null
  const form =
    isStrict && headers.authorization !== undefined
      ? checkStrictAuthorization(headers.authorization)
      : null
  if (form !== null) return Promise.resolve({ ok: false, refusal: refuse('vapid-header', form) })
  return checkVapid(headers, {
    applicationServerKey,
    audiences: [...endpointOrigins(endpoint), `http://${host}`, `https://${host}`],
    now: now(),
    slackSeconds: isStrict ? 0 : leniencySeconds,
    checkSubject: (sub) =>
      (isStrict ? checkStrictSubject(sub) : null) ?? manner.checkSubject?.(sub) ?? null,
  })
}

function flatten({ headers }: IncomingMessage): Record<string, string> {
  const entries = Object.entries(headers)
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}
