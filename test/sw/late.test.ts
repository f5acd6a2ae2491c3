import { describe, expect, test, vi } from 'vitest'
import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  groups,
  type NotificationDescriptor,
  type Route,
  type WorkerPart,
  type WorkerScope,
} from '../../sw/index.ts'
import { keepRecord, loadPushWorker, ours, readRecord } from './load-push-worker.ts'

const fallback = { title: 'Fallback' }
const late = { title: 'Late', vibrate: [100], renotify: true, tag: 'other' }

/** A route that gives its notification when it is told to. */
function slowRoute() {
  let give: (described: NotificationDescriptor) => void = () => undefined
  const described = new Promise<NotificationDescriptor>((resolve) => {
    give = resolve
  })
  return { route: { notification: () => described }, give }
}

function load(
  route: Route<unknown>,
  { engine = 'chromium', parts = [] }: { engine?: WorkerEngine; parts?: WorkerPart[] } = {},
) {
  return loadPushWorker(
    (scope) =>
      createPushWorker(
        { fallback, neutral: { title: 'Neutral' }, deadlineMs: 50, parts },
        scope,
      ).on('chat', route),
    { engine },
  )
}

/** Lets everything that is under way come to its end. */
const settled = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms))

type Worker = Awaited<ReturnType<typeof load>>

const onScreen = (worker: Worker) => worker.notifications.map(({ title }) => title)

/** Pushes, and waits until something is shown, which the push goes on after. */
async function pushAndSee(worker: Worker, payload: object, title = 'Fallback') {
  const pushing = worker.push(payload)
  await expect.poll(() => onScreen(worker)).toEqual([title])
  return { pushing }
}

describe.each(['chromium', 'firefox'] as const)('in %s, what a route gives late', (engine) => {
  test('takes the place of what was shown, without a sound', async () => {
    const { route, give } = slowRoute()
    await using worker = await load(route, { engine })
    const { pushing } = await pushAndSee(worker, ours('chat'))
    expect(await pushing).toMatchObject({ penalty: 'none', silent: false })
    give(late)
    await expect
      .poll(() => worker.notifications)
      .toMatchObject([{ title: 'Late', silent: true, tag: 'm1' }])
    expect(worker.notifications[0]?.renotify).not.toBe(true)
  })

  test('is left out when the notification was dismissed meanwhile', async () => {
    const { route, give } = slowRoute()
    await using worker = await load(route, { engine })
    const { pushing } = await pushAndSee(worker, ours('chat'))
    for (const shown of worker.notifications) await worker.close(shown)
    await pushing
    give(late)
    await settled()
    expect(worker.history.filter(({ source }) => source === 'worker')).toHaveLength(1)
  })

  test('is left out when another message has taken the place', async () => {
    const { route, give } = slowRoute()
    await using worker = await load(route, { engine })
    const tagged = (title: string) => ({ notification: { title, tag: 'same' } })
    const { pushing } = await pushAndSee(worker, { ...ours('chat'), ...tagged('One') }, 'One')
    await worker.push({ ...ours('news', undefined, { id: 'm2' }), ...tagged('Two') })
    await pushing
    give(late)
    await settled()
    expect(onScreen(worker)).toEqual(['Two'])
  })

  test('is left out when the recipient has signed out', async () => {
    const { route, give } = slowRoute()
    await using worker = await load(route, { engine })
    await keepRecord({ recipient: 'anna' })
    const { pushing } = await pushAndSee(worker, ours('chat', undefined, { recipient: 'anna' }))
    await keepRecord({ recipient: null })
    await pushing
    give(late)
    await settled()
    expect(JSON.stringify(worker.history)).not.toContain('Late')
  })

  test('goes through the parts, unless one had put the message in the place of others', async () => {
    const { route, give } = slowRoute()
    const tag: { current?: string } = {}
    const part: WorkerPart = {
      name: 'loud',
      arrange: ({ descriptor, message }) => ({
        descriptor: {
          ...descriptor,
          title: `${descriptor.title}!`,
          ...(tag.current && { tag: tag.current }),
        },
        message,
      }),
    }
    await using worker = await load(route, { engine, parts: [part] })
    const { pushing } = await pushAndSee(worker, ours('chat'), 'Fallback!')
    await pushing
    give(late)
    await expect.poll(() => onScreen(worker)).toEqual(['Late!'])
    tag.current = 'group'
    await worker.push(ours('news', undefined, { id: 'm2' }))
    expect(onScreen(worker)).toEqual(['Late!', 'Fallback!'])
  })

  test('stays in its group, and is counted with the next one', async () => {
    const { route, give } = slowRoute()
    const summary = ({ count }: { count: number }) => ({ title: `${count} new` })
    const setUp = (scope: WorkerScope) => {
      const parts = [groups({ chats: { apart: 1, summary } })]
      createPushWorker({ fallback, deadlineMs: 50, parts }, scope).on('chat', route)
    }
    await using worker = await loadPushWorker(setUp, { engine })
    await worker.push(ours('chat', {}, { group: 'chats' }))
    const { registration } = worker.scope
    const list = registration.getNotifications.bind(registration)
    const slowList = () => settled(5).then(list)
    Object.assign(registration, { getNotifications: slowList })
    // Longer than a push has for its parts.
    await settled(60)
    give(late)
    await expect.poll(() => onScreen(worker)).toEqual(['Late'])
    await worker.restart()
    await worker.push(ours('news', {}, { group: 'chats', id: 'm2' }))
    expect(onScreen(worker)).toEqual(['2 new'])
  })

  test('takes the place of the last one of a group that shows that alone', async () => {
    const { route, give } = slowRoute()
    await using worker = await load(route, { engine, parts: [groups({ upload: 'latest' })] })
    const upload = (type: string, id: string, sentAt: number) =>
      ours(type, {}, { group: 'upload', id, sentAt })
    await worker.push(upload('news', 'm1', 1))
    await worker.push(upload('chat', 'm2', 2))
    expect(onScreen(worker)).toEqual(['Fallback'])
    give(late)
    await expect.poll(() => onScreen(worker)).toEqual(['Late'])
  })

  test('and fails then is kept with what went wrong', async () => {
    const { route, give } = slowRoute()
    let times = 0
    const part: WorkerPart = {
      name: 'fails later',
      arrange(chosen) {
        times += 1
        if (times > 1) throw new Error('broken')
        return chosen
      },
    }
    await using worker = await load(route, { engine, parts: [part] })
    await worker.push(ours('chat'))
    give(late)
    const stages = async () => (await readRecord())?.pushFailures?.map(({ stage }) => stage)
    await expect.poll(stages).toEqual(['route', 'arrange'])
    expect(onScreen(worker)).toEqual(['Late'])
  })

  test('is let go after eight deadlines, and no push waits for it', async () => {
    const { route, give } = slowRoute()
    await using worker = await load(route, { engine })
    const start = performance.now()
    await worker.push(ours('chat'))
    expect(onScreen(worker)).toEqual(['Fallback'])
    await expect.poll(() => performance.now() - start > 8 * 50).toBe(true)
    give(late)
    await settled()
    expect(onScreen(worker)).toEqual(['Fallback'])
  })
})

