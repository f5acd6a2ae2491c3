import { parseApplicationServerKey } from '../../../shared/application-server-key.ts'
import { encodeBase64url } from '../../../shared/base64url.ts'
import type { Delivery } from '../delivery.ts'
import type { RegisteredSubscription, SubscriptionRegistry } from '../subscription-registry.ts'
import { writeChannel } from './channel.ts'
import { chromiumEndpoint } from './endpoint.ts'

/** One registration request (`register3`), as far as it is used here. */
export interface RegistrationRequest {
  /** The id that the checkin gave, in decimal. */
  readonly device: string
  readonly app: string
  readonly subtype: string
  /** The applicationServerKey in base64url; `*` when unsubscribing. */
  readonly sender: string
  readonly isDeletion: boolean
}

/** What a registration works on. */
export interface RegistrationOptions {
  readonly registry: SubscriptionRegistry
  readonly delivery: Delivery
  /** For registrations that are no push subscription. */
  readonly newToken: () => string
}

/** Reads a registration; `null` when something is missing that all of them have. */
export function parseRegistration(
  authorization: string | undefined,
  body: string,
): RegistrationRequest | null {
  const [, device] = /^AidLogin (\d{1,20}):\d+$/.exec(authorization ?? '') ?? []
  const form = new URLSearchParams(body)
  const app = form.get('app')
  if (device === undefined || app === null || !/^[\w.]{1,100}$/.test(app)) return null
  return {
    device,
    app,
    subtype: form.get('X-subtype') ?? '',
    sender: form.get('sender') ?? '',
    isDeletion: form.get('delete') === 'true',
  }
}

/**
 * Subscribes or unsubscribes a browser.
 *
 * @returns The body of the answer: `token=…`, or `Error=…`, which makes `subscribe()` reject at once.
 */
export function answerRegistration(
  request: RegistrationRequest,
  { registry, delivery, newToken }: RegistrationOptions,
): string {
  const { device, app, subtype, sender } = request
  const channel = writeChannel({ app, subtype })
  if (request.isDeletion) {
    const isIt = (subscription: RegisteredSubscription) => subscription.channel === channel
    const subscription = registry.ofDevice(device).find(isIt)
    if (subscription) delivery.end(subscription.token, 'unsubscribed')
    return `token=${subtype}`
  }
  // Chromium registers itself too, before the first page: it only wants to be given a token.
  if (!subtype.startsWith('wp:')) return `token=${newToken()}`
  const applicationServerKey = normalizeKey(sender)
  if (applicationServerKey === null) return 'Error=INVALID_SENDER'
  registry.addDevice(device)
  const endpointOf = (token: string) => chromiumEndpoint(app, token)
  const subscription = delivery.subscribe({ device, channel, applicationServerKey, endpointOf })
  return subscription ? `token=${subscription.token}` : 'Error=TOO_MANY_REGISTRATIONS'
}

function normalizeKey(key: string): string | null {
  try {
    return encodeBase64url(parseApplicationServerKey(key))
  } catch {
    return null
  }
}
