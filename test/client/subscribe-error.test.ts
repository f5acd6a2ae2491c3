import { describe, expect, test } from 'vitest'
import { subscribeError } from '../../src/client/subscribe-error.ts'
import { PushwellError } from '../../src/shared/errors.ts'
import { createFakePage, fakeKey, type FakePage } from './fake-page-platform.ts'
import { fakeSubscription } from './fake-subscription.ts'
import { start } from './start-client.ts'

/** What `enable()` rejects with in a browser whose `subscribe()` does so. */
async function refusal(cause: unknown, page: FakePage = createFakePage()) {
  page.subscribe = () => Promise.reject(cause)
  const { push } = start(page)
  const error = await push.enable().catch((thrown: unknown) => thrown)
  return { error: error as PushwellError, push }
}

const abort = (message: string) => new DOMException(message, 'AbortError')

/** By browser: the name and the message of what it rejects with. */
const table: readonly (readonly [string, Error, string, string])[] = [
  [
    'Firefox, not in a click',
    new DOMException('User denied permission to use the Push API.', 'NotAllowedError'),
    'gesture-required',
    'click-again',
  ],
  [
    'Safari, not in a click',
    new DOMException(
      'Push notification prompting can only be done from a user gesture.',
      'NotAllowedError',
    ),
    'gesture-required',
    'click-again',
  ],
  [
    'Firefox, its push service off or out of reach',
    abort('Error retrieving push subscription.'),
    'push-service-failed',
    'check-network',
  ],
  [
    'Chromium, its push service failing',
    abort('Registration failed - push service error'),
    'push-service-failed',
    'check-network',
  ],
  [
    'Chromium, its push service missing',
    abort('Registration failed - push service not available'),
    'push-service-failed',
    'check-network',
  ],
  [
    'Chromium, no worker running yet',
    abort('Subscription failed - no active Service Worker'),
    'worker-failed',
    'reload-page',
  ],
  [
    'Chromium, an incognito window',
    abort('Registration failed - permission denied'),
    'push-service-off',
    'leave-private-browsing',
  ],
  [
    'the specification, no worker running',
    new DOMException('', 'InvalidStateError'),
    'worker-failed',
    'reload-page',
  ],
  [
    'the specification before 2016, a context that may not',
    new DOMException('The operation is insecure.', 'SecurityError'),
    'push-service-off',
    'leave-private-browsing',
  ],
  [
    'a push service that cannot be reached',
    new DOMException('', 'NetworkError'),
    'push-service-failed',
    'check-network',
  ],
  ['anything else', new TypeError('What is this?'), 'subscribe-failed', 'reload-page'],
]

describe('a rejection of subscribe() has a code and a remedy', () => {
  test.each(table)('%s', async (_, cause, code, remedy) => {
    const { error, push } = await refusal(cause)
    expect(error).toBeInstanceOf(PushwellError)
    expect(error).toMatchObject({ code, remedy })
    expect(error.cause).toBe(cause)
    expect(push.state).toEqual({ status: 'unsubscribed' })
  })

  test.each(['not an error', undefined, null])('even when it is %s', async (cause) => {
    expect((await refusal(cause)).error).toMatchObject({ code: 'subscribe-failed' })
  })

  test.each([
    ['bad base64url', 'InvalidCharacterError'],
    ['not a point of the curve', 'InvalidAccessError'],
    ['none', 'NotSupportedError'],
  ])('a key that is %s is the app’s mistake', async (_, name) => {
    const { error } = await refusal(new DOMException('', name))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ code: 'invalid-application-server-key' })
    expect(error.message).toMatch(/^applicationServerKey /)
  })

  test('what is explained already stays as it is', () => {
    const cause = new PushwellError('timeout', 'late')
    expect(subscribeError(cause, false)).toBe(cause)
  })
})

describe('Brave', () => {
  const brave = (isBrave: boolean) => {
    const page = createFakePage()
    page.platform.brave = { isBrave: () => Promise.resolve(isBrave) }
    return page
  }
  const cause = abort('Registration failed - push service error')

  test('says how its push service is switched on', async () => {
    const { error } = await refusal(cause, brave(true))
    expect(error).toMatchObject({ code: 'push-service-off', remedy: 'enable-push-service' })
    expect(error.message).toContain('brave://settings/privacy')
  })

  test('in a private window is told from one with its push service off', async () => {
    const incognito = abort('Registration failed - permission denied')
    const { error } = await refusal(incognito, brave(true))
    expect(error).toMatchObject({ remedy: 'leave-private-browsing' })
  })

  test('is not what only says so', async () => {
    const { error } = await refusal(cause, brave(false))
    expect(error).toMatchObject({ code: 'push-service-failed' })
  })
})

describe('subscribing', () => {
  test('that never ends is given up after timeoutMs', async () => {
    const page = createFakePage()
    page.subscribe = () => new Promise(() => undefined)
    const { push } = start(page, { timeoutMs: 20 })
    await expect(push.enable()).rejects.toMatchObject({
      code: 'timeout',
      remedy: 'check-network',
    })
  })

  test('that is given up by the app’s signal rejects with aborted', async () => {
    const page = createFakePage()
    const controller = new AbortController()
    page.subscribe = () => {
      controller.abort()
      return new Promise(() => undefined)
    }
    const { push } = start(page, { timeoutMs: 5000, signal: controller.signal })
    await expect(push.enable()).rejects.toMatchObject({ code: 'aborted' })
  })

  test('over a subscription with another key gives that up first', async () => {
    const page = createFakePage()
    page.permission = 'granted'
    page.subscription = fakeSubscription(page, 'older', fakeKey(2))
    const { push } = start(page)
    await push.enable()
    expect(page.requests.map(({ body }) => body?.subscription.endpoint)).toEqual([
      'https://push.example/1',
    ])
    expect(page.requests[0]?.body?.replaces).toBe('https://push.example/older')
  })
})
