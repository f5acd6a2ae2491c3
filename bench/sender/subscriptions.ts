import { createECDH, type ECDH, randomBytes } from 'node:crypto'
import type { BenchSubscription } from './contender.ts'

/** A subscription with its browser's end. */
export interface BenchBrowser {
  readonly subscription: BenchSubscription
  readonly privateKey: ECDH
  readonly authSecret: string
}

const origins = [
  'https://fcm.googleapis.com/fcm/send/',
  'https://updates.push.services.mozilla.com/wpush/v2/',
  'https://web.push.apple.com/',
  'https://wns2-par02p.notify.windows.com/w/?token=',
]

/** Makes one with keys and a token of its own, at the next of the browsers' services or at `base`. */
export function createBenchBrowser(index: number, base = origins[index % 4] ?? ''): BenchBrowser {
  const privateKey = createECDH('prime256v1')
  const p256dh = privateKey.generateKeys('base64url')
  const authSecret = randomBytes(16).toString('base64url')
  const endpoint = base + randomBytes(110).toString('base64url')
  return {
    subscription: { endpoint, expirationTime: null, keys: { p256dh, auth: authSecret } },
    privateKey,
    authSecret,
  }
}
