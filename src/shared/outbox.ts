import type { PutSubscriptionRequest } from './protocol.ts'
import type { HeldSubscription, RegistrationRecord } from './registration-record.ts'
import type { PushSubscriptionData } from './subscription.ts'
import { version } from './version.ts'

/**
 * The outbox: what the backend has still to be told. It is no list of requests but the difference
 * between what it shall hold (`hold`, `recipient`, `tags`, `client`) and what it may hold
 * (`mayHold`, `acknowledged`), so that of any number of decisions the last one alone is sent.
 *
 * Must hold, wherever the browser dies in between:
 * - each endpoint that the backend may hold is in `mayHold`, or is the one in `hold`;
 * - nothing leaves before the backend has answered.
 */
export type OutboxRequest =
  | {
      readonly method: 'PUT'
      readonly body: PutSubscriptionRequest
      /** What is acknowledged when the answer comes. */
      readonly intention: string
    }
  | { readonly method: 'DELETE'; readonly endpoint: string }

/**
 * Gives the next request that the backend must be sent; `null` when it knows everything.
 *
 * @param drainedSince - When this draining began: a heartbeat is sent once in it.
 */
export function nextRequest(
  record: RegistrationRecord,
  now: number,
  drainedSince: number,
): OutboxRequest | null {
  const { hold, acknowledged, mayHold, heartbeatMs = Infinity } = record
  const endpoint = mayHold.find((held) => held !== hold?.subscription.endpoint)
  if (hold) {
    // Two records that mean the same for the backend have the same text.
    const intention = JSON.stringify([putBody(record, hold), record.recipient, record.syncUrl])
    const isKnown =
      acknowledged?.intention === intention &&
      (acknowledged.at >= drainedSince || now < acknowledged.at + heartbeatMs)
    if (!isKnown) return { method: 'PUT', intention, body: putBody(record, hold, endpoint) }
  }
  return endpoint === undefined ? null : { method: 'DELETE', endpoint }
}

function putBody(
  { recipient, tags, client = { sdk: `pushwell/${version}` } }: RegistrationRecord,
  { subscription, applicationServerKey }: HeldSubscription,
  replaces?: string,
): PutSubscriptionRequest {
  return {
    version: 1,
    subscription,
    applicationServerKey,
    replaces,
    tags,
    signedOut: recipient === null || undefined,
    client,
  }
}

/**
 * The record from before a request is sent: from here on the backend may hold the endpoint, and
 * what it acknowledged before may not hold any more, should its answer be lost.
 */
export function beforeRequest(
  record: RegistrationRecord,
  request: OutboxRequest,
): RegistrationRecord {
  const { hold, acknowledged, mayHold } = record
  if (request.method === 'DELETE') {
    const holdsAnother = hold && hold.subscription.endpoint !== request.endpoint
    return holdsAnother ? record : { ...record, acknowledged: undefined }
  }
  const { endpoint } = request.body.subscription
  return {
    ...record,
    mayHold: [...without(mayHold, endpoint), endpoint],
    acknowledged: acknowledged?.intention === request.intention ? acknowledged : undefined,
  }
}

/**
 * The record once the backend has acknowledged a request. It may have changed meanwhile: what it
 * says now counts, and is sent next where it differs.
 */
export function afterAnswer(
  record: RegistrationRecord,
  request: OutboxRequest,
  now: number,
): RegistrationRecord {
  const settled = { ...record, retry: undefined }
  if (request.method === 'DELETE') {
    return { ...settled, mayHold: without(record.mayHold, request.endpoint) }
  }
  const { body, intention } = request
  return {
    ...settled,
    mayHold: without(record.mayHold, body.replaces),
    acknowledged: { intention, at: now },
  }
}

/** Makes a subscription the one that the backend shall hold; the same one stays as it is. */
export function holding(
  record: RegistrationRecord,
  subscription: SubscriptionSource,
  applicationServerKey: string,
  now: number,
): RegistrationRecord {
  if (record.hold?.subscription.endpoint === subscription.endpoint) return record
  const data = subscription.toJSON() as PushSubscriptionData
  return { ...record, hold: { subscription: data, applicationServerKey, since: now } }
}

/** Adds an endpoint that the backend may have been told of by somebody else. */
export function mayHoldAlso(record: RegistrationRecord, endpoint: string): RegistrationRecord {
  if (record.hold?.subscription.endpoint === endpoint) return record
  return { ...record, mayHold: [...without(record.mayHold, endpoint), endpoint] }
}

/** What is read of a `PushSubscription`, on the page as in the worker. */
export interface SubscriptionSource {
  readonly endpoint: string
  toJSON(): unknown
}

function without(endpoints: readonly string[], endpoint: string | undefined): readonly string[] {
  return endpoints.filter((other) => other !== endpoint)
}
