import { toDomString } from './dom-string.ts'
import { illegalConstructor } from './illegal-constructor.ts'
import type { WorkerDatabase } from './worker-database.ts'
import { createWorkerFetch, type WorkerFetch } from './worker-fetch.ts'
import { createWorkerNavigator } from './worker-navigator.ts'
import type { WorkerRun } from './worker-run.ts'

/** What the globals of a worker are made of beside its run. */
export interface GlobalsContext {
  readonly database: WorkerDatabase
  readonly fetch: WorkerFetch | undefined
  readonly language: string
  readonly importScripts: (...urls: readonly string[]) => void
}

/** What Node has as workers have it. */
const nodeGlobals = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'ByteLengthQueuingStrategy',
  'CompressionStream',
  'CountQueuingStrategy',
  'CustomEvent',
  'DOMException',
  'DecompressionStream',
  'Event',
  'EventTarget',
  'File',
  'FormData',
  'Headers',
  'MessageEvent',
  'MessagePort',
  'ReadableStream',
  'Response',
  'TextDecoder',
  'TextDecoderStream',
  'TextEncoder',
  'TextEncoderStream',
  'TransformStream',
  'URL',
  'URLPattern',
  'URLSearchParams',
  'WritableStream',
  'atob',
  'btoa',
  'console',
  'crypto',
  'performance',
  'queueMicrotask',
  'structuredClone',
] as const

/** Gives what Node has as workers have it. */
export function readNodeGlobals(): Record<string, unknown> {
  const found = nodeGlobals.filter((name) => name in globalThis)
  return Object.fromEntries(found.map((name) => [name, Reflect.get(globalThis, name) as unknown]))
}

/** Makes what a worker has and Node has not, or has otherwise, apart from `self`. */
export function createWorkerGlobals(
  run: WorkerRun,
  context: GlobalsContext,
): PropertyDescriptorMap {
  const { site, listeners, notifications, push, clients, events, timers, ports } = run
  const { fetch, Request } = createWorkerFetch(site.scriptUrl, context.fetch)
  const values = {
    ...events,
    ...push.classes,
    ...clients.classes,
    ...listeners.methods,
    ...timers.methods,
    ...scopeClasses(run),
    ...eventHandlers(site.traits.backgroundSync),
    PushMessageData: run.PushMessageData,
    Notification: notifications.Notification,
    MessageChannel: ports.MessageChannel,
    BroadcastChannel: site.channels.BroadcastChannel,
    caches: site.caches,
    clients: clients.clients,
    registration: createRegistration(run),
    navigator: createWorkerNavigator(site, context.language),
    location: Object.freeze(readLocation(site.scriptUrl)),
    origin: new URL(site.scriptUrl).origin,
    isSecureContext: true,
    fetch,
    Request,
    importScripts: context.importScripts,
    reportError: (error: unknown) => void site.errors.push({ kind: 'reported', error }),
    skipWaiting: () => Promise.resolve(undefined),
    ...(site.traits.tellsServiceWorker && { serviceWorker: describeWorker(run) }),
  }
  nameClasses(values)
  const all = Object.entries({ ...values, ...context.database })
  return Object.fromEntries(
    all.map(([name, value]) => [
      name,
      { value, writable: true, configurable: true, enumerable: true },
    ]),
  )
}

/** Has objects say what they are (`[object Notification]`), as those of browsers do. */
function nameClasses(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!/^[A-Z]/.test(name) || typeof value !== 'function' || !value.prototype) continue
    Object.defineProperty(value.prototype, Symbol.toStringTag, { value: name, configurable: true })
  }
}

/** The `on…` members of the scope: nothing is set. */
function eventHandlers(backgroundSync: boolean): Record<string, null> {
  const types = [
    'install',
    'activate',
    'fetch',
    'push',
    'pushsubscriptionchange',
    'notificationclick',
    'notificationclose',
    'message',
    'messageerror',
    ...(backgroundSync ? ['sync'] : []),
  ]
  return Object.fromEntries(types.map((type) => [`on${type}`, null]))
}

/** Classes that scripts only ask whether their scope is one. */
function scopeClasses({ scope }: WorkerRun) {
  const names = ['WorkerGlobalScope', 'ServiceWorkerGlobalScope']
  return Object.fromEntries(
    names.map((name) => {
      const scopeClass = function () {
        throw illegalConstructor(name)
      }
      Object.defineProperties(scopeClass, {
        name: { value: name },
        [Symbol.hasInstance]: { value: (value: unknown) => value === scope['self'] },
      })
      return [name, scopeClass]
    }),
  )
}

function createRegistration({ site, notifications, push, scope }: WorkerRun) {
  class ServiceWorkerRegistration extends EventTarget {
    readonly scope = site.scope
    readonly updateViaCache = 'imports'
    readonly pushManager = push.pushManager
    readonly showNotification = notifications.showNotification
    readonly getNotifications = notifications.getNotifications
    get active() {
      return site.state === 'activated' ? describeWorker({ site, scope }) : null
    }
    update() {
      return Promise.resolve(this)
    }
    async unregister() {
      site.subscription.current = null
      return true
    }
  }
  const registration = new ServiceWorkerRegistration()
  if (!site.traits.backgroundSync) return registration
  const sync = {
    async register(tag: string) {
      site.syncTags.add(toDomString(tag))
    },
    getTags: () => Promise.resolve([...site.syncTags]),
  }
  return Object.assign(registration, { sync })
}

function describeWorker({ site }: Pick<WorkerRun, 'site' | 'scope'>) {
  return {
    scriptURL: site.scriptUrl,
    get state() {
      return site.state
    },
  }
}

function readLocation(url: string) {
  const { href, origin, protocol, host, hostname, port, pathname, search, hash } = new URL(url)
  const toString = () => href
  return { href, origin, protocol, host, hostname, port, pathname, search, hash, toString }
}
