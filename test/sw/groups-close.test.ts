import { describe, expect, test } from 'vitest'
import { keepRecord, ours, pushFreely, titles } from './load-push-worker.ts'
import { chat, loadGroupsWorker } from './groups-worker.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

describe.each(engines)('in %s, what was read elsewhere', (engine) => {
  test('is taken out of the count when it is the last, and of progress by its id', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(
      worker,
      chat('m1'),
      chat('m2'),
      chat('m3'),
      ours('chat', { title: 'Up' }, { id: 'u1', group: 'upload.1' }),
    )
    await pushFreely(worker, ours('chat', {}, { id: 'm4', close: ['m3', 'u1'] }))
    await expect.poll(() => titles(worker)).toEqual(['2 in chat.1', 'm4'])
  })

  test('is not told to whoever signs in while the rest is looked for', async () => {
    await using worker = await loadGroupsWorker(engine)
    await keepRecord({ recipient: 'anna' })
    for (const id of ['m1', 'm2', 'm3']) await pushFreely(worker, chat(id, { recipient: 'anna' }))
    const { registration } = worker.scope
    const getNotifications = registration.getNotifications.bind(registration)
    let isShown = false
    const showNotification = registration.showNotification.bind(registration)
    Object.assign(registration, {
      async showNotification(...given: Parameters<typeof showNotification>) {
        await showNotification(...given)
        isShown = true
      },
      async getNotifications() {
        const listed = await getNotifications()
        if (!isShown) return listed
        await keepRecord({ recipient: null })
        for (const one of listed) if (one.title !== 'm4') one.close()
        return listed
      },
    })
    await pushFreely(worker, ours('chat', {}, { id: 'm4', recipient: 'anna', close: ['m1'] }))
    expect(titles(worker).filter((title) => title.includes('chat.1'))).toEqual([])
  })

  test('is taken off the screen by the tags that a message names, after it is shown', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(
      worker,
      ours('chat', { tag: 'one' }, { id: 'm1' }),
      ours('chat', {}, { id: 'm2' }),
    )
    await pushFreely(worker, ours('chat', {}, { id: 'm3' }))
    await pushFreely(
      worker,
      ours('chat', { tag: 'two' }, { id: 'm4', close: ['one', 'm3', 'two', 'gone'] }),
    )
    expect(titles(worker)).toEqual(['m2', 'm4'])
  })

  test('is taken off only when it is ours and for whoever is here', async () => {
    await using worker = await loadGroupsWorker(engine)
    await keepRecord({ recipient: 'anna' })
    await worker.scope.registration.showNotification('Foreign', { tag: 'one' })
    await pushFreely(worker, ours('chat', {}, { id: 'm2', recipient: 'anna' }))
    await pushFreely(worker, ours('chat', {}, { id: 'm3', recipient: 'bert', close: ['m2'] }))
    await pushFreely(worker, ours('chat', {}, { id: 'm4', close: ['one', 'm2'] }))
    expect(titles(worker)).toEqual(['Foreign', 'Neutral', 'm2', 'm4'])
  })

  test('is taken out of the count, whichever group the message is of', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(worker, chat('m1'), chat('m2'), chat('m3'), chat('m4', { close: ['m1'] }))
    await expect.poll(() => titles(worker)).toEqual(['3 in chat.1'])
    await pushFreely(worker, ours('chat', {}, { id: 'm5', close: ['m2'] }))
    await expect.poll(() => titles(worker)).toEqual(['2 in chat.1', 'm5'])
    expect(worker.notifications.find(({ title }) => title !== 'm5')).toMatchObject({
      body: 'm3,m4',
      silent: true,
    })
    await pushFreely(worker, ours('chat', {}, { id: 'm6', close: ['m3', 'm4'] }))
    expect(titles(worker)).toEqual(['m5', 'm6'])
    await pushFreely(worker, chat('m7'))
    expect(titles(worker)).toEqual(['m5', 'm6', 'm7'])
  })
})
