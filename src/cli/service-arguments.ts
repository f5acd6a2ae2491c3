import { parseArgs } from 'node:util'
import { rangeError } from '../shared/errors.ts'
import type { BrowserEngine, PushServiceOptions } from '../testing/index.ts'

const manners = ['mozilla', 'fcm', 'apple', 'wns'] as const

/** What `pushwell service` is asked for. */
export interface ServiceArguments extends PushServiceOptions {
  /** Where to write the certificate to. */
  readonly certificate: string | undefined
  /** The browser to open. */
  readonly engine: BrowserEngine | undefined
  readonly headless: boolean
}

/**
 * Reads the words after `pushwell service`.
 *
 * @throws RangeError `invalid-argument`, or the error of `parseArgs`, for words that make no sense.
 */
export function readServiceArguments(args: readonly string[]): ServiceArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      folder: { type: 'string' },
      strict: { type: 'boolean', default: false },
      manner: { type: 'string', default: 'mozilla' },
      certificate: { type: 'string' },
      firefox: { type: 'boolean', default: false },
      chromium: { type: 'boolean', default: false },
      headless: { type: 'boolean', default: false },
    },
  })
  const { folder, strict, certificate, firefox, chromium, headless } = values
  const port = /^\d+$/.test(values.port) ? Number(values.port) : Number.NaN
  if (!(port <= 65_535)) throw wrong('--port must be a number from 0 to 65535.')
  const manner = manners.find((name) => name === values.manner)
  if (!manner) throw wrong(`--manner must be one of ${manners.join(', ')}.`)
  if (firefox && chromium) {
    throw wrong('--firefox and --chromium exclude each other: one browser is opened.')
  }
  const engine = firefox ? 'firefox' : chromium ? 'chromium' : undefined
  if (headless && !engine) throw wrong('--headless goes with --firefox or --chromium.')
  return {
    port,
    strict,
    manner,
    certificate,
    engine,
    headless,
    ...(folder !== undefined && { folder }),
  }
}

function wrong(sentence: string): Error {
  return rangeError('invalid-argument', sentence)
}
