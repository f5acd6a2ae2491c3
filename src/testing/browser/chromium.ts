import { mkdir } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { PushwellError } from '../../shared/errors.ts'
import type { EngineDriver } from './browser-engine.ts'
import { saveChromiumPermissions, setChromiumPermission } from './chromium-permissions.ts'
import { goChromiumOffline } from './chromium-offline.ts'
import { chromiumSwitches } from './chromium-switches.ts'
import { stopChromiumWorkers } from './chromium-workers.ts'
import { loadPuppeteer } from './load-puppeteer.ts'

/** Launches stock Chromium, or a Chrome, and speaks the Chrome DevTools Protocol to it. */
export const chromium: EngineDriver = {
  async prepareProfile({ profile, service }) {
    if (service && !hasNetwork(networkInterfaces())) throw loopbackAlone()
    await mkdir(profile, { recursive: true })
  },
  arguments: (setup) => chromiumSwitches(setup, process.getuid?.() === 0),
  environment: {},
  endpointPattern: /^DevTools listening on (ws:\/\/.*)$/,
  async connect(endpoint) {
    const { default: puppeteer } = await loadPuppeteer()
    return puppeteer.connect({ browserWSEndpoint: endpoint, defaultViewport: null })
  },
  contextsRefused:
    'Chromium refuses subscribe() in every context but its first, since they are incognito. Launch another browser, or use another origin, to keep tests apart.',
  needsPushRelay: true,
  goOffline: goChromiumOffline,
  stopWorkers: stopChromiumWorkers,
  setPermission: setChromiumPermission,
  savePermissions: saveChromiumPermissions,
}

/** Tells whether some interface beside the loopback one has an address. */
export function hasNetwork(interfaces: ReturnType<typeof networkInterfaces>): boolean {
  return Object.values(interfaces).some((addresses) => addresses?.some(({ internal }) => !internal))
}

function loopbackAlone(): PushwellError {
  return new PushwellError(
    'browser-failed',
    'Chromium takes a machine that has a loopback interface alone for offline, and would wait for its messages for ever. Give the machine any other interface, such as: ip link add dummy0 type dummy && ip addr add 192.0.2.1/24 dev dummy0 && ip link set dummy0 up',
  )
}
