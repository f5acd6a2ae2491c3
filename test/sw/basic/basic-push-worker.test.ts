import { describe, expect, test, vi } from 'vitest'
import type { NotificationDescriptor } from '../../../sw/index.ts'
import {
  type BasicPushWorkerOptions,
  type BasicRoute,
  createBasicPushWorker,
} from '../../../sw/basic/index.ts'
import { fitMessage } from '../../../src/shared/write-message.ts'
import { answerPush } from '../../../sw/basic/answer-push.ts'
import { loadPushWorker, ours, pushOne } from '../load-push-worker.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const
const fallback = { title: 'Fallback' }
const neutral = { title: 'Neutral' }
const notification = { title: 'Own', body: 'of the message' }

interface Setting extends BasicPushWorkerOptions {
  readonly engine?: (typeof engines)[number]
  readonly routes?: Readonly<Record<string, BasicRoute['notification']>>
}

function load({ engine = 'chromium', routes = {}, ...options }: Setting = {}) {
  return loadPushWorker(
    (scope) => {
      const worker = createBasicPushWorker({ fallback, neutral, ...options }, scope)
      for (const [type, describeIt] of Object.entries(routes)) {
        worker.on(type, { notification: describeIt })
      }
    },
    { engine },
  )
}

describe.each(engines)('in %s, each push shows one notification', (engine) => {
  test.each<readonly [string, unknown, Partial<NotificationDescriptor>]>([
    ['an empty one', undefined, { title: 'Fallback' }],
    ['bytes that are no text', Uint8Array.of(0xff, 0), { title: 'Fallback', body: '' }],
    ['plain text', ' Hello ', { title: 'Fallback', body: 'Hello' }],
    ['JSON that says nothing', '[null]', { title: 'Fallback' }],
    ['null', 'null', { title: 'Fallback' }],
    ['a number', '123456', { title: 'Fallback', body: '123456' }],
    ['a text in quotes', '"Hello"', { title: 'Fallback', body: '"Hello"' }],
    [
      'a declarative message',
      { web_push: 8030, notification },
      { title: 'Own', body: notification.body },
    ],
    ['our format', { ...ours('none'), notification }, { title: 'Own', tag: 'm1' }],
    [
      'a title that is no text',
      { ...ours('none'), notification: { title: 5 } },
      { title: 'Fallback' },
    ],
    ['buttons that are none', { notification: { title: 'Odd', actions: 'x' } }, { title: 'Odd' }],
    ['a type that is no text', { pushwell: { v: 1, type: 5 }, notification }, { title: 'Own' }],
    ['another version', { pushwell: { v: 2, type: 'chat' }, notification }, { title: 'Own' }],
  ])('for %s', async (_, payload, expected) => {
    await using worker = await load({ engine, routes: { chat: () => ({ title: 'Chat' }) } })
    const { shown, penalty } = await worker.push(payload)
    expect(penalty).toBe('none')
    expect(shown).toEqual([expect.objectContaining(expected)])
  })

  test('for a message that comes again, in the place of the first', async () => {
    await using worker = await load({ engine })
    await worker.push({ ...ours('chat'), notification })
    await worker.push({ ...ours('chat'), notification })
    expect(worker.notifications).toHaveLength(1)
  })
})

describe('a route', () => {
  test('is told of the message, and describes it', async () => {
    const route = vi.fn<BasicRoute['notification']>(() => ({ title: 'Route' }))
    await using worker = await load({ routes: { chat: route } })
    await pushOne(worker, { ...ours('chat', { n: 1 }), notification })
    expect(worker.notifications).toEqual([expect.objectContaining({ title: 'Route', tag: 'm1' })])
    expect(route.mock.calls).toEqual([[{ id: 'm1', type: 'chat', data: { n: 1 }, notification }]])
  })

  test.each([
    ['its own', 'chat.group.new', 'chat.group.new'],
    ['its longest prefix', 'chat.group.gone', 'chat.group.*'],
    ['a shorter prefix', 'chat.new', 'chat.*'],
    ['all others', 'news', '*'],
  ])('is that of %s', async (_, type, expected) => {
    const patterns = ['*', 'chat.*', 'chat.group.*', 'chat.group.new']
    const routes = Object.fromEntries(patterns.map((title) => [title, () => ({ title })]))
    await using worker = await load({ routes })
    expect((await pushOne(worker, ours(type))).title).toBe(expected)
  })

  test.each<readonly [string, BasicRoute['notification'], boolean]>([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
      true,
    ],
    ['rejects', () => Promise.reject(new Error('broken')), true],
    ['hangs', () => new Promise(() => {}), false],
    ['gives nothing', () => undefined as never, false],
    ['gives no title', () => ({ body: 'x' }) as never, false],
  ])('that %s leaves the message’s own', async (_, route, isTold) => {
    await using worker = await load({ routes: { chat: route }, deadlineMs: 50 })
    expect((await pushOne(worker, { ...ours('chat'), notification })).title).toBe('Own')
    expect(worker.errors.map(({ kind }) => kind)).toEqual(isTold ? ['reported'] : [])
  })
})

