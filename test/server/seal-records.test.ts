import { decrypt } from 'http_ece'
import { describe, expect, test } from 'vitest'
import { createHmacSha256 } from '../../src/server/hmac-sha256.ts'
import { sealRecords } from '../../src/server/seal-records.ts'
import { sealRecord } from '../../src/server-node/encrypt-message.ts'
import { readVectors } from '../vectors/read-vectors.ts'

const hmac = createHmacSha256()
const octets = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, 'base64url'))
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

describe.each(readVectors('rfc8188.json').examples)('$source', (vector) => {
  const parameters = {
    ikm: octets(vector.ikm),
    salt: octets(vector.salt),
    keyid: utf8(vector.keyid),
    rs: vector.rs,
  }
  const records = vector.record_plaintext.map(utf8)

  test('is reproduced octet for octet', async () => {
    expect(Buffer.from(await sealRecords(parameters, records, hmac)).toString('base64url')).toBe(
      vector.body,
    )
  })

  test('comes out different for other keying material, salt or plaintext', async () => {
    const [first = utf8('')] = records
    for (const body of [
      await sealRecords({ ...parameters, ikm: parameters.ikm.with(0, 0) }, records, hmac),
      await sealRecords({ ...parameters, salt: parameters.salt.with(0, 0) }, records, hmac),
      await sealRecords(parameters, [first.with(0, 0), ...records.slice(1)], hmac),
    ]) {
      const afterHeader = 21 + vector.keyid.length
      expect(body.subarray(afterHeader)).not.toEqual(octets(vector.body).subarray(afterHeader))
    }
  })

  test('cannot be read with one bit changed anywhere in its records', async () => {
    const body = await sealRecords(parameters, records, hmac)
    const open = (sealed: Uint8Array): string =>
      decrypt(Buffer.from(sealed), { version: 'aes128gcm', key: vector.ikm }).toString()
    expect(open(body)).toBe(vector.plaintext_text)
    for (let index = 21 + vector.keyid.length; index < body.length; index++) {
      expect(() => open(body.with(index, (body[index] ?? 0) ^ 1))).toThrow()
    }
  })
})

test('node:crypto gives the same octets of the one record that it seals', () => {
  const [vector] = readVectors('rfc8188.json').examples
  if (vector?.record_plaintext.length !== 1) expect.unreachable()
  const { ikm, salt, keyid, rs } = vector
  const parameters = { ikm: octets(ikm), salt: octets(salt), keyid: utf8(keyid), rs }
  const body = sealRecord(parameters, utf8(vector.record_plaintext[0] ?? ''), hmac)
  expect(Buffer.from(body).toString('base64url')).toBe(vector.body)
})
