import { createECDH, ECDH, randomBytes } from 'node:crypto'
import { decodeBase64url, encodeBase64url } from '../../shared/base64url.ts'
import type { PushSubscriptionData } from '../../shared/subscription.ts'
import type { EngineTraits } from './worker-engine.ts'

/** One push subscription, alive or not. */
export interface SubscriptionRecord {
  readonly data: PushSubscriptionData
  readonly applicationServerKey: Uint8Array<ArrayBuffer> | null
  readonly userVisibleOnly: boolean
}

/** The subscription of a registration: at most one. */
export interface SubscriptionState {
  current: SubscriptionRecord | null
  /** Makes one, with keys that messages can be encrypted for. */
  create(applicationServerKey: Uint8Array<ArrayBuffer> | null, userVisibleOnly: boolean): void
}

/** Makes the state of a registration without a subscription. */
export function createSubscriptionState(engine: string): SubscriptionState {
  let count = 0
  const state: SubscriptionState = {
    current: null,
    create(applicationServerKey, userVisibleOnly) {
      count += 1
      const pair = createECDH('prime256v1')
      const keys = {
        p256dh: encodeBase64url(Uint8Array.from(pair.generateKeys())),
        auth: encodeBase64url(Uint8Array.from(randomBytes(16))),
      }
      const endpoint = `https://push.example/${engine}/${count}`
      const data = { endpoint, expirationTime: null, keys }
      state.current = { data, applicationServerKey, userVisibleOnly }
    },
  }
  return state
}

/**
 * Reads an `applicationServerKey` as the engine does.
 *
 * @throws InvalidCharacterError for what is not base64url, InvalidAccessError for what is no key.
 */
export function readApplicationServerKey(
  given: unknown,
  traits: EngineTraits,
): Uint8Array<ArrayBuffer> {
  const { takesPaddedKey } = traits.subscribe
  const text = typeof given === 'string' && takesPaddedKey ? given.replace(/=+$/, '') : given
  const key = typeof text === 'string' ? decodeBase64url(text) : readBuffer(text)
  if (!key) {
    const reason = 'The applicationServerKey is not base64url without padding.'
    throw new DOMException(reason, 'InvalidCharacterError')
  }
  const isPoint = key.length === 65 && key[0] === 4
  if (!isPoint || (traits.subscribe.checksCurve && !isOnCurve(key))) {
    const reason = 'The applicationServerKey is not a valid P-256 public key.'
    throw new DOMException(reason, 'InvalidAccessError')
  }
  return Uint8Array.from(key)
}

function readBuffer(given: unknown): Uint8Array {
  if (ArrayBuffer.isView(given)) {
    return new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
  }
  return new Uint8Array(given as ArrayBuffer)
}

function isOnCurve(key: Uint8Array): boolean {
  try {
    ECDH.convertKey(key, 'prime256v1')
    return true
  } catch {
    return false
  }
}
