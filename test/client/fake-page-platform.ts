import type { WorkerReport } from '../../src/shared/channel.ts'
import type { PagePlatform } from '../../src/client/index.ts'
import { version } from '../../src/shared/version.ts'
import { createFakeLocks, type FakeLocks } from '../shared/fake-locks.ts'
import { createFakeChannels, type FakeChannels } from './fake-channel.ts'
import { createFakeRegistrations } from './fake-registrations.ts'

/** Public keys of the examples in RFC 8291 §5, RFC 8291 §5 and RFC 8292 §2.4. */
const keys: readonly string[] = [
  'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
  'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  'BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs',
]

/** One of three keys, by its number from 1 on. */
export function fakeKey(number: number): string {
  return keys[number - 1] ?? ''
}

/** A request that the backend of the fake got. */
export interface FakeRequest {
  readonly method: string
  readonly path: string
  readonly token: string | null
  readonly body: {
    readonly subscription: { readonly endpoint: string }
    readonly applicationServerKey: string
    readonly replaces?: string
    readonly signedOut?: true
    readonly tags?: readonly string[]
    readonly client?: object
  } | null
}

/** What stands in for a browser and a backend around the client, and what both saw. */
export interface FakePage {
  platform: {
    -readonly [Name in keyof PagePlatform]: PagePlatform[Name]
  }
  permission: NotificationPermission
  /** What the user answers when asked. */
  answer: NotificationPermission
  /** How often the user was asked. */
  asked: number
  subscription: PushSubscription | null
  /** What `subscribe()` does instead, when set. */
  subscribe: (() => Promise<PushSubscription>) | null
  /** What `unsubscribe()` does instead, when set. */
  unsubscribe: (() => Promise<boolean>) | null
  /** The registered worker's state. */
  worker: ServiceWorkerRegistration
  /** The registration that `register()` makes beside the worker's, for a move to another key. */
  bridge: ServiceWorkerRegistration | undefined
  /** What the bridge holds. */
  bridgeSubscription: PushSubscription | null
  /** What the bridge has on the screen. */
  bridgeNotifications: Notification[]
  /** What registering a bridge does instead, when set. */
  registerBridge: (() => Promise<ServiceWorkerRegistration>) | null
  /** Which version of Pushwell the worker says that it runs; `null` when it says nothing. */
  workerVersion: string | null
  /** How the worker says that it fares; `null` when it says nothing. */
  workerReport: WorkerReport | null
  /** How often the browser was told to look for a newer worker. */
  updates: number
  /** What tabs and worker say to each other. */
  readonly channels: FakeChannels
  readonly locks: FakeLocks
  /** Where the page hears what the worker says to it alone. */
  readonly workerMessages: EventTarget
  /** Milliseconds since 1970. */
  now: number
  /** Also whether it can be seen. */
  hasFocus: boolean
  url: string
  /** Where the page hears of the network and the focus. */
  readonly events: EventTarget
  /** What `register()` does instead, when set. */
  register: (() => Promise<ServiceWorkerRegistration>) | null
  readonly registered: { url: string; options: RegistrationOptions | undefined }[]
  readonly requests: FakeRequest[]
  /** How the backend answers. */
  respond: (request: FakeRequest) => Response | Promise<Response>
  /** What stands at the worker's URL. */
  script: Response
}

/** Makes a page at a browser that supports everything, not asked yet. */
export function createFakePage(): FakePage {
  const page: FakePage = {
    permission: 'default',
    answer: 'granted',
    asked: 0,
    subscription: null,
    subscribe: null,
    unsubscribe: null,
    register: null,
    registered: [],
    requests: [],
    respond: ({ method }) =>
      method === 'PUT' ? Response.json({ status: 'ok' }) : new Response(null, { status: 204 }),
    script: new Response('', { headers: { 'content-type': 'text/javascript' } }),
    worker: {} as ServiceWorkerRegistration,
    bridge: undefined,
    bridgeSubscription: null,
    bridgeNotifications: [],
    registerBridge: null,
    workerVersion: version,
    workerReport: { storage: 'persistent', failures: [], pushFailures: [] },
    updates: 0,
    channels: createFakeChannels(),
    locks: createFakeLocks(),
    workerMessages: new EventTarget(),
    now: 1_800_000_000_000,
    hasFocus: true,
    url: 'https://app.example/',
    events: new EventTarget(),
    platform: {} as PagePlatform,
  }
  const scope = `https://app.example/${crypto.randomUUID()}/`
  const { worker, makeBridge } = createFakeRegistrations(page, scope)
  page.worker = worker
  page.platform = {
    isSecureContext: true,
    isCrossOriginFrame: false,
    hasFocus: () => page.hasFocus,
    needsGesture: true,
    isVisible: () => page.hasFocus,
    url: () => page.url,
    now: () => page.now,
    random: () => 0.5,
    events: page.events,
    hasPushManager: true,
    standalone: undefined,
    locks: page.locks as unknown as NonNullable<PagePlatform['locks']>,
    openChannel: (name) => page.channels.open(name),
    language: 'en-GB',
    serviceWorker: {
      register: (url, options) => {
        page.registered.push({ url: String(url), options })
        if (options?.scope?.startsWith(scope)) {
          if (page.registerBridge) return page.registerBridge()
          return Promise.resolve((page.bridge ??= makeBridge(options.scope)))
        }
        return page.register ? page.register() : Promise.resolve(page.worker)
      },
      getRegistration: (url) =>
        Promise.resolve(String(url) === page.bridge?.scope ? page.bridge : page.worker),
      addEventListener: page.workerMessages.addEventListener.bind(page.workerMessages),
    },
    notification: {
      get permission() {
        return page.permission
      },
      requestPermission: () => {
        page.asked += 1
        page.permission = page.answer
        return Promise.resolve(page.answer)
      },
    },
    fetch: async (input, init) => {
      if (!init?.method) return page.script
      const { pathname } = new URL(input instanceof Request ? input.url : input)
      const request = {
        method: init.method,
        path: pathname,
        token: new Headers(init.headers).get('authorization'),
        body: typeof init.body === 'string' ? (JSON.parse(init.body) as FakeRequest['body']) : null,
      }
      page.requests.push(request)
      return page.respond(request)
    },
  }
  return page
}
