import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeBase64url } from '../../../shared/base64url.ts'
import type { Delivery } from '../delivery.ts'
import { readBody } from '../read-body.ts'
import type { SubscriptionRegistry } from '../subscription-registry.ts'
import { writeAnswer } from '../write-answer.ts'
import { answerCheckin } from './checkin.ts'
import { answerRegistration, parseRegistration } from './registration.ts'

/** Where Chromium checks in. */
export const checkinPath = '/checkin'
/** Where Chromium subscribes. */
export const registrationPath = '/c2dm/register3'

const maxRequestOctets = 64 * 1024

/** What Chromium's requests work on. */
export interface ChromiumHandlerOptions {
  readonly registry: SubscriptionRegistry
  readonly delivery: Delivery
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string | Uint8Array
}

type Endpoint = (
  request: IncomingMessage,
  body: Uint8Array,
  options: ChromiumHandlerOptions,
) => Reply

const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  [checkinPath, checkIn],
  [registrationPath, register],
])

/**
 * Serves Chromium's own requests: checkin and registration.
 *
 * @returns A function that takes a request and says whether it was one of these.
 */
export function createChromiumHandler(
  options: ChromiumHandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const endpoint = endpoints.get(request.url ?? '')
    if (!endpoint) return false
    answer(request, endpoint, options).then(
      ({ status, type, body }) =>
        writeAnswer(request, response, { status, headers: { 'content-type': type }, body }),
      // The request broke off: nobody waits for an answer.
      () => response.destroy(),
    )
    return true
  }
}

async function answer(
  request: IncomingMessage,
  endpoint: Endpoint,
  options: ChromiumHandlerOptions,
): Promise<Reply> {
  if (request.method !== 'POST') return refusal(405, 'This resource takes POST only.')
  const body = await readBody(request, maxRequestOctets)
  return body ? endpoint(request, body, options) : refusal(413, 'The request is too large.')
}

function refusal(status: number, body: string): Reply {
  return { status, type: 'text/plain', body }
}

function checkIn(_: IncomingMessage, request: Uint8Array, { now }: ChromiumHandlerOptions): Reply {
  const body = answerCheckin(request, { now: now(), newId })
  return body
    ? { status: 200, type: 'application/x-protobuf', body }
    : refusal(400, 'The request is not a protobuf message.')
}

function newId(): bigint {
  const [number = 0n] = crypto.getRandomValues(new BigUint64Array(1))
  return (number >> 1n) | 1n
}

function register(
  { headers }: IncomingMessage,
  body: Uint8Array,
  { registry, delivery }: ChromiumHandlerOptions,
): Reply {
  const request = parseRegistration(headers.authorization, new TextDecoder().decode(body))
  const newToken = () => encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))
  const answered = request
    ? answerRegistration(request, { registry, delivery, newToken })
    : 'Error=INVALID_PARAMETERS'
  return { status: 200, type: 'text/plain', body: answered }
}
