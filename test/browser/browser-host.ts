import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import type { DesktopNotification } from '../../src/testing/index.ts'
import type { AppWindows, OwnWorkerHost } from '../testing/worker/own-worker-host.ts'
import { showMarker, type World } from './world.ts'

/** Runs the cases of our own worker in a real browser, which is subscribed and has its permission. */
export function createBrowserHost(world: World, subscription: PushSubscriptionData): OwnWorkerHost {
  const { browser, desktop, sender, site } = world
  const onScreen = (title: string): Promise<DesktopNotification> =>
    desktop.waitFor((shown) => shown.title === title && shown.ended === undefined)
  const pages = async () => {
    const all = await browser.puppeteer.pages()
    return all.filter((page) => page.url().startsWith(site.origin))
  }
  const windowsAt = async (path: string): Promise<AppWindows> => {
    const all = await pages()
    const there = all.filter((page) => page.url() === site.origin + path)
    return { there: there.length, all: all.length }
  }
  return {
    async push(payload) {
      const before = desktop.history.length
      await sender.send(subscription, payload === undefined ? null : { payload })
      await desktop.waitFor((shown) => desktop.history.indexOf(shown) >= before)
      // Whatever else came for it has come before the next push's notification.
      await showMarker(world, `End after ${before}`)
      return desktop.history.slice(before, -1).map(({ title, body, actions }) => ({
        title,
        body,
        buttons: actions.map((action) => action.title),
      }))
    },
    async click(title, button) {
      desktop.click(await onScreen(title), button)
    },
    async dismiss(title) {
      await isListed(world, title, true)
      desktop.dismiss(await onScreen(title))
    },
    async isGone(title) {
      const shown = await desktop.waitFor((notification) => notification.title === title)
      if (shown.ended === undefined) await desktop.waitForClose(shown)
      await isListed(world, title, false)
    },
    async openWindow(path) {
      await browser.newPage(site.origin + path)
    },
    async leaveApp() {
      await browser.newPage('about:blank')
    },
    async closeWindows() {
      // Firefox ends with its last tab.
      await browser.newPage('about:blank')
      for (const page of await pages()) await page.close()
    },
    async arrivesAt(path) {
      const target = await browser.puppeteer.waitForTarget(
        (one) => one.url() === site.origin + path,
      )
      const page = await target.page()
      await page?.waitForFunction(() => document.hasFocus())
      return windowsAt(path)
    },
    windowsAt,
  }
}

/** Waits until the browser itself says that it shows the notification, or no longer does. */
async function isListed({ browser, site }: World, title: string, listed: boolean): Promise<void> {
  const page = await browser.newPage(`${site.origin}/list`)
  await page.waitForFunction(
    async (wanted, expected) => {
      const registration = await navigator.serviceWorker.getRegistration()
      const shown = await registration?.getNotifications()
      return shown?.some((notification) => notification.title === wanted) === expected
    },
    {},
    title,
    listed,
  )
  await page.close()
}
