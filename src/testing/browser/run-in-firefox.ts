import type { Browser } from 'puppeteer-core'
import { PushwellError } from '../../shared/errors.ts'

/** The connection of Puppeteer's Firefox, which its types leave out. */
interface BidiConnection {
  send(method: string, params: object): Promise<{ result: unknown }>
}

/** Runs a script in the browser's own window (`moz:scope`, with `--remote-allow-system-access`). */
export async function runInFirefox(browser: Browser, expression: string): Promise<void> {
  const { connection } = browser as Browser & { connection?: BidiConnection }
  if (!connection) {
    throw new PushwellError(
      'browser-failed',
      'This version of puppeteer-core gives no way into Firefox’s own window: use one that package.json names.',
    )
  }
  const tree = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' })
  const { contexts } = tree.result as { contexts: { context: string }[] }
  const { result } = await connection.send('script.evaluate', {
    expression,
    target: { context: contexts[0]?.context },
    awaitPromise: true,
  })
  const { type } = result as { type: string }
  if (type !== 'success') {
    throw new PushwellError(
      'browser-failed',
      'Firefox did not do what it was told in its own window.',
    )
  }
}
