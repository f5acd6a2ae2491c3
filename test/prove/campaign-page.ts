import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'

/** What somebody sees who looks at the page about campaigns. */
export interface CampaignWatch {
  /** How many different numbers of accepted messages were seen on the way. */
  readonly seen: number
  /** How often a number was smaller than the one before. */
  readonly goesBack: number
  /** Resolves once the campaign's legend has the text. */
  waitForText(id: string, text: string): Promise<void>
}

/** Looks at the newest campaign of the page again and again, until the page is closed. */
export function watchCampaigns(page: Page): CampaignWatch {
  const watch = {
    seen: 0,
    goesBack: 0,
    waitForText: async (id: string, text: string) => {
      await page.waitForFunction(
        (selector, wanted) => document.querySelector(selector)?.textContent === wanted,
        { timeout: 30_000 },
        `#campaign-${id} li[data-outcome=accepted]`,
        text,
      )
    },
  }
  let last = 0
  const look = async () => {
    for (;;) {
      const text = await page.$$eval('li[data-outcome=accepted]', ([first]) => first?.textContent)
      const number = Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', '') ?? 0)
      if (number < last) watch.goesBack += 1
      if (number !== last) watch.seen += 1
      last = number
      await delay(100)
    }
  }
  // It ends with the page.
  look().catch(() => undefined)
  return watch
}
