import { describe, expect, test } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { LoadedWorker } from '../../src/testing/worker/index.ts'
import type { WorkerScope } from '../../sw/index.ts'
import { showPrivate } from '../../sw/show-private.ts'
import type { WorkerContext } from '../../sw/worker-context.ts'
import { blockDatabase, home, keepRecord, loadPushWorker } from './load-push-worker.ts'

/** What it works with, and how it says that a notification for somebody was shown. */
function showFor(worker: LoadedWorker<WorkerScope>, recipient: string | undefined) {
  const { scope } = worker
  const context = {
    scope,
    home,
    database: createDatabaseConnection(),
    options: {},
    neutral: { title: 'Neutral' },
    allowedOrigins: [],
  }
  const chosen = { descriptor: { title: 'Private' }, message: { recipient } }
  return showPrivate(chosen, context as unknown as WorkerContext)
}

/** A worker that does nothing of its own. */
const idle = (scope: WorkerScope) => scope.addEventListener('push', () => undefined)

const titles = (worker: LoadedWorker<WorkerScope>) => worker.notifications.map(({ title }) => title)

describe('a notification that comes later than its push', () => {
  test.each<[string, string | undefined, string | null, boolean]>([
    ['is shown to whom it is for', 'anna', 'anna', true],
    ['is not shown once they have signed out', 'anna', null, false],
    ['is not shown to somebody else', 'anna', 'bert', false],
    ['is shown to anybody when it is for nobody in particular', undefined, 'bert', true],
  ])('%s', async (_, recipient, here, isShown) => {
    await using worker = await loadPushWorker(idle)
    await keepRecord({ recipient: here })
    expect(await showFor(worker, recipient)).toBe(isShown)
    expect(titles(worker)).toEqual(isShown ? ['Private'] : [])
  })

  test('is not shown while it is not known who is here', async () => {
    await using worker = await loadPushWorker(idle)
    blockDatabase()
    expect(await showFor(worker, 'anna')).toBe(false)
    expect(titles(worker)).toEqual([])
  })

  test('is taken back when they sign out while it is shown', async () => {
    await using worker = await loadPushWorker(idle)
    await keepRecord({ recipient: 'anna' })
    const { registration } = worker.scope
    const showNotification = registration.showNotification.bind(registration)
    const showing = async (...given: Parameters<typeof showNotification>) => {
      await keepRecord({ recipient: null })
      return showNotification(...given)
    }
    Object.assign(registration, { showNotification: showing })
    expect(await showFor(worker, 'anna')).toBe(false)
    expect(titles(worker)).toEqual(['Neutral'])
  })
})