test.each([
  ['', 1],
  [0, 1],
  [{}, 1],
  ['u1', 2],
])('whoever %j is, in version %d, is somebody', async (recipient, v) => {
  await using worker = await load()
  const payload = { pushwell: { v, recipient }, notification }
  expect((await pushOne(worker, payload)).title).toBe('Neutral')
})

test('a declarative message that the browser keeps to itself is left to it', async () => {
  const event = { data: null, notification: { title: 'Theirs' } }
  const show = vi.fn<() => Promise<void>>()
  const context = {
    home: 'https://app.example/',
    scope: { registration: { showNotification: show } },
  }
  await answerPush(event as never, context as never)
  expect(show).not.toHaveBeenCalled()
})

test('a message for somebody shows the neutral one, and nothing of itself', async () => {
  const route = vi.fn<BasicRoute['notification']>(() => ({ title: 'Route' }))
  await using worker = await load({ routes: { chat: route } })
  const { data, ...shown } = await pushOne(worker, {
    ...ours('chat', 'secret', { recipient: 'u1' }),
    notification,
  })
  expect(shown).toMatchObject({ title: 'Neutral', tag: 'm1' })
  expect(JSON.stringify([shown, data])).not.toMatch(/secret|Own|u1/)
  expect(route).not.toHaveBeenCalled()
})

test('a message that is out of date shows its stale form, else the fallback', async () => {
  await using worker = await load({ routes: { chat: () => ({ title: 'Route' }) } })
  const old = (more?: object) => ({ ...ours('chat', 1, { expiresAt: 1, ...more }), notification })
  expect((await pushOne(worker, old({ stale: { title: 'Stale' } }))).title).toBe('Stale')
  expect((await pushOne(worker, old())).title).toBe('Fallback')
  expect((await pushOne(worker, old({ expiresAt: null }))).title).toBe('Route')
})

test('what the browser refuses is shown with its texts and its target alone', async () => {
  const uncloneable = { title: 'Route', body: 'Text', navigate: '/to', data: () => {} }
  await using worker = await load({ routes: { chat: () => uncloneable } })
  const shown = await pushOne(worker, ours('chat'))
  expect(shown).toMatchObject({ title: 'Route', body: 'Text', tag: 'm1' })
  expect(worker.errors).toEqual([expect.objectContaining({ kind: 'reported' })])
  expect((await worker.click(shown)).opened).toEqual(['https://app.example/to'])
})

test('defaults show through, and the app’s own data stays beside ours', async () => {
  await using worker = await load({ defaults: { icon: '/i.png', lang: 'de' } })
  const shown = await pushOne(worker, {
    notification: { ...notification, lang: 'fr', data: { a: 1 } },
  })
  expect(shown).toMatchObject({
    icon: 'https://app.example/i.png',
    lang: 'fr',
    data: { data: { a: 1 } },
  })
})

test('what the sender writes is read', async () => {
  const route = vi.fn<BasicRoute['notification']>(() => ({ title: 'Route' }))
  await using worker = await load({ routes: { chat: route } })
  const message = { type: 'chat', data: { n: 1 }, notification }
  const { json } = fitMessage(message, {
    id: 'm2',
    sentAt: Date.now(),
    expiresAt: Date.now() + 60_000,
  })
  await worker.push(json)
  expect(route).toHaveBeenCalledWith(
    expect.objectContaining({ id: 'm2', type: 'chat', data: { n: 1 } }),
  )
})
