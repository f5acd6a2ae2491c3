import { createECDH, randomBytes } from 'node:crypto'
import { decrypt } from 'http_ece'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'

/** The browser's end of a subscription: it alone can read what is sent to it. */
export interface FakeBrowser {
  readonly subscription: PushSubscriptionData
  /** Decrypts a request's body with `http_ece`; throws when it was made for someone else. */
  decrypt(body: Uint8Array): string
  decryptOctets(body: Uint8Array): Uint8Array
}

/** Subscribes at an endpoint, with new keys or with given ones (base64url). */
export function createFakeBrowser(
  endpoint: string,
  given?: { readonly privateKey: string; readonly auth: string },
): FakeBrowser {
  const privateKey = createECDH('prime256v1')
  if (given) privateKey.setPrivateKey(given.privateKey, 'base64url')
  else privateKey.generateKeys()
  const authSecret = given?.auth ?? randomBytes(16).toString('base64url')
  const decryptOctets = (body: Uint8Array): Uint8Array =>
    new Uint8Array(decrypt(Buffer.from(body), { version: 'aes128gcm', privateKey, authSecret }))
  return {
    subscription: {
      endpoint,
      expirationTime: null,
      keys: { p256dh: privateKey.getPublicKey('base64url'), auth: authSecret },
    },
    decryptOctets,
    decrypt: (body) => new TextDecoder().decode(decryptOctets(body)),
  }
}
