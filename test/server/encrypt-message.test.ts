import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encryptMessage } from '../../src/server/encrypt-message.ts'
import { readVectors } from '../vectors/read-vectors.ts'
import { createFakeBrowser } from './fake-browser.ts'

const vector = readVectors('rfc8291.json')
const octets = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, 'base64url'))
const endpoint = 'https://push.example.net/p/1'

async function senderPair(): Promise<CryptoKeyPair> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const point = octets(vector.as_public)
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: Buffer.from(point.subarray(1, 33)).toString('base64url'),
    y: Buffer.from(point.subarray(33)).toString('base64url'),
  }
  return {
    publicKey: await crypto.subtle.importKey('jwk', jwk, curve, true, []),
    privateKey: await crypto.subtle.importKey(
      'jwk',
      { ...jwk, d: vector.as_private },
      curve,
      false,
      ['deriveBits'],
    ),
  }
}

describe(vector.source, () => {
  const keys = { p256dh: vector.ua_public, auth: vector.auth_secret }
  const browser = createFakeBrowser(endpoint, {
    privateKey: vector.ua_private,
    auth: vector.auth_secret,
  })

  test('is reproduced octet for octet', async () => {
    const body = await encryptMessage(octets(vector.plaintext), keys, {
      salt: octets(vector.salt),
      keyPair: await senderPair(),
    })
    expect(Buffer.from(body).toString('base64url')).toBe(vector.body_section5)
  })

  test('comes out different for another salt, secret or plaintext', async () => {
    const keyPair = await senderPair()
    const salt = octets(vector.salt)
    const plaintext = octets(vector.plaintext)
    const auth = `C${vector.auth_secret.slice(1)}`
    for (const body of [
      await encryptMessage(plaintext, keys, { keyPair, salt: salt.with(0, 0) }),
      await encryptMessage(plaintext, { ...keys, auth }, { keyPair, salt }),
      await encryptMessage(plaintext.with(0, 0), keys, { keyPair, salt }),
    ]) {
      const tail = Buffer.from(body).toString('base64url').slice(-20)
      expect(tail).not.toBe(vector.body_section5.slice(-20))
    }
  })

  test('cannot be read with one bit changed anywhere after its record size', () => {
    const body = octets(vector.body_section5)
    expect(browser.decryptOctets(body)).toEqual(octets(vector.plaintext))
    for (const index of [...Array(16).keys(), ...Array(body.length - 21).keys()].map(
      (n) => n + 21,
    )) {
      expect(() => browser.decryptOctets(body.with(index, (body[index] ?? 0) ^ 1))).toThrow()
    }
  })
})

describe('encryptMessage', () => {
  test('is undone by http_ece at every length that is allowed', async () => {
    const browser = createFakeBrowser(endpoint)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(0, 1, 3992, 3993), fc.nat(3993)),
        fc.integer(),
        async (length, seed) => {
          const plaintext = Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 255)
          const body = await encryptMessage(plaintext, browser.subscription.keys)
          expect(body.length).toBe(length + 103)
          expect(browser.decryptOctets(body)).toEqual(plaintext)
        },
      ),
    )
  })

  test('uses a new key and a new salt for each message', async () => {
    const { keys } = createFakeBrowser(endpoint).subscription
    const bodies = await Promise.all([
      encryptMessage(new Uint8Array(9), keys),
      encryptMessage(new Uint8Array(9), keys),
    ])
    const [first, second] = bodies.map((body) => Buffer.from(body).toString('hex'))
    expect(first?.slice(0, 32)).not.toBe(second?.slice(0, 32))
    expect(first?.slice(42, 172)).not.toBe(second?.slice(42, 172))
  })

  test('refuses 3,994 octets and says the limit and the size', async () => {
    const { keys } = createFakeBrowser(endpoint).subscription
    await expect(encryptMessage(new Uint8Array(3994), keys)).rejects.toMatchObject({
      name: 'RangeError',
      code: 'message-too-large',
      message: expect.stringMatching(/3993.*3994/),
    })
  })

  test('refuses a key that is no point on the curve', async () => {
    const { auth, p256dh } = createFakeBrowser(endpoint).subscription.keys
    const beside = octets(p256dh)
    beside[64] = (beside[64] ?? 0) ^ 1
    const keys = { auth, p256dh: Buffer.from(beside).toString('base64url') }
    await expect(encryptMessage(new Uint8Array(1), keys)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'invalid-subscription',
      message: expect.stringContaining('subscription.keys.p256dh'),
    })
  })
})
