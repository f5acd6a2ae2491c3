import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createBasicPushWorker } from '../../../sw/basic/index.ts'
import {
  createPushWorker,
  type NotificationDescriptor,
  type WorkerScope,
} from '../../../sw/index.ts'
import { loadPushWorker, ours, pushOne } from '../load-push-worker.ts'

/** Loads one whose messages of the type `any` are described so. */
function load(notification: NotificationDescriptor, change?: (scope: WorkerScope) => void) {
  return loadPushWorker((scope) => {
    change?.(scope)
    createBasicPushWorker({ fallback: { title: 'Fallback' }, deadlineMs: 50 }, scope).on('any', {
      notification: () => notification,
    })
  })
}

type Show = WorkerScope['registration']['showNotification']

/** Has `showNotification` do otherwise; it is given the one that there was. */
const showing =
  (change: (show: Show) => Show) =>
  ({ registration }: WorkerScope): void => {
    const show = registration.showNotification.bind(registration)
    Object.assign(registration, { showNotification: change(show) })
  }

test('a browser is not told where buttons lead: it would follow it, wherever that is', async () => {
  const told = vi.fn<(...given: Parameters<Show>) => void>()
  const actions = [{ action: 'buy', title: 'Buy', navigate: 'https://evil.example/' }]
  await using worker = await load(
    { title: 'Title', actions },
    showing((show) => (...given) => {
      told(...given)
      return show(...given)
    }),
  )
  const shown = await pushOne(worker, ours('any'))
  expect(told.mock.calls[0]?.[1]?.actions).toEqual([{ action: 'buy', title: 'Buy' }])
  expect((await worker.click(shown, 'buy')).opened).toEqual(['https://app.example/'])
})

test.each(['tag', '', undefined])('one that is slow with the tag %j stays one', async (tag) => {
  const { promise: slow, resolve: release } = Promise.withResolvers<void>()
  let calls = 0
  await using worker = await load(
    {
      title: 'Title',
      body: 'Text',
      silent: true,
      icon: '/slow.png',
      ...(tag !== undefined && { tag }),
    },
    showing((show) => async (...given) => {
      if (calls++ === 0) await slow
      await show(...given)
    }),
  )
  await worker.push(ours('any'))
  expect(worker.notifications).toEqual([
    expect.objectContaining({ title: 'Title', body: 'Text', silent: true }),
  ])
  release()
  await expect.poll(() => worker.history).toHaveLength(2)
  expect(worker.notifications).toHaveLength(1)
})

test('what is refused twice is shown by its title', async () => {
  const refuse = showing((show) => async (title, details) => {
    if (details?.tag) throw new TypeError('no')
    await show(title, details)
  })
  await using worker = await load({ title: 'Title', body: 'Text' }, refuse)
  const shown = await pushOne(worker, ours('any'))
  expect(shown).toMatchObject({ title: 'Title', body: '' })
  expect((await worker.click(shown)).opened).toEqual(['https://app.example/'])
})

test('when the browser shows nothing at all, the push fails once', async () => {
  const refuse = showing(() => () => Promise.reject(new TypeError('no permission')))
  await using worker = await load({ title: 'Title' }, refuse)
  await worker.push(ours('any'))
  expect(worker.errors.filter(({ kind }) => kind === 'wait-until')).toHaveLength(1)
  expect(worker.errors.filter(({ kind }) => kind === 'rejection')).toEqual([])
})

test('any JSON is one notification', async () => {
  await using worker = await load({ title: 'Title' })
  const odd = fc.constantFrom({ toString: 1, valueOf: 1 }, { length: 1 }, 'any', 1, null)
  const members = ['title', 'body', 'tag', 'icon', 'actions', 'silent', 'navigate', 'data']
  const notification = fc.record(
    Object.fromEntries(members.map((name) => [name, fc.oneof(fc.jsonValue(), odd)])),
    { requiredKeys: [] },
  )
  const names = ['v', 'id', 'type', 'data', 'text', 'stale', 'expiresAt', 'recipient']
  const envelope = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.oneof(fc.constant(1), fc.jsonValue(), odd)])),
    { requiredKeys: [] },
  )
  const payload = fc.oneof(fc.jsonValue(), fc.record({ notification, pushwell: envelope }))
  await fc.assert(
    fc.asyncProperty(payload, async (value) => {
      const { shown, penalty } = await worker.push(JSON.stringify(value))
      expect({ count: shown.length > 0, penalty }).toEqual({ count: true, penalty: 'none' })
    }),
    { numRuns: 300 },
  )
})

describe('beside createPushWorker', () => {
  test.each([
    ['twice', createBasicPushWorker, createBasicPushWorker],
    ['before it', createBasicPushWorker, createPushWorker],
    ['after it', createPushWorker, createBasicPushWorker],
  ])('%s, it is refused', async (_, first, second) => {
    await using worker = await loadPushWorker((scope) => {
      first({}, scope)
      expect(() => second({}, scope)).toThrow(TypeError)
    })
    expect((await worker.push('Hello')).shown).toHaveLength(1)
  })

  test('a click on what it had shown follows its URL, and no route is told', async () => {
    const click = vi.fn<() => void>()
    const route = { notification: () => ({ title: 'Title', navigate: '/to' }) }
    let isWhole = false
    await using worker = await loadPushWorker((scope) => {
      if (isWhole) createPushWorker({}, scope).on('any', { ...route, click })
      else createBasicPushWorker({}, scope).on('any', route)
    })
    const shown = await pushOne(worker, ours('any', 'unchecked'))
    isWhole = true
    await worker.restart()
    expect((await worker.click(shown)).opened).toEqual(['https://app.example/to'])
    expect(click).not.toHaveBeenCalled()
  })
})
