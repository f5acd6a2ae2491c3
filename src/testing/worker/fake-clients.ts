import { toDomString } from './dom-string.ts'
import { illegalConstructor } from './illegal-constructor.ts'
import type { WindowActivation } from './window-activation.ts'
import type { WorkerSite } from './worker-site.ts'
import type { WindowState } from './worker-windows.ts'

/** A `WindowClient` as a worker sees it: as the window was when it was asked for. */
export interface FakeWindowClient {
  readonly id: string
  readonly url: string
  readonly type: 'window'
  readonly frameType: 'top-level'
  readonly focused: boolean
  readonly visibilityState: 'visible' | 'hidden'
  focus(): Promise<FakeWindowClient>
  navigate(url: string): Promise<FakeWindowClient | null>
  postMessage(message: unknown, transfer?: unknown): void
}

/** `clients` as a worker sees it. */
export interface FakeClients {
  matchAll(options?: {
    readonly includeUncontrolled?: boolean
    readonly type?: string
  }): Promise<FakeWindowClient[]>
  get(id: string): Promise<FakeWindowClient | undefined>
  openWindow(url: string): Promise<FakeWindowClient | null>
  claim(): Promise<void>
}

/** The clients' part of a worker's scope. */
export interface FakeClientsParts {
  readonly classes: Readonly<Record<'Clients' | 'Client' | 'WindowClient', unknown>>
  readonly clients: FakeClients
  wrap(window: WindowState): FakeWindowClient
}

/** Makes `clients` and its classes for a site. */
export function createFakeClients(
  site: WorkerSite,
  activation: WindowActivation,
  key: symbol,
): FakeClientsParts {
  const { Client, WindowClient } = createClientClasses(site, activation, key)
  const wrap = (window: WindowState) => new WindowClient(key, window)
  class Clients implements FakeClients {
    constructor(given?: symbol) {
      if (given !== key) throw illegalConstructor('Clients')
    }
    async matchAll(options: Parameters<FakeClients['matchAll']>[0] = {}) {
      const { includeUncontrolled = false, type = 'window' } = options
      if (!['window', 'worker', 'sharedworker', 'all'].includes(type)) {
        throw new TypeError(`'${type}' is not a valid value for ClientType.`)
      }
      if (type !== 'window' && type !== 'all') return []
      const { all } = site.windows
      return all.filter(({ controlled }) => includeUncontrolled || controlled).map(wrap)
    }
    async get(id: string) {
      const window = site.windows.all.find((other) => other.id === toDomString(id))
      return window && wrap(window)
    }
    async openWindow(...given: readonly unknown[]) {
      if (given.length === 0) throw new TypeError('openWindow: 1 argument required, got 0.')
      const url = openableUrl(toDomString(given[0]), site, activation)
      site.actions.push({ kind: 'opened', url })
      if (new URL(url).origin !== new URL(site.scope).origin) return null
      return wrap(site.windows.add({ url, focused: true }, true))
    }
    async claim() {
      if (site.state !== 'activated' && site.state !== 'activating') {
        throw new DOMException('Only the active worker can claim clients.', 'InvalidStateError')
      }
      site.windows.claim()
    }
  }
  return { classes: { Clients, Client, WindowClient }, clients: new Clients(key), wrap }
}

function noActivation(): DOMException {
  return new DOMException('Not allowed to open or focus a window.', 'InvalidAccessError')
}

/** Checks the URL and uses the click, in the engine's order. */
function openableUrl(given: string, site: WorkerSite, activation: WindowActivation): string {
  const { refusesBeforeClick } = site.traits
  const isValid = URL.canParse(given, site.scriptUrl)
  const href = isValid ? new URL(given, site.scriptUrl).href : ''
  const invalid = new TypeError(`openWindow: '${given}' cannot be opened.`)
  const fault = !isValid ? 'invalid URL' : href === 'about:blank' ? 'about:blank' : undefined
  if (fault && fault === refusesBeforeClick) throw invalid
  if (!activation.use()) throw noActivation()
  if (fault) throw invalid
  return href
}

type WindowClientClass = new (key: symbol, window: WindowState) => FakeWindowClient

function createClientClasses(site: WorkerSite, activation: WindowActivation, key: symbol) {
  const { windows, actions } = site
  class Client {
    readonly id: string
    readonly url: string
    readonly type = 'window'
    readonly frameType = 'top-level'
    readonly #window: WindowState
    constructor(given: symbol, window: WindowState) {
      if (given !== key) throw illegalConstructor('Client')
      this.#window = window
      this.id = window.id
      this.url = window.url
    }
    postMessage(message: unknown, transfer?: unknown) {
      const given = Array.isArray(transfer) ? { transfer } : (transfer as { transfer?: [] })
      const moved: readonly unknown[] = given?.transfer ?? []
      const ports = moved.filter((one) => one instanceof MessagePort)
      const copy = structuredClone({ message, ports }, given)
      this.#window.messages.push(copy.message)
      this.#window.onMessage(copy.message, copy.ports)
    }
  }
  const WindowClient: WindowClientClass = class extends Client {
    readonly focused: boolean
    readonly visibilityState: 'visible' | 'hidden'
    readonly #window: WindowState
    constructor(given: symbol, window: WindowState) {
      super(given, window)
      this.#window = window
      this.focused = window.focused
      this.visibilityState = window.visibilityState
    }
    async focus() {
      if (!activation.use()) throw noActivation()
      const window = requireOpen(this.#window, site)
      windows.focus(window)
      actions.push({ kind: 'focused', url: window.url })
      return new WindowClient(key, window)
    }
    async navigate(given: string) {
      if (!URL.canParse(given, site.scriptUrl) || given === 'about:blank') {
        throw new TypeError(`navigate: '${given}' cannot be navigated to.`)
      }
      const window = requireOpen(this.#window, site)
      if (!window.controlled) {
        throw new TypeError(
          'navigate: this service worker is not the client’s active service worker.',
        )
      }
      const { href, origin } = new URL(given, site.scriptUrl)
      actions.push({ kind: 'navigated', url: href })
      if (origin !== new URL(site.scope).origin) {
        windows.remove(window)
        return null
      }
      windows.navigate(window, href)
      return new WindowClient(key, window)
    }
  }
  Object.defineProperty(WindowClient, 'name', { value: 'WindowClient' })
  return { Client, WindowClient }
}

function requireOpen(window: WindowState, site: WorkerSite): WindowState {
  if (site.windows.all.includes(window)) return window
  throw new TypeError('The client’s window was closed.')
}
