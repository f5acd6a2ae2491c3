import { expect, test } from 'vitest'
import { launchBrowser, startPushService } from '../../src/testing/index.ts'
import { startPlainSite } from './plain-site.ts'
import { engines } from './world.ts'

test.each(engines)(
  'a %s without a desktop receives pushes, and its worker shows what nobody sees',
  async (engine) => {
    await using service = await startPushService()
    await using site = await startPlainSite(service)
    const permissions = { [site.origin]: 'granted' } as const
    await using browser = await launchBrowser(engine, { service, permissions })
    const page = await browser.newPage(site.origin)
    await site.sender.send(await site.subscribe(page), { payload: 'Unseen' })
    await site.reported(({ type, title }) => type === 'push' && title === 'Unseen')
    const listed = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready
      return (await registration.getNotifications()).map(({ title }) => title)
    })
    expect(listed).toEqual(['Unseen'])
    await service.waitFor(({ status, code }) => status === 'acknowledged' && code === 100)
  },
)
