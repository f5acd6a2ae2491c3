import { createCircuits, type Rest } from './circuits.ts'
import { nextTry } from './next-try.ts'
import { createOriginSlots } from './origin-slots.ts'
import type { PushServiceName } from './push-service-name.ts'
import type { Recipient } from './recipients.ts'
import { readOutcome, type SendOutcome } from './send-outcome.ts'
import { type SenderPlatform, waitFor } from './sender-platform.ts'
import { serviceHeaders } from './service-headers.ts'
import { untilAborted } from './until-aborted.ts'
import type { Aside } from './work-through.ts'

/** A message that is ready to be encrypted. */
export interface ReadyMessage {
  readonly id: string
  /** `null` for a push with no payload. */
  readonly record: Uint8Array<ArrayBuffer> | null
  /** `TTL`, `Urgency` and `Topic`. */
  readonly headers: Readonly<Record<string, string>>
  /** When its time to live is over, in milliseconds since 1970. */
  readonly expiresAt: number
  /** The body of its notification was cut. */
  readonly isCut: true | undefined
}

/** One message for one subscription. */
export interface Shipment {
  readonly recipient: Recipient
  readonly message: ReadyMessage
  readonly attempts: number
  readonly applicationServerKey: string | undefined
  readonly signal: AbortSignal | undefined
  /** Where it waits to be tried again, while there is room, when others wait for its place. */
  readonly aside?: Aside | undefined
}

/** What a delivery is made of. */
export interface DeliveryParts extends SenderPlatform {
  readonly now: () => number
  readonly timeoutMs: number
  readonly concurrencyPerOrigin: number
  readonly authorization: (origin: string, publicKey?: string) => Promise<string>
}

/** Failures in a row after which a push service is left alone, and for how long at first. */
const circuit = { failures: 20, restMs: 30_000 }

/**
 * Makes a function that encrypts a message, hands it to its push service, and tries again as far as
 * it may. Each try has the same body, and so the same message id.
 *
 * It rejects as encryption and authorization do, and with the signal's reason.
 */
export function createDelivery(parts: DeliveryParts): (shipment: Shipment) => Promise<SendOutcome> {
  const { encrypt, transport, timeoutMs, now, authorization } = parts
  const { wait = waitFor, random = Math.random } = parts
  const inTurn = createTurns(parts)
  return async ({ recipient, message, attempts, applicationServerKey, signal, aside }) => {
    const { endpoint, origin, service, keys } = recipient
    const { id, record, expiresAt, isCut } = message
    // Chromium drops an encrypted empty plaintext, so an empty push is one without a body.
    let body: Uint8Array<ArrayBuffer> | null = null
    let ttl = message.headers['TTL'] as string

    const tryOnce = async (): Promise<SendOutcome> => {
      const Authorization = await authorization(origin, applicationServerKey)
      if (record && !body) body = await encrypt(record, keys)
      signal?.throwIfAborted()
      const own = { ...message.headers, TTL: ttl, Authorization, ...(body && encodingHeaders) }
      const headers = serviceHeaders(service, own)
      try {
        const response = await transport({ endpoint, headers, body, signal, timeoutMs })
        return readOutcome(response, { id, endpoint, service, now: now() })
      } catch (cause) {
        signal?.throwIfAborted()
        return outcomeOf(cause, service)
      }
    }

    for (let tries = 0; ;) {
      const given = await inTurn(origin, signal, tryOnce)
      const isResting = !('status' in given)
      const outcome = isResting ? restingOutcome(given, service) : given
      if (!isResting) tries += 1
      if (isCut && outcome.status === 'accepted') return { ...outcome, isCut }
      const state = { tries, attempts, now: now(), expiresAt, random: random() }
      const waitMs = nextTry(outcome, state)
      if (waitMs === undefined) return outcome
      // With no room aside it keeps its place, and what comes after it has to wait.
      const isAside = aside?.begin()
      if ('tried' in given) await untilAborted(given.tried, signal)
      else await wait(waitMs, signal)
      if (isAside) await aside?.end()
      const left = Math.floor((expiresAt - now()) / 1000)
      if (left < 1) return outcome
      ttl = `${left}`
    }
  }
}

/**
 * Makes a function that does everything of a delivery but its request.
 *
 * It rejects as a delivery does.
 */
export function createDeliveryCheck({
  encrypt,
  authorization,
}: Pick<DeliveryParts, 'encrypt' | 'authorization'>): (shipment: Shipment) => Promise<void> {
  return async ({ recipient, message, applicationServerKey, signal }) => {
    signal?.throwIfAborted()
    await authorization(recipient.origin, applicationServerKey)
    if (message.record) await encrypt(message.record, recipient.keys)
  }
}

const encodingHeaders = {
  'Content-Encoding': 'aes128gcm',
  'Content-Type': 'application/octet-stream',
} as const

/** Makes a function that has a try made, unless its push service is left alone. */
function createTurns({ now, concurrencyPerOrigin }: DeliveryParts) {
  const circuits = createCircuits({ now, ...circuit })
  const slots = createOriginSlots(concurrencyPerOrigin)
  return async (
    origin: string,
    signal: AbortSignal | undefined,
    tryOnce: () => Promise<SendOutcome>,
  ): Promise<SendOutcome | Rest> => {
    const turn = slots.enter(origin, signal)
    if (turn) await turn
    try {
      const leave = circuits.ask(origin)
      if (!('note' in leave)) return leave
      let hasFailed: boolean | undefined
      try {
        const outcome = await tryOnce()
        hasFailed = outcome.status === 'retry'
        return outcome
      } finally {
        leave.note(hasFailed)
      }
    } finally {
      slots.leave(origin)
    }
  }
}

function restingOutcome(rest: Rest, service: PushServiceName | undefined): SendOutcome {
  const retryAfterMs = 'leftMs' in rest && { retryAfterMs: rest.leftMs }
  return { status: 'retry', reason: 'resting', ...retryAfterMs, ...(service && { service }) }
}

/** What it means that there was no answer. */
function outcomeOf(cause: unknown, service: PushServiceName | undefined): SendOutcome {
  const { name, code } = Object(cause) as { readonly name?: unknown; readonly code?: unknown }
  const from = service && { service }
  if (code === 'endpoint-refused') return { status: 'rejected', reason: code, ...from }
  const reason = name === 'TimeoutError' ? 'timeout' : 'network'
  return { status: 'retry', reason, cause, ...from }
}
