import type * as puppeteerCore from 'puppeteer-core'
import { PushwellError } from '../../shared/errors.ts'
import { isMissingPackage } from '../missing-package.ts'

/**
 * Loads puppeteer-core, an optional peer of this package.
 *
 * @throws {@link PushwellError} `browser-failed` when it is not installed.
 */
export async function loadPuppeteer(): Promise<typeof puppeteerCore> {
  return import('puppeteer-core').catch((cause: unknown) => {
    if (!isMissingPackage(cause)) throw cause
    throw new PushwellError(
      'browser-failed',
      'Launching a browser needs the package puppeteer-core: npm install --save-dev puppeteer-core',
      { cause },
    )
  })
}
