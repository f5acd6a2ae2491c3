import type { Page } from 'puppeteer-core'
import { setTimeout as delay } from 'node:timers/promises'
import type { World } from '../browser/world.ts'
import { openDevices } from './rotation-page.ts'

/** How many devices one page holds. */
const devicesPerPage = 3

/** The pages that hold the devices: every second one stays open, the others come and go. */
export interface RotationPages {
  /** Subscribes all devices. */
  subscribe(): Promise<void>
  /** Loads each page once. */
  visit(): Promise<void>
  /** Opens the pages of all devices; those that come and go do so until they are abandoned. */
  open(): Promise<void>
  /** Ends what `open()` began, by an act that the pages may not survive. */
  abandon(act: () => Promise<void>): Promise<void>
}

export function startRotationPages(
  { browser, site }: World,
  { scopes, settleMs }: { readonly scopes: readonly string[]; readonly settleMs: number },
): RotationPages {
  const groups = Array.from({ length: Math.ceil(scopes.length / devicesPerPage) }, (_, index) =>
    scopes.slice(index * devicesPerPage, (index + 1) * devicesPerPage),
  )
  let round = new AbortController()
  let visits: Promise<unknown> = Promise.resolve()

  const visit = async (group: readonly string[], subscribes = false): Promise<Page> => {
    const page = await browser.newPage(site.origin)
    const applicationServerKey = site.keys.publicKey
    await openDevices(page, { scopes: group, applicationServerKey, settleMs, subscribes })
    return page
  }
  const comeAndGo = async (group: readonly string[], { signal }: AbortController) => {
    while (!signal.aborted) {
      const page = await visit(group)
      await page.close()
      await delay(settleMs / 4, undefined, { signal })
    }
  }
  return {
    async subscribe() {
      for (const group of groups) await (await visit(group, true)).close()
    },
    async visit() {
      for (const group of groups) await (await visit(group)).close()
    },
    async open() {
      const current = (round = new AbortController())
      visits = Promise.all(
        groups.map((group, index) => (index % 2 === 0 ? visit(group) : comeAndGo(group, current))),
      ).catch((error: unknown) => {
        if (!current.signal.aborted) throw error
      })
      visits.catch(() => undefined)
    },
    async abandon(act) {
      round.abort()
      await act()
      await visits
    },
  }
}
