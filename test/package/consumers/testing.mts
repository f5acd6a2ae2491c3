import {
  type Desktop,
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
