import type { Page } from 'puppeteer-core'
import type { FixtureWindow } from '../browser/world.ts'

/** What a user decides. */
export type Decision = 'enable' | 'disable'

/** The decisions that a page makes, and tells of as soon as they are on disk. */
export interface Decisions {
  /** Those that are written down, as far as the page has told. */
  readonly written: ReadonlySet<Decision>
  /** Has the user decide; resolves when the click has begun to work. */
  clicked(decision: Decision): Promise<void>
}

/** Watches the page's database: a decision is written once its transaction is complete. */
export async function decisionsOf(page: Page): Promise<Decisions> {
  const written = new Set<Decision>()
  const begun = Promise.withResolvers<void>()
  page.on('console', (message) => {
    const [, what, decision] = /^(clicked|written) (enable|disable)$/.exec(message.text()) ?? []
    if (what === 'clicked') begun.resolve()
    else if (what === 'written') written.add(decision as Decision)
  })
  await page.evaluate(() => {
    // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (value: { enabled?: boolean }, ...key) {
      const { enabled } = value
      const tell = () => console.info(`written ${enabled ? 'enable' : 'disable'}`)
      if (enabled !== undefined) this.transaction.addEventListener('complete', tell)
      return put.call(this, value, ...key)
    }
    const button = document.querySelector('button')
    button?.addEventListener('click', () => console.info('clicked enable'), { capture: true })
  })
  const begin = (decision: Decision) =>
    decision === 'enable'
      ? page.click('button')
      : page.evaluate(() => {
          console.info('clicked disable')
          const fixture = window as unknown as FixtureWindow
          fixture.outcome = fixture.call('disable')
        })
  return {
    written,
    clicked: (decision) => Promise.race([begun.promise, begin(decision).then(() => begun.promise)]),
  }
}
