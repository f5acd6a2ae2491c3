import { describe, expect, test } from 'vitest'
import { parseSubscription } from '../../src/shared/subscription.ts'
import { readVectors } from '../vectors/read-vectors.ts'

const { ua_public: p256dh, auth_secret: auth } = readVectors('rfc8291.json')
const endpoint = 'https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV'
const good = { endpoint, expirationTime: null, keys: { p256dh, auth } }

describe('parseSubscription', () => {
  test('gives back what a browser writes', () => {
    expect(parseSubscription(good)).toEqual(good)
    expect(parseSubscription({ ...good, expirationTime: 5 }).expirationTime).toBe(5)
  })

  test.each([
    'https://push.example.net',
    'https://PUSH.example.net:443/p/../q',
    'https://push.example.net/w/?token=a%2fb%zz&c=[]|',
    'http://[::1]:4000/p#x',
  ])('keeps the endpoint %s as it was sent, since its hash is its name', (text) => {
    expect(parseSubscription({ ...good, endpoint: text }).endpoint).toBe(text)
  })

  test('takes an endpoint of up to 2,048 characters, and says so of a longer one', () => {
    const longest = endpoint.padEnd(2048, 'x')
    expect(parseSubscription({ ...good, endpoint: longest }).endpoint).toBe(longest)
    expect(() => parseSubscription({ ...good, endpoint: `${longest}x` })).toThrow(
      /^subscription\.endpoint must be .* at most 2048 characters\.$/,
    )
  })

  test('leaves out what it does not know', () => {
    const more = { ...good, admin: true, keys: { ...good.keys, extra: 1 } }
    expect(parseSubscription(more)).toEqual(good)
  })

  test('takes a subscription without expirationTime', () => {
    expect(parseSubscription({ endpoint, keys: good.keys })).toEqual(good)
  })

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'subscription'],
    ['text', 'subscription', 'subscription'],
    ['no keys', { endpoint }, 'subscription.keys'],
    ['keys of null', { endpoint, keys: null }, 'subscription.keys'],
    ['no p256dh', { endpoint, keys: { auth } }, 'subscription.keys.p256dh'],
    ['no auth', { endpoint, keys: { p256dh } }, 'subscription.keys.auth'],
    ['padded keys', { endpoint, keys: { p256dh, auth: `${auth}==` } }, 'subscription.keys.auth'],
    ['a short secret', { endpoint, keys: { p256dh, auth: 'AAAA' } }, 'subscription.keys.auth'],
    ['a short point', { endpoint, keys: { p256dh: auth, auth } }, 'subscription.keys.p256dh'],
    [
      'a point of another form',
      { endpoint, keys: { p256dh: `A${p256dh.slice(1)}`, auth } },
      'subscription.keys.p256dh',
    ],
    ['a relative endpoint', { ...good, endpoint: '/p/1' }, 'subscription.endpoint'],
    ['an endpoint of another kind', { ...good, endpoint: 'file:///p' }, 'subscription.endpoint'],
    [
      'an endpoint with a password',
      { ...good, endpoint: 'https://a:b@push.example/' },
      'subscription.endpoint',
    ],
    ...[
      ` ${endpoint}`,
      `${endpoint}\n`,
      `${endpoint}\0`,
      `${endpoint}\uD800`,
      `${endpoint} x`,
      'https://push.exa\tmple/p',
      'https://pu\u00ADsh.example/p',
      'https:push.example/p',
      'https:\\\\push.example\\p',
      'https://push.example:x/p',
      'https://a@push.example/p',
    ].map((text): [string, unknown, string] => [
      `the endpoint ${JSON.stringify(text)}`,
      { ...good, endpoint: text },
      'subscription.endpoint',
    ]),
    ['a time that is none', { ...good, expirationTime: 'soon' }, 'subscription.expirationTime'],
  ])('refuses %s and names the field', (_what, value, field) => {
    const parse = (): unknown => parseSubscription(value)
    expect(parse).toThrow(TypeError)
    expect(parse).toThrow(
      expect.objectContaining({
        code: 'invalid-subscription',
        message: expect.stringMatching(new RegExp(`^${field.replaceAll('.', '\\.')} `)),
      }),
    )
  })

  test('does not tell the endpoint or a key in its errors', () => {
    for (const value of [
      { ...good, endpoint: `ftp://${endpoint}` },
      { ...good, keys: { p256dh, auth: `${auth}AA` } },
    ]) {
      try {
        parseSubscription(value)
        expect.unreachable()
      } catch (error) {
        expect(String(error)).not.toMatch(/push\.example|JzLQ3|BTBZMqHH/)
      }
    }
  })
})
