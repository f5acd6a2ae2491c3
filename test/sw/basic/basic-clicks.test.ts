import { expect, test } from 'vitest'
import type { NotificationDescriptor } from '../../../sw/index.ts'
import { createBasicPushWorker, type BasicPushWorkerOptions } from '../../../sw/basic/index.ts'
import type { WorkerWindowOptions } from '../../../src/testing/worker/index.ts'
import type { BasicContext } from '../../../sw/basic/basic-context.ts'
import { followClick } from '../../../sw/basic/follow-click.ts'
import { home, loadPushWorker, ours, pushOne } from '../load-push-worker.ts'

const there = `${home}there`

interface Clicked extends Partial<NotificationDescriptor> {
  readonly options?: BasicPushWorkerOptions
  readonly action?: string
  readonly windows?: readonly WorkerWindowOptions[]
}

/** Shows a notification with a route and clicks it. */
async function click({ options, action, windows = [], ...notification }: Clicked) {
  await using worker = await loadPushWorker(
    (scope) =>
      createBasicPushWorker(options, scope).on('any', {
        notification: () => ({ title: 'Title', ...notification }),
      }),
    { windows },
  )
  const result = await worker.click(await pushOne(worker, ours('any')), action)
  expect(result).not.toHaveProperty('failed')
  return { ...result, windows: worker.windows.map(({ url, focused }) => ({ url, focused })) }
}

test('a click closes the notification and opens its URL, or the app’s root', async () => {
  expect(await click({ navigate: '/orders/42' })).toMatchObject({
    closed: true,
    opened: ['https://app.example/orders/42'],
  })
  expect((await click({})).opened).toEqual(['https://app.example/'])
})

test.each([
  ['a URL of its own', 'track', ['https://app.example/track/42']],
  ['none', 'later', ['https://app.example/orders/42']],
  ['nowhere to go', 'dismiss', []],
])('a click on a button with %s', async (_, action, opened) => {
  const actions = [
    { action: 'track', title: 'Track', navigate: '/track/42' },
    { action: 'later', title: 'Later' },
    { action: 'dismiss', title: 'Dismiss', navigate: null },
  ]
  // Chromium shows two.
  const two = actions.filter((one) => one.action === action)
  expect(await click({ navigate: '/orders/42', actions: two, action })).toMatchObject({
    closed: true,
    opened,
  })
})

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'https://evil.example/',
  'https://u:p@app.example/',
])('a click on what leads to %s opens the app’s root', async (navigate) => {
  expect((await click({ navigate })).opened).toEqual(['https://app.example/'])
})

test('another origin is opened when it is allowed', async () => {
  const options = { allowedOrigins: ['https://partner.example/shop'] }
  const navigate = 'https://partner.example/offer'
  expect((await click({ navigate, options })).opened).toEqual([navigate])
})

test('a window that is there is focused, and another of the app is led there', async () => {
  const windows = [{ url: '/orders/42', focused: false }]
  const focused = await click({ navigate: '/orders/42', windows })
  expect(focused.opened).toEqual([])
  expect(focused.windows).toEqual([{ url: 'https://app.example/orders/42', focused: true }])
  const led = await click({ navigate: '/orders/7', windows })
  expect(led.opened).toEqual([])
  expect(led.windows).toEqual([{ url: 'https://app.example/orders/7', focused: true }])
})

test('a window that the worker does not control is left alone', async () => {
  const windows = [{ url: '/orders/42', focused: false, controlled: false }]
  const { opened } = await click({ navigate: '/orders/7', windows })
  expect(opened).toEqual(['https://app.example/orders/7'])
})

test('which window counts is the worker’s to say, and the notification’s', async () => {
  const windows = [{ url: '/orders/42?tab=2', focused: false }]
  const byOption = await click({ navigate: '/orders/42', windows, options: { match: 'path' } })
  expect(byOption.windows).toEqual([{ url: 'https://app.example/orders/42?tab=2', focused: true }])
  const byItself = await click({ navigate: '/orders/7', windows, match: 'app' })
  expect(byItself.windows).toEqual([{ url: 'https://app.example/orders/42?tab=2', focused: true }])
})

test('a click on a notification of another script is left alone', async () => {
  await using worker = await loadPushWorker((scope) => createBasicPushWorker({}, scope))
  await worker.scope.registration.showNotification('Theirs', { data: { url: '/x' } })
  const [theirs] = worker.notifications
  if (!theirs) throw new Error('Nothing was shown.')
  expect(await worker.click(theirs)).toMatchObject({ closed: false, opened: [] })
})

/** Clicks on what leads to `/there`, among these windows of the browser. */
async function clickAmong(windows: readonly object[]): Promise<string[]> {
  const opened: string[] = []
  const clients = {
    matchAll: () => Promise.resolve(windows),
    openWindow: (url: string) => Promise.resolve(opened.push(url) && null),
  }
  const data = { pushwell: { v: 1, navigate: there } }
  const event = { action: '', notification: { title: 'Title', data, close: () => {} } }
  const context = { home, options: {}, allowedOrigins: [], scope: { clients } }
  await followClick(event as never, context as unknown as BasicContext)
  return opened
}

test('a frame inside a page is not taken for a window', async () => {
  const focus = () => Promise.resolve(frame)
  const frame = { id: '1', url: there, focused: true, frameType: 'nested', focus }
  expect(await clickAmong([frame])).toEqual([there])
})

test.each([
  ['focused', { focus: () => Promise.reject(new TypeError('closing')) }],
  [
    'navigated',
    { focus: () => Promise.resolve({ navigate: () => Promise.reject(new TypeError('no')) }) },
  ],
])('one is opened when a window cannot be %s', async (_, methods) => {
  expect(await clickAmong([{ id: '1', url: home, focused: false, ...methods }])).toEqual([there])
})
