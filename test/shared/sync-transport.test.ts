import { describe, expect, test } from 'vitest'
import type { PutSubscriptionRequest } from '../../src/shared/protocol.ts'
import { createHttpTransport, type HttpTransportOptions } from '../../src/shared/sync-transport.ts'

const body: PutSubscriptionRequest = {
  version: 1,
  subscription: {
    endpoint: 'https://push.example/1',
    expirationTime: null,
    keys: { p256dh: 'p256dh', auth: 'auth' },
  },
  applicationServerKey: 'key',
  client: { sdk: 'pushwell/0' },
}

type Call = { readonly url: string } & RequestInit

/** A transport, and what it gave `fetch`. */
function start(
  answer: () => Response | Promise<Response> = () => Response.json({ status: 'ok' }),
  options: Partial<HttpTransportOptions> = {},
  signal: AbortSignal = new AbortController().signal,
) {
  const calls: Call[] = []
  const made = createHttpTransport({
    url: 'https://app.example/push',
    fetch: async (url, init) => {
      calls.push({ url: url as string, ...init })
      return answer()
    },
    ...options,
  })
  const transport = {
    put: (request: PutSubscriptionRequest) => made.put(request, { signal }),
    remove: (id: string, endpoint: string) => made.remove(id, endpoint, { signal }),
  }
  return { calls, transport }
}

const removed = () => new Response(null, { status: 204 })
const remove = (transport: ReturnType<typeof start>['transport']) =>
  transport.remove('0123', 'https://push.example/1')

describe('a request', () => {
  test('is a PUT of the subscription, in JSON', async () => {
    const { calls, transport } = start()
    expect(await transport.put(body)).toEqual({ status: 'ok' })
    expect(calls[0]).toMatchObject({
      url: 'https://app.example/push/subscriptions',
      method: 'PUT',
      body: JSON.stringify(body),
    })
    expect(new Headers(calls[0]?.headers).get('content-type')).toBe('application/json')
  })

  test('is a DELETE of the id, with the endpoint as its proof', async () => {
    const { calls, transport } = start(removed)
    await remove(transport)
    expect(calls[0]).toMatchObject({
      url: 'https://app.example/push/subscriptions/0123',
      method: 'DELETE',
      body: '{"endpoint":"https://push.example/1"}',
    })
    expect(new Headers(calls[0]?.headers).get('content-type')).toBe('application/json')
  })

  test('goes to the same place with a slash at the end of the root', async () => {
    const { calls, transport } = start(undefined, { url: 'https://app.example/push/' })
    await transport.put(body)
    expect(calls[0]?.url).toBe('https://app.example/push/subscriptions')
  })

  test('follows no redirect, and ends with the signal', async () => {
    const { signal } = new AbortController()
    const { calls, transport } = start(undefined, {}, signal)
    await transport.put(body)
    expect(calls[0]).toMatchObject({ redirect: 'error', signal })
  })

  test('is not made any more when it was given up while its headers were asked for', async () => {
    const controller = new AbortController()
    const headers = () => {
      controller.abort()
      return {}
    }
    const { calls, transport } = start(undefined, { headers }, controller.signal)
    await expect(transport.put(body)).rejects.toMatchObject({ name: 'AbortError' })
    expect(calls).toEqual([])
  })

  test('carries cookies, unless the app says otherwise', async () => {
    const plain = start()
    await plain.transport.put(body)
    expect(plain.calls[0]?.credentials).toBe('include')
    const bare = start(undefined, { credentials: 'omit' })
    await bare.transport.put(body)
    expect(bare.calls[0]?.credentials).toBe('omit')
  })

  test('asks for its headers anew each time', async () => {
    let token = 0
    const headers = () => Promise.resolve({ authorization: `Bearer ${(token += 1)}` })
    const { calls, transport } = start(undefined, { headers })
    await transport.put(body)
    await transport.put(body)
    const sent = calls.map((call) => new Headers(call.headers).get('authorization'))
    expect(sent).toEqual(['Bearer 1', 'Bearer 2'])
  })

  test('is not made when its headers cannot be had', async () => {
    const lost = new Error('no token')
    const { calls, transport } = start(undefined, { headers: () => Promise.reject(lost) })
    await expect(transport.put(body)).rejects.toBe(lost)
    expect(calls).toEqual([])
  })
})

describe('an answer', () => {
  test.each([
    [400, 'backend-refused'],
    [401, 'backend-unauthorized'],
    [403, 'backend-unauthorized'],
    [404, 'backend-refused'],
    [409, 'backend-refused'],
    [413, 'backend-refused'],
    [422, 'backend-refused'],
    [429, 'backend-failed'],
    [500, 'backend-failed'],
    [502, 'backend-failed'],
    [503, 'backend-failed'],
  ])('with status %i is %s, of a PUT as of a DELETE', async (status, code) => {
    // What it says does not count.
    const { transport } = start(() => Response.json({ status: 'ok' }, { status }))
    await expect(transport.put(body)).rejects.toMatchObject({ code })
    await expect(remove(transport)).rejects.toMatchObject({ code })
  })

  test.each<[string, () => Response]>([
    ['HTML', () => new Response('<h1>Sign in</h1>', { headers: { 'content-type': 'text/html' } })],
    ['nothing', () => new Response('')],
    ['204', removed],
    ['of a health check', () => Response.json({ status: 'healthy' })],
    ['that only begins like one', () => Response.json({ status: 'okay' })],
    ['without a status', () => Response.json({})],
    ['of null', () => Response.json(null)],
    ['in an array', () => Response.json([{ status: 'ok' }])],
  ])('%s is none to a PUT', async (_, answer) => {
    await expect(start(answer).transport.put(body)).rejects.toMatchObject({
      code: 'backend-failed',
    })
  })

  test.each<[string, () => Response]>([
    ['HTML', () => new Response('<h1>Sign in</h1>')],
    ['ok', () => Response.json({ status: 'ok' })],
    ['202', () => new Response('', { status: 202 })],
  ])('%s is none to a DELETE', async (_, answer) => {
    await expect(remove(start(answer).transport)).rejects.toMatchObject({ code: 'backend-failed' })
  })

  test('that asks for another key is given on', async () => {
    const answer = { status: 'rotate', applicationServerKey: 'other' }
    expect(await start(() => Response.json(answer)).transport.put(body)).toEqual(answer)
  })

  test.each([
    ['120', 120_000],
    ['soon', undefined],
  ])('with Retry-After: %s', async (header, retryAfterMs) => {
    const headers = { 'retry-after': header }
    const { transport } = start(() => new Response('', { status: 503, headers }))
    await expect(transport.put(body)).rejects.toMatchObject({ retryAfterMs })
  })

  test('that fails tells neither endpoint nor key', async () => {
    const { transport } = start(() => new Response(JSON.stringify(body), { status: 500 }))
    const error: unknown = await transport.put(body).catch((thrown: unknown) => thrown)
    expect(String(error)).not.toMatch(/push\.example|p256dh|auth\b/)
  })

  test('that does not come is what fetch rejects with', async () => {
    const offline = new TypeError('Failed to fetch')
    const { transport } = start(() => Promise.reject(offline))
    await expect(transport.put(body)).rejects.toBe(offline)
  })
})
