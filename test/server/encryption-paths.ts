import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto'
import {
  createMessageEncryption as createPortable,
  encryptMessage,
} from '../../src/server/encrypt-message.ts'
import type { MessageEncryption, RecipientKeys } from '../../src/server/message-encryption.ts'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import {
  createMessageEncryption as createForNode,
  encryptMessage as encryptOnNode,
} from '../../src/server-node/encrypt-message.ts'

/** The randomness of one message, as published vectors fix it: octets. */
export interface FixedRandomness {
  readonly salt: Uint8Array<ArrayBuffer>
  readonly privateKey: Uint8Array
}

/** One way to encrypt. */
export interface EncryptionPath {
  readonly name: string
  readonly create: () => MessageEncryption
  readonly encryptWith: (
    record: Uint8Array<ArrayBuffer>,
    keys: RecipientKeys,
    randomness: FixedRandomness,
  ) => Promise<Uint8Array>
}

/** Every way to encrypt that there is. */
export const encryptionPaths: readonly EncryptionPath[] = [
  {
    name: 'WebCrypto',
    create: createPortable,
    encryptWith: async (record, keys, { salt, privateKey }) =>
      encryptMessage(record, keys, undefined, { salt, keyPair: await keyPairOf(privateKey) }),
  },
  {
    name: 'node:crypto',
    create: createForNode,
    encryptWith: async (record, keys, { salt, privateKey }) => {
      const key = createPrivateKey({ key: jwkOf(privateKey), format: 'jwk' })
      const keyPair = { privateKey: key, publicKey: createPublicKey(key) }
      return encryptOnNode(record, keys, { salt, keyPair })
    },
  },
]

/** Reads a subscription's keys as octets. */
export function recipientKeys({ p256dh, auth }: PushSubscriptionData['keys']): RecipientKeys {
  return { p256dh: octets(p256dh), auth: octets(auth) }
}

/** Reads base64url. */
export function octets(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64url'))
}

async function keyPairOf(key: Uint8Array): Promise<CryptoKeyPair> {
  const { d, ...publicJwk } = jwkOf(key)
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const { subtle } = crypto
  const [publicKey, privateKey] = await Promise.all([
    subtle.importKey('jwk', publicJwk, curve, true, []),
    subtle.importKey('jwk', { ...publicJwk, d }, curve, false, ['deriveBits']),
  ])
  return { publicKey, privateKey }
}

function jwkOf(privateKey: Uint8Array) {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(privateKey)
  const point = ecdh.getPublicKey()
  const x = point.subarray(1, 33).toString('base64url')
  const y = point.subarray(33).toString('base64url')
  return { kty: 'EC', crv: 'P-256', x, y, d: Buffer.from(privateKey).toString('base64url') }
}
