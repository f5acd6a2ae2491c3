import { describe, expect, test } from 'vitest'
import { launchBrowser, startDesktop, startPushService } from '../../src/testing/index.ts'
import { startPlainSite } from './plain-site.ts'

describe('contexts of one browser', () => {
  test('in Firefox each have their own permission, storage and subscription, and get their messages', async () => {
    await using service = await startPushService()
    await using desktop = await startDesktop()
    await using site = await startPlainSite(service)
    await using browser = await launchBrowser('firefox', { service, desktop })
    const contexts = [await browser.newContext(), await browser.newContext()] as const
    const subscriptions = []
    for (const [index, context] of contexts.entries()) {
      await context.grant(site.origin)
      const page = await context.newPage(site.origin)
      expect(await page.evaluate(() => localStorage.getItem('mine'))).toBeNull()
      await page.evaluate((value) => localStorage.setItem('mine', value), String(index))
      subscriptions.push(await site.subscribe(page))
    }
    const outside = await browser.newPage(site.origin)
    expect(await outside.evaluate(() => Notification.permission)).toBe('default')
    expect(new Set(subscriptions.map(({ endpoint }) => endpoint)).size).toBe(2)
    for (const [index, subscription] of subscriptions.entries()) {
      await site.sender.send(subscription, { payload: `To context ${index}` })
    }
    for (const index of subscriptions.keys()) {
      const wanted = `To context ${index}`
      await desktop.waitFor(({ title }) => title === wanted)
      expect(desktop.history.filter(({ title }) => title === wanted)).toHaveLength(1)
    }

    await contexts[0].deny(site.origin)
    const denied = await contexts[0].newPage(site.origin)
    expect(await denied.evaluate(() => Notification.permission)).toBe('denied')
    await contexts[0].reset(site.origin)
    await contexts[1].close()
    await contexts[1].close()
    await expect.poll(() => service.subscriptions.filter(({ live }) => live).length).toBeLessThan(2)
    await browser.restart()
    await expect(contexts[0].newPage()).rejects.toMatchObject({ code: 'browser-failed' })
  })

  test('in Chromium are refused, with the reason', async () => {
    await using browser = await launchBrowser('chromium')
    await expect(browser.newContext()).rejects.toMatchObject({
      name: 'PushwellError',
      code: 'contexts-unsupported',
      message: expect.stringContaining('incognito') as string,
    })
  })
})
