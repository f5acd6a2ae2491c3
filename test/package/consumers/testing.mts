import type { SubscriptionStore } from 'pushwell/server'
import {
  checkSubscriptionStore,
  type Desktop,
  type IsolatedContext,
  type LaunchedBrowser,
  launchBrowser,
  type PushService,
  startDesktop,
  startPushService,
} from 'pushwell/testing'

export async function launch(): Promise<[PushService, Desktop, LaunchedBrowser]> {
  const service = await startPushService()
  const desktop = await startDesktop()
  const browser = await launchBrowser('firefox', { service, desktop })
  // @ts-expect-error There is no such engine.
  await launchBrowser('netscape', { service, desktop })
  return [service, desktop, browser]
}

export async function isolate(browser: LaunchedBrowser): Promise<IsolatedContext> {
  await browser.setOffline(true)
  // @ts-expect-error There is no face for it but setOffline.
  browser.offline = true
  return browser.newContext()
}

export async function holdToContract(store: SubscriptionStore): Promise<void> {
  // @ts-expect-error It is to be told how to open a store, each time anew.
  await checkSubscriptionStore(store)
  await checkSubscriptionStore(async () => ({ store }))
}
