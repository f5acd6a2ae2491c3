import type { Browser } from 'puppeteer-core'
import { PushwellError } from '../../shared/errors.ts'
import type { EngineSetup } from './browser-engine.ts'
import { firefoxPreferences, pushConnection } from './firefox-preferences.ts'

/**
 * Firefox's own switch, as its menu "Work Offline" has it. It spares this machine's addresses unless
 * it is told not to, and connections to them that are open already even then.
 */
const offline = `
  Services.prefs.setBoolPref('network.disable-localhost-when-offline', true)
  Services.io.offline = true
  Services.obs.notifyObservers(null, 'net:cancel-all-connections')
  Services.obs.notifyObservers(null, 'net:prune-all-connections')`

const online = `
  Services.io.offline = false
  Services.prefs.clearUserPref('network.disable-localhost-when-offline')`

/**
 * Takes a whole Firefox off the network: pages, workers and its connection to the push service.
 *
 * @returns What puts it back.
 */
export async function goFirefoxOffline(
  browser: Browser,
  setup: EngineSetup,
): Promise<() => Promise<void>> {
  await runInChrome(browser, offline)
  return () => runInChrome(browser, online + (setup.offline ? pushAgain(setup) : ''))
}

/** Takes back what kept a launch that started offline from the push service. */
function pushAgain(setup: EngineSetup): string {
  const value = firefoxPreferences({ ...setup, offline: false })[pushConnection]
  return value === undefined
    ? `\nServices.prefs.clearUserPref('${pushConnection}')`
    : `\nServices.prefs.setBoolPref('${pushConnection}', ${Boolean(value)})`
}

/** The connection of Puppeteer's Firefox, which its types leave out. */
interface BidiConnection {
  send(method: string, params: object): Promise<{ result: unknown }>
}

/** Runs a script in the browser's own window (`moz:scope`, with `--remote-allow-system-access`). */
async function runInChrome(browser: Browser, expression: string): Promise<void> {
  const { connection } = browser as Browser & { connection?: BidiConnection }
  if (!connection) {
    throw new PushwellError(
      'browser-failed',
      'This version of puppeteer-core gives no way to take Firefox offline: use one that package.json names.',
    )
  }
  const tree = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' })
  const { contexts } = tree.result as { contexts: { context: string }[] }
  const { result } = await connection.send('script.evaluate', {
    expression,
    target: { context: contexts[0]?.context },
    awaitPromise: true,
  })
  const { type } = result as { type: string }
  if (type !== 'success') {
    throw new PushwellError(
      'browser-failed',
      'Firefox did not change its connection to the network.',
    )
  }
}
