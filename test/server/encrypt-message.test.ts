import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecipientKeys } from '../../src/server/message-encryption.ts'
import { messageRecord } from '../../src/server/message-record.ts'
import { readVectors } from '../vectors/read-vectors.ts'
import { encryptionPaths, octets, recipientKeys } from './encryption-paths.ts'
import { createFakeBrowser } from './fake-browser.ts'

const vector = readVectors('rfc8291.json')
const endpoint = 'https://push.example.net/p/1'
const lengths = fc.oneof(fc.constantFrom(0, 1, 3992, 3993), fc.nat(3993))

function plaintextOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 255)
}

describe.each(encryptionPaths)('encryption on $name', ({ create, encryptWith }) => {
  describe(vector.source, () => {
    const given = { p256dh: vector.ua_public, auth: vector.auth_secret }
    const browser = createFakeBrowser(endpoint, {
      privateKey: vector.ua_private,
      auth: vector.auth_secret,
    })
    const plaintext = octets(vector.plaintext)
    const randomness = { salt: octets(vector.salt), privateKey: octets(vector.as_private) }

    test('is reproduced octet for octet', async () => {
      const body = await encryptWith(messageRecord(plaintext), recipientKeys(given), randomness)
      expect(Buffer.from(body).toString('base64url')).toBe(vector.body_section5)
    })

    test('comes out different for another salt, secret or plaintext', async () => {
      const { salt } = randomness
      const auth = `C${vector.auth_secret.slice(1)}`
      const record = messageRecord(plaintext)
      for (const body of [
        await encryptWith(record, recipientKeys(given), { ...randomness, salt: salt.with(0, 0) }),
        await encryptWith(record, recipientKeys({ ...given, auth }), randomness),
        await encryptWith(record.with(0, 0), recipientKeys(given), randomness),
      ]) {
        const tail = Buffer.from(body).toString('base64url').slice(-20)
        expect(tail).not.toBe(vector.body_section5.slice(-20))
      }
    })

    test('cannot be read with one bit changed anywhere after its record size', () => {
      const body = octets(vector.body_section5)
      expect(browser.decryptOctets(body)).toEqual(plaintext)
      for (const index of [...Array(16).keys(), ...Array(body.length - 21).keys()].map(
        (n) => n + 21,
      )) {
        expect(() => browser.decryptOctets(body.with(index, (body[index] ?? 0) ^ 1))).toThrow()
      }
    })
  })

  test('is undone by http_ece at every length that is allowed', async () => {
    const browser = createFakeBrowser(endpoint)
    const encrypt = create()
    const keys = recipientKeys(browser.subscription.keys)
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer(), async (length, seed) => {
        const plaintext = plaintextOf(length, seed)
        const body = await encrypt(messageRecord(plaintext), keys)
        expect(body.length).toBe(length + 103)
        expect(browser.decryptOctets(body)).toEqual(plaintext)
      }),
    )
  })

  test('many at a time, for several browsers, are each read by its own', async () => {
    const browsers = Array.from({ length: 8 }, () => createFakeBrowser(endpoint))
    const encrypt = create()
    const keys = browsers.map(({ subscription }) => recipientKeys(subscription.keys))
    const texts = await Promise.all(
      Array.from({ length: 160 }, async (_, index) => {
        const which = index % browsers.length
        const plaintext = new TextEncoder().encode(`message ${index} `.repeat(index))
        const body = await encrypt(messageRecord(plaintext), keys[which] as RecipientKeys)
        return [browsers[which]?.decrypt(body), `message ${index} `.repeat(index)]
      }),
    )
    for (const [read, sent] of texts) expect(read).toBe(sent)
  })

  test('makes bodies that cannot be read with any octet changed', async () => {
    const browser = createFakeBrowser(endpoint)
    const body = await create()(
      messageRecord(plaintextOf(40, 7)),
      recipientKeys(browser.subscription.keys),
    )
    for (let index = 0; index < body.length; index++) {
      // http_ece takes any record size that the record fits in.
      if (index >= 16 && index < 20) continue
      expect(() => browser.decryptOctets(body.with(index, (body[index] ?? 0) ^ 64))).toThrow()
    }
  })

  test('uses a new key and a new salt for each message', async () => {
    const keys = recipientKeys(createFakeBrowser(endpoint).subscription.keys)
    const encrypt = create()
    const record = messageRecord(new Uint8Array(9))
    const bodies = await Promise.all(Array.from({ length: 50 }, async () => encrypt(record, keys)))
    const texts = bodies.map((body) => Buffer.from(body).toString('hex'))
    expect(new Set(texts.map((text) => text.slice(0, 32))).size).toBe(50)
    expect(new Set(texts.map((text) => text.slice(42, 172))).size).toBe(50)
  })

  test('leaves the record as it was, to be encrypted again', async () => {
    const record = messageRecord(plaintextOf(100, 3), [200])
    const before = record.slice()
    await create()(record, recipientKeys(createFakeBrowser(endpoint).subscription.keys))
    expect(record).toEqual(before)
  })

  test('refuses a key that is no point on the curve, each time', async () => {
    const { auth, p256dh } = createFakeBrowser(endpoint).subscription.keys
    const beside = octets(p256dh)
    beside[64] = (beside[64] ?? 0) ^ 1
    const keys = { ...recipientKeys({ auth, p256dh }), p256dh: beside }
    const encrypt = create()
    for (let time = 0; time < 2; time++) {
      const encrypted = (async () => encrypt(messageRecord(new Uint8Array(1)), keys))()
      await expect(encrypted).rejects.toMatchObject({
        name: 'TypeError',
        code: 'invalid-subscription',
        message: expect.stringContaining('subscription.keys.p256dh'),
      })
    }
  })
})

test('every path gives the same octets for the same keys, salt and record', async () => {
  await fc.assert(
    fc.asyncProperty(lengths, fc.integer(), async (length, seed) => {
      const { keys } = createFakeBrowser(endpoint).subscription
      const privateKey = randomBytes(32)
      // Below the order of the curve, and not zero.
      privateKey[0] = (privateKey[0] ?? 0) >> 1
      privateKey[31] = (privateKey[31] ?? 0) | 1
      const randomness = { salt: new Uint8Array(randomBytes(16)), privateKey }
      const record = messageRecord(plaintextOf(length, seed))
      const [one, ...others] = await Promise.all(
        encryptionPaths.map(({ encryptWith }) =>
          encryptWith(record, recipientKeys(keys), randomness),
        ),
      )
      for (const other of others) expect(other).toEqual(one)
    }),
    { numRuns: 30 },
  )
})

describe('messageRecord', () => {
  test('refuses 3,994 octets and says the limit and the size', () => {
    expect(() => messageRecord(new Uint8Array(3994))).toThrow(
      expect.objectContaining({
        name: 'RangeError',
        code: 'message-too-large',
        message: expect.stringMatching(/3993.*3994/),
      }),
    )
  })

  test('pads to the first size that fits, and not at all when none does', async () => {
    const browser = createFakeBrowser(endpoint)
    const keys = recipientKeys(browser.subscription.keys)
    for (const { create } of encryptionPaths) {
      const encrypt = create()
      for (const [length, padded] of [
        [0, 128],
        [128, 128],
        [129, 1024],
        [1025, 1025],
      ] as const) {
        const body = await encrypt(messageRecord(plaintextOf(length, 1), [1024, 128]), keys)
        expect(body.length).toBe(padded + 103)
        expect(browser.decryptOctets(body)).toEqual(plaintextOf(length, 1))
      }
    }
  })
})
