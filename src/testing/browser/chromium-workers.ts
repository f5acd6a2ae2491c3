import type { Browser } from 'puppeteer-core'

/** Ends every service worker of a Chromium's own context. There is a page at any time. */
export async function stopChromiumWorkers(browser: Browser): Promise<void> {
  const [page] = await browser.pages()
  const session = await page?.createCDPSession()
  try {
    await session?.send('ServiceWorker.enable')
    await session?.send('ServiceWorker.stopAllWorkers')
  } finally {
    await session?.detach()
  }
}
