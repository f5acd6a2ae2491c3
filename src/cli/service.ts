import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { PushwellError, typeError } from '../shared/errors.ts'
import type { BrowserEngine, PushService, PushServiceOptions } from '../testing/index.ts'
import type { Command } from './command.ts'

const manners = ['mozilla', 'fcm', 'apple', 'wns'] as const

/**
 * `pushwell service`: the local push service, standing until it is interrupted, with what a browser
 * and a sender need to use it.
 */
export const serviceCommand: Command = {
  summary:
    'run a push service on this machine: --port N --folder DIR --strict --manner NAME\n' +
    '            --certificate FILE, and --firefox or --chromium to open a browser on it',
  async run(args, { out, signal }) {
    const { certificate, engine, ...options } = readOptions(args)
    const { launchBrowser, startPushService } = await loadTesting()
    await using stack = new AsyncDisposableStack()
    const service = stack.use(await startPushService(options))
    if (certificate !== undefined) await writeFile(certificate, service.certificate)
    out(instructions(service, certificate))
    if (engine) stack.use(await launchBrowser(engine, { service, headless: false }))
    if (!signal.aborted) await once(signal, 'abort')
    return 0
  },
}

/** Loaded only here: `pushwell keys` must work without the packages that testing needs. */
function loadTesting() {
  return import('../testing/index.ts').catch((cause: unknown) => {
    throw new PushwellError(
      'service-failed',
      'The local push service needs more packages: npm i -D ws selfsigned @bufbuild/protobuf puppeteer-core @homebridge/dbus-native',
      { cause },
    )
  })
}

interface ServiceArguments extends PushServiceOptions {
  readonly certificate: string | undefined
  readonly engine: BrowserEngine | undefined
}

function readOptions(args: readonly string[]): ServiceArguments {
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
    },
  })
  const manner = manners.find((name) => name === values.manner)
  if (!manner) throw typeError('invalid-argument', `--manner must be one of ${manners.join(', ')}.`)
  if (!/^\d{1,5}$/.test(values.port)) {
    throw typeError('invalid-argument', '--port must be a number from 0 to 65535.')
  }
  const { folder, strict, certificate, firefox, chromium } = values
  return {
    port: Number(values.port),
    strict,
    manner,
    certificate,
    engine: firefox ? 'firefox' : chromium ? 'chromium' : undefined,
    ...(folder !== undefined && { folder }),
  }
}

/** Writes what to set in a browser and a sender by hand. */
function instructions(service: PushService, certificate: string | undefined): string {
  const preferences = Object.entries(service.firefoxPreferences()).map(
    ([name, value]) => `  user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  return [
    `The push service stands at ${service.url}`,
    '',
    'Firefox, in user.js of its profile:',
    ...preferences,
    '',
    'Chromium, on its command line, with a profile of its own:',
    ...service.chromiumSwitches().map((name) => `  ${name}`),
    '',
    'A sender reaches the endpoints of both with',
    `  HTTPS_PROXY=${service.proxyUrl}`,
    certificate === undefined
      ? '  and the certificate that --certificate FILE writes.'
      : `  and the certificate in ${certificate}.`,
    '',
    'Ctrl+C ends it.',
  ].join('\n')
}
