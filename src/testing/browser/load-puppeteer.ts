import type * as puppeteerCore from 'puppeteer-core'
import { PushwellError } from '../../shared/errors.ts'

/**
 * Loads puppeteer-core, an optional peer of this package.
 *
 * @throws {@link PushwellError} `browser-failed` when it is not installed.
 */
export async function loadPuppeteer(): Promise<typeof puppeteerCore> {
  try {
    return await import('puppeteer-core')
  } catch (cause) {
    throw new PushwellError(
      'browser-failed',
      'Launching a browser needs the package puppeteer-core: npm install --save-dev puppeteer-core',
      { cause },
    )
  }
}
