import { decodeBase64url } from '../../src/shared/base64url.ts'
import type { FakePage } from './fake-page-platform.ts'

/** What holds a subscription: a registration. */
export interface FakeHolder {
  get(): PushSubscription | null
  set(subscription: PushSubscription | null): void
}

/** Makes a subscription that the fake page gives up like a browser. */
export function fakeSubscription(
  page: FakePage,
  name: string,
  key: string,
  holder?: FakeHolder,
): PushSubscription {
  const endpoint = `https://push.example/${name}`
  const json = { endpoint, expirationTime: null, keys: { p256dh: 'p256dh', auth: 'auth' } }
  return {
    endpoint,
    options: { userVisibleOnly: true, applicationServerKey: decodeBase64url(key)?.buffer },
    toJSON: () => json,
    unsubscribe: () => {
      if (page.unsubscribe) return page.unsubscribe()
      if (holder) holder.set(null)
      else page.subscription = null
      return Promise.resolve(true)
    },
  } as unknown as PushSubscription
}
