export { findBrowser } from './find-browser.ts'
export { launchBrowser } from './launched-browser.ts'
export type { BrowserEngine, BrowserPushService, PreferenceValue } from './browser-engine.ts'
export type { LaunchBrowserOptions, LaunchedBrowser } from './launched-browser.ts'
