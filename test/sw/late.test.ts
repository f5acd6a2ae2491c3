import { describe, expect, test, vi } from 'vitest'
import { groups, type WorkerPart } from '../../sw/index.ts'
import { late, loadLateWorker } from './late-route.ts'
import { keepRecord, ours, readRecord } from './load-push-worker.ts'

describe.each(['chromium', 'firefox'] as const)('in %s, what a route gives late', (engine) => {
  test('takes the place of what was shown, without a sound', async () => {
    await using given = await loadLateWorker(engine)
    const { worker, clock, titles, pushLate, give } = given
    expect(await pushLate(ours('chat'))).toMatchObject({ penalty: 'none', silent: false })
    expect(titles()).toEqual(['Fallback'])
    give(late)
    await clock
      .see(() => worker.notifications)
      .toMatchObject([{ title: 'Late', silent: true, tag: 'm1' }])
    expect(worker.notifications[0]?.renotify).not.toBe(true)
  })

  test('goes through the parts, unless one had put the message in the place of others', async () => {
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
    await using given = await loadLateWorker(engine, () => [part])
    const { clock, titles, pushLate, give } = given
    await pushLate(ours('chat'))
    expect(titles()).toEqual(['Fallback!'])
    give(late)
    await clock.see(titles).toEqual(['Late!'])
    tag.current = 'group'
    await pushLate(ours('chat', undefined, { id: 'm2' }))
    expect(titles()).toEqual(['Late!', 'Fallback!'])
    delete tag.current
    await given.giveInVain('m2')
    expect(titles()).toEqual(['Late!', 'Fallback!', 'Last!'])
  })

  test('stays in its group, and is counted with the next one', async () => {
    const summary = ({ count }: { count: number }) => ({ title: `${count} new` })
    const parts = () => [groups({ chats: { apart: 1, summary } })]
    await using given = await loadLateWorker(engine, parts)
    const { worker, clock, titles, pushLate, give } = given
    await pushLate(ours('chat', {}, { group: 'chats' }))
    const { registration } = worker.scope
    const list = registration.getNotifications.bind(registration)
    const asked = vi.fn()
    const answer = Promise.withResolvers<void>()
    registration.getNotifications = async () => {
      asked()
      await answer.promise
      return list()
    }
    // Longer than a push has for its parts, and then a list that takes some time.
    await clock.pass(100)
    give(late)
    await clock.see(() => asked.mock.calls.length).toBe(1)
    await clock.pass(5)
    answer.resolve()
    await clock.see(titles).toEqual(['Late'])
    await worker.restart()
    await worker.push(ours('news', {}, { group: 'chats', id: 'm2' }))
    expect(titles()).toEqual(['2 new'])
  })

  test('takes the place of the last one of a group that shows that alone', async () => {
    await using given = await loadLateWorker(engine, () => [groups({ upload: 'latest' })])
    const { worker, clock, titles, pushLate, give } = given
    const upload = (type: string, id: string, sentAt: number) =>
      ours(type, {}, { group: 'upload', id, sentAt })
    await worker.push(upload('news', 'm1', 1))
    await pushLate(upload('chat', 'm2', 2))
    expect(titles()).toEqual(['Fallback'])
    give(late, 'm2')
    await clock.see(titles).toEqual(['Late'])
  })

  test('and fails then is kept with what went wrong', async () => {
    let times = 0
    const part: WorkerPart = {
      name: 'fails later',
      arrange(chosen) {
        times += 1
        if (times > 1) throw new Error('broken')
        return chosen
      },
    }
    await using given = await loadLateWorker(engine, () => [part])
    const { clock, titles, pushLate, give } = given
    await pushLate(ours('chat'))
    give(late)
    const stages = async () => (await readRecord())?.pushFailures?.map(({ stage }) => stage)
    await clock.see(stages).toEqual(['route', 'arrange'])
    expect(titles()).toEqual(['Late'])
  })
})

test('a message that comes again while its route is late has its late result all the same, once', async () => {
  await using given = await loadLateWorker()
  const { worker, clock, titles, pushLate, give } = given
  await pushLate(ours('chat'))
  await pushLate(ours('chat'))
  expect(titles()).toEqual(['Fallback'])
  give(late)
  await clock.see(titles).toEqual(['Late'])
  expect(worker.history.filter(({ silent }) => !silent)).toHaveLength(1)
})

test('what a route gives while it is looked once more who is signed in replaces what was chosen', async () => {
  await using given = await loadLateWorker()
  const { clock, titles, pushLate, give } = given
  await keepRecord({ recipient: 'anna' })
  const get = Reflect.get<IDBObjectStore, 'get'>(IDBObjectStore.prototype, 'get')
  let reads = 0
  const spy = vi.spyOn(IDBObjectStore.prototype, 'get')
  spy.mockImplementation(function (this: IDBObjectStore, key) {
    if (this.name === 'registrations' && ++reads === 2) give(late)
    return get.call(this, key)
  })
  try {
    await pushLate(ours('chat', undefined, { recipient: 'anna' }))
    await clock.see(titles).toEqual(['Late'])
  } finally {
    spy.mockRestore()
  }
})
