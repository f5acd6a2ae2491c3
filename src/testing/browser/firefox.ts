import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineDriver } from './browser-engine.ts'
import { goFirefoxOffline } from './firefox-offline.ts'
import { saveFirefoxPermissions } from './firefox-permissions.ts'
import { firefoxPreferences, formatPreferences } from './firefox-preferences.ts'
import { stopFirefoxWorkers } from './firefox-workers.ts'
import { loadPuppeteer } from './load-puppeteer.ts'

/** Launches stock Firefox and speaks WebDriver BiDi to it. */
export const firefox: EngineDriver = {
  async prepareProfile(setup) {
    await mkdir(setup.profile, { recursive: true })
    await writeFile(join(setup.profile, 'user.js'), formatPreferences(firefoxPreferences(setup)))
  },
  arguments: ({ profile, headless }) => [
    ...(headless ? ['--headless'] : []),
    // What takes it offline is out of a page's reach.
    '--remote-allow-system-access',
    '--no-remote',
    '--new-instance',
    '--profile',
    profile,
    '--remote-debugging-port=0',
    'about:blank',
  ],
  // The crash reporter's helper leaves the process group and outlives the browser for a while.
  environment: { MOZ_CRASHREPORTER_DISABLE: '1' },
  endpointPattern: /^WebDriver BiDi listening on (ws:\/\/.*)$/,
  async connect(endpoint) {
    const { default: puppeteer } = await loadPuppeteer()
    return puppeteer.connect({
      browserWSEndpoint: `${endpoint}/session`,
      protocol: 'webDriverBiDi',
      defaultViewport: null,
    })
  },
  contextsRefused: null,
  needsPushRelay: false,
  goOffline: goFirefoxOffline,
  stopWorkers: stopFirefoxWorkers,
  async setPermission(browser, origin, choice) {
    await browser
      .defaultBrowserContext()
      .setPermission(origin, { permission: { name: 'notifications' }, state: choice })
  },
  savePermissions: saveFirefoxPermissions,
}
