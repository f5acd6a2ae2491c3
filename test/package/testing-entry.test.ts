import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type InstalledPackage, installPackage } from './installed-package.ts'
import { runNode } from './run-node.ts'

let installed: InstalledPackage

beforeEach(async () => {
  installed = await installPackage()
})
afterEach(() => installed.remove())

/** Runs code in the user's project, and gives what it prints. */
async function runThere(code: string): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runNode(
    ['--input-type=module', '--eval', code],
    installed.project,
  )
  if (exitCode !== 0) throw new Error(`The code failed (${exitCode}): ${stderr}`)
  return JSON.parse(stdout)
}

/** A user's test of a worker, which may keep something in IndexedDB. */
const testOfWorker = (then: string) => `
  import { loadWorker } from 'pushwell/testing'
  const worker = await loadWorker((scope) => {
    scope.addEventListener('push', (event) => event.waitUntil((async () => {
      ${then}
      await scope.registration.showNotification('Shown')
    })()))
  })
  const { shown, failed } = await worker.push()
  console.log(JSON.stringify({ shown: shown.map(({ title }) => title), failed: failed?.message }))`

const keep = `await new Promise((resolve, reject) => {
  const request = scope.indexedDB.open('kept')
  request.onsuccess = resolve
  request.onerror = () => reject(request.error)
})`

describe('pushwell/testing', () => {
  test('runs a worker with no other package installed', async () => {
    expect(await runThere(testOfWorker(''))).toEqual({ shown: ['Shown'] })
  })

  test('runs a worker that uses IndexedDB with fake-indexeddb alone', async () => {
    expect(await runThere(testOfWorker(keep))).toEqual({
      shown: [],
      failed: expect.stringContaining('npm install --save-dev fake-indexeddb') as string,
    })
    await installed.add('fake-indexeddb')
    expect(await runThere(testOfWorker(keep))).toEqual({ shown: ['Shown'] })
  })

  test('starts the push service with the packages that it asks for', async () => {
    const start = `
      import { startPushService } from 'pushwell/testing'
      const told = await startPushService().then(
        async (service) => { await service.close(); return 'started' },
        ({ name, code, message }) => ({ name, code, message }))
      console.log(JSON.stringify(told))`
    const told = (await runThere(start)) as { message: string }
    expect(told).toMatchObject({ name: 'PushwellError', code: 'service-failed' })
    const [, packages = ''] = /npm install --save-dev (.+)$/.exec(told.message) ?? []
    for (const name of packages.split(' ')) await installed.add(name)
    expect(await runThere(start)).toBe('started')
  })
})
