import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bundleWorker } from './bundle-worker.ts'

/** How a worker's script is evaluated. */
export type WorkerKind = 'module' | 'classic'

/** An app with a worker of each kind, each in a scope of its own, that precaches and pushes. */
export interface AttachSite {
  readonly origin: string
  /** Which version of the workers is served. */
  version: number
  /** Resolves once a page was asked for at a path, since the site started. */
  requested(path: string): Promise<void>
  /** Closes the port: nothing is answered any more. */
  stop(): Promise<void>
}

const distribution = new URL('../../dist/', import.meta.url)

const html = `<!doctype html><title>Precached</title><script>
  const scope = location.pathname.replace(/[^/]*$/, '')
  window.subscribe = async (applicationServerKey, type) => {
    const { serviceWorker } = navigator
    const controlled = new Promise((resolve) => { serviceWorker.oncontrollerchange = resolve })
    const registration = await serviceWorker.register(scope + 'sw.js', { type })
    if (!serviceWorker.controller) await controlled
    const options = { userVisibleOnly: true, applicationServerKey }
    return (await registration.pushManager.subscribe(options)).toJSON()
  }
  window.update = async () => {
    const { serviceWorker } = navigator
    const changed = new Promise((resolve) => { serviceWorker.oncontrollerchange = resolve })
    await (await serviceWorker.getRegistration()).update()
    await changed
  }
</script>`

/** Starts the app on a free port. */
export async function startAttachSite(): Promise<AttachSite> {
  const [module, classic, global] = await Promise.all([
    bundleWorker('attach-module.js', 'es'),
    bundleWorker('attach-classic.js', 'iife'),
    readFile(new URL('pushwell-sw.global.js', distribution), 'utf8'),
  ])
  const paths = new Set<string>()
  let tell = () => undefined as void
  const scripts: Readonly<Record<string, () => string>> = {
    '/module/sw.js': () => `self.appVersion = ${site.version};\n${module}`,
    '/classic/sw.js': () => `self.appVersion = ${site.version};\n${classic}`,
    '/pushwell-sw.global.js': () => global,
  }
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts[url]?.()
    response.setHeader('cache-control', 'no-store')
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
    response.end(script ?? html)
    paths.add(url)
    tell()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const site: AttachSite = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    version: 1,
    requested: (path) =>
      new Promise((resolve) => {
        tell = () => paths.has(path) && resolve()
        tell()
      }),
    stop: () => close(server),
  }
  return site
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
