import { expect, test } from 'vitest'
import { chat, loadInboxWorker } from './inbox-worker.ts'
import { keepRecord, present } from './load-push-worker.ts'

test('shows nobody what was for somebody else, nor what came while somebody else was signed in', async () => {
  await using given = await loadInboxWorker()
  const { worker, box, ids } = given
  await worker.push(chat('nobody'))
  await keepRecord({ recipient: 'anna' })
  await worker.push(chat('m1', { recipient: 'anna' }))
  await worker.push({ ...chat('m2', { recipient: 'bert' }), app_badge: 9 })
  await worker.push(chat('m3'))
  expect(await ids()).toEqual(['m3', 'm1'])
  expect(worker.badge).toBe(2)
  await keepRecord({ recipient: 'bert' })
  expect(await ids()).toEqual([])
  await box().markRead()
  await box().remove()
  await keepRecord({ recipient: 'anna' })
  expect((await box().list()).map(({ id, read }) => [id, read])).toEqual([
    ['m3', false],
    ['m1', false],
  ])
  await keepRecord({ recipient: null })
  expect(await ids()).toEqual(['nobody'])
})

test('keeps nothing of a message whose recipient has signed out since it was shown', async () => {
  await using given = await loadInboxWorker()
  const { worker, box, ids } = given
  await keepRecord({ recipient: 'bert' })
  const message = { id: 'late', recipient: 'anna' }
  const { scope, database } = present(given.context())
  await box().shown?.({ descriptor: { title: 'Late' }, message }, message, present(given.context()))
  expect(scope).toBe(worker.scope)
  expect(await database.use((open) => open.transaction('inbox').store.getAll())).toEqual([])
  expect(await ids()).toEqual([])
})

test('has no number on the icon left of somebody who has signed out', async () => {
  await using given = await loadInboxWorker()
  const { worker } = given
  await keepRecord({ recipient: 'anna' })
  await worker.push(chat('m1', { recipient: 'anna' }))
  expect(worker.badge).toBe(1)
  await keepRecord({ recipient: null })
  await worker.push(chat('m2', { recipient: 'anna' }))
  expect(worker.badge).toBe(null)
})
