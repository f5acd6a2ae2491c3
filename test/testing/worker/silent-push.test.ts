import { describe, expect, test } from 'vitest'
import { running } from './running-worker.ts'

const silent = () => undefined

describe('a silent push', () => {
  test('costs the subscription in WebKit the third time', async () => {
    await using worker = await running(silent, { engine: 'webkit' })
    const penalties = [await worker.push(), await worker.push(), await worker.push()]
    expect(penalties.map(({ penalty }) => penalty)).toEqual(['counted', 'counted', 'unsubscribed'])
    expect(worker.subscription).toBeNull()
    expect(await worker.push()).toMatchObject({ delivered: false, handled: false })
  })

  test('is one in WebKit also when what was shown is closed at once', async () => {
    await using worker = await running(
      async ({ registration }) => {
        await registration.showNotification('Gone')
        for (const notification of await registration.getNotifications()) notification.close()
      },
      { engine: 'webkit' },
    )
    expect(await worker.push()).toMatchObject({ silent: true, penalty: 'counted' })
  })

  test('costs the subscription in Firefox the sixteenth time', async () => {
    await using worker = await running(silent, { engine: 'firefox' })
    for (let count = 1; count < 16; count += 1) {
      expect((await worker.push()).penalty).toBe('counted')
    }
    expect((await worker.push()).penalty).toBe('unsubscribed')
    expect(worker.subscription).toBeNull()
  })

  test('is forgiven in Firefox while the site is open', async () => {
    await using worker = await running(silent, { engine: 'firefox', windows: [{}] })
    for (let count = 0; count < 20; count += 1) await worker.push()
    expect(worker.subscription).not.toBeNull()
  })

  test('has Chromium show a notification of its own, unless a window is visible', async () => {
    await using worker = await running(silent, { engine: 'chromium' })
    expect(await worker.push()).toMatchObject({ shown: [], penalty: 'generic-notification' })
    expect(worker.notifications).toMatchObject([
      {
        title: 'app.example',
        body: 'This site has been updated in the background.',
        source: 'browser',
      },
    ])
    await using open = await running(silent, { engine: 'chromium', windows: [{ focused: true }] })
    expect(await open.push()).toMatchObject({ silent: true, penalty: 'none' })
  })
})
