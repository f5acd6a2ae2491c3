import { describe, expect, test } from 'vitest'
import type { PagePlatform } from '../../src/client/index.ts'
import {
  type PushFacts,
  pushState,
  type PushState,
  stoppedState,
} from '../../src/client/push-state.ts'
import { createStateStore } from '../../src/client/state-store.ts'
import { afterAnswer, beforeRequest, holding, nextRequest } from '../../src/shared/outbox.ts'
import type { AskAnswer, RegistrationRecord } from '../../src/shared/registration-record.ts'
import { createFakePage, fakeKey } from './fake-page-platform.ts'
import { fakeSubscription } from './fake-subscription.ts'

type Platform = { -readonly [Name in keyof PagePlatform]: PagePlatform[Name] }

const scope = 'https://app.example/'
const page = createFakePage()
const pending = holding(
  { scope, mayHold: [] },
  fakeSubscription(page, '1', fakeKey(1)),
  fakeKey(1),
  0,
)

function acknowledged(record: RegistrationRecord): RegistrationRecord {
  const request = nextRequest(record, 0, 0)
  return request ? afterAnswer(beforeRequest(record, request), request, 0) : record
}

const failed = (code: 'backend-failed' | 'backend-unauthorized') => ({
  ...pending,
  retry: { code, attempts: 1, notBefore: 0, nextTry: 0 },
})

/** Facts of a browser that has everything, where the user has said yes and holds a subscription. */
function facts(platform: Partial<Platform>, others: Partial<PushFacts> = {}): PushFacts {
  const notification = { permission: 'granted' as const, requestPermission: () => undefined }
  return {
    platform: { ...page.platform, notification, now: () => 0, ...platform },
    isWorkerless: false,
    hasBackend: true,
    isHeld: true,
    record: acknowledged(pending),
    isPersistent: true,
    ...others,
  }
}

const permission = (state: NotificationPermission) => ({
  notification: { permission: state, requestPermission: () => undefined },
})

const answers = (...said: AskAnswer['answer'][]): RegistrationRecord => ({
  scope,
  mayHold: [],
  answers: said.map((answer, at) => ({ answer, at })),
})

const unsupported = (reason: string, remedy: string) => ({ status: 'unsupported', reason, remedy })

describe('what stops the user', () => {
  test.each<[string, PushFacts, unknown]>([
    [
      'an insecure context',
      facts({ isSecureContext: false, serviceWorker: undefined }),
      unsupported('insecure-context', 'use-https'),
    ],
    [
      'a frame of another origin',
      facts({ isCrossOriginFrame: true }),
      unsupported('cross-origin-frame', 'open-in-own-tab'),
    ],
    [
      'a private window without workers',
      facts({ serviceWorker: undefined }),
      unsupported('no-service-worker', 'leave-private-browsing'),
    ],
    [
      'a browser without PushManager',
      facts({ hasPushManager: false }),
      unsupported('no-push-manager', 'use-another-browser'),
    ],
    [
      'no window.pushManager where no worker is wanted',
      facts({}, { isWorkerless: true }),
      unsupported('no-push-manager', 'use-another-browser'),
    ],
    [
      'a browser without notifications',
      facts({ notification: undefined }),
      unsupported('no-notifications', 'use-another-browser'),
    ],
    [
      'a tab on iOS',
      facts({ hasPushManager: false, standalone: false, notification: undefined }),
      { status: 'install-required', remedy: 'install-app' },
    ],
    [
      'an installed app on an iOS from before pushes',
      facts({ hasPushManager: false, standalone: true }),
      unsupported('no-push-manager', 'use-another-browser'),
    ],
    [
      'a frame of another origin on iOS',
      facts({ isCrossOriginFrame: true, hasPushManager: false, standalone: false }),
      unsupported('cross-origin-frame', 'open-in-own-tab'),
    ],
    [
      'a permission that the user refused',
      facts(permission('denied')),
      { status: 'blocked', reason: 'user', remedy: 'unblock-notifications' },
    ],
    [
      'a refusal after two dismissals',
      facts(permission('denied'), { record: answers('dismissed', 'dismissed', 'denied') }),
      { status: 'blocked', reason: 'user', remedy: 'unblock-notifications' },
    ],
    [
      'the browser itself, after three dismissals',
      facts(permission('denied'), { record: answers('dismissed', 'dismissed', 'dismissed') }),
      { status: 'blocked', reason: 'embargo', remedy: 'ask-again-later' },
    ],
  ])('%s', (_, given, state) => {
    expect(pushState(given)).toEqual(state)
    expect(stoppedState(given)).toEqual(state)
  })

  test.each<[string, PushFacts]>([
    ['a browser that has everything', facts({})],
    ['an installed app on iOS', facts({ standalone: true })],
    ['a question that nobody has answered', facts(permission('default'))],
    ['window.pushManager', facts({ pushManager: {} as PushManager }, { isWorkerless: true })],
  ])('is not %s', (_, given) => {
    expect(stoppedState(given)).toBeNull()
  })
})

