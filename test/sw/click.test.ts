import { describe, expect, test } from 'vitest'
import type { StandardSchema } from '../../src/shared/message.ts'
import type { WorkerWindowOptions } from '../../src/testing/worker/index.ts'
import { createPushWorker, type NotificationDescriptor, type Route } from '../../sw/index.ts'
import { openUrl } from '../../sw/open-url.ts'
import type { WorkerContext } from '../../sw/worker-context.ts'
import { home, loadPushWorker, ours, present, pushOne } from './load-push-worker.ts'

interface Clicked {
  readonly notification?: Partial<NotificationDescriptor>
  readonly click?: Route<unknown>['click']
  readonly action?: string
  readonly windows?: readonly WorkerWindowOptions[]
}

/** Shows a notification with a route and clicks it. */
async function click({ notification, click: onClick, action, windows = [] }: Clicked) {
  await using worker = await loadPushWorker(
    (scope) =>
      createPushWorker({ allowedOrigins: ['https://partner.example/'] }, scope).on('any', {
        notification: () => ({ title: 'Title', ...notification }),
        ...(onClick && { click: onClick }),
      }),
    { windows },
  )
  const result = await worker.click(await pushOne(worker, ours('any', { n: 1 })), action)
  expect(result).not.toHaveProperty('failed')
  return { ...result, windows: worker.windows.map(({ url, focused }) => ({ url, focused })) }
}

describe('a click', () => {
  test('closes the notification and opens its URL', async () => {
    const { closed, opened } = await click({ notification: { navigate: '/orders/42' } })
    expect(closed).toBe(true)
    expect(opened).toEqual(['https://app.example/orders/42'])
  })

  test('without a URL opens the app’s root', async () => {
    expect((await click({})).opened).toEqual(['https://app.example/'])
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
    expect(track.opened).toEqual(['https://app.example/track/42'])
    const later = await click({ notification, action: 'later' })
    expect(later.opened).toEqual(['https://app.example/orders/42'])
  })

  test('only closes where navigate is null', async () => {
    const actions = [{ action: 'dismiss', title: 'Dismiss', navigate: null }]
    const { closed, opened } = await click({ notification: { actions }, action: 'dismiss' })
    expect(closed).toBe(true)
    expect(opened).toEqual([])
  })

  test('on a notification of another script is left alone', async () => {
    await using worker = await loadPushWorker((scope) => createPushWorker({}, scope))
    await worker.scope.registration.showNotification('Theirs', { data: { url: '/x' } })
    const [theirs] = worker.notifications
    if (!theirs) throw new Error('Nothing was shown.')
    expect(await worker.click(theirs)).toMatchObject({ closed: false, opened: [] })
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
    expect((await click({ notification: { navigate } })).opened).toEqual(['https://app.example/'])
  })

  test('may lead to an allowed origin', async () => {
    const { opened } = await click({ notification: { navigate: 'https://partner.example/a' } })
    expect(opened).toEqual(['https://partner.example/a'])
  })

  test('goes by the app’s scope where a subscription is just moving to a new key', async () => {
    await using worker = await loadPushWorker((scope) => createPushWorker({}, scope), {
      scope: `${home}pushwell-key-move/`,
    })
    const notification = { title: 'T', navigate: 'orders/42' }
    const shown = await pushOne(worker, { notification })
    expect((await worker.click(shown)).opened).toEqual(['https://app.example/orders/42'])
  })
})

