import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  createPushSender,
  generateVapidKeys,
  parseVapidKeys,
  type VapidKeys,
  type VapidKeySource,
} from '../../src/server/index.ts'
import { createFakeBrowser } from './fake-browser.ts'

const subject = 'mailto:ops@example.com'
const keys = await generateVapidKeys()

function jwkOf({ publicKey, privateKey: d }: VapidKeys) {
  const point = Buffer.from(publicKey, 'base64url')
  const x = point.subarray(1, 33).toString('base64url')
  const y = point.subarray(33).toString('base64url')
  return { kty: 'EC', crv: 'P-256', x, y, d }
}

const privateKey = createPrivateKey({ key: jwkOf(keys), format: 'jwk' })
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' })
const sec1 = privateKey.export({ type: 'sec1', format: 'pem' })
const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'

describe('parseVapidKeys', () => {
  test.each<[string, VapidKeySource]>([
    ['a JWK', jwkOf(keys)],
    ['a JWK with more in it', { ...jwkOf(keys), alg: 'ES256', use: 'sig', kid: 'one' } as object],
    ['PKCS #8', String(pkcs8)],
    ['PKCS #8 with other line ends', String(pkcs8).replaceAll('\n', '\r\n')],
    ['SEC 1', String(sec1)],
    ['SEC 1 after its parameters, as OpenSSL writes it', parameters + String(sec1)],
  ])('reads %s', async (_what, source) => {
    expect(await parseVapidKeys(source)).toEqual(keys)
  })

  test('gives keys that a sender takes', async () => {
    const vapid = { subject, ...(await parseVapidKeys(String(sec1))) }
    const transport = async () => ({ httpStatus: 201, header: () => null, body: '' })
    const { subscription } = createFakeBrowser('https://push.example.net/p')
    expect(await createPushSender({ vapid, transport }).send(subscription, null)).toMatchObject({
      status: 'accepted',
    })
  })

  const { d, ...publicJwk } = jwkOf(keys)
  const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
  test.each<[string, unknown]>([
    ['a public JWK', publicJwk],
    ['a JWK of another curve', other.export({ format: 'jwk' })],
    ['a JWK whose halves do not belong together', { ...jwkOf(keys), x: publicJwk.y }],
    ['PEM of another curve', other.export({ type: 'pkcs8', format: 'pem' })],
    ['SEC 1 of another curve', other.export({ type: 'sec1', format: 'pem' })],
    ['PEM that is cut', String(pkcs8).replace(/\n.{10}/, '\n')],
    ['a private key alone', d],
    ['an empty text', ''],
    ['nothing', undefined],
    ['null', null],
  ])('refuses %s, and does not repeat it', async (_what, source) => {
    await expect(parseVapidKeys(source as VapidKeySource)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'invalid-argument',
      message: 'source must be a private key on the P-256 curve: PEM, or a JWK with x, y and d.',
    })
  })
})
