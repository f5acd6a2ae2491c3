import {
  type PutSubscriptionRequest,
  type PutSubscriptionResponse,
  subscriptionId,
} from '../shared/protocol.ts'
import { authorizeRequest, isAuthorized } from './authorize-request.ts'
import type { EndpointPolicy } from './endpoint-policy.ts'
import { jsonResponse } from './json-response.ts'
import { parsePutRequest } from './put-request.ts'
import { notJson, readJsonBody, refusalOf } from './read-json-body.ts'
import { stored } from './store-failure.ts'
import type { Authorized, SubscriptionHandlerOptions } from './subscription-handler-options.ts'
import type { SubscriptionRecord, SubscriptionStore } from './subscription-store.ts'

/**
 * Answers `PUT /subscriptions`.
 *
 * @param key - The key that subscriptions are wanted with.
 */
export async function answerPut(
  request: Request,
  key: string,
  options: SubscriptionHandlerOptions,
): Promise<Response> {
  // Before the body is read: what `authorize` is made with may not take a request without it.
  const who = await authorizeRequest(request, options).catch((failure: unknown) => ({ failure }))
  const body = await readPutRequest(request, options.endpoints)
  if ('subscription' in body && body.signedOut) await signOut(body, who, options)
  else if ('failure' in who) throw who.failure
  else if (!isAuthorized(who)) return who
  else if (!('subscription' in body)) return body
  else await keep(body, who.recipient, await find(body, options.store), options)
  const answer: PutSubscriptionResponse =
    body.applicationServerKey === key
      ? { status: 'ok' }
      : { status: 'rotate', applicationServerKey: key }
  return jsonResponse(answer)
}

async function readPutRequest(
  request: Request,
  endpoints: EndpointPolicy | undefined,
): Promise<PutSubscriptionRequest | Response> {
  const body = await readJsonBody(request)
  if (!('value' in body)) return body
  if (body.value === undefined) return notJson()
  return parsePutRequest(body.value, endpoints).catch(refusalOf)
}

/**
 * That nobody is signed in on a device any more is stored whoever says it, if the device is known.
 * Of one that is not there is nothing to forget, so it is only stored for who may.
 */
async function signOut(
  body: PutSubscriptionRequest,
  who: Authorized | Response | { readonly failure: unknown },
  options: SubscriptionHandlerOptions,
): Promise<void> {
  const found = await find(body, options.store)
  if (found.known || isAuthorized(who)) return keep(body, null, found, options)
  if ('failure' in who) throw who.failure
}

interface Found {
  readonly id: string
  /** What the store has of this device: the record itself, else the one that it replaces. */
  readonly known: SubscriptionRecord | null
  /** The id of the record whose place this one takes. */
  readonly replaces?: string
}

async function find(
  { subscription, replaces: old }: PutSubscriptionRequest,
  store: SubscriptionStore,
): Promise<Found> {
  const id = await subscriptionId(subscription.endpoint)
  const replaces = old === undefined ? undefined : await subscriptionId(old)
  const known =
    (await stored(() => store.get(id))) ??
    (replaces === undefined ? null : await stored(() => store.get(replaces)))
  return { id, known, ...(replaces !== undefined && replaces !== id && { replaces }) }
}

async function keep(
  { subscription, applicationServerKey, signedOut, tags, client }: PutSubscriptionRequest,
  recipient: string | null,
  { id, known, replaces }: Found,
  { store, now = Date.now }: SubscriptionHandlerOptions,
): Promise<void> {
  const updatedAt = now()
  const record: SubscriptionRecord = {
    id,
    subscription,
    applicationServerKey,
    recipient,
    tags: tags ?? (signedOut ? [] : tagsThatStay(known, recipient)),
    client,
    createdAt: known?.createdAt ?? updatedAt,
    updatedAt,
  }
  await stored(() => store.put(record, replaces === undefined ? {} : { replaces }))
}

/** A PUT that names no tags leaves them, unless the device has passed from one user to another. */
function tagsThatStay(
  known: SubscriptionRecord | null,
  recipient: string | null,
): readonly string[] {
  const same = known && (known.recipient === null || known.recipient === recipient)
  return same ? known.tags : []
}
