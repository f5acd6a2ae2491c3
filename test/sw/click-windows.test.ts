import { describe, expect, test } from 'vitest'
import type { MessagePort } from 'node:worker_threads'
import type { WorkerWindowOptions } from '../../src/testing/worker/index.ts'
import { createPushWorker, type NotificationDescriptor, type WindowMatch } from '../../sw/index.ts'
import { home, loadPushWorker, ours, pushOne } from './load-push-worker.ts'

interface Setting {
  readonly windows: readonly WorkerWindowOptions[]
  readonly match?: WindowMatch
  readonly notification?: Partial<NotificationDescriptor>
  readonly scope?: string
}

const there = `${home}orders/42`

/** Clicks a notification that leads to the order 42. */
async function click({ windows, match, notification, scope = home }: Setting) {
  await using worker = await loadPushWorker(
    (own) =>
      createPushWorker({ ...(match && { match }) }, own).on('any', {
        notification: () => ({ title: 'Title', navigate: '/orders/42', ...notification }),
      }),
    { windows, scope },
  )
  const { opened, focused, navigated, ...result } = await worker.click(
    await pushOne(worker, ours('any', { n: 1 })),
  )
  expect(result).not.toHaveProperty('failed')
  return { opened, focused, navigated }
}

describe('a window counts as being where a click leads', () => {
  const other = { url: '/orders/42?from=list#top' }

  test('when it is at that very URL, unless it is said otherwise', async () => {
    expect(await click({ windows: [other] })).toEqual({
      opened: [],
      focused: [home + other.url.slice(1)],
      navigated: [there],
    })
  })

  test('when it is at its path, whatever the query and the hash, where the worker says so', async () => {
    expect(await click({ windows: [{ url: '/' }, other], match: 'path' })).toEqual({
      opened: [],
      focused: [home + other.url.slice(1)],
      navigated: [],
    })
  })

  test('when it is at the very URL, before one that is at its path alone', async () => {
    const windows = [{ ...other, focused: true }, { url: '/orders/42' }]
    expect((await click({ windows, match: 'path' })).focused).toEqual([there])
  })

  test('when it is the app’s at all, where the notification says so, also an uncontrolled one', async () => {
    const windows = [{ url: '/settings', controlled: false }]
    expect(await click({ windows, notification: { match: 'app' } })).toEqual({
      opened: [],
      focused: [`${home}settings`],
      navigated: [],
    })
  })

  test('but not one that is another app’s of the origin', async () => {
    const scope = `${home}app/`
    const windows = [{ url: '/elsewhere' }]
    const notification = { navigate: '/app/orders/42' }
    expect(await click({ windows, match: 'app', notification, scope })).toEqual({
      opened: [`${home}app/orders/42`],
      focused: [],
      navigated: [],
    })
  })

  test('but not one of the app for a URL that is not the app’s', async () => {
    const scope = `${home}app/`
    const windows = [{ url: '/app/' }]
    expect((await click({ windows, match: 'app', scope })).opened).toEqual([there])
  })
})

describe('a page that is brought to the front', () => {
  const asked: unknown[] = []
  /** A page that says this about going there itself. */
  const answering = (answer: unknown, url = '/settings'): WorkerWindowOptions => ({
    url,
    onMessage(data: unknown, [port]: readonly MessagePort[]) {
      if (!port) return
      asked.push(data)
      port.postMessage(answer)
    },
  })

  test('is not loaded anew when it goes there itself', async () => {
    asked.length = 0
    expect(await click({ windows: [answering(true)] })).toEqual({
      opened: [],
      focused: [`${home}settings`],
      navigated: [],
    })
    const told = { id: 'm1', type: 'any', data: { n: 1 }, action: '', url: there }
    expect(asked).toMatchObject([
      { pushwell: 1, scope: home, kind: 'navigate', url: there, click: told },
    ])
  })

  test.each([
    ['says that it does not', answering(false)],
    ['says something else', answering('yes')],
    ['says nothing', { url: '/settings' }],
  ])('is loaded there when it %s', async (_, page) => {
    expect((await click({ windows: [page] })).navigated).toEqual([there])
  })

  test('is asked also when it was loaded there: its router may have led it away since', async () => {
    asked.length = 0
    const { focused, navigated } = await click({ windows: [answering(true, '/orders/42')] })
    expect({ focused, navigated }).toEqual({ focused: [there], navigated: [] })
    expect(asked).toHaveLength(1)
  })
})

describe('a text that the user has written', () => {
  test.each([
    ['names its button', 'answer'],
    ['names none, as on Linux', ''],
  ])('comes with the click on its button, where the browser %s', async (_, action) => {
    const seen: unknown[] = []
    await using worker = await loadPushWorker(
      (scope) =>
        createPushWorker({}, scope).on('any', {
          notification: () => ({
            title: 'Title',
            actions: [
              { action: 'open', title: 'Open' },
              { action: 'answer', title: 'Answer', type: 'text', placeholder: 'Text' },
            ],
          }),
          click: (given) => {
            seen.push([given.action, given.reply])
          },
        }),
      { windows: [{ url: '/', focused: true }] },
    )
    const shown = await pushOne(worker, ours('any'))
    await worker.click(shown, action, { reply: 'Hello' })
    expect(seen).toEqual([['answer', 'Hello']])
    expect(worker.windows[0]?.messages).toMatchObject([
      { kind: 'click', click: { action: 'answer', reply: 'Hello' } },
    ])
  })
})
