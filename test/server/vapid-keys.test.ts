import { describe, expect, test, vi } from 'vitest'
import { checkVapidOptions, importVapidKey } from '../../src/server/signing-key.ts'
import { generateVapidKeys } from '../../src/server/vapid-keys.ts'

const subject = 'mailto:ops@example.com'

describe('generateVapidKeys', () => {
  test('makes a new pair each time, which passes its own checks', async () => {
    const [one, two] = await Promise.all([generateVapidKeys(), generateVapidKeys()])
    expect(one.publicKey).not.toBe(two.publicKey)
    for (const keys of [one, two]) {
      expect(Buffer.from(keys.publicKey, 'base64url').length).toBe(65)
      expect(Buffer.from(keys.privateKey, 'base64url').length).toBe(32)
      expect(() => checkVapidOptions({ subject, ...keys })).not.toThrow()
      await importVapidKey(keys)
    }
  })
})

describe('checkVapidOptions', async () => {
  const keys = await generateVapidKeys()

  test.each([
    'mailto:ops@example.com',
    'mailto:me@localhost.example.com',
    'https://example.com/contact',
    'https://example.com',
  ])('takes the subject %s', (good) => {
    expect(() => checkVapidOptions({ ...keys, subject: good })).not.toThrow()
  })

  test.each([
    '',
    'ops@example.com',
    'mailto:',
    'mailto:ops',
    'mailto: ops@example.com',
    'mailto:<ops@example.com>',
    'mailto:Ops <ops@example.com>',
    'mailto:ops@example.com ',
    'mailto:ops@localhost',
    'https://localhost:3000',
    'http://example.com',
    undefined,
  ])('refuses the subject %s', (bad) => {
    expect(() => checkVapidOptions({ ...keys, subject: bad as string })).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'invalid-argument',
        message: expect.stringMatching(/^vapid\.subject /),
      }),
    )
  })

  test.each<[string, object, string]>([
    ['a padded public key', { publicKey: `${keys.publicKey}=` }, 'publicKey'],
    ['the private key as the public one', { publicKey: keys.privateKey }, 'publicKey'],
    ['no public key', { publicKey: undefined }, 'publicKey'],
    ['the public key as the private one', { privateKey: keys.publicKey }, 'privateKey'],
    ['a short private key', { privateKey: 'AAAA' }, 'privateKey'],
    ['no private key', { privateKey: undefined }, 'privateKey'],
  ])('refuses %s and does not repeat it', (_what, wrong, field) => {
    try {
      checkVapidOptions({ subject, ...keys, ...wrong })
    } catch (error) {
      expect(error).toMatchObject({ name: 'TypeError', code: 'invalid-argument' })
      expect(String(error)).toContain(`vapid.${field} must be`)
      expect(String(error)).not.toContain(keys.privateKey)
      return
    }
    expect.unreachable()
  })
})

describe('importVapidKey', async () => {
  const keys = await generateVapidKeys()
  const zero = Buffer.alloc(32).toString('base64url')

  test('refuses a public key that is no point on the curve', async () => {
    const beside = Buffer.from(keys.publicKey, 'base64url')
    beside[64] = (beside[64] ?? 0) ^ 1
    const publicKey = beside.toString('base64url')
    await expect(importVapidKey({ ...keys, publicKey })).rejects.toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining('vapid.publicKey must be a point'),
    })
  })

  test("refuses another pair's private key, and one that is no number of the curve", async () => {
    const { privateKey } = await generateVapidKeys()
    for (const wrong of [privateKey, zero]) {
      await expect(importVapidKey({ ...keys, privateKey: wrong })).rejects.toMatchObject({
        name: 'TypeError',
        message: expect.stringContaining('vapid.privateKey must belong'),
      })
    }
  })

  test("refuses another pair's private key also where the runtime takes any JWK", async () => {
    const other = await generateVapidKeys()
    const foreign = await importVapidKey(other)
    const importKey = crypto.subtle.importKey.bind(crypto.subtle) as (...all: unknown[]) => unknown
    const lax = (format: string, ...rest: unknown[]): unknown =>
      format === 'jwk' ? Promise.resolve(foreign) : importKey(format, ...rest)
    const spy = vi.spyOn(crypto.subtle, 'importKey').mockImplementation(lax as never)
    try {
      await expect(importVapidKey({ ...keys, privateKey: other.privateKey })).rejects.toMatchObject(
        { message: expect.stringContaining('vapid.privateKey must belong') },
      )
    } finally {
      spy.mockRestore()
    }
  })
})
