import type { EngineSetup } from './browser-engine.ts'

/** Keep Chromium quiet: no request to the outside, no first-run page, no prompt of its own. */
const quiet: readonly string[] = [
  '--no-first-run',
  '--no-default-browser-check',
  // Some components are asked for although updates are off.
  '--component-updater=url-source=http://127.0.0.1:9/',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-features=MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,Translate',
  '--disable-quic',
  '--disable-sync',
  // It asks there who is signed in, at each start.
  '--gaia-url=http://127.0.0.1:9/',
  '--hide-crash-restore-bubble',
  '--metrics-recording-only',
  '--no-pings',
  '--password-store=basic',
  '--use-mock-keychain',
]

/**
 * Gives the command line of one launch.
 *
 * @param isRoot - Chromium's sandbox refuses to run as root.
 */
export function chromiumSwitches(
  setup: Pick<EngineSetup, 'profile' | 'headless' | 'service' | 'servicePort' | 'switches'>,
  isRoot: boolean,
): string[] {
  const { profile, headless, service, servicePort, switches } = setup
  return [
    ...(headless ? ['--headless=new'] : []),
    ...(isRoot ? ['--no-sandbox'] : []),
    ...quiet,
    ...(service?.chromiumSwitches(servicePort) ?? []),
    `--user-data-dir=${profile}`,
    '--remote-debugging-port=0',
    ...switches,
    // Without a start page the first subscribe() of a profile may stall for minutes (156).
    'about:blank',
  ]
}
