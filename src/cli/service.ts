import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { PushService } from '../testing/index.ts'
import type { Command } from './command.ts'
import { readServiceArguments } from './service-arguments.ts'

/**
 * `pushwell service`: the local push service, standing until it is interrupted, with what a browser
 * and a sender need to use it.
 */
export const serviceCommand: Command = {
  summary:
    'run a push service on this machine: --port N --folder DIR --strict --manner NAME\n' +
    '            --certificate FILE, and --firefox or --chromium to open a browser on it,\n' +
    '            --headless without a window',
  async run(args, { out, signal }) {
    const { certificate, engine, headless, ...options } = readServiceArguments(args)
    // Loaded only here: `pushwell keys` has no use for it.
    const { launchBrowser, startPushService } = await import('../testing/index.ts')
    const service = await startPushService(options)
    try {
      if (certificate !== undefined) await writeFile(certificate, service.certificate)
      out(instructions(service, certificate))
      const browser = engine && (await launchBrowser(engine, { service, headless }))
      try {
        if (browser) out(`${browser.version} is open on it, with a profile of its own.`)
        if (!signal.aborted) await once(signal, 'abort')
      } finally {
        await browser?.close()
      }
    } finally {
      await service.close()
    }
    return 0
  },
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
