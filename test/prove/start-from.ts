import type { Page } from 'puppeteer-core'
import { call, clickEnable } from '../browser/world.ts'

/** Brings page and backend to the state that something starts from. */
export async function startFrom(page: Page, status: 'subscribed' | 'unsubscribed'): Promise<void> {
  await call(page, 'prepare')
  const { state, error } =
    status === 'subscribed' ? await clickEnable(page) : await call(page, 'disable')
  if (state?.status !== status || state['sync'] === 'pending') {
    throw new Error(`It would start from ${JSON.stringify(state ?? error)}.`)
  }
}
