import { describe, expect, test } from 'vitest'
import { createPushWorker, type NotificationDescriptor } from '../../sw/index.ts'
import { show } from '../../sw/show.ts'
import type { NotificationDetails, WorkerScope } from '../../sw/worker-scope.ts'
import { loadPushWorker, ours, pushOne } from './load-push-worker.ts'

const good = { title: 'Order', body: 'Body', icon: '/icon.png', navigate: '/orders/1' }

/** Shows it in Chromium, which is the strictest, and clicks it. */
async function showAndClick(descriptor: object, data?: unknown) {
  const seen: unknown[] = []
  await using worker = await loadPushWorker((scope) =>
    createPushWorker({}, scope).on('order', {
      notification: () => descriptor as NotificationDescriptor,
      click: ({ data: clicked, open }) => {
        seen.push(clicked)
        return open()
      },
    }),
  )
  const shown = await pushOne(worker, ours('order', data))
  const { opened } = await worker.click(shown)
  return { shown, opened, seen }
}

describe('a notification that the browser refuses', () => {
  test.each([
    ['renotify without a tag', { renotify: true }],
    ['vibrate with silent', { silent: true, vibrate: [100] }],
    ['a direction that is none', { dir: 'up' }],
    ['a time that is none', { timestamp: Number.NaN }],
    ['a vibration that is none', { vibrate: ['x'] }],
  ])('for %s keeps icon, buttons and data', async (_, wrong) => {
    const actions = [{ action: 'track', title: 'Track' }]
    const { shown, opened, seen } = await showAndClick({ ...good, actions, ...wrong }, { n: 1 })
    expect(shown).toMatchObject({
      title: 'Order',
      body: 'Body',
      icon: 'https://app.example/icon.png',
      actions: [{ action: 'track', title: 'Track' }],
    })
    expect(opened).toEqual(['https://app.example/orders/1'])
    expect(seen).toEqual([{ n: 1 }])
  })

  test('for data that cannot be cloned keeps all but that', async () => {
    const actions = [{ action: 'track', title: 'Track' }]
    const wrong = { ...good, actions, data: () => 1 }
    const { shown, opened, seen } = await showAndClick(wrong, { n: 1 })
    const { icon: _icon, navigate: _navigate, ...text } = good
    expect(shown).toMatchObject({ ...text, icon: 'https://app.example/icon.png', actions })
    expect(opened).toEqual(['https://app.example/orders/1'])
    expect(seen).toEqual([{ n: 1 }])
  })

  test.each([
    ['a language that is none', { lang: { toString: null }, data: 1 }],
    ['actions that are none', { actions: 'track' }],
    ['an action that is none', { actions: [null] }],
  ])('for %s keeps its text, its tag and where it leads', async (_, wrong) => {
    const { shown, opened } = await showAndClick({ ...good, tag: 'order', ...wrong })
    expect(shown).toMatchObject({ title: 'Order', body: 'Body', tag: 'order' })
    expect(opened).toEqual(['https://app.example/orders/1'])
  })

  test('for the message’s data, as its schema made it, keeps its text and where it leads', async () => {
    const validate = () => ({ value: () => 1 })
    await using worker = await loadPushWorker((scope) =>
      createPushWorker(
        { messages: { order: { '~standard': { version: 1, vendor: 'test', validate } } } },
        scope,
      ).on('order', { notification: () => good }),
    )
    const shown = await pushOne(worker, ours('order'))
    expect(shown).toMatchObject({ title: 'Order', body: 'Body' })
    expect((await worker.click(shown)).opened).toEqual(['https://app.example/orders/1'])
  })

  test('whatever is tried is shown with its title alone, and still leads there', async () => {
    const shown: [string, NotificationDetails | undefined][] = []
    const showNotification = (title: string, details?: NotificationDetails) =>
      details?.body === undefined
        ? Promise.resolve(void shown.push([title, details]))
        : Promise.reject(new TypeError('refused'))
    const scope = { registration: { showNotification } } as unknown as WorkerScope
    await show(scope, good, { id: 'm1' })
    expect(shown).toMatchObject([['Order', { data: { pushwell: { navigate: '/orders/1' } } }]])
  })

  test('for want of permission fails the push', async () => {
    const refuse = () => Promise.reject(new TypeError('no permission'))
    const scope = { registration: { showNotification: refuse } } as unknown as WorkerScope
    await expect(show(scope, good, {})).rejects.toThrow('no permission')
  })
})

describe('a notification whose pictures do not load', () => {
  const actions = [{ action: 'track', title: 'Track', icon: '/track.png' }]
  const pictured = { ...good, image: '/image.png', badge: '/badge.png', actions }

  test('is shown without them in time, with all else', async () => {
    const given: object[] = []
    await using worker = await loadPushWorker((scope) => {
      const { registration } = scope
      const showNotification = registration.showNotification.bind(registration)
      Object.assign(registration, {
        showNotification(title: string, details: NotificationDetails) {
          given.push(details)
          const { icon, image, badge } = details
          const isLoading = icon ?? image ?? badge ?? details.actions?.some((it) => it.icon)
          return isLoading ? new Promise(() => undefined) : showNotification(title, details)
        },
      })
      createPushWorker({ deadlineMs: 30 }, scope).on('order', { notification: () => pictured })
    })
    const shown = await pushOne(worker, ours('order', 'data'))
    expect(shown).toMatchObject({
      title: 'Order',
      body: 'Body',
      icon: '',
      actions: [{ action: 'track', title: 'Track' }],
      data: { pushwell: { type: 'order', data: 'data', navigate: '/orders/1' } },
    })
    expect(given).toHaveLength(2)
  })

  test('that hang is shown once, without these', async () => {
    const given: NotificationDetails[] = []
    await using worker = await loadPushWorker(
      (scope) => {
        const { registration } = scope
        const showNotification = registration.showNotification.bind(registration)
        Object.assign(registration, {
          showNotification(title: string, details: NotificationDetails) {
            given.push(details)
            return showNotification(title, details)
          },
        })
        createPushWorker({ deadlineMs: 30 }, scope).on('order', { notification: () => pictured })
      },
      {
        fetch: ({ url }) =>
          url.endsWith('/image.png') ? new Promise(() => undefined) : new Response('picture'),
      },
    )
    expect(await pushOne(worker, ours('order'))).toMatchObject({ title: 'Order', body: 'Body' })
    expect(given).toMatchObject([{ icon: 'https://app.example/icon.png' }])
    expect(given[0]).not.toHaveProperty('image')
  })

  test('has one tag at each try, so that the first one replaces the other should it come yet', async () => {
    const tags: unknown[] = []
    const showNotification = (_: string, { icon, tag }: NotificationDetails) => {
      tags.push(tag)
      return icon ? new Promise<void>(() => undefined) : Promise.resolve()
    }
    const scope = { registration: { showNotification } } as unknown as WorkerScope
    await show(scope, good, {})
    expect(tags).toEqual([expect.any(String), tags[0]])
    expect(tags[0]).not.toBe('')
  })
})