describe('a click with windows open', () => {
  const notification = { navigate: '/orders/42' }
  const there = 'https://app.example/orders/42'

  test('focuses the one at the URL, also one that no worker controls', async () => {
    const { focused, navigated, opened } = await click({
      notification,
      windows: [{ url: '/' }, { url: there, controlled: false }],
    })
    expect({ focused, navigated, opened }).toEqual({ focused: [there], navigated: [], opened: [] })
  })

  test('focuses and navigates one of the app, the focused one first', async () => {
    const { windows, opened } = await click({
      notification,
      windows: [{ url: '/a' }, { url: '/b', focused: true }],
    })
    expect(windows).toEqual([
      { url: there, focused: true },
      { url: 'https://app.example/a', focused: false },
    ])
    expect(opened).toEqual([])
  })

  test('opens one when those of the app cannot be navigated', async () => {
    const { opened } = await click({ notification, windows: [{ url: '/a', controlled: false }] })
    expect(opened).toEqual([there])
  })

  test('opens one when the chosen one is just closing', async () => {
    await using worker = await loadPushWorker(
      (scope) =>
        createPushWorker({}, scope).on('any', {
          notification: () => ({ title: 'Title' }),
          click: async ({ open }) => {
            const opening = open()
            worker.closeWindow(window)
            await opening
          },
        }),
      { windows: [{ url: '/' }], engine: 'firefox' },
    )
    const window = present(worker.windows[0])
    const { opened, focused } = await worker.click(await pushOne(worker, ours('any')))
    expect({ opened, focused }).toEqual({ opened: [home], focused: [] })
  })

  test('does not take a window of the app to another origin', async () => {
    const { opened } = await click({
      notification: { navigate: 'https://partner.example/a' },
      windows: [{ url: '/a' }],
    })
    expect(opened).toEqual(['https://partner.example/a'])
  })

  test('does not take a frame inside a page for a window', async () => {
    const opened: string[] = []
    const frame = { id: '1', url: there, focused: true, frameType: 'nested' }
    const clients = {
      matchAll: () => Promise.resolve([frame]),
      openWindow: (url: string) => Promise.resolve(opened.push(url) && null),
    }
    await openUrl({ home, options: {}, scope: { clients } } as unknown as WorkerContext, there)
    expect(opened).toEqual([there])
  })
})

describe('a window that is focused and then cannot be navigated', () => {
  /** A worker with one window, and what its page is told, in a browser that lets it do so much. */
  async function follow(mayOpen: boolean) {
    const told: unknown[] = []
    const window = {
      id: '1',
      url: `${home}other`,
      focused: false,
      focus: () => Promise.resolve(window),
      navigate: () => Promise.reject(new TypeError('no')),
      postMessage: (message: unknown) => told.push(message),
    }
    const opened: string[] = []
    await using worker = await loadPushWorker((scope) => {
      Object.assign(scope.clients, {
        matchAll: () => Promise.resolve([window]),
        openWindow: (url: string) =>
          mayOpen
            ? Promise.resolve(opened.push(url) && null)
            : Promise.reject(new DOMException('no', 'InvalidAccessError')),
      })
      createPushWorker({}, scope)
    })
    const payload = { notification: { title: 'T', navigate: '/there' }, ...ours('any') }
    const { failed } = await worker.click(await pushOne(worker, payload))
    return { failed, opened, told }
  }

  test('is told of the click where no other may be opened any more', async () => {
    const { failed, told } = await follow(false)
    expect(failed).toBeUndefined()
    expect(told).toMatchObject([{ kind: 'navigate' }, { kind: 'click', click: { id: 'm1' } }])
  })

  test('is left for a new one where that may be opened', async () => {
    expect((await follow(true)).opened).toEqual([`${home}there`])
  })
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
    await using worker = await loadPushWorker((scope) =>
      createPushWorker({ messages: { any: doubled } }, scope).on('any', {
        notification: ({ data }) => ({ title: String(data) }),
        click: ({ data }) => seen.push(data),
      }),
    )
    const good = await pushOne(worker, ours('any', 21))
    const bad = await pushOne(worker, ours('any', 'nonsense', { id: 'm2' }))
    expect([good.title, bad.title]).toEqual(['42', 'app.example'])
    expect((await worker.click(good)).opened).toEqual([])
    expect((await worker.click(bad)).opened).toEqual([home])
    expect(seen).toEqual([42])
  })

  test('is told what was clicked, and opens what it likes within the origins', async () => {
    const seen: unknown[] = []
    const { opened } = await click({
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
    expect(opened).toEqual(['https://app.example/elsewhere'])
  })

  test('that opens nothing has it so', async () => {
    expect((await click({ click: () => undefined })).opened).toEqual([])
  })

  test('that throws before it opened anything leads where the notification says', async () => {
    const { opened } = await click({
      notification: { navigate: '/a' },
      click: () => {
        throw new Error('broken')
      },
    })
    expect(opened).toEqual(['https://app.example/a'])
  })
})
