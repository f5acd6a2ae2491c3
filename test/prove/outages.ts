import type { Page } from 'puppeteer-core'
import type { SiteFault, SiteRequest } from '../browser/site.ts'
import { call, clickEnable, type World } from '../browser/world.ts'

/** A way in which a change does not get through to the backend. */
export interface Outage {
  /** Also the name in a proof's figures. */
  readonly name: string
  begin(world: World): Promise<void> | void
  end(world: World): Promise<void> | void
  /** Which requests must not have been made. */
  forbidden?(requests: readonly SiteRequest[]): readonly SiteRequest[]
  /** Whether the next load must wait too. */
  readonly asksForPatience?: boolean
  /** Whether it is only one for as long as the page is open. */
  readonly needsPage?: boolean
}

/** Milliseconds that a backend which answers 429 asks for. */
const retryAfterMs = 2000

const answering = (name: string, fault: SiteFault): Outage => ({
  name,
  begin: ({ site }) => void (site.failing = fault),
  end: ({ site }) => void (site.failing = null),
})

export const outages: readonly Outage[] = [
  { name: 'refused', begin: ({ site }) => site.stop(), end: ({ site }) => site.start() },
  answering('status500', 500),
  {
    ...answering('status429', { status: 429, retryAfter: retryAfterMs / 1000 }),
    // Browsers round their clock, some to a hundredth of a second.
    forbidden: (requests) =>
      requests.filter(({ at }, index) => {
        const before = requests[index - 1]
        return before?.status === 429 && at < before.at + retryAfterMs - 20
      }),
    asksForPatience: true,
  },
  answering('hanging', 'hang'),
  answering('cut', 'cut'),
  answering('lost', 'lost'),
  answering('html', 'html'),
  {
    name: 'offline',
    begin: ({ browser }) => browser.setOffline(true),
    end: ({ browser }) => browser.setOffline(false),
    // Chromium's offline mode is lifted from a worker whose page has left (156).
    needsPage: true,
  },
]

/** What a user does while nothing gets through, and the one request that must come of it. */
export interface Changes {
  readonly name: string
  readonly from: 'subscribed' | 'unsubscribed'
  make(page: Page): Promise<unknown>
  readonly request: 'PUT' | 'DELETE'
  /** The tags of the backend's only row; no row without. */
  readonly tags?: readonly string[]
}

const setTags = (page: Page, add: readonly string[], remove: readonly string[] = []) =>
  call(page, 'setTags', { add, remove })

export const changesMade: readonly [Changes, ...Changes[]] = [
  {
    name: 'enable, disable, enable',
    from: 'unsubscribed',
    async make(page) {
      await clickEnable(page)
      await call(page, 'disable')
      await clickEnable(page)
    },
    request: 'PUT',
    tags: [],
  },
  {
    name: 'enable, a tag, another instead',
    from: 'unsubscribed',
    async make(page) {
      await clickEnable(page)
      await setTags(page, ['early'])
      await setTags(page, ['late'], ['early'])
    },
    request: 'PUT',
    tags: ['late'],
  },
  {
    name: 'a tag, disable',
    from: 'subscribed',
    async make(page) {
      await setTags(page, ['early'])
      await call(page, 'disable')
    },
    request: 'DELETE',
  },
]
