import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { startDesktop } from '../../src/testing/index.ts'
import type {
  ConformanceHost,
  ConformanceMessage,
  Observations,
} from '../testing/worker/conformance-host.ts'
import { debianPython } from './webkit-packages.ts'

const worker = new URL('../testing/worker/conformance-worker.js', import.meta.url)
const view = path.join(import.meta.dirname, 'webkit-view.py')

/** Hands on to the worker what the server has for it: nobody drives this browser from outside. */
const page = `<!doctype html><title>Conformance</title><script>
async function handOn() {
  await navigator.serviceWorker.register('/sw.js')
  const { active } = await navigator.serviceWorker.ready
  for (;;) active.postMessage(await (await fetch('/next')).json())
}
handOn()
</script>`

/** A host in WebKitGTK: it takes no pushes, and knows no actions. */
export interface WebKitHost extends ConformanceHost, AsyncDisposable {
  /** For example `WebKitGTK 2.50.6`. */
  readonly version: string
}

/** Shows a page with the worker of the conformance cases in WebKitGTK, on a screen of its own. */
export async function startWebKitHost(observations: Observations): Promise<WebKitHost> {
  await using stack = new AsyncDisposableStack()
  const desktop = stack.use(await startDesktop())
  const site = await startSite(observations)
  stack.defer(() => site.close())
  const folder = await mkdtemp(path.join(tmpdir(), 'pushwell-webkit-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const { DISPLAY } = await startScreen(stack)
  const browser = own(
    stack,
    spawn(debianPython, [view, `${site.origin}/app`, folder], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...process.env,
        DISPLAY,
        GDK_BACKEND: 'x11',
        NO_AT_BRIDGE: '1',
        HOME: folder,
        XDG_RUNTIME_DIR: folder,
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
        XDG_CACHE_HOME: folder,
        DBUS_SESSION_BUS_ADDRESS: desktop.address,
      },
    }),
  )
  const version = await firstLine(browser)
  const onScreen = (title: string) =>
    desktop.waitFor((shown) => shown.title === title && shown.ended === undefined)
  const parts = stack.move()
  return {
    version,
    post: (message) => site.post(message),
    push: () => Promise.reject(new Error('WebKitGTK takes no pushes.')),
    click: async (title) => desktop.click(await onScreen(title)),
    dismiss: async (title) => desktop.dismiss(await onScreen(title)),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

async function startSite(observations: Observations) {
  const code = await readFile(worker)
  const messages: ConformanceMessage[] = []
  let waiting: ServerResponse | undefined
  const handOn = () => {
    const [message] = messages
    if (!message || !waiting) return
    waiting.end(JSON.stringify(message))
    messages.shift()
    waiting = undefined
  }
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => {
        body += part
      })
      request.on('end', () => {
        response.writeHead(204).end()
        observations.take(body)
      })
    } else if (request.url === '/next') {
      waiting = response
      handOn()
    } else {
      const isScript = request.url?.endsWith('.js')
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? code : page)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    post(message: ConformanceMessage) {
      messages.push(message)
      handOn()
      return Promise.resolve()
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A screen that nobody sees, on a number that is free. */
async function startScreen(stack: AsyncDisposableStack): Promise<{ DISPLAY: string }> {
  const screen = own(
    stack,
    spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '800x600x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  return { DISPLAY: `:${await firstLine(screen)}` }
}

/** Ends the process with the stack. */
function own(stack: AsyncDisposableStack, child: ChildProcess): ChildProcess {
  const ended = once(child, 'exit').catch(() => undefined)
  stack.defer(async () => {
    child.kill()
    await ended
  })
  return child
}

async function firstLine({ stdout, spawnfile }: ChildProcess): Promise<string> {
  if (stdout) for await (const line of createInterface(stdout)) return line
  throw new Error(`${spawnfile} ended before it had started.`)
}
