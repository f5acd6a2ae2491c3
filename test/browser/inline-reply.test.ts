import { describe, expect, test } from 'vitest'
import {
  launchBrowser,
  loadWorker,
  startDesktop,
  startPushService,
} from '../../src/testing/index.ts'
import { plainWorker, startPlainSite, type WorkerReport } from './plain-site.ts'

/**
 * What the worker is told of a reply: the same in a browser and in the harness. Over D-Bus no button
 * comes with the text, so Chromium names no action (156).
 */
const reported = {
  type: 'notificationclick',
  title: 'Question',
  action: '',
  reply: 'An answer, with é and 😀',
}

describe('the text of an inline reply reaches the worker as event.reply', () => {
  test('in stock Chromium', async () => {
    await using service = await startPushService()
    await using desktop = await startDesktop()
    await using site = await startPlainSite(service)
    const permissions = { [site.origin]: 'granted' } as const
    await using browser = await launchBrowser('chromium', { service, desktop, permissions })
    const page = await browser.newPage(site.origin)
    await site.sender.send(await site.subscribe(page), { payload: reported.title })
    const shown = await desktop.waitFor(({ title }) => title === reported.title)
    expect(shown.canReply).toBe(true)
    desktop.reply(shown, reported.reply)
    const report = await site.reported(({ type }) => type === 'notificationclick')
    expect(report).toEqual(reported)
  })

  test('in the harness', async () => {
    const reports: WorkerReport[] = []
    await using worker = await loadWorker(plainWorker, {
      engine: 'chromium',
      async fetch(request) {
        reports.push((await request.json()) as WorkerReport)
        return new Response(null, { status: 204 })
      },
    })
    const { shown } = await worker.push(reported.title)
    const [notification] = shown
    if (!notification) throw new Error('Nothing was shown.')
    await worker.click(notification, undefined, { reply: reported.reply })
    expect(reports.at(-1)).toEqual(reported)
  })
})