test('in WebKit, where a push may count as silent when what it showed goes, nothing comes late', async () => {
  const { route, give } = slowRoute()
  await using worker = await load(route, { engine: 'webkit' })
  await worker.push(ours('chat'))
  give(late)
  await settled()
  await worker.push(ours('news', undefined, { id: 'm2' }))
  expect(onScreen(worker)).toEqual(['Fallback', 'Fallback'])
})

test('a message that comes again while its route is late has its late result all the same, once', async () => {
  const { route, give } = slowRoute()
  await using worker = await load(route)
  const { pushing } = await pushAndSee(worker, ours('chat'))
  const again = worker.push(ours('chat'))
  await Promise.all([pushing, again])
  give(late)
  await expect.poll(() => onScreen(worker)).toEqual(['Late'])
  expect(worker.history.filter(({ silent }) => !silent)).toHaveLength(1)
})

test('a route is told when its time is over, and what it gives then is shown at once', async () => {
  const asked = vi.fn()
  await using worker = await load({
    notification: ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          asked(signal.reason)
          resolve({ title: 'Without the details' })
        })
      }),
  })
  const { shown } = await worker.push(ours('chat'))
  expect(shown).toMatchObject([{ title: 'Without the details', silent: false }])
  expect(asked).toHaveBeenCalledWith(expect.objectContaining({ name: 'TimeoutError' }))
})

test('what a route gives while it is looked once more who is signed in replaces what was chosen', async () => {
  const { route, give } = slowRoute()
  await using worker = await load(route)
  await keepRecord({ recipient: 'anna' })
  const get = Reflect.get<IDBObjectStore, 'get'>(IDBObjectStore.prototype, 'get')
  let reads = 0
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (
    this: IDBObjectStore,
    key,
  ) {
    if (this.name === 'registrations' && ++reads === 2) give(late)
    return get.call(this, key)
  })
  await worker.push(ours('chat', undefined, { recipient: 'anna' }))
  await expect.poll(() => onScreen(worker)).toEqual(['Late'])
  vi.restoreAllMocks()
})

test('a message that stays neutral is not shown a second time when storage is slow', async () => {
  await using worker = await load({ notification: () => late })
  await keepRecord({ recipient: 'anna' })
  await worker.restart()
  const open = indexedDB.open.bind(indexedDB)
  const openSlowly: typeof open = (...parameters) => {
    const request = open(...parameters)
    const listen = request.addEventListener.bind(request)
    const listenLate = (type: string, listener: () => void) =>
      listen(type, () => setTimeout(listener, type === 'success' ? 80 : 0))
    return Object.assign(request, { addEventListener: listenLate })
  }
  Object.assign(indexedDB, { open: openSlowly })
  await worker.push(ours('chat', undefined, { recipient: 'bert' }))
  await settled(300)
  expect(onScreen(worker)).toEqual(['Neutral'])
  expect(worker.history).toHaveLength(1)
})
