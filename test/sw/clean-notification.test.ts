import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanNotification } from '../../sw/clean-notification.ts'
import { createPushWorker, type NotificationDescriptor } from '../../sw/index.ts'
import { loadPushWorker, ours, pushOne } from './load-push-worker.ts'

const rules = {
  home: 'https://app.example/shop/',
  allowedOrigins: ['https://cdn.example'],
  maxActions: 2,
}
const clean = (more: object, maxActions: number | undefined = 2) =>
  cleanNotification({ title: 'T', ...more }, { ...rules, maxActions })

const button = (action: string, more?: object) => ({ action, title: action, ...more })
const names = ({ actions }: NotificationDescriptor) => actions?.map(({ action }) => action)

describe('what the browser would refuse is left out', () => {
  test('renotify without a tag', () => {
    expect(clean({ renotify: true })).toEqual({ title: 'T' })
    expect(clean({ renotify: true, tag: '' })).toEqual({ title: 'T', tag: '' })
    expect(clean({ renotify: true, tag: 'a' })).toEqual({ title: 'T', renotify: true, tag: 'a' })
  })

  test('what a member named __proto__ would give it', () => {
    const hostile = JSON.parse('{ "__proto__": { "image": "https://evil.example/i.png" } }')
    expect(clean(hostile as object).image).toBeUndefined()
  })

  test('vibrate with silent', () => {
    expect(clean({ vibrate: [1], silent: true })).toEqual({ title: 'T', silent: true })
    const loud = { title: 'T', vibrate: [1], silent: false }
    expect(clean(loud)).toEqual(loud)
  })

  test('a direction that is none', () => {
    expect(clean({ dir: 'up' })).toEqual({ title: 'T' })
    expect(clean({ dir: 'rtl' })).toEqual({ title: 'T', dir: 'rtl' })
  })

  test('a time, a vibration and a tag that are none', () => {
    expect(clean({ timestamp: Number.NaN, vibrate: ['x'], tag: {} })).toEqual({ title: 'T' })
    expect(clean({ timestamp: '1', vibrate: [Number.NaN] })).toEqual({ title: 'T' })
    expect(clean({ timestamp: -1, vibrate: 'loud' })).toEqual({ title: 'T' })
    expect(clean({ tag: 42, renotify: true })).toEqual({ title: 'T', tag: '42', renotify: true })
    const right = { title: 'T', timestamp: 1.5, vibrate: [100, 50], tag: 'a' }
    expect(clean(right)).toEqual(right)
  })

  test('and nothing else is', () => {
    const most = { title: 'T', body: 'b', lang: 'de', data: 1, timestamp: 1, navigate: null }
    expect(clean(most)).toEqual(most)
  })
})

describe('icons and images', () => {
  test.each([
    ['icon.png', 'https://app.example/shop/icon.png'],
    ['/icon.png', 'https://app.example/icon.png'],
    ['https://cdn.example/a.png', 'https://cdn.example/a.png'],
    ['data:image/png;base64,AA==', 'data:image/png;base64,AA=='],
  ])('%s is loaded as %s', (given, url) => {
    const all = { icon: given, image: given, badge: given }
    expect(clean(all)).toEqual({ title: 'T', icon: url, image: url, badge: url })
    expect(clean({ actions: [button('a', { icon: given })] }).actions).toEqual([
      button('a', { icon: url }),
    ])
  })

  test.each([
    'https://tracker.example/1.gif',
    '//tracker.example/1.gif',
    'https://user:secret@app.example/a.png',
    'data:text/html,x',
    'blob:https://app.example/1',
    'javascript:1',
    'http://',
    7,
    null,
  ])('%s is not loaded', (given) => {
    expect(clean({ icon: given, image: given, badge: given })).toEqual({ title: 'T' })
    const [action] = clean({ actions: [button('a', { icon: given })] }).actions ?? []
    expect(action?.icon).toBeUndefined()
  })
})

describe('of too many buttons', () => {
  const close = button('close', { navigate: null })
  const all = [close, button('a'), button('b'), button('c')]

  test('the first stay in their order, those that only close going before others', () => {
    expect(names(clean({ actions: all }))).toEqual(['a', 'b'])
    expect(names(clean({ actions: all.slice(0, 2) }))).toEqual(['close', 'a'])
    expect(names(clean({ actions: [close, button('a'), { ...close, action: 'x' }] }))).toEqual([
      'close',
      'a',
    ])
  })

  test('as many stay as the browser shows, and all where it does not say', () => {
    expect(names(clean({ actions: all }, 1))).toEqual(['a'])
    expect(names(clean({ actions: all }, 0))).toEqual([])
    const rest = { ...rules, maxActions: undefined }
    expect(names(cleanNotification({ title: 'T', actions: all }, rest))).toHaveLength(4)
  })

  test.each(['chromium', 'firefox'] as const)('the worker asks the browser: %s', async (engine) => {
    await using worker = await loadPushWorker(
      (scope) =>
        createPushWorker({}, scope).on('order', {
          notification: () => ({ title: 'T', actions: all }),
        }),
      { engine },
    )
    expect((await pushOne(worker, ours('order'))).actions).toMatchObject([
      { action: 'a' },
      { action: 'b' },
    ])
  })
})

test('relative icons start from the scope, wherever the worker’s script is', async () => {
  await using worker = await loadPushWorker(
    (scope) => createPushWorker({ defaults: { icon: 'icon.png' } }, scope),
    { scope: rules.home },
  )
  expect((await pushOne(worker)).icon).toBe('https://app.example/shop/icon.png')
})

test('a notification with its message’s id for a tag may renotify', async () => {
  await using worker = await loadPushWorker((scope) =>
    createPushWorker({}, scope).on('order', {
      notification: () => ({ title: 'T', renotify: true }),
    }),
  )
  expect(await pushOne(worker, ours('order'))).toMatchObject({ tag: 'm1', renotify: true })
})

test('a notification whose tag is none has its message’s id for one', async () => {
  await using worker = await loadPushWorker((scope) =>
    createPushWorker({}, scope).on('chat', {
      notification: () => ({ title: 'x', tag: {} as string }),
    }),
  )
  expect((await pushOne(worker, ours('chat'))).tag).toBe('m1')
})

test('whatever stands in a notification, it is cleaned without throwing, and twice the same', () => {
  const members = [
    'icon',
    'image',
    'badge',
    'actions',
    'dir',
    'vibrate',
    'silent',
    'renotify',
    'tag',
  ]
  const value = fc.oneof(fc.jsonValue(), fc.array(fc.record({ icon: fc.anything() })))
  const any = fc.dictionary(fc.constantFrom(...members), value, { noNullPrototype: true })
  fc.assert(
    fc.property(any, (given) => {
      const once = clean(given)
      expect(once.title).toBe('T')
      expect(clean(once)).toEqual(once)
    }),
  )
})
