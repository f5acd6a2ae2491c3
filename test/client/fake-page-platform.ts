import { encodeBase64url, decodeBase64url } from '../../src/shared/base64url.ts'
import type { PagePlatform } from '../../src/client/index.ts'

/** A 65-octet key that says which one it is. */
export function fakeKey(name: number): string {
  const bytes = new Uint8Array(65).fill(name)
  bytes[0] = 4
  return encodeBase64url(bytes)
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
  let made = 0
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
    platform: {} as PagePlatform,
  }
  page.worker = {
    scope: `https://app.example/${crypto.randomUUID()}/`,
    active: { state: 'activated' },
    pushManager: {
      getSubscription: () => Promise.resolve(page.subscription),
      subscribe: ({ applicationServerKey }: { applicationServerKey: string }) => {
        if (page.subscribe) return page.subscribe()
        page.subscription = fakeSubscription(page, `${(made += 1)}`, applicationServerKey)
        return Promise.resolve(page.subscription)
      },
    },
  } as unknown as ServiceWorkerRegistration
  page.platform = {
    isSecureContext: true,
    hasPushManager: true,
    standalone: undefined,
    locks: createFakeLocks(),
    language: 'en-GB',
    serviceWorker: {
      register: (url, options) => {
        page.registered.push({ url: String(url), options })
        return page.register ? page.register() : Promise.resolve(page.worker)
      },
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

/** Lets one after the other have the lock, whatever its name. */
function createFakeLocks(): NonNullable<PagePlatform['locks']> {
  let last: Promise<unknown> = Promise.resolve()
  const request = (_name: string, work: () => Promise<unknown>) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
  return { request } as NonNullable<PagePlatform['locks']>
}

/** Makes a subscription that the fake page gives up like a browser. */
export function fakeSubscription(page: FakePage, name: string, key: string): PushSubscription {
  const endpoint = `https://push.example/${name}`
  const json = { endpoint, expirationTime: null, keys: { p256dh: 'p256dh', auth: 'auth' } }
  return {
    endpoint,
    options: { userVisibleOnly: true, applicationServerKey: decodeBase64url(key)?.buffer },
    toJSON: () => json,
    unsubscribe: () => {
      if (page.unsubscribe) return page.unsubscribe()
      page.subscription = null
      return Promise.resolve(true)
    },
  } as unknown as PushSubscription
}
