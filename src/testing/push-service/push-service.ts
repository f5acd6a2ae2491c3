import type { ServiceFetch } from './chromium/service-fetch.ts'
import type { ServiceAnswer } from './answer-log.ts'
import type { ServiceFault } from './answer-fault.ts'
import type { DeliveryOrder } from './delivery-order.ts'
import type { FaultReach } from './fault-queue.ts'
import type { ServiceMannerName } from './service-manner.ts'
import type { ServiceMessage } from './service-message.ts'

/** How a push service runs. */
export interface PushServiceOptions {
  /**
   * The TCP port on 127.0.0.1; 0 takes any free one, or the `folder`'s when it has been used before.
   *
   * @default 0
   */
  readonly port?: number
  /**
   * A folder in which subscriptions, messages that wait, the port and the certificate are kept, so
   * that they outlive the service, however it ends. It is made when it is missing. It holds secrets,
   * and serves one service at a time. Without it everything ends with the service.
   */
  readonly folder?: string
  /**
   * Refuses what RFC 8030, 8188, 8291 and 8292 forbid although real services and browsers let it
   * pass: among others the older `aesgcm`, several records, a record size that is too small, a salt
   * or a sender key that is used again, a VAPID key that encrypts too, a `sub` that is missing, an
   * `exp` beyond 24 hours. The reason stands in the body in words, whatever the manner. What only
   * the holder of the browser's keys could see is not seen.
   *
   * @default false
   */
  readonly strict?: boolean
  /**
   * Whose service it is to senders: status codes, headers, error bodies and limits. The endpoints
   * stay the same.
   *
   * @default 'mozilla'
   */
  readonly manner?: ServiceMannerName
  /**
   * How many milliseconds a connection may take for its TLS handshake, for one whole request, or for
   * a browser's hello, before it is closed.
   *
   * @default 30_000
   */
  readonly timeoutMs?: number
  /**
   * What a `share` of requests and a shuffled order go by: a number from 0 up to, not including, 1.
   *
   * @default Math.random
   */
  readonly random?: () => number
  /**
   * The clock, in milliseconds since the epoch: TTLs and the `exp` of VAPID tokens go by it.
   *
   * @default Date.now
   */
  readonly now?: () => number
}

/** A subscription as a test sees it. */
export interface ServiceSubscription {
  readonly endpoint: string
  /** Base64url without padding; `null` when the page gave none. */
  readonly applicationServerKey: string | null
  /** `false` once senders are answered 410. */
  readonly live: boolean
  /** Whether its browser is connected now. */
  readonly connected: boolean
}

/** A push service on this machine. */
export interface PushService extends AsyncDisposable {
  /** The origin of the endpoints: `http://localhost:PORT`. The same port takes https. */
  readonly url: string
  /** Where Firefox connects to: its preference `dom.push.serverURL`. */
  readonly webSocketUrl: string
  /**
   * The certificate of the service's own authority, PEM: pass it as `ca` to a sender that uses TLS,
   * or write it to a file for `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE` or `REQUESTS_CA_BUNDLE`.
   */
  readonly certificate: string
  /**
   * An HTTP proxy for senders, the value for `HTTPS_PROXY`: it brings requests for Chromium's
   * endpoints, which name Google's hosts, to this service, and refuses every other host with 403.
   * Senders must trust {@link certificate}. A sender in this process can use {@link fetch} instead.
   */
  readonly proxyUrl: string
  /**
   * Every accepted message, oldest first. Beyond 10,000 settled ones the oldest are forgotten.
   *
   * They take the place of the receipts of RFC 8030 §5.1: as no browser's service gives any, this
   * one answers `Prefer: respond-async` with 201 too.
   */
  readonly messages: readonly ServiceMessage[]
  /**
   * How the push requests of senders were answered, oldest first: refusals and faults too. The
   * newest 10,000.
   */
  readonly answers: readonly ServiceAnswer[]
  /** Every subscription, oldest first, ended ones too. */
  readonly subscriptions: readonly ServiceSubscription[]
  /** What Firefox needs in its `user.js` to use this service; a grant for notifications apart. */
  firefoxPreferences(): Record<string, string | number | boolean>
  /**
   * What Chromium needs on its command line to use this service; a grant for notifications apart.
   *
   * @param port - A port on 127.0.0.1 from which connections are led here; the service's own unless
   * given.
   */
  chromiumSwitches(port?: number): string[]
  /**
   * A `fetch` for senders that brings every endpoint to this service, Chromium's too.
   *
   * @throws RangeError `endpoint-refused` for a URL that is no endpoint of Firefox's or Chromium's.
   */
  readonly fetch: ServiceFetch
  /**
   * Resolves with the first message that matches, as soon as it does. An expiry is noticed at the
   * next event, not by a timer.
   *
   * @param options - `timeoutMs`: 5000 unless given.
   * @throws PushwellError `timeout`, naming what was seen; `service-failed` when the service closes.
   */
  waitFor(
    predicate: (message: ServiceMessage) => boolean,
    options?: { readonly timeoutMs?: number },
  ): Promise<ServiceMessage>
  /**
   * Answers the next push requests with an error, or drops their connections. They make no message.
   *
   * Calls of this and of the other faults add up, first in, first out.
   *
   * @throws RangeError or TypeError when a field cannot be used, as all faults do.
   */
  fail(fault: ServiceFault): void
  /**
   * Holds back the answers to the next push requests. What a request does, it does at once: a sender
   * that gives up waiting may have sent all the same.
   */
  delay(delayMs: number, reach?: FaultReach): void
  /** Accepts the next messages and never delivers them: their status is `swallowed`. */
  swallow(reach?: FaultReach): void
  /**
   * Delivers the next messages twice: `deliveries` is 2. To Firefox each copy has a version of its
   * own, since it drops what it has seen.
   */
  duplicate(reach?: FaultReach): void
  /**
   * Changes the body of the next messages that have one, in this delivery alone, so that their
   * decryption fails: `isCorrupted` is set. Firefox answers with code 101; Chromium says nothing.
   */
  corrupt(reach?: FaultReach): void
  /** Keeps messages back, `queued`, until {@link release}. One with a TTL of 0 expires at once. */
  hold(): void
  /**
   * Ends {@link hold} and sends what waits for the browsers that are connected, of all subscriptions
   * together, in an order.
   *
   * @param options - `order`: `received` unless given.
   */
  release(options?: { readonly order?: DeliveryOrder }): void
  /** Takes back every fault that has not struck, and releases what is held. */
  clearFaults(): void
  /**
   * Ends a subscription, so that senders are answered 410. The browser is not told: push services
   * have no way to.
   *
   * @throws RangeError when the service never handed that endpoint out.
   */
  expire(endpoint: string): void
  /**
   * Forgets every browser: the old endpoints answer 410. Firefox comes back, is given a new identity
   * and fires `pushsubscriptionchange`. Chromium has no such event and keeps what it believes to be
   * its subscription: a page must unsubscribe and subscribe again.
   */
  rotate(): void
  /**
   * Drops the browsers' connections; they come back, and what they did not acknowledge is sent again.
   * Firefox is back within half a second; Chromium may take half a minute when it had just connected.
   */
  disconnect(): void
  /**
   * Delivers a message once more, as services do whose record of an acknowledgement was lost. To
   * Firefox it has a version of its own.
   *
   * @returns Whether it does: it was delivered before, and its browser is connected.
   */
  redeliver(message: Pick<ServiceMessage, 'id'>): boolean
  /** Ends every connection and frees the port. Safe to call twice. */
  close(): Promise<void>
}
