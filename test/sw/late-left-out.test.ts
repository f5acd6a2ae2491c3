import { describe, expect, test, vi } from 'vitest'
import { createPushWorker, type WorkerPart } from '../../sw/index.ts'
import { deadlineMs, late, loadLateWorker } from './late-route.ts'
import { holdDatabase, keepRecord, loadPushWorker, ours } from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'

describe.each(['chromium', 'firefox'] as const)('in %s, what a route gives late', (engine) => {
  test('is left out when the notification was dismissed meanwhile', async () => {
    await using given = await loadLateWorker(engine)
    const { worker, titles, pushLate, giveInVain } = given
    await pushLate(ours('chat'))
    for (const shown of worker.notifications) await worker.close(shown)
    await giveInVain()
    expect(titles()).toEqual(['Last'])
    expect(JSON.stringify(worker.history)).not.toContain('Late')
  })

  test('is left out when another message has taken the place', async () => {
    await using given = await loadLateWorker(engine)
    const { worker, titles, pushLate, giveInVain } = given
    const tagged = (title: string) => ({ notification: { title, tag: 'same' } })
    await pushLate({ ...ours('chat'), ...tagged('One') })
    await worker.push({ ...ours('news', undefined, { id: 'm2' }), ...tagged('Two') })
    await giveInVain()
    expect(titles()).toEqual(['Two', 'Last'])
  })

  test('is left out when the recipient has signed out', async () => {
    const looked = vi.fn<(title: string) => void>()
    const look: WorkerPart = {
      name: 'look',
      arrange(chosen) {
        looked(chosen.descriptor.title)
        return chosen
      },
    }
    await using given = await loadLateWorker(engine, () => [look])
    const { worker, clock, titles, pushLate, give, giveInVain } = given
    await keepRecord({ recipient: 'anna' })
    await pushLate(ours('chat', undefined, { recipient: 'anna' }))
    await keepRecord({ recipient: null })
    give(late)
    // Who is signed in is read again, which the message behind it does not wait for.
    await clock.see(() => looked.mock.calls).toEqual([['Fallback'], ['Neutral']])
    await giveInVain()
    expect(titles()).toEqual(['Fallback', 'Last'])
    expect(JSON.stringify(worker.history)).not.toContain('Late')
  })

  test('is let go after eight deadlines, and no push waits for it', async () => {
    await using given = await loadLateWorker(engine)
    const { clock, titles, pushLate, giveInVain } = given
    await pushLate(ours('chat'))
    expect(titles()).toEqual(['Fallback'])
    await clock.pass(8 * deadlineMs)
    await giveInVain()
    expect(titles()).toEqual(['Fallback', 'Last'])
  })
})

test('in WebKit, where a push may count as silent when what it showed goes, nothing comes late', async () => {
  await using given = await loadLateWorker('webkit')
  const { worker, titles, pushLate, give } = given
  await pushLate(ours('chat'))
  give(late)
  await worker.push(ours('news', undefined, { id: 'm2' }))
  expect(titles()).toEqual(['Fallback', 'Fallback'])
})

test('a message that stays neutral is not shown a second time when storage is slow', async () => {
  using clock = stopClock()
  const route = { notification: () => late }
  await using worker = await loadPushWorker((scope) =>
    createPushWorker({ neutral: { title: 'Neutral' }, deadlineMs }, scope).on('chat', route),
  )
  const titles = () => worker.notifications.map(({ title }) => title)
  await keepRecord({ recipient: 'anna' })
  await worker.restart()
  const letOpen = holdDatabase()
  const pushing = worker.push(ours('chat', undefined, { recipient: 'bert' }))
  await clock.pass(150)
  await clock.see(titles).toEqual(['Neutral'])
  letOpen()
  await pushing
  await worker.push({ ...ours('news', undefined, { id: 'm2' }), notification: { title: 'News' } })
  expect(worker.history.map(({ title }) => title)).toEqual(['Neutral', 'News'])
})
