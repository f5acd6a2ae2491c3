import { describe, expect, test } from 'vitest'
import { present, pushFreely, titles } from './load-push-worker.ts'
import { loadGroupsWorker, upload } from './groups-worker.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

describe.each(engines)('in %s, the messages of a group', (engine) => {
  test('of which the last counts are one notification, without a sound after the first', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(worker, upload('m1', 10), upload('m2', 20))
    await worker.restart()
    await pushFreely(worker, upload('m3', 30))
    await expect.poll(() => titles(worker)).toEqual(['30 %'])
    expect(worker.history.map(({ silent }) => silent === true)).toEqual([false, true, true])
  })

  test('of which the last counts are never replaced by an earlier one', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(worker, upload('m1', 10), upload('m3', 30), upload('m2', 20))
    expect(worker.notifications).toMatchObject([{ title: '30 %', silent: true, tag: 'upload' }])
    await pushFreely(worker, upload('m2', 20), upload('m3', 30))
    await expect.poll(() => titles(worker)).toEqual(['30 %'])
    await worker.click(present(worker.notifications[0]))
    await pushFreely(worker, upload('m4', 40))
    await expect.poll(() => titles(worker)).toEqual(['40 %'])
  })
})

describe.each(engines)('in %s, a message of a group that is delivered again', (engine) => {
  test('as an earlier state leaves the last one alone', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(worker, upload('m1', 10))
    await worker.close(present(worker.notifications[0]))
    await pushFreely(worker, upload('m2', 20))
    await pushFreely(worker, upload('m1', 10))
    await expect.poll(() => titles(worker)).toEqual(['20 %'])
  })
})
