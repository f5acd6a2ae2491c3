import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../../src/testing/browser/index.ts'
import type { LaunchedBrowser } from '../../src/testing/browser/index.ts'
import { startDesktop } from '../../src/testing/desktop/index.ts'
import type { Desktop, DesktopNotification } from '../../src/testing/desktop/index.ts'
import { engines } from './world.ts'

const html = `<!doctype html><title>page</title>
<button id="ask">ask</button><button id="show">show</button><output></output>
<script>
  navigator.serviceWorker.register('/sw.js')
  const show = async () => {
    const registration = await navigator.serviceWorker.ready
    await registration.showNotification(document.title, {
      body: 'salt & <pepper>', actions: [{ action: 'track', title: 'Track' }],
    })
  }
  document.querySelector('#show').onclick = show
  document.querySelector('#ask').onclick = async () => {
    document.querySelector('output').value = await Notification.requestPermission()
  }
</script>`

const worker = `
  const run = crypto.randomUUID()
  addEventListener('message', ({ ports: [port] }) => port.postMessage(run))
  const tell = (event, ...said) =>
    event.waitUntil(fetch('/events', { method: 'POST', body: JSON.stringify(said) }))
  addEventListener('notificationclick', (event) =>
    tell(event, 'notificationclick', event.notification.title, event.action))
  addEventListener('notificationclose', (event) =>
    tell(event, 'notificationclose', event.notification.title))`

type WorkerEvent = [type: string, title: string, action?: string]

interface Site {
  origin: string
  /** What the worker reported. */
  events: WorkerEvent[]
  /**
   * Resolves once so many events have come for the notification of this title, clicks first: two
   * requests of a worker may pass each other on the way.
   */
  eventsOf(title: string, count: number): Promise<WorkerEvent[]>
  server: Server
}

async function startSite(): Promise<Site> {
  const events: WorkerEvent[] = []
  const looks = new Set<() => void>()
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      request.setEncoding('utf8').on('data', (body: string) => events.push(JSON.parse(body)))
      request.on('end', () => {
        response.writeHead(204).end()
        for (const look of looks) look()
      })
      return
    }
    const script = request.url === '/sw.js'
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    response.end(script ? worker : html)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const eventsOf: Site['eventsOf'] = (title, count) =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = events.filter(([, of]) => of === title)
        if (found.length < count) return
        looks.delete(look)
        resolve(found.sort(([a], [b]) => a.localeCompare(b)))
      }
      looks.add(look)
      look()
    })
  return { origin: `http://localhost:${port}`, events, eventsOf, server }
}

