import { expect, test, vi } from 'vitest'
import { loadWorker } from '../../../src/testing/worker/index.ts'
import { writeScripts } from './write-scripts.ts'

vi.mock('fake-indexeddb', () => {
  throw new Error('Cannot find package')
})

test('without fake-indexeddb a worker runs until it touches a database, and is told why', async () => {
  await using folder = await writeScripts({
    'sw.js': `
      addEventListener('push', (event) => event.waitUntil(registration.showNotification('shown')))
      addEventListener('message', (event) => event.waitUntil(indexedDB.databases()))`,
  })
  await using worker = await loadWorker(folder.path('sw.js'))
  expect((await worker.push()).shown).toHaveLength(1)
  // As a test runner looks for its marks on every global.
  const database: unknown = Reflect.get(worker.scope, 'indexedDB')
  expect(Reflect.get(database as object, '_isMockFunction')).toBeUndefined()
  expect(Reflect.has(database as object, Symbol('mark'))).toBe(false)
  expect(await worker.message('go')).toMatchObject({
    failed: { code: 'worker-failed', message: expect.stringContaining('fake-indexeddb') },
  })
})
