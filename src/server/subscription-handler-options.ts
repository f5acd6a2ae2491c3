import type { ApplicationServerKey } from '../shared/application-server-key.ts'
import type { Receipt } from '../shared/receipt.ts'
import type { CrossOriginOptions } from './cross-origin.ts'
import type { EndpointPolicy } from './endpoint-policy.ts'
import type { SubscriptionStore } from './subscription-store.ts'

/** Who sends a request. */
export interface Authorized {
  /** The app's name for the user, or `null` for a visitor who may subscribe without signing in. */
  readonly recipient: string | null
}

/** How a subscription handler is made. */
export interface SubscriptionHandlerOptions {
  readonly store: SubscriptionStore
  /**
   * Says who sends a PUT or DELETE, from its cookies or headers, never from its body (which it must
   * not read). `null` answers 401; a `Response` is answered as it is. `GET /key` is not asked
   * about: the key is public. Nor does it decide where a request proves by itself that it may: when
   * a device that is known says that nobody is signed in on it any more, or a DELETE names its
   * whole endpoint.
   */
  readonly authorize: (
    request: Request,
  ) => Authorized | Response | null | Promise<Authorized | Response | null>
  /** The VAPID public key that new subscriptions are to be made with. */
  readonly applicationServerKey: ApplicationServerKey
  /**
   * The path that the handler is mounted at, as `/push`. When absent, only the end of a path is
   * looked at, so that it answers wherever it is mounted.
   */
  readonly path?: string
  /**
   * Which addresses endpoints may have: the same as the sender's.
   *
   * @default 'public'
   */
  readonly endpoints?: EndpointPolicy
  /**
   * Keeps what became of messages on a device. Must be durable when it resolves: the browser forgets
   * its own copy then. A receipt may come more than once, the same in `id`, `event` and, per device,
   * `at`; the ids come from strangers' devices, and need not be of messages that were sent. When it
   * is absent, receipts are answered 404, and dropped by the browser.
   *
   * @param from - Who is signed in on the device.
   */
  readonly onReceipts?: (receipts: readonly Receipt[], from: Authorized) => unknown
  /**
   * Lets pages of other origins speak to the handler, as when the app is at `https://app.example`
   * and the handler at `https://api.example`. Cookies go along there only when they are
   * `SameSite=None`, or both are of one site.
   *
   * @default none but the handler's own origin
   */
  readonly cors?: CrossOriginOptions
  /**
   * Asked before a request is worked on: how long it is to wait, in milliseconds; 0 or `null` when
   * it need not. It is then answered 429 with `Retry-After`, of a day at the most, which the client
   * obeys. Must not read the body. It is given the very request that the handler was, so that it may
   * count by the address of the connection, or by what the request's credentials say.
   */
  readonly limit?: (request: Request) => number | null | Promise<number | null>
  /**
   * Called with what the store, `authorize`, `limit`, `onReceipts` or `cors.origins` threw: the browser
   * is told nothing of it. What it throws itself is let go.
   */
  readonly onError?: (error: unknown) => void
  /**
   * Gives the time in milliseconds since 1970.
   *
   * @default Date.now
   */
  readonly now?: () => number
}
