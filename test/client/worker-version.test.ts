import { describe, expect, test } from 'vitest'
import { updateOutdatedWorker } from '../../src/client/worker-version.ts'
import { createFakePage } from './fake-page-platform.ts'
import { start } from './start-client.ts'

describe('a worker of another version', () => {
  test('has the browser look for a newer one when the page is prepared', async () => {
    const page = createFakePage()
    page.workerVersion = '0.0.1'
    await start(page).push.prepare()
    await expect.poll(() => page.updates).toBe(1)
  })

  test('alone does: one of the page’s own is left as it is', async () => {
    const page = createFakePage()
    await updateOutdatedWorker(page.worker)
    expect(page.updates).toBe(0)
  })
})
