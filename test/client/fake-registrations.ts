import type { WorkerQuestion } from '../../src/shared/channel.ts'
import type { FakePage } from './fake-page-platform.ts'
import { type FakeHolder, fakeSubscription } from './fake-subscription.ts'

/** What the browser of a fake page registers. */
export interface FakeRegistrations {
  /** That of the app's own worker. */
  readonly worker: ServiceWorkerRegistration
  /** Makes one beside the worker's, for a move to another key. */
  readonly makeBridge: (scope: string) => ServiceWorkerRegistration
}

/** Makes registrations whose subscriptions, notifications and answers are those of the page. */
export function createFakeRegistrations(page: FakePage, scope: string): FakeRegistrations {
  let made = 0
  const own: FakeHolder = {
    get: () => page.subscription,
    set: (subscription) => (page.subscription = subscription),
  }
  const bridge: FakeHolder = {
    get: () => page.bridgeSubscription,
    set: (subscription) => (page.bridgeSubscription = subscription),
  }
  const subscribing = (holder: FakeHolder) => ({
    getSubscription: () => Promise.resolve(holder.get()),
    subscribe: ({ applicationServerKey }: { applicationServerKey: string }) => {
      if (page.subscribe) return page.subscribe()
      const held = holder.get()
      if (held) return Promise.resolve(held)
      const subscription = fakeSubscription(page, `${(made += 1)}`, applicationServerKey, holder)
      holder.set(subscription)
      return Promise.resolve(subscription)
    },
  })
  const active = {
    state: 'activated',
    scriptURL: 'https://app.example/sw.js',
    postMessage({ kind }: WorkerQuestion, [port]: MessagePort[]) {
      const answers = { version: { version: page.workerVersion }, report: page.workerReport }
      if (page.workerVersion !== null && answers[kind]) port?.postMessage(answers[kind])
    },
  }
  const worker = {
    scope,
    active,
    pushManager: subscribing(own),
    update: () => {
      page.updates += 1
      return Promise.resolve()
    },
  } as unknown as ServiceWorkerRegistration
  const makeBridge = (bridgeScope: string) =>
    ({
      scope: bridgeScope,
      active,
      pushManager: subscribing(bridge),
      getNotifications: () => Promise.resolve(page.bridgeNotifications),
      unregister: () => {
        // A subscription goes with its registration.
        page.bridge = undefined
        page.bridgeSubscription = null
        return Promise.resolve(true)
      },
    }) as unknown as ServiceWorkerRegistration
  return { worker, makeBridge }
}
