import { importJWK, jwtVerify } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import { createVapidAuthorization, signVapidToken } from '../../src/server/vapid-authorization.ts'
import { importVapidKey } from '../../src/server/signing-key.ts'
import { generateVapidKeys } from '../../src/server/vapid-keys.ts'
import { readVectors } from '../vectors/read-vectors.ts'

const vector = readVectors('rfc8292.json')

async function jwkOf(publicKey: string): Promise<Awaited<ReturnType<typeof importJWK>>> {
  const point = Buffer.from(publicKey, 'base64url')
  const x = point.subarray(1, 33).toString('base64url')
  const y = point.subarray(33).toString('base64url')
  return importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256')
}

describe(vector.source, () => {
  const currentDate = new Date((vector.claims.exp - 60) * 1000)

  test('is what we write, but for the signature, which is never the same twice', async () => {
    const keys = await generateVapidKeys()
    const token = await signVapidToken(vector.claims, await importVapidKey(keys))
    expect(token.split('.').slice(0, 2)).toEqual(vector.t.split('.').slice(0, 2))
    await jwtVerify(token, await jwkOf(keys.publicKey), { currentDate })
  })

  test('verifies as published, and not with anything changed', async () => {
    const key = await jwkOf(vector.k)
    const { payload } = await jwtVerify(vector.t, key, { currentDate })
    expect(payload).toEqual(vector.claims)
    const [header, , signature] = vector.t.split('.')
    const claims = { ...vector.claims, sub: 'mailto:mallory@example.com' }
    const other = Buffer.from(JSON.stringify(claims)).toString('base64url')
    await expect(
      jwtVerify(`${header}.${other}.${signature}`, key, { currentDate }),
    ).rejects.toThrow('signature')
    const { publicKey } = await generateVapidKeys()
    await expect(jwtVerify(vector.t, await jwkOf(publicKey), { currentDate })).rejects.toThrow(
      'signature',
    )
  })
})

describe('createVapidAuthorization', async () => {
  const keys = await generateVapidKeys()
  const vapid = { subject: 'mailto:ops@example.com', ...keys }
  const origin = 'https://push.example.net'
  const hour = 3_600_000

  test('gives a header whose token jose verifies: for this origin, by this subject, for 12 hours', async () => {
    const now = Date.now()
    const header = await createVapidAuthorization(vapid, () => now)(origin)
    const [, token = '', key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? []
    expect(key).toBe(keys.publicKey)
    const { payload, protectedHeader } = await jwtVerify(token, await jwkOf(keys.publicKey), {
      audience: origin,
    })
    expect(protectedHeader).toEqual({ typ: 'JWT', alg: 'ES256' })
    expect(payload).toEqual({
      aud: origin,
      exp: Math.floor(now / 1000) + 12 * 3600,
      sub: vapid.subject,
    })
  })

  test('uses one token for each origin until an hour before its end', async () => {
    let now = 1_800_000_000_000
    const authorization = createVapidAuthorization(vapid, () => now)
    const [first, again] = await Promise.all([authorization(origin), authorization(origin)])
    expect(again).toBe(first)
    expect(await authorization('https://other.example')).not.toBe(first)
    now += 11 * hour - 1000
    expect(await authorization(origin)).toBe(first)
    now += 1000
    expect(await authorization(origin)).not.toBe(first)
  })

  test('signs anew when the clock was set back, so that no token is valid for over 24 hours', async () => {
    let now = 1_800_000_000_000
    const authorization = createVapidAuthorization(vapid, () => now)
    const first = await authorization(origin)
    now -= 72 * hour
    const second = await authorization(origin)
    const [, claims = ''] = second.split('.')
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number }
    expect(second).not.toBe(first)
    expect(exp).toBe(now / 1000 + 12 * 3600)
    expect(await authorization(origin)).toBe(second)
  })

  test('signs again after a signature that failed', async () => {
    const authorization = createVapidAuthorization(vapid, Date.now)
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValueOnce(new Error('no room'))
    await expect(authorization(origin)).rejects.toThrow()
    vi.restoreAllMocks()
    expect(await authorization(origin)).toMatch(/^vapid t=/)
  })

  test('rejects each header when the keys do not belong together', async () => {
    const { privateKey } = await generateVapidKeys()
    const authorization = createVapidAuthorization({ ...vapid, privateKey }, Date.now)
    await expect(authorization(origin)).rejects.toThrow('vapid.privateKey')
    await expect(authorization(origin)).rejects.toThrow('vapid.privateKey')
  })

  describe('of several pairs', async () => {
    const old = await generateVapidKeys()
    const ring = { subject: vapid.subject, keys: [keys, old] }

    test.each([
      ['the first signs unless another is asked for', undefined, keys],
      ['the first signs when it is asked for', keys.publicKey, keys],
      ['another signs when it is asked for', old.publicKey, old],
    ])('%s', async (_what, asked, { publicKey }) => {
      const header = await createVapidAuthorization(ring, Date.now)(origin, asked)
      const [, token = '', key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? []
      expect(key).toBe(publicKey)
      const { payload } = await jwtVerify(token, await jwkOf(publicKey), { audience: origin })
      expect(payload.sub).toBe(vapid.subject)
    })

    test('each has tokens of its own', async () => {
      const authorization = createVapidAuthorization(ring, Date.now)
      const first = await authorization(origin)
      const second = await authorization(origin, old.publicKey)
      expect(second).not.toBe(first)
      expect(await authorization(origin, keys.publicKey)).toBe(first)
      expect(await authorization(origin, old.publicKey)).toBe(second)
    })

    test('a key of none of them is refused, and not named', async () => {
      const { publicKey } = await generateVapidKeys()
      for (const options of [ring, vapid]) {
        const header = createVapidAuthorization(options, Date.now)(origin, publicKey)
        await expect(header).rejects.toMatchObject({
          name: 'RangeError',
          code: 'invalid-application-server-key',
          message: 'applicationServerKey must be the public key of a pair in vapid.',
        })
      }
    })

    test.each([
      ['there is none', []],
      ['one of them is none', [keys, { ...old, privateKey: '' }]],
    ])('it is an error at once when %s', (_what, pairs) => {
      expect(() => createVapidAuthorization({ ...ring, keys: pairs }, Date.now)).toThrow(TypeError)
    })
  })
})