describe.each(engines)('a launched %s', (engine) => {
  let site: Site
  let desktop: Desktop
  let browser: LaunchedBrowser

  beforeAll(async () => {
    site = await startSite()
    desktop = await startDesktop()
    browser = await launchBrowser(engine, { desktop })
    await browser.grant(site.origin)
  })

  afterAll(async () => {
    await browser?.close()
    await desktop?.close()
    site?.server.closeAllConnections()
    site?.server.close()
  })

  /** Has the page show a notification, from a real click on its button. */
  async function show(page: Page, title: string): Promise<DesktopNotification> {
    await page.evaluate((text) => {
      document.title = text
    }, title)
    await page.click('#show')
    return desktop.waitFor((notification) => notification.title === title)
  }

  function permissionOf(page: Page): Promise<string> {
    return page.evaluate(() => Notification.permission)
  }

  describe('on a desktop', () => {
    test('shows the notification of a worker with its title, body and action', async () => {
      const page = await browser.newPage(site.origin)
      expect(await show(page, 'Shown')).toMatchObject({
        title: 'Shown',
        body: 'salt & <pepper>',
        // Chromium keeps the page's ids to itself, and numbers the buttons.
        actions: [{ action: engine === 'firefox' ? 'track' : '0', title: 'Track' }],
      })
      await page.close()
    })

    test('tells the worker of each click and each dismissal exactly once', async () => {
      const page = await browser.newPage(site.origin)
      const clicked = await show(page, 'Clicked')
      const tracked = await show(page, 'Tracked')
      const dismissed = await show(page, 'Dismissed')
      desktop.click(clicked)
      desktop.click(tracked, 'Track')
      desktop.dismiss(dismissed)
      expect(await site.eventsOf('Clicked', 2)).toEqual([
        ['notificationclick', 'Clicked', ''],
        ['notificationclose', 'Clicked'],
      ])
      expect(await site.eventsOf('Tracked', 2)).toEqual([
        ['notificationclick', 'Tracked', 'track'],
        ['notificationclose', 'Tracked'],
      ])
      expect(await site.eventsOf('Dismissed', 1)).toEqual([['notificationclose', 'Dismissed']])
      // One more round trip, so that a second event of those above would be here by now.
      desktop.dismiss(await show(page, 'Last'))
      await site.eventsOf('Last', 1)
      expect(site.events).toHaveLength(6)
      expect(clicked.ended).toBe('clicked')
      await page.close()
    })

    test('takes a permission away and gives it back, as a page sees it', async () => {
      const page = await browser.newPage(site.origin)
      await browser.deny(site.origin)
      expect(await permissionOf(page)).toBe('denied')
      await browser.reset(site.origin)
      expect(await permissionOf(page)).toBe('default')
      await browser.grant(site.origin)
      await page.click('#ask')
      await page.waitForFunction(() => document.querySelector('output')?.value === 'granted')
      await page.close()
    })

    test('starts a worker anew that was stopped', async () => {
      const page = await browser.newPage(site.origin)
      const run = () =>
        page.evaluate(async () => {
          const { active } = await navigator.serviceWorker.ready
          const { port1, port2 } = new MessageChannel()
          const answer = new Promise((resolve) => {
            port1.onmessage = ({ data }) => resolve(data)
          })
          active?.postMessage('run', [port2])
          return answer
        })
      const before = await run()
      expect(await run()).toBe(before)
      await browser.stopWorkers()
      expect(await run()).not.toBe(before)
      await page.close()
    })

    test('keeps what the page stored and what the user chose over a restart', async () => {
      const before = await browser.newPage(site.origin)
      await before.evaluate(() => localStorage.setItem('kept', 'yes'))
      const { pid } = browser
      await browser.restart()
      expect(browser.pid).not.toBe(pid)
      const page = await browser.newPage(site.origin)
      expect(await page.evaluate(() => localStorage.getItem('kept'))).toBe('yes')
      expect(await permissionOf(page)).toBe('granted')
      expect(await show(page, 'Restarted')).toBeDefined()
      await page.close()
    })

    test('starts again after a crash, also with what was granted the moment before', async () => {
      await browser.deny(site.origin)
      const late = 'http://localhost:1'
      await browser.grant(late)
      await browser.grant(site.origin)
      const { pid } = browser
      await browser.kill()
      expect(existsSync(`/proc/${pid}`)).toBe(false)
      expect(await processesOf(dirname(browser.profile))).toHaveLength(0)
      await expect(browser.newPage()).rejects.toMatchObject({ code: 'browser-failed' })
      await browser.start()
      const page = await browser.newPage(site.origin)
      expect(await permissionOf(page)).toBe('granted')
      expect(await show(page, 'Recovered')).toBeDefined()
    })

    test('leaves no process and no folder when it is closed', async () => {
      const root = dirname(browser.profile)
      expect(await processesOf(root)).not.toHaveLength(0)
      await browser.close()
      expect(await processesOf(root)).toHaveLength(0)
      expect(existsSync(root)).toBe(false)
      await browser.close()
    })
  })
})

/** Every live process that was given the browser's folder, in its arguments or its environment. */
async function processesOf(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const texts = await Promise.all(
    ids.map(async (id) => {
      const files = ['cmdline', 'environ'].map((name) =>
        readFile(`/proc/${id}/${name}`, 'latin1').catch(() => ''),
      )
      return (await Promise.all(files)).join('\0')
    }),
  )
  return ids.filter((_, index) => texts[index]?.includes(folder))
}

describe('launching', () => {
  test.each(engines)(
    '%s fails with what the program said when it is no browser',
    async (engine) => {
      await expect(launchBrowser(engine, { executable: '/bin/false' })).rejects.toMatchObject({
        code: 'browser-failed',
      })
      await expect(launchBrowser(engine, { executable: '/no/such' })).rejects.toMatchObject({
        code: 'browser-failed',
      })
    },
  )
})
