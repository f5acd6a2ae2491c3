import { createVapidAuthorization } from '../src/server/vapid-authorization.ts'
import { createMessageEncryption } from '../src/server/encrypt-message.ts'
import { generateVapidKeys, parseSubscription } from '../src/server/index.ts'
import { messageRecord } from '../src/server/message-record.ts'
import { type BrowserEngine, type BrowserPushService, launchBrowser } from '../src/testing/index.ts'
import type { LatencySite } from './latency-site.ts'

/** One push service with a browser of its own that is subscribed there. */
export interface LatencySide extends AsyncDisposable {
  /** Gives the milliseconds from just before a POST until the worker's word on it came. */
  time(id: string): Promise<number>
}

/** What a side is made of. */
export interface LatencySideOptions {
  readonly engine: BrowserEngine
  readonly site: LatencySite
  readonly service: BrowserPushService & { readonly url: string }
}

interface SubscribeWindow {
  subscribe(applicationServerKey: string): Promise<unknown>
}

/** Launches the browser and subscribes it. */
export async function startLatencySide({
  engine,
  site,
  service,
}: LatencySideOptions): Promise<LatencySide> {
  const browser = await launchBrowser(engine, {
    service,
    permissions: { [site.origin]: 'granted' },
    // The worker shows nothing, so that nothing else takes time: no subscription may end for it.
    preferences: { 'dom.push.maxQuotaPerSubscription': 1_000_000 },
  })
  try {
    const vapid = { subject: 'mailto:bench@pushwell.example', ...(await generateVapidKeys()) }
    const tab = await browser.newPage(site.origin)
    const given = await tab.evaluate(
      (key) => (window as unknown as SubscribeWindow).subscribe(key),
      vapid.publicKey,
    )
    const { endpoint, keys } = parseSubscription(given)
    const { origin, pathname } = new URL(endpoint)
    const headers = {
      authorization: await createVapidAuthorization(vapid, Date.now)(origin),
      'content-encoding': 'aes128gcm',
      ttl: '60',
    }
    const encrypt = createMessageEncryption()
    const recipient = { p256dh: octets(keys.p256dh), auth: octets(keys.auth) }
    return {
      async time(id) {
        const body = await encrypt(messageRecord(new TextEncoder().encode(id)), recipient)
        const arrival = site.arrival(id)
        const start = performance.now()
        const request = fetch(new URL(pathname, service.url), { method: 'POST', headers, body })
        const [at, { status }] = await Promise.all([arrival, request])
        if (status !== 201) throw new Error(`The service answered ${status}.`)
        return at - start
      },
      [Symbol.asyncDispose]: () => browser.close(),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}

function octets(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64url'))
}
