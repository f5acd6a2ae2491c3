import { describe, expect, test } from 'vitest'
import { present, pushFreely, titles } from './load-push-worker.ts'
import { chat, loadGroupsWorker, rules } from './groups-worker.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

describe.each(engines)('in %s, the messages of a group', (engine) => {
  test('and are folded are neither shown nor counted when they come again', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(worker, chat('m1'), chat('m2'), chat('m3'))
    await pushFreely(worker, chat('m1'), chat('m3'))
    await worker.restart()
    await pushFreely(worker, chat('m2'), chat('m2'))
    await expect.poll(() => titles(worker)).toEqual(['3 in chat.1'])
    await pushFreely(worker, chat('m4'))
    await expect.poll(() => titles(worker)).toEqual(['4 in chat.1'])
  })
})

describe.each(engines)('in %s, a message of a group that is delivered again', (engine) => {
  test('is not counted again once it was dismissed, and stands there alone where it must', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(worker, chat('m1'), chat('m2'))
    await worker.close(present(worker.notifications.find(({ title }) => title === 'm1')))
    await pushFreely(worker, chat('m3'), chat('m1'))
    const isShown = engine === 'webkit'
    expect(titles(worker)).toEqual(isShown ? ['m1', 'm2', 'm3'] : ['m2', 'm3'])
    await pushFreely(worker, chat('m4'))
    await expect.poll(() => titles(worker)).toEqual([isShown ? '4 in chat.1' : '3 in chat.1'])
  })

  test('leaves what stands for all of them there once', async () => {
    await using worker = await loadGroupsWorker(engine, {
      '*': { ...(rules['chat.*'] as object), apart: 0 } as never,
    })
    await pushFreely(worker, chat('m1'), chat('m2'))
    await worker.restart()
    await pushFreely(worker, chat('m1'))
    await expect.poll(() => titles(worker)).toEqual(['2 in chat.1'])
    for (const shown of worker.notifications) await worker.close(shown)
    await pushFreely(worker, chat('m2'), chat('m3'))
    await expect.poll(() => titles(worker)).toEqual(['2 in chat.1'])
  })
})
