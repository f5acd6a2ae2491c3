import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'puppeteer-core'
import type { NotificationPermissionChoice } from './browser-engine.ts'

/** What `chrome://settings` calls the choices. */
const settingNames = { granted: 'allow', denied: 'block', prompt: 'default' } as const

/** `ContentSetting` in Chromium's preferences. */
const settingNumbers = { granted: 1, denied: 2 } as const

/**
 * Makes a choice as the user does, on Chromium's settings page, and waits until it counts. The
 * grants of the DevTools protocol end with the browser, and the first message after a restart would
 * then end the subscription.
 */
export async function setChromiumPermission(
  browser: Browser,
  origin: string,
  choice: NotificationPermissionChoice,
): Promise<void> {
  const page = await browser.newPage()
  try {
    await page.goto('chrome://settings/content')
    const site = JSON.stringify(new URL(origin).origin)
    // The answer to the question says that the order before it has been carried out.
    await page.evaluate(`import('chrome://resources/js/cr.js').then(({ sendWithPromise }) => {
      chrome.send('setOriginPermissions', [${site}, 'notifications', '${settingNames[choice]}'])
      return sendWithPromise('getOriginPermissions', ${site}, ['notifications'])
    })`)
  } finally {
    await page.close()
  }
}

/**
 * Writes choices into the preferences of a profile that no Chromium uses: it writes them itself only
 * seconds after a choice (10 in 156).
 */
export async function saveChromiumPermissions(
  profile: string,
  choices: ReadonlyMap<string, NotificationPermissionChoice>,
): Promise<void> {
  if (choices.size === 0) return
  const folder = join(profile, 'Default')
  const path = join(folder, 'Preferences')
  const preferences = parseObject(await readFile(path, 'utf8').catch(() => '{}'))
  const keys = ['profile', 'content_settings', 'exceptions', 'notifications']
  let exceptions = preferences
  for (const key of keys) exceptions = subObject(exceptions, key)
  for (const [url, choice] of choices) {
    const pattern = `${new URL(url).origin},*`
    if (choice === 'prompt') delete exceptions[pattern]
    else {
      exceptions[pattern] = { last_modified: webkitTime(), setting: settingNumbers[choice] }
    }
  }
  await mkdir(folder, { recursive: true })
  await writeFile(path, JSON.stringify(preferences))
}

/** Microseconds since the start of 1601, in decimal. */
function webkitTime(): string {
  return String((Date.now() + 11_644_473_600_000) * 1000)
}

type JsonObject = Record<string, unknown>

function parseObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text)
  return isObject(value) ? value : {}
}

/** Gives the object under a key; makes an empty one where there is none. */
function subObject(parent: JsonObject, key: string): JsonObject {
  const value = parent[key]
  const child = isObject(value) ? value : {}
  parent[key] = child
  return child
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
