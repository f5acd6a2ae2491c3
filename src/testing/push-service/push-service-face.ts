import { rangeError } from '../../shared/errors.ts'
import { parseAnswerFault } from './answer-fault.ts'
import { chromiumPushSwitches } from './chromium/chromium-switches.ts'
import { chromiumOrigins, chromiumToken } from './chromium/endpoint.ts'
import { createServiceFetch } from './chromium/service-fetch.ts'
import type { Delivery } from './delivery.ts'
import { firefoxPushPreferences } from './firefox-preferences.ts'
import type { PushService, ServiceSubscription } from './push-service.ts'
import type { ServiceCertificate } from './service-certificate.ts'
import type { ServiceState } from './service-state.ts'
import type { RegisteredSubscription, SubscriptionRegistry } from './subscription-registry.ts'

/** The longest that an answer may be held back: beyond it a timer would fire at once. */
const maxDelayMs = 2 ** 31 - 1

/** Where a service listens. */
export interface Listening {
  readonly port: number
  readonly certificate: ServiceCertificate
  /** Ends every connection and frees the port. */
  readonly close: () => Promise<void>
}

/** Gives a running service the face that tests see. */
export function createPushServiceFace(
  state: ServiceState,
  { port, certificate, close: stop }: Listening,
): PushService {
  const { registry, store, watch, delivery, log } = state
  const webSocketUrl = `ws://127.0.0.1:${port}/`
  const currentMessages = () => {
    delivery.expire()
    return store.messages
  }
  let closing: Promise<void> | undefined
  const close = () => {
    watch.close()
    return (closing ??= stop())
  }
  return {
    url: `http://localhost:${port}`,
    webSocketUrl,
    proxyUrl: `http://127.0.0.1:${port}`,
    certificate: certificate.authority,
    get messages() {
      return currentMessages()
    },
    get answers() {
      return log.answers
    },
    get subscriptions() {
      return describeSubscriptions(registry, delivery)
    },
    firefoxPreferences: () => firefoxPushPreferences(webSocketUrl),
    chromiumSwitches: (at = port) => chromiumPushSwitches(at, certificate.certificate),
    fetch: createServiceFetch(port),
    waitFor: (predicate, { timeoutMs = 5000 } = {}) =>
      watch.waitFor(predicate, timeoutMs, currentMessages),
    ...createFaultVerbs(state),
    expire: (endpoint) => expireSubscription(registry, delivery, endpoint),
    rotate: () => delivery.forgetDevices(),
    disconnect: () => delivery.dropAll(),
    redeliver: ({ id }) => delivery.repeat(id),
    close,
    [Symbol.asyncDispose]: close,
  }
}

type FaultVerbs = Pick<
  PushService,
  'fail' | 'delay' | 'swallow' | 'duplicate' | 'corrupt' | 'hold' | 'release' | 'clearFaults'
>

function createFaultVerbs({ faults, delivery }: ServiceState): FaultVerbs {
  return {
    fail: (fault) => faults.answers.add(parseAnswerFault(fault), fault),
    delay(delayMs, reach = {}) {
      if (!(delayMs >= 0 && delayMs <= maxDelayMs)) {
        throw rangeError('invalid-argument', 'delayMs must be a number of milliseconds.')
      }
      faults.delays.add(delayMs, reach)
    },
    swallow: (reach = {}) => faults.swallows.add(true, reach),
    duplicate: (reach = {}) => faults.duplicates.add(true, reach),
    corrupt: (reach = {}) => faults.corruptions.add(true, reach),
    hold: () => delivery.hold(),
    release({ order = 'received' } = {}) {
      if (!['received', 'reversed', 'shuffled'].includes(order)) {
        throw rangeError('invalid-argument', 'order must be received, reversed or shuffled.')
      }
      delivery.release(order)
    },
    clearFaults() {
      faults.clear()
      delivery.release('received')
    },
  }
}

function expireSubscription(
  registry: SubscriptionRegistry,
  delivery: Delivery,
  endpoint: string,
): void {
  const subscription = registry.findByEndpoint(endpoint) ?? findByToken(registry, endpoint)
  if (!subscription) {
    throw rangeError('invalid-argument', 'endpoint must be one that this service handed out.')
  }
  delivery.end(subscription.token, 'expired')
}

/** A Chromium with another endpoint compiled in, or switched on, still has the service's token. */
function findByToken(
  registry: SubscriptionRegistry,
  endpoint: string,
): RegisteredSubscription | undefined {
  const url = URL.parse(endpoint)
  const isChromium = url !== null && chromiumOrigins.includes(url.origin)
  return isChromium ? registry.find(chromiumToken(url.pathname) ?? '') : undefined
}

function describeSubscriptions(
  registry: SubscriptionRegistry,
  delivery: Delivery,
): readonly ServiceSubscription[] {
  return registry.subscriptions.map(({ endpoint, applicationServerKey, end, device }) => ({
    endpoint,
    applicationServerKey,
    live: end === null,
    connected: end === null && delivery.isConnected(device),
  }))
}