describe('where it stands', () => {
  test.each<[string, PushFacts, PushState]>([
    ['not asked', facts(permission('default')), { status: 'prompt' }],
    [
      'permission taken back while the browser still holds a subscription',
      facts(permission('default'), { isHeld: true }),
      { status: 'prompt' },
    ],
    ['granted, and off', facts({}, { isHeld: false }), { status: 'unsubscribed' }],
    ['on, and the backend knows', facts({}), { status: 'subscribed', sync: 'synced' }],
    [
      'on, without a backend',
      facts({}, { hasBackend: false, record: undefined }),
      { status: 'subscribed', sync: 'off' },
    ],
    [
      'on, of which nothing is known',
      facts({}, { record: undefined }),
      { status: 'subscribed', sync: 'pending' },
    ],
    [
      'on, and not told yet',
      facts({}, { record: pending }),
      { status: 'subscribed', sync: 'pending' },
    ],
    [
      'on, and the backend failed',
      facts({}, { record: failed('backend-failed') }),
      { status: 'subscribed', sync: 'pending', reason: 'backend-failed' },
    ],
    [
      'on, and the backend failed to be told again what it knows',
      facts({}, { record: { ...acknowledged(pending), retry: failed('backend-failed').retry } }),
      { status: 'subscribed', sync: 'pending', reason: 'backend-failed' },
    ],
    [
      'on, and somebody must sign in',
      facts({}, { record: failed('backend-unauthorized') }),
      { status: 'subscribed', sync: 'pending', reason: 'backend-unauthorized' },
    ],
    [
      'on, with tags that the backend does not know',
      facts({}, { record: { ...acknowledged(pending), tags: ['new'] } }),
      { status: 'subscribed', sync: 'pending' },
    ],
    [
      'on, with an endpoint to be removed',
      facts({}, { record: { ...acknowledged(pending), mayHold: ['older'] } }),
      { status: 'subscribed', sync: 'pending' },
    ],
    [
      'on, and nothing can be stored',
      facts({}, { isPersistent: false }),
      { status: 'subscribed', sync: 'synced', storage: 'memory' },
    ],
    [
      'not asked, and nothing can be stored',
      facts(permission('default'), { isPersistent: false }),
      { status: 'prompt', storage: 'memory' },
    ],
    [
      'off, and nothing can be stored',
      facts({}, { isHeld: false, isPersistent: false }),
      { status: 'unsubscribed', storage: 'memory' },
    ],
  ])('%s', (_, given, state) => {
    expect(pushState(given)).toEqual(state)
  })
})

describe('a snapshot', () => {
  test('keeps its identity, and nobody is told, while it says the same', () => {
    const store = createStateStore<PushState>({ status: 'loading' })
    let told = 0
    store.onChange(() => (told += 1))
    store.set(pushState(facts({})))
    const snapshot = store.get()
    store.set(pushState(facts({})))
    expect(store.get()).toBe(snapshot)
    expect(told).toBe(1)
    store.set(pushState(facts({}, { isHeld: false })))
    expect(store.get()).not.toBe(snapshot)
    expect(told).toBe(2)
  })

  test('is told to a listener as often as it was added, and undone once each', () => {
    const store = createStateStore<PushState>({ status: 'loading' })
    let told = 0
    const listener = () => (told += 1)
    const undo = [store.onChange(listener), store.onChange(listener)]
    store.set({ status: 'prompt' })
    expect(told).toBe(2)
    undo[0]?.()
    undo[0]?.()
    store.set({ status: 'unsubscribed' })
    expect(told).toBe(3)
  })
})
