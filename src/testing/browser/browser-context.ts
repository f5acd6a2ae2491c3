import type { BrowserContext, Page } from 'puppeteer-core'
import { PushwellError } from '../../shared/errors.ts'
import type { EngineDriver, NotificationPermissionChoice } from './browser-engine.ts'
import type { BrowserRuns } from './browser-runs.ts'

/** A part of a running browser with a storage of its own: nothing in it is seen outside of it. */
export interface IsolatedContext extends AsyncDisposable {
  /** For what is not here. */
  readonly puppeteer: BrowserContext
  /** Opens a tab in it, and the address in that. */
  newPage(url?: string): Promise<Page>
  /** Lets the origin show notifications, in this context alone. */
  grant(origin: string): Promise<void>
  /** Forbids the origin to show notifications, in this context alone. */
  deny(origin: string): Promise<void>
  /** Forgets the choice: the origin may ask again. */
  reset(origin: string): Promise<void>
  /** Ends it with its pages, its storage and its subscriptions; the push service is told. */
  close(): Promise<void>
}

/**
 * Opens a context in the current run.
 *
 * @throws {@link PushwellError} `contexts-unsupported`, with the engine's reason.
 */
export async function createBrowserContext(
  { contextsRefused }: EngineDriver,
  runs: Pick<BrowserRuns, 'running'>,
): Promise<IsolatedContext> {
  const run = runs.running()
  if (contextsRefused !== null) throw new PushwellError('contexts-unsupported', contextsRefused)
  const context = await run.puppeteer.createBrowserContext()
  /** Throws as every method of a browser does that does not run. */
  const live = (): BrowserContext => {
    if (runs.running() === run) return context
    throw new PushwellError('browser-failed', 'The context ended with its browser: open another.')
  }
  const choose = (origin: string, state: NotificationPermissionChoice): Promise<void> =>
    live().setPermission(origin, { permission: { name: 'notifications' }, state })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= context.close())
  return {
    puppeteer: context,
    async newPage(url) {
      const page = await live().newPage()
      if (url !== undefined) await page.goto(url)
      return page
    },
    grant: async (origin) => choose(origin, 'granted'),
    deny: async (origin) => choose(origin, 'denied'),
    reset: async (origin) => choose(origin, 'prompt'),
    close,
    [Symbol.asyncDispose]: close,
  }
}
