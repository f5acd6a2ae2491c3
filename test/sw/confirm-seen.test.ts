import { describe, expect, test } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { createPushWorker } from '../../sw/index.ts'
import { shownKey } from '../../sw/shown-log.ts'
import { home, loadPushWorker, ours, present, pushOne } from './load-push-worker.ts'

/** A worker that was ended between showing the message `m1` and writing that down. */
async function load() {
  const worker = await loadPushWorker((scope) =>
    createPushWorker({}, scope).on('chat', { notification: ({ id }) => ({ title: String(id) }) }),
  )
  const first = await pushOne(worker, ours('chat'))
  await pushOne(worker, ours('chat', undefined, { id: 'm2' }))
  await createDatabaseConnection().use(async (open) => {
    const { store } = open.transaction('messages', 'readwrite')
    await store.put({ key: shownKey(home, 'm1', undefined), at: Date.now(), shown: false })
  })
  await worker.restart()
  return { worker, first }
}

describe('a message that the worker was ended upon is not shown again', () => {
  test('once the user has dismissed it', async () => {
    const { worker, first } = await load()
    await using _ = worker
    await worker.close(first)
    expect((await worker.push(ours('chat'))).shown).toEqual([])
  })

  test('once the user has clicked it', async () => {
    const { worker, first } = await load()
    await using _ = worker
    await worker.click(first)
    expect((await worker.push(ours('chat'))).shown).toEqual([])
  })

  test('but without that it is, since nobody may have seen it', async () => {
    const { worker } = await load()
    await using _ = worker
    // Chromium tells nobody of what a script has closed.
    const [taken] = await worker.scope.registration.getNotifications()
    taken?.close()
    expect((await worker.push(ours('chat'))).shown).toMatchObject([{ title: 'm1' }])
  })
})

test('a click on another script’s notification is nobody’s message', async () => {
  await using worker = await loadPushWorker((scope) => createPushWorker({}, scope))
  await worker.scope.registration.showNotification('Theirs')
  await worker.click(present(worker.notifications[0]))
  const known = createDatabaseConnection().use((open) => open.transaction('messages').store.count())
  expect(await known).toBe(0)
})
