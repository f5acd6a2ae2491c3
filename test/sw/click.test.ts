import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import type { StandardSchema } from '../../src/shared/message.ts'
import { createPushWorker, type NotificationDescriptor, type Route } from '../../sw/index.ts'
import { createFakeWorkerScope, type FakeWindow } from './fake-worker-scope.ts'

interface Clicked {
  readonly notification?: Partial<NotificationDescriptor>
  readonly click?: Route<unknown>['click']
  readonly action?: string
  readonly windows?: readonly Partial<FakeWindow>[]
}

/** Shows a notification with a route and clicks it. */
async function click({ notification, click: onClick, action, windows = [] }: Clicked) {
  const scope = createFakeWorkerScope()
  for (const window of windows) {
    scope.windows.push({ url: '', focused: false, controlled: true, ...window })
  }
  createPushWorker({ allowedOrigins: ['https://partner.example/'] }, scope).on('any', {
    notification: () => ({ title: 'Title', ...notification }),
    ...(onClick && { click: onClick }),
  })
  await scope.push('{"pushwell":{"v":1,"id":"m1","type":"any","data":{"n":1}}}')
  const [shown] = scope.shown
  if (!shown) throw new Error('Nothing was shown.')
  return { scope, ...(await scope.click(shown, action)) }
}

describe('a click', () => {
  test('closes the notification and opens its URL', async () => {
    const { scope, closed } = await click({ notification: { navigate: '/orders/42' } })
    expect(closed).toBe(true)
    expect(scope.opened).toEqual(['https://app.example/orders/42'])
  })

  test('without a URL opens the app’s root', async () => {
    expect((await click({})).scope.opened).toEqual(['https://app.example/'])
  })

  test('on a button opens the button’s URL, or the notification’s when it has none', async () => {
    const notification = {
      navigate: '/orders/42',
      actions: [
        { action: 'track', title: 'Track', navigate: '/track/42' },
        { action: 'later', title: 'Later' },
      ],
    }
    const track = await click({ notification, action: 'track' })
    expect(track.scope.opened).toEqual(['https://app.example/track/42'])
    const later = await click({ notification, action: 'later' })
    expect(later.scope.opened).toEqual(['https://app.example/orders/42'])
  })

  test('only closes where navigate is null', async () => {
    const actions = [{ action: 'dismiss', title: 'Dismiss', navigate: null }]
    const { scope, closed } = await click({ notification: { actions }, action: 'dismiss' })
    expect(closed).toBe(true)
    expect(scope.opened).toEqual([])
  })

  test('on a notification of another script is left alone', async () => {
    const scope = createFakeWorkerScope()
    createPushWorker({}, scope)
    const { closed } = await scope.click({ title: 'Theirs', details: { data: { url: '/x' } } })
    expect(closed).toBe(false)
    expect(scope.opened).toEqual([])
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:https://app.example/1',
    'https://evil.example/',
    'https://user:secret@app.example/',
    '//evil.example/',
    'http://',
  ])('never leads to %s', async (navigate) => {
    expect((await click({ notification: { navigate } })).scope.opened).toEqual([
      'https://app.example/',
    ])
  })

  test('may lead to an allowed origin', async () => {
    const { scope } = await click({ notification: { navigate: 'https://partner.example/a' } })
    expect(scope.opened).toEqual(['https://partner.example/a'])
  })
})

describe('a click with windows open', () => {
  const notification = { navigate: '/orders/42' }
  const there = 'https://app.example/orders/42'

  test('focuses the one at the URL, also one that no worker controls', async () => {
    const { scope } = await click({
      notification,
      windows: [{ url: 'https://app.example/' }, { url: there, controlled: false }],
    })
    expect(scope.windows.map(({ focused }) => focused)).toEqual([false, true])
    expect(scope.opened).toEqual([])
  })

  test('focuses and navigates one of the app, the focused one first', async () => {
    const { scope } = await click({
      notification,
      windows: [
        { url: 'https://app.example/a' },
        { url: 'https://app.example/b', focused: true },
        { url: 'https://other.example/' },
      ],
    })
    expect(scope.windows[1]).toMatchObject({ url: there, focused: true })
    expect(scope.opened).toEqual([])
  })

  test('opens one when those of the app cannot be navigated', async () => {
    const { scope } = await click({
      notification,
      windows: [{ url: 'https://app.example/a', controlled: false }],
    })
    expect(scope.opened).toEqual([there])
  })

  test('does not take a frame inside a page for a window', async () => {
    const { scope } = await click({
      notification,
      windows: [
        { url: there, nested: true },
        { url: 'https://app.example/a', nested: true },
      ],
    })
    expect(scope.opened).toEqual([there])
  })

  test('opens one when the chosen one is just closing', async () => {
    const { scope } = await click({ notification, windows: [{ url: there, closing: true }] })
    expect(scope.opened).toEqual([there])
  })

  test('does not take a window of the app to another origin', async () => {
    const { scope } = await click({
      notification: { navigate: 'https://partner.example/a' },
      windows: [{ url: 'https://app.example/a' }],
    })
    expect(scope.opened).toEqual(['https://partner.example/a'])
  })
})

test('an allowed origin that is none is refused when the worker is made', () => {
  const scope = createFakeWorkerScope()
  expect(() => createPushWorker({ allowedOrigins: ['partner'] }, scope)).toThrow(/^allowedOrigins/)
})

describe('a route’s own click', () => {
  const doubled: StandardSchema<number> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        typeof value === 'number' ? { value: value * 2 } : { issues: [{ message: 'no number' }] },
    },
  }

  test('is given the data as the schema made it, and never what it refused', async () => {
    const seen: unknown[] = []
    const scope = createFakeWorkerScope()
    createPushWorker({ messages: { any: doubled } }, scope).on('any', {
      notification: ({ data }) => ({ title: String(data) }),
      click: ({ data }) => seen.push(data),
    })
    await scope.push('{"pushwell":{"v":1,"type":"any","data":21}}')
    await scope.push('{"pushwell":{"v":1,"type":"any","data":"nonsense"}}')
    for (const shown of scope.shown) await scope.click(shown)
    expect(scope.shown.map(({ title }) => title)).toEqual(['42', 'app.example'])
    expect(seen).toEqual([42])
    expect(scope.opened).toEqual(['https://app.example/'])
  })

  test('is told what was clicked, and opens what it likes within the origins', async () => {
    const seen: unknown[] = []
    const { scope } = await click({
      notification: {
        navigate: '/a',
        actions: [{ action: 'reply', title: 'Reply', navigate: '/reply' }],
      },
      action: 'reply',
      click: async ({ action, data, id, url, open }) => {
        seen.push({ action, data, id, url })
        await open('/elsewhere')
      },
    })
    expect(seen).toEqual([
      { action: 'reply', data: { n: 1 }, id: 'm1', url: 'https://app.example/reply' },
    ])
    expect(scope.opened).toEqual(['https://app.example/elsewhere'])
  })

  test('that opens nothing has it so', async () => {
    expect((await click({ click: () => undefined })).scope.opened).toEqual([])
  })

  test('that throws before it opened anything leads where the notification says', async () => {
    const { scope } = await click({
      notification: { navigate: '/a' },
      click: () => {
        throw new Error('broken')
      },
    })
    expect(scope.opened).toEqual(['https://app.example/a'])
  })
})
