import type { Browser } from 'puppeteer-core'
import type { EngineSetup } from './browser-engine.ts'
import { firefoxPreferences, pushConnection } from './firefox-preferences.ts'
import { runInFirefox } from './run-in-firefox.ts'

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
  await runInFirefox(browser, offline)
  return () => runInFirefox(browser, online + (setup.offline ? pushAgain(setup) : ''))
}

/** Takes back what kept a launch that started offline from the push service. */
function pushAgain(setup: EngineSetup): string {
  const value = firefoxPreferences({ ...setup, offline: false })[pushConnection]
  return value === undefined
    ? `\nServices.prefs.clearUserPref('${pushConnection}')`
    : `\nServices.prefs.setBoolPref('${pushConnection}', ${Boolean(value)})`
}
