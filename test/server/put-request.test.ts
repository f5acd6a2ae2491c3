import { beforeEach, describe, expect, test } from 'vitest'
import {
  applicationServerKey,
  createHandlerWorld,
  endpoint,
  expectProblem,
  type HandlerWorld,
  otherKey,
  subscription,
} from './handler-world.ts'

let world: HandlerWorld

beforeEach(() => {
  world = createHandlerWorld()
})

describe('PUT /subscriptions', () => {
  test.each<[string, object, string]>([
    ['version', { version: 2 }, 'invalid-argument'],
    ['version', { version: '1' }, 'invalid-argument'],
    ['subscription', { subscription: null }, 'invalid-subscription'],
    ['subscription.keys', { subscription: { endpoint } }, 'invalid-subscription'],
    [
      'subscription.keys.p256dh',
      { subscription: { endpoint, keys: { ...subscription.keys, p256dh: `BB${'A'.repeat(85)}` } } },
      'invalid-subscription',
    ],
    [
      'subscription.endpoint',
      { subscription: { ...subscription, endpoint: 'https://169.254.169.254/latest' } },
      'endpoint-refused',
    ],
    [
      'subscription.endpoint',
      { subscription: { ...subscription, endpoint: 'http://push.example.net/p' } },
      'endpoint-refused',
    ],
    [
      'subscription.endpoint',
      { subscription: { ...subscription, endpoint: endpoint.padEnd(2049, 'x') } },
      'invalid-subscription',
    ],
    ['replaces', { replaces: endpoint.padEnd(2049, 'x') }, 'invalid-argument'],
    ['applicationServerKey', { applicationServerKey: 5 }, 'invalid-application-server-key'],
    ['applicationServerKey', { applicationServerKey: 4e9 }, 'invalid-application-server-key'],
    [
      'applicationServerKey',
      { applicationServerKey: { toString: 'x' } },
      'invalid-application-server-key',
    ],
    [
      'applicationServerKey',
      { applicationServerKey: `${otherKey}=` },
      'invalid-application-server-key',
    ],
    ...[false, null, 'true', 1].map((signedOut): [string, object, string] => [
      'signedOut',
      { signedOut },
      'invalid-argument',
    ]),
    ['replaces', { replaces: 'abc' }, 'invalid-argument'],
    ['replaces', { replaces: null }, 'invalid-argument'],
    ['tags', { tags: 'news' }, 'invalid-argument'],
    ['tags', { tags: [''] }, 'invalid-argument'],
    ['tags', { tags: [{}] }, 'invalid-argument'],
    ['tags', { tags: Array.from({ length: 101 }, String) }, 'invalid-argument'],
    ['client', { client: undefined }, 'invalid-argument'],
    ['client.sdk', { client: {} }, 'invalid-argument'],
    ['client.language', { client: { sdk: 'x', language: 5 } }, 'invalid-argument'],
    ['client.timeZone', { client: { sdk: 'x', timeZone: 'x'.repeat(201) } }, 'invalid-argument'],
    // What a database may not be able to keep
    ...['\0', 'a\uD800', '\uDC00b'].flatMap((text): [string, object, string][] => [
      ['tags', { tags: ['news', text] }, 'invalid-argument'],
      ...['sdk', 'language', 'timeZone', 'platform'].map((field): [string, object, string] => [
        `client.${field}`,
        { client: { sdk: 'x', [field]: text } },
        'invalid-argument',
      ]),
      ['replaces', { replaces: endpoint + text }, 'invalid-argument'],
      [
        'applicationServerKey',
        { applicationServerKey: applicationServerKey + text },
        'invalid-application-server-key',
      ],
      [
        'subscription.endpoint',
        { subscription: { ...subscription, endpoint: endpoint + text } },
        'invalid-subscription',
      ],
      [
        'subscription.keys.auth',
        { subscription: { endpoint, keys: { ...subscription.keys, auth: text } } },
        'invalid-subscription',
      ],
      [
        'subscription.keys.p256dh',
        { subscription: { endpoint, keys: { ...subscription.keys, p256dh: text } } },
        'invalid-subscription',
      ],
    ]),
  ])('refuses a wrong %s: %o', async (field, change, code) => {
    await expectProblem(await world.put(change), 400, {
      code,
      detail: expect.stringMatching(new RegExp(`^${field.replaceAll('.', '\\.')} `)),
    })
    expect(await world.records()).toEqual([])
  })

  test.each([
    ['text/plain', '{}', 415, 'not-json'],
    ['application/jsonp', '{}', 415, 'not-json'],
    ['application/json', '{', 400, 'not-json'],
    ['application/json', '', 400, 'not-json'],
    ['application/json', '[]', 400, 'invalid-argument'],
    ['application/json; charset=utf-8', 'null', 400, 'invalid-argument'],
    ['Application/JSON', new Uint8Array([0x22, 0xff, 0x22]), 400, 'not-json'],
    ['application/json', `"${'x'.repeat(65_535)}"`, 413, 'too-large'],
  ])('refuses %s: %s', async (type, content, status, code) => {
    const headers = { 'Content-Type': type }
    const response = await world.call('PUT', '/subscriptions', { headers, body: content })
    await expectProblem(response, status, { code })
  })

  test('stops reading a body that has no end', async () => {
    let given = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 10_000
        controller.enqueue(new Uint8Array(10_000).fill(0x20))
      },
    })
    const headers = { 'Content-Type': 'application/json' }
    const init = { headers, body: endless, duplex: 'half' } as RequestInit
    await expectProblem(await world.call('PUT', '/subscriptions', init), 413, { code: 'too-large' })
    expect(given).toBeLessThan(100_000)
  })
})
