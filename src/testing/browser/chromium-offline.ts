import type { Browser, CDPSession } from 'puppeteer-core'

/**
 * Takes every page and worker of a Chromium off the network, those too that come later. Its own
 * connections, such as the one to the push service, are out of the DevTools protocol's reach.
 *
 * @returns What puts them back.
 */
export async function goChromiumOffline(browser: Browser): Promise<() => Promise<void>> {
  const root = await browser.target().createCDPSession()
  const sessions = new Set<CDPSession>()
  /** What is under way for targets that were just attached. */
  const pending = new Set<Promise<void>>()
  let isOffline = true
  const take = async (session: CDPSession): Promise<void> => {
    sessions.add(session)
    await session.send('Network.enable')
    if (isOffline) await emulate(session, true)
    watch(session)
    await attachToChildren(session, [{ type: 'service_worker', exclude: true }, {}])
  }
  const watch = (parent: CDPSession): void => {
    parent.on('sessionattached', (session) => {
      // Some have no network or no children, and some are gone before they answer.
      const work = take(session)
        .catch(() => undefined)
        .then(() => session.send('Runtime.runIfWaitingForDebugger'))
        .catch(() => undefined)
        .then(() => void pending.delete(work))
      pending.add(work)
    })
    parent.on('sessiondetached', (session) => sessions.delete(session))
  }
  watch(root)
  await attachToChildren(root, [
    { type: 'browser', exclude: true },
    { type: 'tab', exclude: true },
    {},
  ])
  await Promise.all(pending)
  return async () => {
    isOffline = false
    await Promise.all(pending)
    // One after the other: a renderer has one state for all of its targets, and would go to and fro.
    for (const session of sessions) await emulate(session, false).catch(() => undefined)
    await root.detach()
  }
}

async function emulate(session: CDPSession, offline: boolean): Promise<void> {
  const conditions = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
  await session.send('Network.emulateNetworkConditions', { ...conditions, offline })
}

/** A new target waits until it has been taken. */
async function attachToChildren(
  session: CDPSession,
  filter: { type?: string; exclude?: boolean }[],
): Promise<void> {
  const whenNew = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }
  await session.send('Target.setAutoAttach', { ...whenNew, filter })
}
