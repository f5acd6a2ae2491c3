import type { EngineSetup, PreferenceValue } from './browser-engine.ts'

/**
 * Keep Firefox quiet: no request to the outside, no first-run page, no prompt of its own. WebDriver
 * BiDi sets most of what automation needs by itself; these are what it leaves.
 */
const quiet: Readonly<Record<string, PreferenceValue>> = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.blockedURIs.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.search.update': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage': 'about:blank',
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'browser.topsites.contile.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.newtabpage.activity-stream.feeds.system.topstories': false,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  'extensions.getAddons.cache.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.http.speculative-parallel-limit': 0,
  'network.trr.mode': 5,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'signon.rememberSignons': false,
  'toolkit.startup.max_resumed_crashes': -1,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'toolkit.telemetry.server': 'data:,',
}

/** Whether Firefox connects to its push service. */
export const pushConnection = 'dom.push.connection.enabled'

/**
 * Gives the preferences of one launch: the later ones win, the user's own last. A launch that starts
 * offline does not connect to the push service in the moment before it can be told so.
 */
export function firefoxPreferences({
  hasDesktop,
  service,
  preferences,
  offline = false,
}: Pick<EngineSetup, 'hasDesktop' | 'service' | 'preferences' | 'offline'>): Record<
  string,
  PreferenceValue
> {
  return {
    ...quiet,
    // Without a desktop to show on, every showNotification would fail.
    'alerts.useSystemBackend': hasDesktop,
    ...service?.firefoxPreferences(),
    ...preferences,
    ...(offline && { [pushConnection]: false }),
  }
}

/** Writes preferences as a `user.js`. */
export function formatPreferences(preferences: Readonly<Record<string, PreferenceValue>>): string {
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  )
  return lines.join('')
}
